"""What a run reads, where it reads it, and what it cannot read."""

import tempfile

import pytest

from core.errors import Conflict, DomainError
from core.jobs.handle import take
from core.models import Job
from delivery.domain.receive_traffic_log import withdraw_traffic_log
from delivery.domain.reconcile_traffic import request_run
from delivery.models import ReconciliationRun, TrafficLog
from delivery.unsealed_folder import unsealed_folder
from tests.factories.traffic import BEGAN, accepted, receive, reconcile, take_in_small_day

pytestmark = pytest.mark.django_db


def test_a_log_that_came_during_a_run_wants_another_run(engagement, ada):
    take_in_small_day(engagement, actor=ada)
    job = request_run(engagement, actor=ada)
    take(job.pk)
    again = request_run(engagement, actor=ada)
    take_in_small_day(engagement, actor=ada, begin=BEGAN + 40_000, first=100)

    with pytest.raises(Conflict, match="began before the newest log"):
        request_run(engagement, actor=ada)

    assert again == job
    assert Job.objects.count() == 1


def test_what_a_killed_worker_left_unsealed_is_removed_and_what_another_run_reads_stays(
    engagement, ada, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    take_in_small_day(engagement, actor=ada)
    with unsealed_folder() as others:
        (others / "1.log").write_text("mail of somebody else")
        left = tmp_path / "gatepost-run-left"
        left.mkdir()
        (left / "1.log").write_text("mail that was being read")

        reconcile(engagement, actor=ada)

        assert [path.name for path in tmp_path.iterdir()] == [others.name]
        assert (others / "1.log").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_with_hashed_recipients_is_refused_with_what_to_do(engagement, ada):
    take_in_small_day(engagement, actor=ada)
    log = TrafficLog.objects.get(kind="journal")
    withdraw_traffic_log(log, actor=ada)
    hashed = "".join(accepted(number, BEGAN + number).replace(f"user{number}@", f"{number:032x}@") for number in (1, 2))
    receive(engagement, "journal", hashed, actor=ada)

    with pytest.raises(DomainError, match=r"the key to them .* ./gatepost reconcile --recipients-key"):
        reconcile(engagement, actor=ada)

    assert not ReconciliationRun.objects.exists()
