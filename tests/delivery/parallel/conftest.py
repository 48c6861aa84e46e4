from datetime import timedelta

import pytest
from django.utils import timezone

from delivery.domain.change_share import approve_step, open_ramp
from delivery.domain.judge_steps import judge_steps
from delivery.domain.roll_back import tick_step
from delivery.domain.run_cutover import plan_cutover
from tests.delivery.parallel.runs import run_until
from tests.delivery.proxy.helms import Helm
from tests.factories.traffic import start_rollback, with_phase
from tests.kept import kept

TOKEN = "hush"  # as the configuration of the helm says


@kept
def ramp(engagement, ada):
    return open_ramp(engagement, actor=ada)


@pytest.fixture
def helm(tmp_path):
    """The steering of a real proxy, with its control endpoint."""
    with Helm(tmp_path) as helm:
        yield helm


@pytest.fixture
def proxy_url(helm):
    return f"http://{helm.configuration.control.listen}"


@kept
def parallel(engagement):
    """In phase 3, without the two phases before it."""
    with_phase(engagement, "parallel")
    return engagement


@kept
def ready(parallel, ramp, ada, carl):
    """At 10 % for four days, clean, checked twice, and Carl said yes to 25 %."""
    now = timezone.now()
    ramp.share, ramp.share_since = 10, now - timedelta(days=4)
    ramp.save()
    ramp.engagement = parallel
    for number, until in ((1, now - timedelta(hours=5)), (2, now - timedelta(minutes=5))):
        judge_steps(run_until(parallel, ada, until, number=number), actor=ada)
    approve_step(ramp, share=25, note="Go on.", actor=carl)
    tick_step(start_rollback(parallel, is_drill=True, actor=ada).steps.get(position=2), actor=ada)
    return ramp


@kept
def cutover(engagement, ramp, ada):
    """Planned, at 90 %; nothing of its sheet is done."""
    with_phase(engagement, "cutover")
    ramp.share, ramp.share_since = 90, timezone.now() - timedelta(days=4)
    ramp.save()
    return plan_cutover(ramp, planned_for=timezone.now(), on_call="Ada +1 555 0100, Carl +1 555 0101", actor=ada)
