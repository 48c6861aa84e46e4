"""An engagement on which everything was done that a pack tells of, and its pack as a file."""

import pytest

from core.jobs import run_job
from delivery.domain.suppress_address import suppress_address
from engagements.domain.ask_question import answer_question, ask_question
from engagements.models import Engagement
from reports.domain.approve_runbook import acknowledge_runbook, approve_runbook
from reports.domain.request_handoff import request_handoff
from reports.models import HandoffPack
from tests.engagements.journey import begin, put_up, sign
from tests.factories import discovery
from tests.factories.runbooks import choose, draw_up, note_everything
from tests.factories.traffic import open_traffic, reconcile, take_in_small_day
from tests.factories.training import train
from tests.kept import kept


@kept
def worked(engagement, lenient_gates, quick_paper, ada, lea, carl):
    """Phase 1 signed, mail reconciled, runbooks in force, an address suppressed, Carl trained, a question answered."""
    begin(engagement, accepted_by=carl)
    discovery.read(engagement, actor=ada)
    choose(engagement, "kumomta", actor=ada)
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)
    open_traffic(engagement, actor=ada)
    suppress_address(engagement, address="=cmd@gmail.com", reason="Said no.", actor=ada)
    note_everything(engagement, actor=ada)
    for revision in list(draw_up(engagement, actor=ada).values())[:2]:
        approve_runbook(revision, actor=lea)
        approve_runbook(revision, actor=carl)
        acknowledge_runbook(revision, actor=carl)
    train(engagement, carl, trainer=ada)
    answer_question(ask_question(engagement, actor=carl, text="Who?", is_blocking=False), actor=ada, text="Ada.")
    return Engagement.objects.get(pk=engagement.pk)


def make_pack(engagement, *, actor):
    """The bytes of a new pack, as a worker makes it."""
    job = request_handoff(engagement, actor=actor)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error_sentence
    return bytes(HandoffPack.objects.get(engagement=engagement).content)


@pytest.fixture
def packed(worked, lea, tmp_path, quick_paper):
    path = tmp_path / "handoff.zip"
    path.write_bytes(make_pack(worked, actor=lea))
    return path
