"""How people of the tests proved who they are: as allauth keeps it of a password, and for how long ago."""

import time

from django.contrib.auth.signals import user_logged_in


def sign_in(client, user, *, seconds_ago=0):
    """Signed in, with a password that was given that long ago."""
    client.force_login(user)
    session = client.session
    _prove(session, user, seconds_ago)
    session.save()
    return client


def sign_in_long_ago(client, user):
    """Signed in still, longer ago than an act that binds allows."""
    return sign_in(client, user, seconds_ago=16 * 60)


def _prove(session, user, seconds_ago):
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - seconds_ago}]


def _as_a_sign_in_leaves_it(request, user, **more):
    if not request.path:  # `force_login`, which no form was sent for
        _prove(request.session, user, 0)


user_logged_in.connect(_as_a_sign_in_leaves_it, dispatch_uid="tests.proof")
