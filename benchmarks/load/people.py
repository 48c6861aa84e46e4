"""Puts people into a running portal through the doors that people come through, signed in already.

Signing in is left out: a portal refuses two hundred of them in a minute from one address, as it should.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.utils import timezone

from benchmarks.stage import until

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

WITH_ESTATE = ("Castell Tickets", "Northlake Logistics", "Beltane Retail")
TO_SIGN = "Beltane Retail"
LONGEST = 900.0  # seconds for the workers to write the quotes
SIGNS = [("sign_phase", 1), ("accept_quotes", None)]
ROLES = {"buyer": "signatory", "program": "contributor"}


@cache
def journeys() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("journeys.yaml").read_text(encoding="utf-8"))
    return book


@dataclass(frozen=True)
class Walker:
    """One person with a session, or a program with a token, and where they go."""

    name: str
    kind: str
    code: str
    gate: int = 1
    quote: str = ""
    thread: int = 0
    task: int = 0
    title: str = ""
    session: str = ""
    token: str = ""


def writes_of(walker: Walker) -> list[str]:
    """The acts that somebody like them is there to do."""
    return list(journeys()["kinds"][walker.kind]["writes"])


def kinds_of(count: int) -> list[str]:
    """The kind of each of so many, in the shares of the book; of every kind there is one."""
    kinds = journeys()["kinds"]
    shares = {kind: max(1, round(facts["share"] * count / 100)) for kind, facts in kinds.items()}
    shares["contributor"] += count - sum(shares.values())
    return [kind for kind, share in shares.items() for _ in range(share)]


def furnish(count: int, run: str) -> list[Walker]:
    """So many people in a portal with the demo. `run` keeps their addresses apart from those of earlier runs."""
    from engagements.models import Engagement

    staff, engagements = _staff(), Engagement.objects.select_related("organization")
    places = [_place_of(engagements.get(organization__name=name), staff) for name in WITH_ESTATE]
    kinds = kinds_of(count)
    own = iter(_quoted([f"{run}-{number}" for number in range(kinds.count("buyer"))], staff))
    to_sign = places[WITH_ESTATE.index(TO_SIGN)]
    everywhere, elsewhere, made = cycle(places), cycle(place for place in places if place is not to_sign), []
    for number, kind in enumerate(kinds):
        place = to_sign if kind == "signatory" else next(elsewhere if _changes_plans(kind) else everywhere)
        place = next(own) if kind == "buyer" else place
        made.append(_seat(replace(place, name=f"Walker {run} {number}", kind=kind, title="Mail operations"), staff))
    _assign(made, staff)
    _ask_to_sign(made, staff)
    return _with_tasks(made)


def _changes_plans(kind: str) -> bool:
    """Where they write, the plan is soon another than what is out for signature."""
    return not {"dossier", "task", "posted dossier", "posted answer"}.isdisjoint(journeys()["kinds"][kind]["writes"])


def _staff() -> dict[str, User]:
    from accounts.models import Membership

    staff = Membership.objects.filter(organization__kind="consultancy", user__email__endswith="@practice.example")
    return {membership.role: membership.user for membership in staff.select_related("user").order_by("-pk")}


def _place_of(engagement: Engagement, staff: dict[str, User]) -> Walker:
    from engagements.domain.ask_question import ask_question

    gate = engagement.gates.exclude(state__in=("signed", "locked")).order_by("number").first()
    thread = ask_question(engagement, actor=staff["lead"], text="What do the load balancers in front of it do?")
    quote = engagement.quotes.exclude(reference="").order_by("pk").last()
    return Walker(
        name="",
        kind="",
        code=engagement.code,
        gate=gate.number if gate else 1,
        thread=thread.number,
        quote=quote.reference if quote else "",
    )


def _quoted(names: list[str], staff: dict[str, User]) -> list[Walker]:
    """A customer each, with a quote that was sent by the portal's own worker."""
    from core.models import Job
    from engagements.models import Engagement
    from portal.demo import acts
    from portal.demo.cast import cast
    from pricing.domain.draft_quote import draft_quote
    from pricing.domain.send_quote import draft_digest, request_sending

    jobs, codes = [], []
    for name in names:
        contact = {"name": "Iris Keller", "email": f"iris@{name}.example"}
        facts = cast()["customers"]["orrin"] | {"name": f"Customer {name}", "people": [contact]}
        request = _ask(acts, facts, staff)
        draft = draft_quote(request, actor=staff["sales"])
        proved, shown = timezone.now(), draft_digest(draft)
        job = request_sending(draft, actor=staff["sales"], authenticated_at=proved, shown_digest=shown)
        jobs.append(job.pk)
        codes.append(request.engagement.code)
    assert until(lambda: not Job.objects.filter(pk__in=jobs).exclude(state="done").exists(), LONGEST, pause=0.5)
    return [_place_of(Engagement.objects.get(code=code), staff) for code in codes]


def _ask(acts: Any, facts: dict[str, Any], staff: dict[str, User]) -> Any:
    from pricing.domain.record_request import Contact, NewCustomer, record_request
    from pricing.models import Request

    contact = facts["people"][0]
    return record_request(
        NewCustomer(name=facts["name"], time_zone=facts["time_zone"]),
        actor=staff["sales"],
        contact=Contact(name=contact["name"], email=contact["email"], source=Request.Source.WEBSITE),
        points=acts._points(facts["points"]),  # noqa: SLF001 (the demo's own reading of its cast)
    )


def _seat(walker: Walker, staff: dict[str, User]) -> Walker:
    """The account, its place, and a session or a token."""
    from accounts.domain.give_membership import give_membership
    from accounts.domain.make_token import make_token
    from accounts.models import Organization
    from engagements.models import Engagement
    from portal.demo.cast import make_person

    email = f"{walker.name.lower().replace(' ', '-')}@load.example"
    facts = {"email": email, "name": walker.name, "title": walker.title}
    person = make_person(facts, time_zone="Europe/Madrid")
    is_staff = walker.kind in staff
    home = Organization.objects.consultancy() if is_staff else Engagement.objects.get(code=walker.code).organization
    role = ROLES.get(walker.kind, walker.kind)
    duties = SIGNS if role == "signatory" else []
    give_membership(person, organization=home, role=role, duties=duties, actor=staff["owner"])
    if walker.kind == "program":
        return replace(walker, token=make_token(person, name="load", days=7, authenticated_at=timezone.now())[1])
    return replace(walker, session=_session_of(person))


def _session_of(person: User) -> str:
    """As a sign-in by password leaves it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "accounts.people_backend.PeopleBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": person.email}]
    session["account_authentication_methods_user"] = str(person.pk)  # else it is nobody's proof
    session.create()
    return str(session.session_key)


def _assign(walkers: list[Walker], staff: dict[str, User]) -> None:
    """Consultants see an engagement once they are on it."""
    from accounts.models import User
    from engagements.domain.assign_team import assign_team
    from engagements.models import Engagement

    for code in {walker.code for walker in walkers if walker.kind == "consultant"}:
        names = [walker.name for walker in walkers if walker.kind == "consultant" and walker.code == code]
        engagement = Engagement.objects.get(code=code)
        team = [*engagement.consultants.all(), *User.objects.filter(full_name__in=names)]
        assign_team(engagement, lead=staff["lead"], consultants=team, actor=staff["lead"])


def _ask_to_sign(walkers: list[Walker], staff: dict[str, User]) -> None:
    """Whoever came after the plan was put up is asked beside those who were asked then."""
    from django.db import transaction

    from accounts.models import User
    from engagements.domain.ask_signers import ask_signers, name_signers
    from engagements.models import Gate, RequiredSigner

    signatories = [walker for walker in walkers if walker.kind == "signatory"]
    for code in {walker.code for walker in signatories}:
        gate = Gate.objects.get(engagement__code=code, number=1)
        document = gate.current_document
        before = RequiredSigner.objects.filter(document=document).values("user")
        added = [walker.name for walker in signatories if walker.code == code]
        people = User.objects.filter(full_name__in=added) | User.objects.filter(pk__in=before)
        with transaction.atomic():
            name_signers(gate, document, list(people), turns={}, named_by=staff["lead"])
            ask_signers(gate, document)


def _with_tasks(walkers: list[Walker]) -> list[Walker]:
    """Each open task is one person's of the side that does it, so that nobody is refused because another was first."""
    from engagements.models import GateTask

    open_tasks = GateTask.objects.filter(done_at=None, fell_at=None).exclude(gate__state__in=("locked", "signed"))
    sides = {"customer": "contributor", "consultancy": "consultant"}
    made = list(walkers)
    for task in open_tasks.select_related("gate__engagement").order_by("pk"):
        for place, walker in enumerate(made):
            if walker.kind == sides.get(task.party) and walker.code == task.gate.engagement.code and not walker.task:
                made[place] = replace(walker, task=task.pk)
                break
    return made
