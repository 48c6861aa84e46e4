"""Stores what came back, each event once, and gives up the addresses that have to be given up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from delivery.feedback.judging import load_taxonomy
from delivery.models import FeedbackItem, Suppression
from discovery.domain.receive_upload import lock_for_upload
from discovery.storable import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from accounts.models import User
    from delivery.feedback.items import Feedback
    from delivery.models import FeedbackFile
    from engagements.models import Engagement

AT_ONCE = 2000
LONGEST = {"recipient": 320, "original_recipient": 320, "sender": 320, "trace": 200}
FIRST_YEAR = 2000
OF_ONE_LIST = frozenset({"complaint.opt-out"})
ALL_MAIL = ""
Entry = tuple[str, str]  # address and scope


@dataclass(frozen=True, slots=True)
class Taken:
    """How many events were new, how many were known already, and how many addresses were given up."""

    new: int = 0
    known: int = 0
    suppressed: int = 0


@transaction.atomic
def take_feedback(engagement: Engagement, items: Collection[Feedback], *, actor: User) -> Taken:
    """Records as a server posts them. All of them are stored when this returns, or none."""
    engagement = lock_for_upload(engagement, actor=actor)
    return store_feedback(engagement, items, actor=actor, file=None)


def store_feedback(
    engagement: Engagement, items: Collection[Feedback], *, actor: User, file: FeedbackFile | None
) -> Taken:
    """Inside the caller's transaction and under its lock of the engagement."""
    by_identity = {item.identity: item for item in items}
    new, now = list[FeedbackItem](), timezone.now()
    for identities in _batches(list(by_identity)):
        stored = FeedbackItem.objects.filter(engagement=engagement, identity__in=identities)
        known = set(stored.values_list("identity", flat=True))
        wanted = [key for key in identities if key not in known]
        rows = [_row(engagement, key, by_identity[key], file, actor, now) for key in wanted]
        new += FeedbackItem.objects.bulk_create(rows)
    suppressed = _give_up(engagement, new, actor, now)
    taken = Taken(len(new), len(items) - len(new), suppressed)
    if taken.new:
        subject = file or new[0]
        record("feedback.taken", subject=subject, actor=actor, new=taken.new, known=taken.known, hard=suppressed)
    return taken


def _batches(identities: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(identities), AT_ONCE):
        yield identities[start : start + AT_ONCE]


def _row(
    engagement: Engagement, identity: str, item: Feedback, file: FeedbackFile | None, actor: User, now: datetime
) -> FeedbackItem:
    told = storable(asdict(item.told))
    del told["is_delivered"]  # asked of the portal's own mail alone
    for name, longest in LONGEST.items():  # what a stranger wrote must not keep the rest of its file out
        told[name] = told[name][:longest]
    happened = told.pop("happened_at")
    is_told = happened is not None and FIRST_YEAR < happened.year <= now.year + 1
    told["happened_at"] = happened if is_told else None
    return FeedbackItem(
        engagement=engagement,
        identity=identity,
        **told,
        day=(happened if is_told else now).date(),
        provider=item.provider[:80],
        category=item.verdict.category,
        action=item.verdict.action,
        rule=item.verdict.rule,
        file=file,
        taken_at=now,
        taken_by=actor,
    )


def _give_up(engagement: Engagement, items: Sequence[FeedbackItem], actor: User, now: datetime) -> int:
    """A row for each address that a permanent failure or a complaint is about, unless one stands already."""
    told = [item for item in items if item.action == "hard" and item.recipient]
    standing, lifted = _listed(engagement, {item.recipient.lower() for item in told})
    hard = {(item.recipient.lower(), scope_of(item)): item for item in told if not _is_before(item, lifted)}
    titles = load_taxonomy().categories
    rows = [
        Suppression(
            engagement=engagement,
            address=address,
            scope=scope,
            source="complaint" if item.kind == "complaint" else "bounce",
            reason=titles[item.category].title,
            item=item,
            made_at=now,
            made_by=actor,
        )
        for (address, scope), item in hard.items()
        if not standing & {(address, scope), (address, ALL_MAIL)}
    ]
    Suppression.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)


def scope_of(item: FeedbackItem) -> str:
    """Who asks for no more of one list still wants the rest; where the list is not known, nothing is sent at all."""
    return item.list_id if item.category in OF_ONE_LIST else ALL_MAIL


def _listed(engagement: Engagement, addresses: Collection[str]) -> tuple[set[Entry], dict[Entry, datetime]]:
    """Those that stand on the list, and when those that stand there no more were taken off."""
    standing: set[Entry] = set()
    lifted: dict[Entry, datetime] = {}
    for batch in _batches(list(addresses)):
        rows = Suppression.objects.filter(engagement=engagement, address__in=batch).counting()
        for address, scope, is_lifted, made_at in rows.values_list("address", "scope", "is_lifted", "made_at"):
            if is_lifted:
                lifted[address, scope] = made_at
            else:
                standing.add((address, scope))
    return standing, lifted


def _is_before(item: FeedbackItem, lifted: Mapping[Entry, datetime]) -> bool:
    """An old failure that is told late says nothing about an address that was taken off since."""
    since = lifted.get((item.recipient.lower(), scope_of(item)))
    return since is not None and item.happened_at is not None and item.happened_at < since
