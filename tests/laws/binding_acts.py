"""The acts that bind: what each does in a domain, on which page and route, who may do it, and what is sent.

A row is complete but for the proof. `at` makes what the world lacks and returns the words of its address; what is sent
may be a function of these words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.domain.give_membership import give_membership
from accounts.models import Membership, Organization, User
from engagements.models import Gate, SignOff
from pricing.models import Nda
from tests.factories.accounts import UserFactory
from tests.factories.engagements import make_engagement
from tests.factories.nda import choose_our_nda
from tests.laws import quotes_to_bind as quotes

DEPUTY = "dora@northlake.example"


@dataclass(frozen=True)
class Act:
    does: str  # app.function of a domain, of every function that the act passes a proof to
    page: str
    who: str  # their first name
    typed: dict | Callable = field(default_factory=dict)
    route: str = ""  # where there is one; others stand in BROWSER_ONLY
    sent: dict | Callable = field(default_factory=dict)
    at: Callable = lambda world: {}
    then: int = 0  # what the world answers once the proof is fresh, where that is a refusal


def signature_of(who, digest, **more):
    return {"typed_name": who, "role_title": "Head of it", "shown_digest": digest, "has_read": "on", **more}


def sign_plan(words):
    gate = Gate.objects.get(engagement__code=words["code"], number=words["number"])
    return signature_of("Carl Brandt", gate.current_document.digest)


def revoke(words):
    signoff = SignOff.objects.get(reference=words["reference"])
    return signature_of("Finn Aalto", signoff.document_digest, reason="We read it anew.")


def open_nda(world):
    """Another engagement of the same customer, whose NDA nobody has signed."""
    people = {name: person(name) for name in ("sam", "lea", "ada")}
    customer = world.engagement.organization
    bare = make_engagement(
        customer, sales=people["sam"], lead=people["lea"], consultants=[people["ada"]], has_nda=False
    )
    choose_our_nda(bare, actor=person("carl"))
    return {"code": bare.code}


def sign_nda(words):
    return signature_of("Carl Brandt", Nda.objects.get(engagement__code=words["code"]).digest)


def a_deputy(world):
    """Somebody who has the duty to sign as well, and is not asked yet."""
    dora, customer = UserFactory(email=DEPUTY), world.engagement.organization
    give_membership(dora, organization=customer, role="signatory", duties=[("sign_phase", 1)], actor=person("carl"))
    return {}


def to_the_deputy(words):
    return {"to": person("dora").pk, "reason": "On leave."}


def name_of_customer(words):
    return {"typed": Organization.objects.get(pk=words["pk"]).name}


def address_of_member(words):
    return {"typed": Membership.objects.get(pk=words["member"]).user.email}


def address_of_person(words):
    return {"typed": User.objects.get(pk=words["person"]).email}


def person(who):
    """By the first name, which their address begins with."""
    return User.objects.get(email__startswith=f"{who}@")


TOKEN = {"name": "tickets", "scope": "read", "days": "7"}
TOKEN_SENT = TOKEN | {"days": 7}
STANDS_AGAINST_IT = 409
HOOK = {"title": "Desk", "url": "https://hooks.example/desk"}
CHANGED = {"title": "Renamed", "version": "1", "kinds_1": ["gate.signed"]}
CHANGED_SENT = {"title": "Renamed", "version": 1, "kinds": ["gate.signed"]}

HANDED_OVER = {"to": DEPUTY, "reason": "On leave."}
COLLEAGUE = {"full_name": "Ines Roth", "email": "ines.roth@northlake.example"}
SEAT = {"email": "new@northlake.example", "role": "viewer"}

ABOUT_MONEY = [
    Act(
        "pricing.request_sending",
        "pricing:send",
        "sam",
        quotes.reviewed,
        "api:quotes:send",
        quotes.as_sent(quotes.reviewed),
        quotes.draft,
    ),
    Act(
        "pricing.accept_quote",
        "pricing:accept",
        "carl",
        quotes.read_and_agreed,
        "api:quotes:accept",
        quotes.as_sent(quotes.read_and_agreed),
        quotes.sent,
    ),
    Act(
        "pricing.approve_term",
        "pricing:approve",
        "lea",
        quotes.what_is_covered,
        "api:quotes:approve",
        quotes.as_sent(quotes.what_is_covered),
        quotes.discounted,
    ),
    Act(
        "pricing.request_redating",
        "pricing:redate",
        "lea",
        quotes.later_day,
        "api:quotes:redate",
        quotes.as_sent(quotes.later_day),
        quotes.expired,
    ),
    Act("pricing.forward_quote", "pricing:contacts", "sam", COLLEAGUE, "api:quotes:contacts", COLLEAGUE, quotes.sent),
    Act("pricing.void_quote", "pricing:void", "olga", quotes.WHY, "api:quotes:void", quotes.WHY),
]

WHO_MAY_SIGN = [
    Act("accounts.invite_person", "accounts:people", "carl", SEAT),
    Act("accounts.change_membership", "accounts:membership", "carl", {"role": "finance"}),
    Act("accounts.end_membership", "accounts:membership_end", "carl"),
    Act(
        "engagements.delegate_signature",
        "engagements:delegate",
        "carl",
        to_the_deputy,
        "api:engagements:delegate",
        HANDED_OVER,
        a_deputy,
    ),
]

BINDING_ACTS = [
    *ABOUT_MONEY,
    *WHO_MAY_SIGN,
    Act("engagements.sign_document", "engagements:sign", "carl", sign_plan),
    Act("engagements.revoke_signature", "engagements:revoke", "finn", revoke),
    Act("engagements.release_part", "engagements:release", "carl"),
    Act("pricing.sign_nda", "pricing:nda_sign", "carl", sign_nda, at=open_nda),
    Act("accounts.make_token", "accounts:tokens", "vera", TOKEN, "api:tokens:list", TOKEN_SENT),
    Act("accounts.make_service_token", "accounts:service", "carl", TOKEN, "api:services:tokens", TOKEN_SENT),
    Act(
        "engagements.set_endpoint",
        "webhooks:list",
        "carl",
        HOOK | {"kinds_1": ["gate.signed"]},
        "api:webhooks:list",
        HOOK | {"kinds": ["gate.signed"]},
    ),
    Act("engagements.change_endpoint", "webhooks:endpoint", "carl", CHANGED, "api:webhooks:endpoint", CHANGED_SENT),
    Act("engagements.renew_secret", "webhooks:secret", "carl", route="api:webhooks:secret"),
    Act("engagements.ask_customer_erasure", "records:erase_customer", "olga", name_of_customer, then=STANDS_AGAINST_IT),
    Act("engagements.ask_person_erasure", "records:erase_person", "olga", address_of_member, then=STANDS_AGAINST_IT),
    Act("engagements.ask_person_erasure", "records:erase_former", "olga", address_of_person),
    Act(
        "delivery.start_rollback",
        "parallel:rollback_start",
        "carl",
        {"kind": "real"},
        "api:parallel:rollbacks",
        {"is_drill": False},
    ),
    Act(
        "delivery.resume_proxy",
        "parallel:rollback_resume",
        "carl",
        route="api:parallel:rollback_resume",
        then=STANDS_AGAINST_IT,
    ),
]

# Asks for the proof as a part of acts that stand above, and is none by itself.
PARTS = {"engagements.keep_evidence"}
