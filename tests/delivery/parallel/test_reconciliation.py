"""Logs become runs, what they do not account for becomes cases, and people close those."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from benchmarks.planted.story import tell
from core.errors import Conflict, DomainError, Refused
from core.jobs import run_job
from core.models import AuditEvent
from delivery.domain.receive_traffic_log import receive_traffic_log, withdraw_traffic_log
from delivery.domain.reconcile_traffic import request_run
from delivery.domain.settle_case import close_case, reopen_case, take_case
from delivery.models import CaseItem, DiscrepancyCase, ReconciliationRun, TrafficHour, TrafficLog
from delivery.traffic_gate import every_case_is_closed
from delivery.traffic_state import clean_since, newest_run, open_case_reasons
from discovery.models import UnreadFile, UnreadPiece
from tests.delivery.parallel.runs import run_until
from tests.factories.traffic import BEGAN, accepted, delivered, kumo, receive, reconcile, small_day, take_in_small_day

pytestmark = pytest.mark.django_db


def the_case(engagement, state="missing"):
    return DiscrepancyCase.objects.get(engagement=engagement, state=state)


def close(case, actor, verdict="explained"):
    return close_case(
        case, version=case.version, verdict=verdict, reason="A test host.", evidence="Line 3.", actor=actor
    )


def test_a_planted_story_becomes_the_cases_that_were_planted(engagement, ada, tmp_path):
    planted = tell(tmp_path, seed=9, messages=600, is_gap_planted=False)
    for kind, paths in planted.files.items():
        for path in paths:
            with path.open("rb") as content:
                receive_traffic_log(engagement, kind=kind, filename=path.name, content_file=content, actor=ada)

    run = reconcile(engagement, actor=ada)

    found = {
        state: set(CaseItem.objects.filter(case__state=state).values_list("message_id", "recipient"))
        for state in ("missing", "duplicate", "ambiguous")
    }
    assert found == {"missing": planted.truth.missing, "duplicate": planted.truth.duplicate, "ambiguous": set()}
    assert run.report["states"]["missing"] == len(planted.truth.missing)
    assert {each["log"] for each in run.lines} == set(TrafficLog.objects.values_list("number", flat=True))
    assert TrafficHour.objects.filter(run=run, side="new", delivered__gt=0).exists()


def test_many_alike_make_one_case_with_its_list(engagement, ada):
    take_in_small_day(engagement, actor=ada, lost=range(5, 15), twice=[20])

    reconcile(engagement, actor=ada)

    assert {(case.state, case.count) for case in DiscrepancyCase.objects.all()} == {("missing", 10), ("duplicate", 1)}
    assert list(the_case(engagement).items.values_list("trace", flat=True)) == [f"t{number}" for number in range(5, 15)]


def test_a_list_ends_where_the_plan_says_and_the_rest_is_counted(engagement, ada, monkeypatch):
    from delivery.domain import reconcile_traffic
    from delivery.ramp import book

    plan = book.load_plan()
    short = book.Plan(**{**{name: getattr(plan, name) for name in book.Plan.__slots__}, "listed": 3})
    monkeypatch.setattr(reconcile_traffic, "load_plan", lambda: short)
    take_in_small_day(engagement, actor=ada, lost=range(5, 15))

    reconcile(engagement, actor=ada)
    reconcile(engagement, actor=ada)

    case = the_case(engagement)
    assert (case.items.count(), case.item_count, case.unlisted_count) == (3, 3, 7)


def test_the_same_logs_twice_open_nothing_twice(engagement, ada):
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)
    close(the_case(engagement), ada)

    second = reconcile(engagement, actor=ada)

    assert not the_case(engagement).is_open
    assert CaseItem.objects.get().seen_in == second
    assert list(open_case_reasons(engagement)) == []


def test_what_is_new_opens_a_case_beside_the_one_that_was_closed(engagement, ada):
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)
    close(the_case(engagement), ada)
    take_in_small_day(engagement, actor=ada, lost=[103, 104], begin=BEGAN + 40_000, first=100)

    reconcile(engagement, actor=ada)

    old, new = DiscrepancyCase.objects.order_by("number")
    assert (old.is_open, old.count) == (False, 1)
    assert (new.is_open, new.count) == (True, 2)
    case = "Case 2 is open: Missing on the old side, 2 messages, nobody has taken it."
    assert list(open_case_reasons(engagement)) == [case]
    assert case in every_case_is_closed(engagement)


def test_a_log_that_comes_again_under_another_name_tells_of_no_new_message(engagement, ada):
    _, log = take_in_small_day(engagement, actor=ada, twice=[7])
    first = reconcile(engagement, actor=ada)
    close(the_case(engagement, "duplicate"), ada)
    _, mail_log = small_day(twice=[7])
    withdraw_traffic_log(log, actor=ada)
    receive(engagement, "postfix", mail_log, actor=ada, filename="mail.log.1")

    second = reconcile(engagement, actor=ada)

    assert CaseItem.objects.get(found_in=first).seen_in == second
    assert not the_case(engagement, "duplicate").is_open


def test_a_message_whose_end_turns_up_leaves_the_case_to_a_person(engagement, ada):
    journal, _ = small_day()
    _, cut = small_day(lost=[7])
    _, whole = small_day()
    receive(engagement, "journal", journal, actor=ada)
    log = receive(engagement, "postfix", cut, actor=ada)
    first = reconcile(engagement, actor=ada)
    withdraw_traffic_log(log, actor=ada)
    receive(engagement, "postfix", whole, actor=ada)

    second = reconcile(engagement, actor=ada)

    assert second.discrepancies == 0
    assert the_case(engagement).is_open
    assert CaseItem.objects.get().seen_in == first


def test_a_case_is_closed_by_a_consultant_who_has_seen_all_of_it(engagement, ada, carl):
    _, log = take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)
    seen = the_case(engagement)
    withdraw_traffic_log(log, actor=ada)
    receive(engagement, "postfix", small_day(lost=[7, 8])[1], actor=ada)
    reconcile(engagement, actor=ada)

    with pytest.raises(Conflict, match="has changed since you read it"):
        close(seen, ada)
    with pytest.raises(Refused, match="you may not work on the consultancy's tasks"):
        close(the_case(engagement), carl)
    with pytest.raises(DomainError, match="Say what shows it"):
        close_case(
            the_case(engagement),
            version=the_case(engagement).version,
            verdict="explained",
            reason="Known.",
            evidence=" ",
            actor=ada,
        )

    assert the_case(engagement).is_open
    assert close(take_case(the_case(engagement), actor=ada), ada).owner == ada


def test_the_customer_opens_a_case_again_and_the_first_answer_stays_in_the_record(engagement, ada, carl, vera):
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)
    case = close(the_case(engagement), ada)

    with pytest.raises(Refused):
        reopen_case(case, reason="Why?", actor=vera)
    reopen_case(case, reason="It was a real customer.", actor=carl)

    assert the_case(engagement).is_open
    closed = AuditEvent.objects.get(action="case.closed")
    assert (closed.data["reason"], closed.data["evidence"]) == ("A test host.", "Line 3.")


def test_a_case_that_is_closed_without_words_cannot_stand_in_the_database(engagement, ada):
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)

    with pytest.raises(IntegrityError), transaction.atomic():
        DiscrepancyCase.objects.update(closed_at="2026-11-26T00:00Z", closed_by=ada)


@pytest.mark.parametrize(("verdict", "is_later"), [("explained", False), ("confirmed", True)])
def test_what_was_confirmed_sets_the_clean_time_back_and_what_was_explained_does_not(
    engagement, ada, verdict, is_later
):
    take_in_small_day(engagement, actor=ada, lost=[7])
    run = reconcile(engagement, actor=ada)
    assert clean_since(engagement, run) is None

    close(the_case(engagement), ada, verdict)

    assert (clean_since(engagement, run) > run.covered_from) is is_later


def test_the_bytes_of_a_log_are_sealed_and_go_when_it_is_withdrawn(engagement, ada, sam):
    log, other = take_in_small_day(engagement, actor=ada)
    assert b"northlake.example" not in b"".join(bytes(piece.sealed) for piece in UnreadPiece.objects.all())

    with pytest.raises(DomainError, match="taken already"):
        take_in_small_day(engagement, actor=ada)
    with pytest.raises(Refused):
        withdraw_traffic_log(log, actor=sam)
    withdraw_traffic_log(log, actor=ada)

    assert list(UnreadFile.objects.values_list("pk", flat=True)) == [other.sealed_id]
    assert list(TrafficLog.objects.kept()) == [other]


def test_a_run_is_asked_for_by_either_side_and_done_by_a_job(engagement, ada, carl, vera):
    with pytest.raises(DomainError, match="no log of Postfix"):
        request_run(engagement, actor=ada)
    take_in_small_day(engagement, actor=ada, lost=[7])
    with pytest.raises(Refused):
        request_run(engagement, actor=vera)

    job = request_run(engagement, actor=carl)
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"run": 1})
    assert newest_run(engagement).asked_by == carl
    assert ReconciliationRun.objects.count() == 1


def test_gate_3_wants_a_run_and_no_open_case(engagement, ada):
    assert list(every_case_is_closed(engagement)) == [
        "The logs of both sides have not been held against each other yet."
    ]


def test_gate_3_wants_logs_of_every_side_and_new_ones(engagement, ada):
    take_in_small_day(engagement, actor=ada)
    reconcile(engagement, actor=ada)
    without, old = every_case_is_closed(engagement)
    assert without == "Run 1 read nothing of the new route. Upload those logs and reconcile them."
    assert old.endswith("Upload newer logs of all sides and reconcile them.")

    run_until(engagement, ada, timezone.now() - timedelta(hours=25), number=2)
    (old,) = every_case_is_closed(engagement)
    run_until(engagement, ada, timezone.now() - timedelta(hours=1), number=3)

    assert old.startswith("Data until 1 d 1 h ago") or "25 h" in old
    assert list(every_case_is_closed(engagement)) == []


def test_a_run_reaches_nowhere_without_logs_of_a_side_that_has_had_mail(engagement, ramp, ada):
    take_in_small_day(engagement, actor=ada)
    before = reconcile(engagement, actor=ada)
    ramp.share, ramp.share_since = 10, timezone.now()
    ramp.save()

    after = reconcile(engagement, actor=ada)

    assert (before.covered_to is not None, after.covered_to) == (True, None)


DAYS = 3 * 86_400
PUT_OFF = ("status=bounced (550 no user)", "status=deferred (450 later)")


@pytest.mark.parametrize(
    ("more", "last_line", "reaches"),
    [
        pytest.param("", "", True, id="nothing went there since"),
        pytest.param(
            "", delivered(9, BEGAN + 701, status="bounced").replace(*PUT_OFF), False, id="one stands in its queue"
        ),
        pytest.param(accepted(9, BEGAN + DAYS - 900), "", False, id="its newest log is missing"),
    ],
)
def test_a_side_that_gets_nothing_any_more_holds_nothing_back(engagement, ramp, ada, more, last_line, reaches):
    ramp.share, ramp.share_since = 100, timezone.now()
    ramp.save()
    put_off = accepted(9, BEGAN + 700) if last_line else ""
    begin = accepted(1, BEGAN) + accepted(3, BEGAN, path="new") + accepted(4, BEGAN + 600)
    journal = begin + put_off + more + accepted(2, BEGAN + DAYS, path="new")
    receive(engagement, "journal", journal, actor=ada)
    old_log = delivered(1, BEGAN + 1) + delivered(4, BEGAN + 601) + last_line
    receive(engagement, "postfix", old_log, actor=ada)
    receive(engagement, "kumomta", kumo(3, BEGAN + 1) + kumo(2, BEGAN + DAYS + 1), actor=ada)

    run = reconcile(engagement, actor=ada)

    assert (run.covered_to.timestamp() >= BEGAN + DAYS) is reaches
    assert run.covered["journal"] == [BEGAN, BEGAN + DAYS]
