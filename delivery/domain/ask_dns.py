"""Asks DNS what the pre-flight of gate 2 needs: asked for by people, done by a job, stored with every answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, allowed, require
from core.audit import record
from core.errors import DomainError
from core.jobs import enqueue
from core.numbering import next_number
from delivery.models import DnsAnswer, PreflightRun, SelectorKey
from delivery.preflight.answers import Desk
from delivery.preflight.checking import run_checks
from delivery.preflight.outcomes import State
from delivery.preflight.sources import source_of
from delivery.preflight.subjects import subjects_of
from discovery.domain.check_translation import digest_of_files
from discovery.postfix.audit import audit_masked
from discovery.storable import storable
from discovery.stored_bundle import whole_bundle
from discovery.translation.sending import sending_estate
from discovery.translation_evidence import newest_of
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from core.jobs import Tell
    from core.models import Job
    from delivery.preflight.answers import Answer, Source
    from delivery.preflight.outcomes import Outcome
    from delivery.preflight.subjects import Subjects
    from discovery.models import TranslationSet
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Preflight:
    """What one round came to, not stored yet."""

    resolver: str
    set_digest: str
    outcomes: list[Outcome]
    answers: list[Answer]


@transaction.atomic
def request_preflight(engagement: Engagement, *, actor: User) -> Job:
    """Have DNS asked about the newest files of the chosen target. Raises DomainError where there are none."""
    engagement = lock_living(engagement.pk)
    if not allowed(actor, Permission.ANSWER_TASK, engagement.organization):
        require(actor, Permission.WORK_TASK, engagement.organization)
    translation = newest_of(engagement.pk, engagement.target) if engagement.target else None
    if translation is None:
        raise DomainError("There are no generated files for the chosen target yet, so nobody knows what to ask about.")
    return enqueue("ask_dns", subject=translation, actor=actor, key=f"dns-{translation.pk}")


def configured_source() -> Source:
    """Whom this portal asks. Raises DomainError for a setting that names nobody."""
    try:
        return source_of(settings.DNS_RESOLVER)
    except ValueError as error:
        raise DomainError(
            "The resolver that this portal is set to cannot be asked. Nothing was asked or changed; whoever runs the "
            "portal has to look at DNS_RESOLVER."
        ) from error


def ask_dns(translation: TranslationSet, *, source: Source, tell: Tell) -> Preflight:
    """The slow half: writes nothing but progress. Whatever is not answered is stored as not known."""
    desk = Desk(source, timezone.now)
    tell(0, 2, "Reading what to ask about")
    subjects = subjects_in(translation)
    tell(1, 2, "Asking DNS")
    outcomes = run_checks(subjects, desk)
    tell(2, 2, f"{len(desk.answers)} questions asked")
    return Preflight(source.label, digest_of_files(translation), outcomes, list(desk.answers.values()))


def subjects_in(translation: TranslationSet) -> Subjects:
    """From the uploads that the set was made of."""
    estates = []
    for made_from in translation.sources.select_related("upload"):
        bundle = whole_bundle(made_from.upload)
        report = audit_masked(bundle, ())
        estates += [sending_estate(bundle, instance) for instance in report.instances]
    noted = SelectorKey.objects.filter(engagement=translation.engagement_id).order_by("pk")
    return subjects_of(estates, translation.target, {key.record_name: key.public_key for key in noted})


@transaction.atomic
def store_run(translation: TranslationSet, found: Preflight, *, actor: User) -> PreflightRun:
    engagement = lock_engagement(translation.engagement_id)
    now = timezone.now()
    earlier = PreflightRun.objects.filter(engagement=engagement)
    run = PreflightRun.objects.create(
        engagement=engagement,
        number=next_number(earlier),
        translation=translation,
        set_digest=found.set_digest,
        resolver=found.resolver,
        outcomes=storable([asdict(outcome) for outcome in found.outcomes]),
        asked_at=now,
        asked_by=actor,
    )
    DnsAnswer.objects.bulk_create(answer_row(run, answer) for answer in found.answers)
    _leave_trace(run, found, actor)
    return run


def _leave_trace(run: PreflightRun, found: Preflight, actor: User) -> None:
    states = [outcome.state for outcome in found.outcomes]
    record(
        "preflight.asked",
        subject=run,
        actor=actor,
        translation=str(run.translation),
        resolver=found.resolver,
        questions=len(found.answers),
        unknown=states.count(State.UNKNOWN),
        problems=states.count(State.PROBLEM),
    )


def answer_row(run: PreflightRun, answer: Answer) -> DnsAnswer:
    return DnsAnswer(
        run=run,
        name=storable(answer.name),
        kind=answer.kind,
        found=answer.found.value,
        values=storable(list(answer.values)),
        why=storable(answer.why),
        asked_at=answer.asked_at or run.asked_at,
    )
