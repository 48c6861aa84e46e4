"""Where a ramp stands, and what stands between it and its next step."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from core.components import PhaseState, RampStep
from core.wording import span_text
from delivery.held_streams import held_reasons
from delivery.models import Ramp, ShareChange, StepApproval, StepCheck, TrafficHour
from delivery.ramp.book import FIGURES, WHOLE, load_plan
from delivery.ramp.judging import Figures
from delivery.ramp_ground import ground_of
from delivery.traffic_state import freshness_of
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from delivery.models import ReconciliationRun
    from delivery.ramp_ground import Ground
    from delivery.traffic_state import Freshness

RUNNING = (Engagement.Phase.PARALLEL, Engagement.Phase.CUTOVER, Engagement.Phase.MONITORING)


@dataclass(frozen=True, slots=True)
class Standing:
    ramp: Ramp
    ground: Ground
    approval: StepApproval | None
    checks: tuple[StepCheck, ...]  # at this share since it was reached, latest first

    @property
    def freshness(self) -> Freshness:
        return self.ground.freshness

    @property
    def next_share(self) -> int | None:
        return load_plan().next_after(self.ramp.share)

    def steps(self, *, is_left: bool) -> list[RampStep]:
        """`is_left` while everything goes to Postfix: then no step is the one where the ramp stands now."""
        share = self.ramp.share
        here = RampStep(share, PhaseState.DONE, note="left") if is_left else RampStep(share, PhaseState.NOW)
        states = {True: PhaseState.DONE, False: PhaseState.TODO}
        return [here if step == share else RampStep(step, states[step < share]) for step in load_plan().steps]

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
        if running := self.ground.running:
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
        yield from self.ground.case_reasons
        if self.freshness.is_too_old:
            yield f"{self.freshness.words}. Upload newer logs of all sides and reconcile them."
        if not self.ramp.share:
            return
        until, clean = self.freshness.until, self.ground.clean
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
        yield from self.ground.decision_reasons
        yield from self.ground.drill_reasons
        yield from held_reasons(self.ramp, self.ground.held, self.ground.apart)
        if self.approval is None:
            yield f"{self.ramp.engagement.organization} has not said yes to {share} % yet."


def standing_of(ramp: Ramp) -> Standing:
    ground = ground_of(ramp.engagement, freshness_of(ramp.engagement))
    return standings_of([ramp], ground)[0]


def standings_of(ramps: Sequence[Ramp], ground: Ground) -> list[Standing]:
    """Of all ramps, with as many queries as of one."""
    if not ramps:
        return []
    approvals = approvals_of(ramps)
    checks: dict[int, list[StepCheck]] = {ramp.pk: [] for ramp in ramps}
    measured = reduce(or_, [_since_the_step(ramp, "since", ramp.share) for ramp in ramps])
    for check in StepCheck.objects.filter(measured).order_by("-pk"):
        checks[check.ramp_id].append(check)
    return [Standing(ramp, ground, approvals.get(ramp.pk), tuple(checks[ramp.pk])) for ramp in ramps]


def approvals_of(ramps: Sequence[Ramp]) -> dict[int, StepApproval]:
    """By ramp the yes to its next step. A yes counts for the way up from the share it was given at."""
    said = reduce(or_, [_since_the_step(ramp, "approved_at", _next_of(ramp)) for ramp in ramps], Q(pk__in=()))
    return {one.ramp_id: one for one in StepApproval.objects.filter(said).select_related("approved_by")}


def _next_of(ramp: Ramp) -> int:
    return load_plan().next_after(ramp.share) or WHOLE


def _since_the_step(ramp: Ramp, moment: str, share: int) -> Q:
    """Rows of a ramp about this share, from when its step began."""
    since = {f"{moment}__gte": ramp.share_since} if ramp.share_since else {}
    return Q(ramp=ramp, share=share, **since)


def shares_of(engagement: Engagement) -> dict[str, int]:
    """By the rules of the proxy, without those whose change is under way: what they say by now is not known."""
    settled = Ramp.objects.filter(engagement=engagement).exclude(changes__state=ShareChange.State.ASKED)
    return dict(settled.order_by("number").values_list("rule", "share"))


def command_of(change: ShareChange) -> str:
    """What somebody runs on the proxy's host where the portal does not tell it."""
    shares = {**shares_of(change.ramp.engagement), change.ramp.rule: change.share}
    words = [f"{rule}={share}" for rule, share in shares.items()]
    return shlex.join(["./gatepost", "proxy-control", "--config", "proxy.toml", "set", "--keep-rollback", *words])


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
