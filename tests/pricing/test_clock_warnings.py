"""Who is told when a clock runs low or out: each step once, never of a clock that stands."""

from datetime import date, timedelta

import pytest
import yaml
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import AuditEvent, OutboxMessage
from engagements.domain.assign_team import assign_team
from engagements.domain.perform import perform
from pricing.calculation import books, clock_book
from pricing.calculation.facts import DataPoints
from pricing.clocks import clock_of
from pricing.domain.draft_quote import draft_quote
from pricing.domain.pause_clock import pause_clock, resume_clock
from pricing.domain.send_quote import draft_digest
from pricing.domain.warn_clocks import warn_clocks
from pricing.figures import Period, cases_in
from pricing.models import ClockNotice
from tests.factories.pricing import fetch, make_request, send_quote, with_clock
from tests.threads import in_threads

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
KINDS = ["clock_low", "clock_late", "request_reassigned"]


@pytest.fixture
def move(time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)

    def move(hours):
        time_machine.move_to(timezone.now() + hours * HOUR, tick=False)

    return move


@pytest.fixture
def running(move, northlake, sam):
    return make_request(northlake, actor=sam)


def mails():
    return list(OutboxMessage.objects.filter(kind__in=KINDS).order_by("pk").values_list("kind", "address"))


def notices():
    return list(ClockNotice.objects.order_by("pk").values_list("kind", flat=True))


def test_the_owner_is_told_at_24_hours_owner_and_lead_at_4_and_when_it_is_late(running, move, lea):
    told = []
    for hours in (23, 1, 19, 1, 3, 1):
        move(hours)
        warn_clocks()
        told.append(mails())

    owner, lead = "sam@practice.example", "lea@practice.example"
    first = [("clock_low", owner)]
    last = [*first, ("clock_low", owner), ("clock_low", lead)]
    assert told == [[], first, first, last, last, [*last, ("clock_late", owner), ("clock_late", lead)]]
    assert notices() == ["first", "last", "breach"]


def test_a_step_is_told_once_however_often_the_clocks_are_read(running, move, lea):
    move(44)

    counts = [warn_clocks(), warn_clocks(), warn_clocks()]

    assert counts == [1, 0, 0]
    assert len(mails()) == 2


def test_a_warning_that_was_missed_is_not_made_up_for(running, move, lea):
    move(45)

    warn_clocks()

    assert notices() == ["last"]
    assert AuditEvent.objects.filter(action="request.clock_warned").count() == 1


def test_the_mail_says_what_is_due_when_and_cannot_be_switched_off(running, move, northlake):
    move(24)

    warn_clocks()

    mail = OutboxMessage.objects.get(kind="clock_low")
    assert mail.subject.startswith("Quote for Northlake Logistics: less than 24 h left, due ")
    assert mail.subject.endswith("GMT-5")
    assert "24 h are left" in mail.text
    assert "Why you get this: A request of the practice has an owner and a lead" in mail.text
    assert mail.is_required


def test_the_ledger_keeps_who_was_told(running, move, lea):
    move(49)

    warn_clocks()

    event = AuditEvent.objects.get(action="request.clock_late")
    assert event.data["told"] == "Sam Ortiz, Lea Moser"
    assert event.actor_label == "Gatepost"


def test_the_lead_of_the_engagement_is_told_before_the_practices(running, move, lea, olga):
    assign_team(running.engagement, lead=olga, consultants=[], actor=lea)
    move(49)

    warn_clocks()

    assert mails() == [("clock_late", "sam@practice.example"), ("clock_late", "olga@practice.example")]


def test_without_a_lead_the_owner_of_the_practice_is_told(running, move, olga):
    move(49)

    warn_clocks()

    assert mails() == [("clock_late", "sam@practice.example"), ("clock_late", "olga@practice.example")]


def test_where_the_owner_has_left_the_lead_is_told_from_the_first(running, move, sam, lea):
    sam.is_active = False
    sam.save()
    move(24)

    warn_clocks()

    assert mails() == [("clock_low", "lea@practice.example")]


def test_a_paused_clock_warns_nobody_and_goes_on_afterwards(running, move, sam, lea):
    move(20)
    pause_clock(running, actor=sam, reason="We wait for your IPs.")
    move(100)
    while_paused = (warn_clocks(), mails())
    resume_clock(running, actor=sam)
    move(5)
    warn_clocks()

    assert while_paused == (0, [])
    assert notices() == ["first"]


@pytest.mark.parametrize("points", [DataPoints()])
def test_a_clock_that_has_not_started_warns_nobody(move, northlake, sam, points):
    make_request(northlake, actor=sam, points=points)
    move(100)

    assert warn_clocks() == 0


def test_an_answer_in_time_warns_nobody_afterwards(running, move, sam, carl):
    quote = fetch(draft_quote(running, actor=sam))
    send_quote(quote, actor=sam, shown_digest=draft_digest(quote))
    move(100)

    assert (warn_clocks(), notices()) == (0, [])


def test_a_held_or_cancelled_engagement_warns_nobody(running, move, lea):
    perform("hold", engagement=running.engagement, actor=lea, note="Their budget is frozen.")
    move(100)
    held = warn_clocks()
    perform("cancel", engagement=running.engagement, actor=lea, note="They stopped.")

    assert (held, warn_clocks()) == (0, 0)


def test_a_clock_that_ran_out_is_told_of_also_when_it_is_held_before_anybody_looked(running, move, lea, sam):
    move(50)
    perform("hold", engagement=running.engagement, actor=lea, note="Their budget is frozen.")

    told = (warn_clocks(), warn_clocks())

    (case,) = cases_in(sam, Period())
    assert told == (1, 0)
    assert notices() == ["breach"]
    assert case.is_late


def test_a_held_clock_with_time_left_is_late_in_no_figure(running, move, lea, sam):
    move(47)
    perform("hold", engagement=running.engagement, actor=lea, note="Their budget is frozen.")
    move(100)

    told = warn_clocks()

    (case,) = cases_in(sam, Period())
    assert (told, notices(), case.is_late) == (0, [], False)


def test_a_late_answer_is_recorded_when_it_is_sent_if_nobody_looked_before(running, move, sam, carl):
    move(50)
    quote = fetch(draft_quote(running, actor=sam))

    send_quote(quote, actor=sam, shown_digest=draft_digest(quote))
    warn_clocks()

    notice = ClockNotice.objects.get()
    assert (notice.kind, notice.owner) == ("breach", sam)
    assert notice.due_at == running.complete_at + 48 * HOUR
    assert "has been sent after that" in OutboxMessage.objects.filter(kind="clock_late").first().text


def test_when_the_mail_cannot_be_queued_the_warning_is_not_lost(running, move, monkeypatch):
    move(24)

    def refuse(*args, **kwargs):
        raise RuntimeError("no outbox")

    with monkeypatch.context() as broken:
        broken.setattr(OutboxMessage.objects, "create", refuse)
        warned = warn_clocks()
    after = notices()

    assert (warned, after) == (0, [])
    assert warn_clocks() == 1


def test_a_notice_is_written_once(running, move):
    move(24)
    warn_clocks()
    notice = ClockNotice.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        ClockNotice.objects.create(
            request=running, kind="first", owner=notice.owner, due_at=notice.due_at, at=notice.at
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        ClockNotice.objects.update(kind="last")

    assert notices() == ["first"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_step_once(northlake, sam, lea, time_machine):
    request = make_request(northlake, actor=sam)
    time_machine.move_to(request.complete_at + 45 * HOUR)

    found = in_threads(2, warn_clocks)

    assert sorted(found) == [0, 1]
    assert notices() == ["last"]
    assert len(mails()) == 2


def test_a_change_of_the_setting_moves_no_clock_that_runs(running, move, sam, northlake, monkeypatch, tmp_path):
    before = clock_of(with_clock(running)).due_at
    rows = yaml.safe_load((books.BOOK / "clocks.yaml").read_text(encoding="utf-8"))
    tomorrow = timezone.now().date() + timedelta(days=1)
    rows["kinds"].append({"key": "answer", "kind": "business", "valid_from": tomorrow})
    rows["holidays"].append({"day": date(2099, 1, 1), "name": "Far off", "valid_from": tomorrow})
    for path in books.BOOK.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "clocks.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    monkeypatch.setattr(books, "BOOK", tmp_path)
    books.read_file.cache_clear()
    clock_book.hours_on.cache_clear()

    unmoved = clock_of(with_clock(running)).due_at
    move(48)
    later = clock_of(with_clock(make_request(_another(sam), actor=sam)))
    books.read_file.cache_clear()
    clock_book.hours_on.cache_clear()

    assert unmoved == before
    assert not later.is_calendar
    assert later.due_at > timezone.now() + 5 * 24 * HOUR
    assert later.left == 48 * HOUR


def _another(sam):
    from tests.factories.accounts import CustomerFactory

    return CustomerFactory(name="Beltane Retail")
