"""Northlake's two servers beside each other: a drill, a tenth of the mail, runs, a warm-up, bounces."""

import io
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from delivery.domain.change_share import approve_step, change_share, confirm_change, open_ramp
from delivery.domain.receive_feedback import receive_feedback
from delivery.domain.receive_traffic_log import receive_traffic_log
from delivery.domain.reconcile_traffic import request_run
from delivery.domain.roll_back import explain_rollback, start_rollback, tick_step
from delivery.domain.set_warm_up import set_warm_up
from delivery.models import Ramp
from engagements.models import Engagement
from portal.demo.acts import Staff, work_off
from portal.demo.clock import days_ago
from portal.demo.traffic import traffic, write_stretch

DRILL_MINUTES = (1.2, 4.4)  # after the start: both teams are called, the proxy says that all goes to Postfix


def deliver(engagement: Engagement, *, people: dict[str, User], staff: Staff, addresses: int) -> None:
    """From the logs of Postfix alone to a first step whose next one waits: for two messages, and for the customer."""
    engagement.refresh_from_db()
    consultant, (alone, *beside) = staff["consultant"], traffic()["stretches"]
    before = alone["from"] / 24 + 1
    with days_ago(before):
        ramp = open_ramp(engagement, actor=consultant)
    _drill(engagement, consultant=consultant, before=before)
    _reconcile(engagement, alone, actor=consultant)
    with days_ago(alone["to"] / 24):
        _step_up(ramp, beside[0]["new"], signatory=people["signatory"], consultant=consultant)
        _warm_up(engagement, addresses=addresses, consultant=consultant)
    for stretch in beside:
        _reconcile(engagement, stretch, actor=consultant)


def _drill(engagement: Engagement, *, consultant: User, before: float) -> None:
    """Timed by the clock of the portal, which is what moves."""
    with days_ago(before):
        drill = start_rollback(engagement, is_drill=True, authenticated_at=timezone.now(), actor=consultant)
    for step, minutes in zip(drill.steps.order_by("position"), DRILL_MINUTES, strict=False):
        with days_ago(before - minutes / 24 / 60):
            tick_step(step, actor=consultant)
    with days_ago(before - 1 / 24):
        for step in drill.steps.filter(done_at=None):
            tick_step(step, actor=consultant)
        explain_rollback(drill, reason=traffic()["words"]["drill"], actor=consultant)


def _step_up(ramp: Ramp, share: int, *, signatory: User, consultant: User) -> None:
    """The customer says yes; the portal has no line to the proxy, so somebody runs the command."""
    words = traffic()["words"]
    approve_step(ramp, share=share, note=words["agreed"], actor=signatory)
    change = change_share(ramp, share=share, why=words["first"], actor=consultant)
    confirm_change(change, is_done=True, actor=consultant)


def _warm_up(engagement: Engagement, *, addresses: int, consultant: User) -> None:
    book, begins = traffic(), timezone.now().date()
    set_warm_up(
        engagement,
        pool=book["pool"],
        addresses=addresses,
        hosts=book["hosts"],
        begins=begins,
        providers=book["warmed"],
        actor=consultant,
    )


def _reconcile(engagement: Engagement, stretch: dict[str, int], *, actor: User) -> None:
    """The logs of a stretch are taken in at its end, and all of them held against each other."""
    with days_ago(stretch["to"] / 24):
        logs = write_stretch(stretch, now=(timezone.now() + timedelta(hours=stretch["to"])).timestamp())
        for kind, name, content in logs.packed():
            receive_traffic_log(engagement, kind=kind, filename=name, content_file=io.BytesIO(content), actor=actor)
            if kind == "powermta":
                work_off(receive_feedback(engagement, filename=name, content_file=io.BytesIO(content), actor=actor).job)
        work_off(request_run(engagement, actor=actor))
