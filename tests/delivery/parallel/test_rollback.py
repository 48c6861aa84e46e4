"""The way back: possible in every state, timed by the server, ended by what the proxy says; why is asked afterwards."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.jobs import enqueue, run_job
from core.models import AuditEvent, Job, OutboxMessage
from delivery.domain.change_share import change_share, open_ramp
from delivery.domain.proxy_line import line_of, set_line, tell_proxy
from delivery.domain.roll_back import explain_rollback, tick_step
from delivery.models import Rollback, ShareChange
from delivery.ramp.line import ask_proxy, share_in
from delivery.rollback_gate import the_way_back_was_drilled
from engagements.models import Engagement
from portal.celery import app as celery_app
from tests.delivery.parallel.conftest import TOKEN
from tests.factories.traffic import resume_proxy, start_rollback, with_phase

pytestmark = pytest.mark.django_db

END = 2  # the step that ends the clock


def end_by_hand(rollback, actor):
    tick_step(rollback.steps.get(position=END), actor=actor)
    rollback.refresh_from_db()
    return rollback


def run_again(job):
    """Without the pause before it."""
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now())
    run_job(job.pk)


def at(ramp, share):
    ramp.share, ramp.share_since = share, timezone.now()
    ramp.save()
    return ramp


@pytest.mark.parametrize("phase", Engagement.Phase.values)
def test_a_rollback_is_possible_in_every_state_of_an_engagement(engagement, ramp, carl, phase):
    at(ramp, 50)
    with_phase(engagement, phase)

    rollback = end_by_hand(start_rollback(engagement, is_drill=False, actor=carl), carl)

    ramp.refresh_from_db()
    assert (ramp.share, rollback.ended_at is not None) == (0, True)


@pytest.mark.parametrize("share", [0, 10, 25, 50, 75, 90, 100])
def test_a_rollback_leads_from_every_share_to_postfix_and_says_what_was_before(engagement, ramp, ada, share):
    at(ramp, share)

    end_by_hand(start_rollback(engagement, is_drill=False, actor=ada), ada)

    ramp.refresh_from_db()
    assert ramp.share == 0
    assert list(ShareChange.objects.values_list("previous", "share")) == ([(share, 0)] if share else [])


def test_over_a_line_the_proxy_is_told_and_its_answer_ends_the_clock(engagement, ramp, ada, proxy_url):
    set_line(engagement, url=proxy_url, token=TOKEN, actor=ada)
    at(ramp, 100)

    rollback = start_rollback(engagement, is_drill=False, actor=ada)
    run_job(Job.objects.get(kind="roll_back").pk)

    rollback.refresh_from_db()
    ramp.refresh_from_db()
    assert share_in(ask_proxy(proxy_url, TOKEN, "status"), "new") == 0.0
    assert rollback.said == f"The proxy at {proxy_url} says that everything goes to Postfix."
    assert (rollback.took < timedelta(minutes=5), ramp.share) == (True, 0)


def test_a_proxy_that_does_not_answer_leaves_the_clock_running_and_the_command_to_people(client, engagement, ada):
    set_line(engagement, url="http://127.0.0.1:9", token=TOKEN, actor=ada)
    rollback = start_rollback(engagement, is_drill=False, actor=ada)

    job = Job.objects.get(kind="roll_back")
    for _ in range(3):
        run_again(job)
        job.refresh_from_db()
        rollback.refresh_from_db()
        assert (job.state, rollback.said) == ("queued", "")
    run_again(job)

    rollback.refresh_from_db()
    assert (rollback.ended_at, "does not answer" in rollback.said) == (None, True)
    assert "urlopen" not in rollback.said
    told = set(OutboxMessage.objects.filter(kind="rollback_silent").values_list("address", flat=True))
    assert {"ada@practice.example", "lea@practice.example"} <= told
    assert start_rollback(engagement, is_drill=False, actor=ada) == start_rollback(
        engagement, is_drill=False, actor=ada
    )
    assert Job.objects.of(rollback).unfinished().count() == 1
    assert end_by_hand(rollback, ada).ended_at


def test_what_was_under_way_when_everything_went_back_was_not_done(engagement, ramp, ada):
    change = change_share(at(ramp, 50), share=25, why="Deferrals rise.", actor=ada)

    end_by_hand(start_rollback(engagement, is_drill=False, actor=ada), ada)

    change.refresh_from_db()
    assert (change.state, change.said) == ("failed", "Rollback 1 took everything back.")
    event = AuditEvent.objects.get(action="ramp.failed")
    assert (event.data["share"], event.data["said"]) == (25, "Rollback 1 took everything back.")


def test_a_drill_leaves_the_plan_as_it_is_and_the_proxy_resumes(engagement, ramp, ada, proxy_url):
    set_line(engagement, url=proxy_url, token=TOKEN, actor=ada)
    ask_proxy(proxy_url, TOKEN, "set", {"new": 50})
    drill = start_rollback(engagement, is_drill=True, actor=ada)
    at(ramp, 50)
    run_job(Job.objects.get(kind="roll_back").pk)
    assert share_in(ask_proxy(proxy_url, TOKEN, "status"), "new") == 0.0
    drill.refresh_from_db()

    run_job(resume_proxy(drill, actor=ada).pk)

    ramp.refresh_from_db()
    assert (ramp.share, share_in(ask_proxy(proxy_url, TOKEN, "status"), "new")) == (50, 50.0)


def test_a_resume_that_comes_late_does_not_undo_a_real_rollback(engagement, ramp, ada, proxy_url):
    set_line(engagement, url=proxy_url, token=TOKEN, actor=ada)
    drill = start_rollback(engagement, is_drill=True, actor=ada)
    run_job(Job.objects.get(kind="roll_back").pk)
    drill.refresh_from_db()
    resume = resume_proxy(drill, actor=ada)
    real = start_rollback(engagement, is_drill=False, actor=ada)
    run_job(Job.objects.filter(kind="roll_back").latest("pk").pk)

    run_job(resume.pk)

    resume.refresh_from_db()
    real.refresh_from_db()
    assert (resume.state, resume.error_sentence) == (
        "failed",
        "Rollback 2 began meanwhile. The proxy was not told to resume.",
    )
    assert (real.ended_at is not None, ask_proxy(proxy_url, TOKEN, "status")["by"]) == (True, "rollback")
    with pytest.raises(Conflict, match="Rollback 2 came after Drill 1"):
        resume_proxy(drill, actor=ada)
    with pytest.raises(DomainError, match="A later command came before this one"):  # one that was on the wire already
        tell_proxy(line_of(engagement), "resume", asked_at=resume.created_at)


def test_a_real_rollback_is_lifted_with_every_ramp_at_nothing(client, engagement, ramp, ada, proxy_url):
    set_line(engagement, url=proxy_url, token=TOKEN, actor=ada)
    at(ramp, 75)
    at(open_ramp(engagement, actor=ada, rule="partners"), 50)
    ask_proxy(proxy_url, TOKEN, "set", {"new": 75, "partners": 50})
    rollback = start_rollback(engagement, is_drill=False, actor=ada)
    with pytest.raises(Conflict, match="is under way"):
        resume_proxy(rollback, actor=ada)
    run_job(Job.objects.get(kind="roll_back").pk)
    rollback.refresh_from_db()
    client.force_login(ada)
    page = client.get(f"/engagements/{engagement.code}/parallel/rollback/{rollback.number}/").content.decode()
    assert "every ramp begins anew" in page

    run_job(resume_proxy(rollback, actor=ada).pk)

    resumed = client.get(f"/engagements/{engagement.code}/parallel/rollback/{rollback.number}/").content.decode()
    assert "until it is told to resume" in page
    assert "until it is told to resume" not in resumed
    assert "The proxy goes on with its shares" in resumed
    status = ask_proxy(proxy_url, TOKEN, "status")
    assert (status["everything"], share_in(status, "new"), share_in(status, "partners")) == (None, 0.0, 0.0)


def test_two_who_press_at_once_look_at_the_same_clock_and_a_real_one_takes_the_place_of_a_drill(engagement, ada, carl):
    drill = start_rollback(engagement, is_drill=True, actor=ada)
    assert start_rollback(engagement, is_drill=True, actor=carl) == drill

    real = start_rollback(engagement, is_drill=False, actor=carl)

    drill.refresh_from_db()
    assert (drill.was_overtaken, real.is_drill) == (True, False)
    assert start_rollback(engagement, is_drill=True, actor=ada) == real
    assert list(the_way_back_was_drilled(engagement)) == ["The way back to Postfix has not been drilled yet."]


def test_who_may_order_it(engagement, ada, carl, vera, sam, ugo):
    for person in (vera, sam):
        with pytest.raises(Refused, match="you may not order a rollback"):
            start_rollback(engagement, is_drill=False, actor=person)
    carl.memberships.get().duties.filter(kind="order_rollback").delete()
    carl.__dict__.pop("_memberships", None)
    with pytest.raises(Refused):
        start_rollback(engagement, is_drill=False, actor=carl)
    assert not Rollback.objects.exists()


def test_both_sides_are_mailed_when_it_starts_and_when_it_ends(engagement, ada, carl, vera):
    end_by_hand(start_rollback(engagement, is_drill=False, actor=ada), ada)

    for kind in ("rollback_started", "rollback_ended"):
        told = set(OutboxMessage.objects.filter(kind=kind).values_list("address", flat=True))
        assert {"ada@practice.example", "lea@practice.example", "carl@northlake.example"} <= told
        assert "vera@northlake.example" not in told


def test_why_is_asked_afterwards_and_answered_once(engagement, ada, carl):
    rollback = start_rollback(engagement, is_drill=False, actor=ada)
    with pytest.raises(Conflict, match="is under way"):
        explain_rollback(rollback, reason="Bounces.", actor=ada)
    end_by_hand(rollback, carl)

    with pytest.raises(DomainError, match="Say what led to it"):
        explain_rollback(rollback, reason=" ", actor=ada)
    explain_rollback(rollback, reason="Gmail refused half of it.", actor=carl)

    with pytest.raises(Conflict, match="Carl Brandt has said why already"):
        explain_rollback(rollback, reason="Another reason.", actor=ada)


@pytest.mark.parametrize(
    ("took", "days_ago", "said"),
    [(278, 1, None), (301, 1, "Drill 1 took 5 min 1 s"), (278, 31, "a drill counts for 30 days")],
)
def test_a_drill_counts_for_gate_3_when_it_was_fast_and_not_long_ago(engagement, ada, took, days_ago, said):
    drill = end_by_hand(start_rollback(engagement, is_drill=True, actor=ada), ada)
    ended = timezone.now() - timedelta(days=days_ago)
    Rollback.objects.filter(pk=drill.pk).update(started_at=ended - timedelta(seconds=took), ended_at=ended)

    reasons = list(the_way_back_was_drilled(engagement))

    assert len(reasons) == (said is not None)
    assert said is None or said in reasons[0]


def test_a_rollback_waits_on_a_queue_that_slow_work_does_not_use(
    engagement, ramp, ada, proxy_url, django_capture_on_commit_callbacks
):
    set_line(engagement, url=proxy_url, token=TOKEN, actor=ada)

    with django_capture_on_commit_callbacks(execute=True):
        start_rollback(engagement, is_drill=False, actor=ada)
        enqueue("reconcile_traffic", subject=engagement, actor=ada)
        before = taken_from("urgent")

    wanted = Job.objects.get(kind="roll_back").pk
    assert (before, taken_from("urgent")) == ([], [[wanted]]), "the reconciliation waits elsewhere"


def taken_from(name):
    """What a worker of this queue is told, in order; it waits no longer afterwards."""
    with celery_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(celery_app.amqp.queues[name], no_ack=True)
        told = []
        with suppress(queue.Empty):
            while True:
                told.append(queue.get(block=False).payload[0])
        queue.close()
    return told


@pytest.mark.parametrize("is_drill", [True, False])
def test_only_a_drill_is_marked_on_every_edge(client, engagement, ramp, ada, is_drill):
    rollback = start_rollback(engagement, is_drill=is_drill, actor=ada)
    client.force_login(ada)

    page = client.get(reverse("parallel:rollback", args=[engagement.code, rollback.number]))

    assert ('<body class="is-drill"' in page.text) == is_drill


def test_that_it_was_all_a_drill_is_said_when_it_is_over(client, engagement, ramp, ada):
    rollback = start_rollback(engagement, is_drill=True, actor=ada)
    client.force_login(ada)
    address = reverse("parallel:rollback", args=[engagement.code, rollback.number])

    running = client.get(address).text
    end_by_hand(rollback, ada)
    ended = client.get(address).text

    assert ("This is a drill." in running, "This was all a drill." in running) == (True, False)
    assert "This was all a drill." in ended
