"""What the portal sees of a cutover by itself: the frozen configuration, queues, the share, the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.errors import DomainError
from core.wording import day_text, told
from delivery.domain.proxy_line import line_of, tell_proxy
from delivery.models import Cutover, CutoverStep, FrozenConfiguration, QueueCount
from delivery.ramp.book import WHOLE
from delivery.ramp.line import share_in
from delivery.rollback_state import drill_reasons
from delivery.traffic_state import account_reasons, freshness_of, open_case_reasons
from discovery.models import Upload
from pricing.calculation.books import book_on
from pricing.models import Quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engagements.models import Engagement

NOTHING_READ = "No configuration has been read. Upload the one that Postfix runs with now."
AT_LEAST_DAYS = 30  # where no quote says otherwise: what every execution tier promises


@dataclass(frozen=True, slots=True)
class Answer:
    holds: bool
    said: str


def window_days_of(engagement: Engagement) -> int:
    """Days in which one can go back, as the quote promised them."""
    quote = Quote.objects.filter(engagement=engagement).agreed().first()
    if quote is None:
        return AT_LEAST_DAYS
    return book_on(date.fromisoformat(quote.snapshot["book_day"])).tier(quote.tier_key).rollback_days or AT_LEAST_DAYS


def seen_by_the_portal(key: str, cutover: Cutover) -> Answer:
    """Raises KeyError for a step that the portal does not see."""
    return {
        "frozen": _frozen,
        "drilled": _drilled,
        "counted": _counted,
        "whole": _whole,
        "drained": _drained,
        "accounted": _accounted,
    }[key](cutover)


def order_reasons(step: CutoverStep, steps: Iterable[CutoverStep]) -> list[str]:
    """Why a step is not done before others of its sheet, in sentences: an approval holds what stands behind it."""
    before = [one for one in steps if one.position < step.position and one.done_at is None]
    for one in before:
        if one.kind == CutoverStep.Kind.APPROVAL:
            return [f"“{one}” has not been said yet. Nothing after it is done before."]
    return [f"“{one}” is not done." for one in before] if step.kind == CutoverStep.Kind.APPROVAL else []


def finish_reasons(cutover: Cutover) -> list[str]:
    """Why the cutover is not done, in sentences."""
    undone = [f"“{step}” is not done." for step in cutover.steps.filter(done_at=None)]
    whole = seen_by_the_portal("whole", cutover)  # again: the share may have gone down since that step
    return undone if whole.holds else [*undone, whole.said]


def hosts_now(cutover: Cutover) -> dict[str, str]:
    """The digest of the newest upload of each host."""
    newest = Upload.objects.filter(engagement=cutover.engagement_id).current()
    return dict(newest.values_list("host_label", "bundle_digest"))


def frozen_of(cutover: Cutover) -> FrozenConfiguration | None:
    return FrozenConfiguration.objects.filter(cutover=cutover).select_related("frozen_by").first()


def drift_of(cutover: Cutover) -> list[str]:
    """How the newest uploads differ from what was frozen, in sentences; empty where nothing is frozen."""
    frozen = frozen_of(cutover)
    if frozen is None:
        return []
    return list(_differences(frozen.hosts, hosts_now(cutover)))


def _differences(frozen: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    for host in sorted(frozen.keys() | now.keys()):
        if host not in frozen:
            yield f"{host} was not there when the configuration was frozen."
        elif now.get(host) != frozen[host]:
            yield f"{host} is configured otherwise than when it was frozen."


def _frozen(cutover: Cutover) -> Answer:
    frozen = frozen_of(cutover)
    if frozen is None:
        return Answer(holds=False, said="The configuration of Postfix has not been frozen yet.")
    return Answer(holds=True, said=f"Frozen {told(frozen.frozen_at)}, SHA-256 {frozen.digest}.")


def _drilled(cutover: Cutover) -> Answer:
    reasons = list(drill_reasons(cutover.engagement))
    return Answer(holds=not reasons, said=" ".join(reasons) or "The last drill counts.")


def _counted(cutover: Cutover) -> Answer:
    sides = set(cutover.queue_counts.values_list("side", flat=True))
    if sides >= set(QueueCount.Side.values):
        return Answer(
            holds=True,
            said=", ".join(f"{one.get_side_display()} {one.messages:,}" for one in cutover.queue_counts.all()),
        )
    return Answer(holds=False, said="Count the queues of both sides first, and note how many messages stand in them.")


def _whole(cutover: Cutover) -> Answer:
    share = cutover.ramp.share
    return Answer(holds=share == WHOLE, said=f"The share of {cutover.ramp.title} is {share} %.")


def _drained(cutover: Cutover) -> Answer:
    since = cutover.ramp.share_since
    last = cutover.queue_counts.filter(side=QueueCount.Side.OLD).last()
    if last is None or since is None or last.counted_at < since:
        return Answer(holds=False, said="Count the queue of Postfix after the share became 100 %.")
    return Answer(
        holds=last.messages == 0, said=f"{last.messages:,} messages at Postfix, counted {told(last.counted_at)}."
    )


def _accounted(cutover: Cutover) -> Answer:
    freshness, since = freshness_of(cutover.engagement), cutover.ramp.share_since
    run = freshness.run
    if reasons := [*account_reasons(freshness), *open_case_reasons(cutover.engagement)]:
        return Answer(holds=False, said=" ".join(reasons))
    if run is None or run.covered_to is None or since is None or run.covered_to < since:
        return Answer(holds=False, said="No run of the reconciliation reaches beyond the moment of 100 % yet.")
    return Answer(holds=True, said=f"{run} accounts for every message up to {told(run.covered_to)}.")


def armed_rows(cutover: Cutover) -> list[dict[str, Any]]:
    """Whether the way back works today. What nobody can see is unknown, never a tick."""
    return [_proxy_row(cutover), _configuration_row(cutover), _queue_row(cutover), _drill_row(cutover)]


def _row(title: str, state: str, said: str) -> dict[str, Any]:
    return {"title": title, "state": state, "said": said}


def _proxy_row(cutover: Cutover) -> dict[str, Any]:
    title, line = "The proxy answers", line_of(cutover.engagement)
    if line is None:
        return _row(title, "unknown", "This portal has no line to the proxy.")
    try:
        share = share_in(tell_proxy(line, "status"), cutover.ramp.rule)
    except DomainError as silent:
        return _row(title, "fail", str(silent))
    return _row(title, "pass", f"It says {share} % on the new route.")


def _configuration_row(cutover: Cutover) -> dict[str, Any]:
    title, drift = "Postfix is configured as it was frozen", drift_of(cutover)
    if drift:
        return _row(title, "fail", " ".join(drift))
    newest = Upload.objects.filter(engagement=cutover.engagement_id).read().order_by("-read_at").first()
    if newest is None or newest.read_at is None or timezone.now() - newest.read_at > timedelta(days=1):
        seen = day_text(newest.read_at.date()) if newest and newest.read_at else "never"
        return _row(title, "unknown", f"The configuration was last seen: {seen}.")
    return _row(title, "pass", f"{newest} is as it was frozen.")


def _queue_row(cutover: Cutover) -> dict[str, Any]:
    title = "The queue of Postfix is empty"
    last = cutover.queue_counts.filter(side=QueueCount.Side.OLD).last()
    if last is None:
        return _row(title, "unknown", "Nobody has counted it.")
    state = "pass" if last.messages == 0 else "fail"
    if timezone.now() - last.counted_at > timedelta(days=1):
        state = "unknown"
    return _row(title, state, f"{last.messages:,} messages, counted {told(last.counted_at)}.")


def _drill_row(cutover: Cutover) -> dict[str, Any]:
    reasons = list(drill_reasons(cutover.engagement))
    return _row("The last drill counts", "fail" if reasons else "pass", " ".join(reasons) or "Inside five minutes.")
