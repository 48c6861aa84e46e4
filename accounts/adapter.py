from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from core.outbox import render_mail

_WHY = "Somebody entered your address at the sign-in page of this portal."
_WHY_BY_MAIL = {"account_proof_code": "Somebody who is signed in with your address asked for it on this portal."}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts begin with an invitation, never with a sign-up form; mail about them is worded like all other mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        return False

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """A code by mail proves as much as at the sign-in, and no less is asked of whoever has a second factor."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not is_mfa_enabled(user):
            url = reverse("account_reauthenticate_code")
            ways.append({"id": "code", "description": "Have a code sent by mail", "url": url})
        return ways

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """`account/email/login_code` is worded in `templates/emails/account_login_code.txt`."""
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        name = f"account_{template_prefix.rpartition('/')[2]}"
        subject, text, _ = render_mail(name, {"why": _WHY_BY_MAIL.get(name, _WHY), "minutes": minutes, **context})
        to = [email] if isinstance(email, str) else email
        return EmailMultiAlternatives(subject, text, self.get_from_email(), to, headers=headers)
