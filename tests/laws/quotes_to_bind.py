"""Quotes in the states in which somebody binds with them: what the acts about money are tried on.

Each returns the words of its address; the others say what is sent to it.
"""

from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.models import Organization, User
from engagements.today import today_of
from pricing.calculation.terms import Reduction
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.give_terms import Seen, give_discount
from pricing.domain.send_quote import draft_digest
from pricing.given_terms import given_in
from pricing.models import Quote
from tests.factories.pricing import fetch, make_draft, make_sent_quote

WHY = {"reason": "Their board met late."}


def draft(world):
    return {"reference": _draft(world).reference}


def sent(world):
    return {"reference": _made(make_sent_quote, world).reference}


def discounted(world):
    quote = _draft(world)
    seen = Seen("Second migration for them", draft_digest(quote))
    give_discount(quote, actor=_sales(), reduction=Reduction(percent=10), seen=seen)
    return {"reference": quote.reference}


def expired(world):
    with time_machine.travel(timezone.now() - timedelta(days=90)):
        quote = _made(make_sent_quote, world)
    expire_quotes()
    return {"reference": quote.reference}


def reviewed(words):
    return {"shown_digest": draft_digest(_quote(words))}


def read_and_agreed(words):
    return {"shown_digest": _quote(words).document.digest, "may_accept": "on"}


def what_is_covered(words):
    return {"covers": given_in(_quote(words))[0].covers}


def later_day(words):
    return WHY | {"last_day": (today_of(_quote(words).engagement) + timedelta(days=5)).isoformat()}


def as_sent(typed):
    """The same as a program sends it."""
    names = {"shown_digest": "digest"}

    def sent(words):
        return {names.get(name, name): True if value == "on" else value for name, value in typed(words).items()}

    return sent


def _draft(world):
    return fetch(_made(make_draft, world))


def _made(make, world):
    return make(Organization.objects.get(pk=world.engagement.organization_id), actor=_sales())


def _sales():
    return User.objects.get(email__startswith="sam@")


def _quote(words):
    return Quote.objects.get(reference=words["reference"])
