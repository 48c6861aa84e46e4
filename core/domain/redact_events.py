from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.db import transaction

from core.audit import REDACTED, canonical, chain_of, event_digest, record, redactions_digest
from core.evidence.verify import SAID
from core.models import AuditEvent, ChainHead, Redaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db import models

AT_ONCE = 500  # events looked at in one transaction
KEPT_WHOLE = frozenset(SAID)  # signed acts: evidence of who bound themselves to what, for as long as the contract is


@transaction.atomic
def redact_events(
    subject: models.Model,
    *,
    replace: Callable[[AuditEvent, str], str],
    after: int = 0,
    actor: AbstractBaseUser | None,
    reason: str,
) -> int | None:
    """Replace words in the next events of the subject's chain. Returns the last place looked at, None at its end.

    An event keeps its digest and its place; a new event of the chain tells what digest its words have since, so that
    nobody can replace more than is told. A second call over the same places finds nothing to do.
    """
    chain = chain_of(subject)
    ChainHead.objects.select_for_update().filter(chain=chain).first()
    looked_at = list(AuditEvent.objects.filter(chain=chain, sequence__gt=after).order_by("sequence")[:AT_ONCE])
    changed = [event for event in looked_at if event.action not in KEPT_WHOLE and _is_reworded(event, replace)]
    if changed:
        _keep(changed, subject=subject, actor=actor, reason=reason)
    return looked_at[-1].sequence if looked_at else None


def _is_reworded(event: AuditEvent, replace: Callable[[AuditEvent, str], str]) -> bool:
    before = canonical([event.actor_label, event.subject_label, event.data])
    event.actor_label = replace(event, event.actor_label)[:200]
    event.subject_label = replace(event, event.subject_label)[:250]
    event.data = reworded(event.data, lambda text: replace(event, text))
    return before != canonical([event.actor_label, event.subject_label, event.data])


def reworded(value: Any, replace: Callable[[str], str]) -> Any:
    """A JSON value with every text in it replaced; the names of fields stay."""
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, list):
        return [reworded(each, replace) for each in value]
    if isinstance(value, dict):
        return {name: reworded(each, replace) for name, each in value.items()}
    return value


def _keep(changed: list[AuditEvent], *, subject: models.Model, actor: AbstractBaseUser | None, reason: str) -> None:
    for event in changed:
        event.salt = ""
    digests = [(event.sequence, event_digest(event)) for event in changed]
    told = record(
        REDACTED,
        subject=subject,
        actor=actor,
        reason=reason,
        events=len(changed),
        redactions=redactions_digest(digests),
    )
    rows = zip(changed, digests, strict=True)
    Redaction.objects.bulk_create(Redaction(event=each, told_by=told, body_digest=digest[1]) for each, digest in rows)
    with pgtrigger.ignore("core.AuditEvent:audit_event_append_only_rows"):
        AuditEvent.objects.bulk_update(changed, ["actor_label", "subject_label", "data", "salt"])
