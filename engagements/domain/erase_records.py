"""What an erasure does, step by step. Each step is a transaction of its own that may be begun again after a crash."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, cast

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Organization, User
from core.audit import PORTAL_CHAIN, canonical, record
from core.disposal import blank, forget_about, in_order, remove, reword
from core.domain.redact_events import redact_events
from core.errors import Conflict
from core.models import AuditEvent, Job, OutboxMessage
from core.record_classes import OWNER, Erasing, OfPerson, models_of, record_classes
from engagements.domain.set_hold import lock_customer
from engagements.erased_names import Names, addresses_of, give_pseudonyms, names_of, people_of, sealed
from engagements.models import Engagement, Erasure
from engagements.obstacles import obstacles_to, obstacles_to_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model

    from core.record_classes import RecordClass

REASON = "asked to be erased"


def erase_records(erasure_id: int, tell: Callable[[int, str], object]) -> None:
    """Everything but the last entry. Raises Conflict when something stands against it since; what went stays gone."""
    begin(erasure_id)
    done = 0
    for title, step in _steps(Erasure.objects.get(pk=erasure_id)):
        while counted := _taken(erasure_id, title, step):
            done += counted
            tell(done, title)


@transaction.atomic
def begin(erasure_id: int) -> None:
    """Give the people and the customer their new names and shut their doors, in the same instant."""
    erasure = _locked(erasure_id)
    if erasure.begun_at:
        return
    people = people_of(erasure)
    keys = [person.pk for person in people]
    concerned = _concerned(erasure, keys)  # before they are renamed: the ledger names whom they left by name
    Session.objects.filter(
        session_key__in=UserSession.objects.filter(user__in=keys).values_list("session_key", flat=True)
    ).delete()
    erasure.sealed_names = sealed(give_pseudonyms(people, erasure.organization))
    erasure.counts = {"people": keys, "organizations": concerned}
    erasure.begun_at = timezone.now()
    erasure.save(update_fields=["sealed_names", "counts", "begun_at"])


def _concerned(erasure: Erasure, people: list[int]) -> list[int]:
    """The customer; of a person all where they belong or acted, which for the practice's own may be every one."""
    if erasure.organization_id:
        return [erasure.organization_id]
    acted = AuditEvent.objects.filter(actor__in=people).values_list("chain", flat=True).distinct()
    engagements = [chain.partition(":")[2] for chain in acted if chain != PORTAL_CHAIN]
    wanted = Q(memberships__user__in=people) | Q(engagements__in=engagements) | Q(name__in=_left_by(erasure))
    return list(Organization.objects.filter(wanted).order_by("pk").values_list("pk", flat=True).distinct())


def _left_by(erasure: Erasure) -> list[str]:
    """By name the organizations that a person left, as the ledger tells it: others may have written of them there."""
    if erasure.person is None:
        return []
    known = Q(pk__in=[])
    for address in addresses_of(erasure.person):
        known |= Q(data__member__iendswith=f"<{address}>")
    left = AuditEvent.objects.filter(known, chain=PORTAL_CHAIN, action="membership.ended")
    return list(left.values_list("data__organization", flat=True).distinct())


def _locked(erasure_id: int) -> Erasure:
    """Raises Conflict when something stands against it."""
    erasure = (
        Erasure.objects.select_for_update(of=("self",)).select_related("organization", "person").get(pk=erasure_id)
    )
    if erasure.organization:
        lock_customer(erasure.organization.pk)
        reasons = obstacles_to(erasure.organization)
    else:
        reasons = obstacles_to_person(erasure.person) if erasure.person else []
    if reasons:
        raise Conflict(*reasons)
    return erasure


@transaction.atomic
def _taken(erasure_id: int, title: str, step: Callable[[], int]) -> int:
    erasure = _locked(erasure_id)
    counted = step()
    counts = Counter(erasure.counts.get("rows", {}))
    counts[title] += counted
    erasure.counts["rows"] = {name: number for name, number in counts.items() if number}
    erasure.save(update_fields=["counts"])
    return counted


def _steps(erasure: Erasure) -> Iterator[tuple[str, Callable[[], int]]]:
    """By what they count. Each is called until it finds nothing more; a second time over changes nothing."""
    names = names_of(erasure)
    for model, wanted in removed_by(erasure):
        yield model._meta.label, partial(remove, model, wanted)
    for model, wanted in _staying(erasure):
        yield "mails and jobs", partial(forget_about, model, wanted)
    for model, wanted, fields in _blanked_by(erasure):
        yield "words", partial(blank, model, wanted, fields)
    for model, wanted in _reworded_by(erasure):
        yield "names", _once(partial(reword, model, wanted, names.all, names.replace))
    for subject in _chains_of(erasure):
        yield "ledger", partial(_redact, subject, names, partial(_is_of, erasure, set(_people(erasure))), [0])


def _once(step: Callable[[], int]) -> Callable[[], int]:
    """For a step that finds all there is at its first call."""
    counts = (count() for count in (step, lambda: 0))
    return lambda: next(counts)


def _people(erasure: Erasure) -> list[int]:
    people: list[int] = erasure.counts.get("people") or [one.pk for one in people_of(erasure)]
    return people


def removed_by(erasure: Erasure) -> list[tuple[type[Model], Q]]:
    """The models of which rows go, in their order."""
    wanted = {}
    for one in (each for each in record_classes() if each.erasing == Erasing.DELETE):
        for model in models_of(one):
            if rows := _rows_of(erasure, one, model._meta.label):
                wanted[model] = rows
    wanted[Job] &= Q(finished_at__isnull=False)
    return [(model, wanted[model]) for model in in_order(wanted)]


def _rows_of(erasure: Erasure, one: RecordClass, label: str) -> Q:
    """Empty where the model has none of this customer or person."""
    rows, lookup = Q(), one.models[label]
    if erasure.organization_id and lookup and lookup != OWNER:
        rows |= Q(**{lookup: erasure.organization_id})
    if label in one.people:
        rows |= Q(**{f"{one.people[label]}__in": _people(erasure)})
    return rows


def _staying(erasure: Erasure) -> Iterator[tuple[type[Model], Q]]:
    """Rows of the customer that stay, of which no mail and no job is to tell any longer."""
    for one in record_classes() if erasure.organization_id else ():
        for model in models_of(one) if one.erasing != Erasing.DELETE else ():
            if lookup := one.models[model._meta.label]:
                yield model, Q(**{lookup: erasure.organization_id})


def _blanked_by(erasure: Erasure) -> Iterator[tuple[type[Model], Q, list[str]]]:
    for one in record_classes() if erasure.organization_id else ():
        for label, fields in one.blank.items():
            yield apps.get_model(label), Q(**{one.models[label]: erasure.organization_id}), fields


def _reworded_by(erasure: Erasure) -> Iterator[tuple[type[Model], Q]]:
    """Rows of the customers whose they were that stay, and the jobs and mails that are left about them."""
    concerned = erasure.counts.get("organizations", [])
    for one in record_classes():
        stays = one.erasing == Erasing.KEEP or (erasure.person_id and one.of_person == OfPerson.KEEP)
        for model in () if stays or one.erasing == Erasing.REDACT else models_of(one):
            lookup = one.models[model._meta.label]
            if lookup and lookup != OWNER:
                yield model, Q(**{f"{lookup}__in": concerned})
    yield Job, _about(erasure, Job, "subject", "actor")
    yield OutboxMessage, _about(erasure, OutboxMessage, "reference", "recipient")


def _about(erasure: Erasure, model: type[Model], place: str, person: str) -> Q:
    """Those of the people, about them, and about rows of the customers concerned."""
    people, concerned = _people(erasure), erasure.counts.get("organizations", [])
    lookups = {label: lookup for one in record_classes() for label, lookup in one.models.items()}
    about = {f"{place}_type": User._meta.label, f"{place}_id__in": [str(one) for one in people]}
    wanted = Q(**{f"{person}__in": people}) | Q(**about)
    for label in model._base_manager.order_by().values_list(f"{place}_type", flat=True).distinct():
        if (lookup := lookups.get(label, "")) and lookup != OWNER:
            rows = apps.get_model(label)._base_manager.filter(**{f"{lookup}__in": concerned})
            keys = rows.annotate(as_text=Cast("pk", TextField())).values("as_text")
            wanted |= Q(**{f"{place}_type": label, f"{place}_id__in": keys})
    return wanted


def _chains_of(erasure: Erasure) -> list[Model]:
    """A row of each chain that names them: the engagements, and the customer or person for the portal's own."""
    concerned = Engagement.objects.filter(organization__in=erasure.counts.get("organizations", []))
    return [*concerned.order_by("pk"), cast("Model", erasure.organization or erasure.person)]


def _redact(subject: Model, names: Names, is_of: Callable[[AuditEvent], bool], place: list[int]) -> int:
    """The next events of a chain; `place` is where the step before ended."""

    def replace(event: AuditEvent, text: str) -> str:
        is_theirs = is_of(event)
        with_shared = event.chain != PORTAL_CHAIN or is_theirs or _is_about(event, names)
        return names.replace(text, with_shared=with_shared, with_homonyms=is_theirs)

    last = redact_events(subject, replace=replace, after=place[0], actor=None, reason=REASON)
    looked_at, place[0] = (last or place[0]) - place[0], last or place[0]
    return looked_at


def _is_of(erasure: Erasure, people: set[int], event: AuditEvent) -> bool:
    """Whether they did it, or it was done to them."""
    customer = (Organization._meta.label, str(erasure.organization_id))
    about = {customer, *((User._meta.label, str(one)) for one in people)}
    return event.actor_id in people or (event.subject_type, event.subject_id) in about


def _is_about(event: AuditEvent, names: Names) -> bool:
    words = f"{event.actor_label} {event.subject_label} {canonical(event.data).decode()}"
    return names.is_in(words)


def finish(erasure_id: int) -> Erasure:
    """The last entry, in the transaction of the caller; the names are forgotten with it."""
    erasure = (
        Erasure.objects.select_for_update(of=("self",)).select_related("organization", "person").get(pk=erasure_id)
    )
    erasure.done_at, erasure.sealed_names = timezone.now(), b""
    erasure.save(update_fields=["done_at", "sealed_names"])
    subject = cast("Model", erasure.organization or erasure.person)
    rows = sum(number for name, number in erasure.counts.get("rows", {}).items() if "." in name)
    record("records.erased", subject=subject, actor=erasure.asked_by, rows=rows, people=len(erasure.counts["people"]))
    return erasure
