"""What a run reads, where it reads it, and what it cannot read."""

import tempfile

import pytest
from django.test import override_settings

from core.errors import Conflict, DomainError
from core.jobs import run_job
from core.jobs.handle import take
from core.models import Job
from delivery.domain.keep_key import note_need, remove_journal_key, secret_of, set_journal_key
from delivery.domain.receive_traffic_log import withdraw_traffic_log
from delivery.domain.reconcile_traffic import request_run
from delivery.models import JournalKey, ReconciliationRun, TrafficLog
from delivery.proxy.journal.keys import Secrecy
from delivery.traffic_gate import every_case_is_closed, the_journal_can_be_read
from delivery.unsealed_folder import unsealed_folder
from tests.factories.traffic import BEGAN, accepted, receive, reconcile, small_day, take_in_small_day

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

    with pytest.raises(DomainError, match=r"no key to them\. Set the key, .* ./gatepost reconcile --recipients-key"):
        reconcile(engagement, actor=ada)

    assert not ReconciliationRun.objects.exists()


def hashed_day(key):
    """A journal as a proxy with this key writes it, and the logs of Postfix in clear."""
    journal, mail_log = small_day()
    secrecy = Secrecy(key)
    shown = [f"user{number}@gmail.com" for number in range(1, 31)]
    for one in shown:
        journal = journal.replace(f'"{one}"', f'"{secrecy.hashed(one.encode()).decode()}"')
    return journal, mail_log


def test_with_its_key_a_hashed_journal_is_held_against_the_logs_and_without_it_gate_3_says_so(engagement, ada):
    journal, mail_log = hashed_day(b"a key of sixteen bytes")
    receive(engagement, "journal", journal, actor=ada)
    receive(engagement, "postfix", mail_log, actor=ada)
    job = request_run(engagement, actor=ada)
    run_job(job.pk)
    missing, account = list(the_journal_can_be_read(engagement)), list(every_case_is_closed(engagement))
    set_journal_key(engagement, key="another key altogether", actor=ada)
    with pytest.raises(DomainError, match="With the key that is set, no recipient"):
        reconcile(engagement, actor=ada)

    set_journal_key(engagement, key=" a key of sixteen bytes\n", actor=ada)
    run = reconcile(engagement, actor=ada)

    assert "Set the key" in missing[0]
    assert account == [], "the check of the key says it, and can be overridden"
    assert run.report["states"]["matched"] == 30
    assert list(the_journal_can_be_read(engagement)) == []
    assert "of the new route" in next(every_case_is_closed(engagement))
    assert b"sixteen" not in bytes(JournalKey.objects.get().sealed_key)


def test_without_its_key_again_what_runs_came_to_still_counts_at_gate_3(engagement, ada):
    journal, mail_log = hashed_day(b"a key of sixteen bytes")
    log = receive(engagement, "journal", journal, actor=ada)
    receive(engagement, "postfix", mail_log, actor=ada)
    note_need(engagement, is_needed=True)
    with pytest.raises(DomainError, match="fewer than 16 bytes"):
        set_journal_key(engagement, key="fifteen letters", actor=ada)
    set_journal_key(engagement, key="a key of sixteen bytes", actor=ada)
    with override_settings(SECRET_KEY="another one"), pytest.raises(DomainError, match="Set the key of the journal"):
        secret_of(engagement)

    reconcile(engagement, actor=ada)
    remove_journal_key(engagement, actor=ada)
    removed = list(the_journal_can_be_read(engagement)), list(every_case_is_closed(engagement))
    note_need(engagement, is_needed=True)
    failed = list(the_journal_can_be_read(engagement)), list(every_case_is_closed(engagement))
    withdraw_traffic_log(log, actor=ada)

    assert removed[0] == []
    assert any("of the new route" in reason for reason in removed[1])
    assert "the newest logs were not held" in failed[0][0]
    assert failed[1] == removed[1]
    assert list(the_journal_can_be_read(engagement)) == []


def test_a_log_kept_under_another_key_ends_the_run_with_its_name_and_every_log_is_kept(engagement, ada):
    take_in_small_day(engagement, actor=ada)
    job, kept = request_run(engagement, actor=ada), TrafficLog.objects.kept().count()

    with override_settings(SECRET_KEY="another one"):
        run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    assert job.error_sentence.startswith("Log 1 (")
    assert "Withdraw this one, upload it once more" in job.error_sentence
    assert TrafficLog.objects.kept().count() == kept
    assert not ReconciliationRun.objects.exists()
    run_job(request_run(engagement, actor=ada).pk)
    assert ReconciliationRun.objects.count() == 1
