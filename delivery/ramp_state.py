"""Where a ramp stands, and what stands between it and its next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum

from core.components import PhaseState, RampStep
from core.wording import span_text
from delivery.held_streams import held_reasons
from delivery.models import Ramp, Rollback, ShareChange, StepApproval, StepCheck, TrafficHour
from delivery.ramp.book import FIGURES, WHOLE, load_plan
from delivery.ramp.judging import Figures
from delivery.rollback_state import decision_reasons, drill_reasons
from delivery.traffic_state import clean_since, freshness_of, open_case_reasons
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from delivery.models import ReconciliationRun
    from delivery.traffic_state import Freshness

RUNNING = (Engagement.Phase.PARALLEL, Engagement.Phase.CUTOVER, Engagement.Phase.MONITORING)


@dataclass(frozen=True, slots=True)
class Standing:
    ramp: Ramp
    freshness: Freshness
    clean: datetime | None
    approval: StepApproval | None
    checks: tuple[StepCheck, ...]  # at this share since it was reached, latest first

    @property
    def next_share(self) -> int | None:
        return load_plan().next_after(self.ramp.share)

    @property
    def steps(self) -> list[RampStep]:
        share = self.ramp.share
        states = {True: PhaseState.DONE, False: PhaseState.TODO}
        return [RampStep(step, PhaseState.NOW if step == share else states[step < share]) for step in load_plan().steps]

    @property
    def blockers(self) -> list[str]:
        return self.against(self.next_share) if self.next_share else []

    def against(self, share: int) -> list[str]:
        """Why the share may not rise to this now, in sentences."""
        return [*self._of_the_plan(share), *self._of_time(), *self._of_data(), *self._of_people(share)]

    def _of_the_plan(self, share: int) -> Iterator[str]:
        engagement = self.ramp.engagement
        if engagement.phase not in RUNNING:
            yield f"Parallel delivery is not under way: the engagement is at “{engagement.get_phase_display()}”."
        if running := Rollback.objects.running().filter(engagement=engagement).first():
            yield f"{running} is under way: everything goes to Postfix."
        if share != self.next_share:
            yield f"The next step is {self.next_share} %. Steps are not left out."
        if share == WHOLE and engagement.phase == Engagement.Phase.PARALLEL:
            yield "100 % belongs to the cutover, which begins when gate 3 is signed."

    def _of_time(self) -> Iterator[str]:
        plan, since = load_plan(), self.ramp.share_since
        if not self.ramp.share or since is None:
            return
        held = self.freshness.now - since
        if held < timedelta(hours=plan.hold_hours):
            left = span_text(timedelta(hours=plan.hold_hours) - held)
            yield f"{self.ramp.share} % is held for {plan.hold_hours} hours: {left} are left."

    def _of_data(self) -> Iterator[str]:
        plan = load_plan()
        yield from open_case_reasons(self.ramp.engagement)
        if self.freshness.is_too_old:
            yield f"{self.freshness.words}. Upload newer logs of all sides and reconcile them."
        if not self.ramp.share:
            return
        until, clean = self.freshness.until, self.clean
        hours = (until - max(clean, self.ramp.share_since or clean)) / timedelta(hours=1) if until and clean else 0.0
        if hours < plan.clean_hours:
            wanted = f"{plan.clean_hours} reconciled hours without a discrepancy are needed at this step"
            yield f"{wanted}: {max(hours, 0):.1f} so far."
        yield from self._of_checks()

    def _of_checks(self) -> Iterator[str]:
        wanted, row = load_plan().passes, 0
        for check in self.checks:
            if check.outcome == StepCheck.Outcome.FAILED:
                break
            row += check.outcome == StepCheck.Outcome.PASSED
        if row < wanted:
            last = f" The last one: {self.checks[0].get_outcome_display().lower()}." if self.checks else ""
            yield f"{wanted} checks of old against new have to pass in a row: {row} did.{last}"

    def _of_people(self, share: int) -> Iterator[str]:
        yield from decision_reasons(self.ramp.engagement)
        yield from drill_reasons(self.ramp.engagement)
        yield from held_reasons(self.ramp)
        if self.approval is None:
            yield f"{self.ramp.engagement.organization} has not said yes to {share} % yet."


def standing_of(ramp: Ramp, freshness: Freshness | None = None) -> Standing:
    freshness = freshness or freshness_of(ramp.engagement)
    since = ramp.share_since
    share = load_plan().next_after(ramp.share) or WHOLE
    approvals = StepApproval.objects.filter(ramp=ramp, share=share).select_related("approved_by")
    checks = StepCheck.objects.filter(ramp=ramp, share=ramp.share)
    if since:
        approvals, checks = approvals.filter(approved_at__gte=since), checks.filter(since__gte=since)
    return Standing(
        ramp, freshness, clean_since(ramp.engagement, freshness.run), approvals.first(), tuple(checks.order_by("-pk"))
    )


def shares_of(engagement: Engagement) -> dict[str, int]:
    """By the rules of the proxy, without those whose change is under way: what they say by now is not known."""
    settled = Ramp.objects.filter(engagement=engagement).exclude(changes__state=ShareChange.State.ASKED)
    return dict(settled.order_by("number").values_list("rule", "share"))


def figures_between(
    run: ReconciliationRun,
    side: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    provider: str = "",
) -> Figures:
    """Of whole hours that began at `since` or later, and before `until`."""
    hours = TrafficHour.objects.filter(run=run, side=side)
    hours = hours.filter(hour__gte=since) if since else hours
    hours = hours.filter(hour__lt=until) if until else hours
    hours = hours.filter(provider=provider) if provider else hours
    sums = hours.aggregate(**{f"all_{name}": Sum(name) for name in FIGURES})
    return Figures(**{name: sums[f"all_{name}"] or 0 for name in FIGURES})
