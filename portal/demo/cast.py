"""The people of the demo, put into the portal through the doors that people come through."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.domain.give_membership import give_membership
from accounts.domain.set_up_consultancy import set_up_consultancy
from accounts.models import Organization, User

_CAST = Path(__file__).with_name("cast.yaml")
CONSULTANCY_ZONE = "Etc/GMT+5"


@cache
def cast() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load(_CAST.read_text(encoding="utf-8"))
    return book


def make_person(facts: dict[str, Any], *, time_zone: str) -> User:
    user = User.objects.create_user(
        facts["email"], cast()["password"], full_name=facts["name"], job_title=facts["title"], time_zone=time_zone
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def hire() -> dict[str, User]:
    """The consultancy and its people, by role."""
    people = {facts["role"]: make_person(facts, time_zone=CONSULTANCY_ZONE) for facts in cast()["staff"]}
    owner = people["owner"]
    consultancy = set_up_consultancy(name=settings.CONSULTANCY["name"], owner=owner, time_zone=CONSULTANCY_ZONE)
    for role, person in people.items():
        if person is not owner:
            give_membership(person, organization=consultancy, role=role, actor=owner)
    return people


def seat(organization: Organization, facts: dict[str, Any], *, actor: User) -> User:
    """A customer's person with role and duties."""
    duties: list[tuple[str, int | None]] = [("sign_phase", phase) for phase in facts.get("signs", [])]
    duties += [("accept_quotes", None)] if facts.get("accepts") else []
    duties += [("order_rollback", None)] if facts.get("rolls_back") else []
    person = make_person(facts, time_zone=organization.time_zone)
    give_membership(person, organization=organization, role=facts["role"], duties=duties, actor=actor)
    return person


def logins() -> list[dict[str, str]]:
    """One login for each role, and the signatories for whom something waits, as `./gatepost up` prints them."""
    customers = cast()["customers"]
    rows = [one for name in ("beltane", "castell", "orrin") for one in customers[name]["people"]]
    rows = [*cast()["staff"], *rows, *customers["northlake"]["people"]]
    return [
        {"role": row["role"], "email": row["email"], "password": cast()["password"], "note": row.get("note", "")}
        for row in rows
    ]
