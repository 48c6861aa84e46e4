"""The warm-up calendar follows a published curve, and what a provider puts off holds it or walks it back."""

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from delivery.domain.set_warm_up import remove_warm_up
from delivery.models import TrafficHour, WarmUp
from delivery.proxy.choice.reading import read_split
from delivery.proxy.tables import Table
from delivery.ramp.judging import Figures
from delivery.ramp.warming import Pace, calendar, caps, load_curve, rule_of
from delivery.warm_up_state import calendars_of
from tests.delivery.parallel.runs import run_until
from tests.factories.accounts import make_token
from tests.factories.traffic import warm

BEGINS, CURVE = date(2026, 11, 2), load_curve().daily
GOOD, MUCH, TOO_MUCH = Figures(100, 0, 10), Figures(100, 0, 32), Figures(100, 0, 45)


def days_on(*figures, ahead=0):
    """The calendar after so many days with these figures, and as many more without."""
    seen = {BEGINS + timedelta(days=place): found for place, found in enumerate(figures) if found}
    today = BEGINS + timedelta(days=len(figures) + ahead)
    return calendar(BEGINS, today, addresses=1, seen=seen), today


def test_without_figures_the_calendar_is_the_curve_for_so_many_addresses():
    rows = calendar(BEGINS, BEGINS - timedelta(days=5), addresses=3, seen={})

    assert [row.planned for row in rows] == [3 * count for count in CURVE]
    assert rows[-1].day == BEGINS + timedelta(days=len(CURVE) - 1)
    assert {row.taken for row in rows} == {None}


@pytest.mark.parametrize(
    ("figures", "paces", "steps"),
    [
        ((GOOD, GOOD, GOOD), ["on", "on", "on"], [1, 2, 3, 4]),
        ((GOOD, GOOD, MUCH), ["on", "on", "hold"], [1, 2, 3, 3]),
        ((GOOD, GOOD, TOO_MUCH), ["on", "on", "back"], [1, 2, 3, 2]),
        ((TOO_MUCH, TOO_MUCH), ["back", "back"], [1, 1, 1]),
        ((GOOD, None, Figures()), ["on", "on", "on"], [1, 2, 3, 4]),
    ],
)
def test_what_is_put_off_holds_the_pace_and_what_is_surely_too_much_takes_it_back(figures, paces, steps):
    rows, today = days_on(*figures)

    assert [row.pace for row in rows if row.day < today] == [Pace(pace) for pace in paces]
    assert [row.step for row in rows if row.day <= today] == steps
    assert rows[-1].step == len(CURVE)


def test_a_day_that_is_not_over_is_not_judged():
    rows = calendar(BEGINS, BEGINS, addresses=1, seen={BEGINS: TOO_MUCH})

    assert (rows[0].pace, rows[0].taken, rows[0].is_above, rows[1].step) == (Pace.ON, 100, True, 2)


def test_after_the_curve_the_last_figure_holds():
    rows, today = days_on(ahead=40)

    assert (rows[-1].day, rows[-1].planned) == (today, CURVE[-1])
    assert caps(rows, today, hosts=3) == (today, [CURVE[-1] // 3])


@pytest.mark.parametrize("pool", ["b", 'a "quoted" \\ pool'])
def test_the_rule_is_one_that_the_proxy_reads(pool):
    rows, today = days_on(GOOD, TOO_MUCH)
    begins, per_day = caps(rows, today, hosts=2)
    mistakes = []

    told = tomllib.loads(rule_of("Microsoft 365", pool, begins, per_day))
    split = read_split(Table(told["split"], "split", mistakes, None))

    rule = split.rules[0]
    assert mistakes == []
    assert (rule.name, rule.new, rule.condition.providers) == ("warm-up Microsoft 365", 100.0, {"microsoft 365"})
    assert (rule.cap.pool, rule.cap.begins) == (pool, today)
    assert rule.cap.per_day == tuple(count // 2 for count in CURVE)
    assert per_day[0] == CURVE[0] // 2


@pytest.mark.django_db
def test_the_newest_run_says_what_the_new_route_took_at_each_provider_and_day(engagement, ada):
    today = timezone.now().date()
    begins = today - timedelta(days=3)
    warm_up = warm(engagement, actor=ada, begins=begins, providers=["Google", "Yahoo and AOL"])
    until = datetime(today.year, today.month, today.day, 1, tzinfo=UTC)
    run = run_until(engagement, ada, until, since=until - timedelta(days=5))
    hour = datetime(begins.year, begins.month, begins.day, 23, tzinfo=UTC)
    for at, side, deferred in ((hour, "new", 60), (hour - timedelta(hours=1), "new", 0), (hour, "old", 900)):
        figures = {"delivered": 50, "failed": 0, "deferred": deferred, "timed": 0, "slow": 0}
        TrafficHour.objects.create(run=run, hour=at, side=side, provider="Google", **figures)

    google, yahoo = calendars_of(warm_up, today)

    assert [(row.taken, row.pace) for row in google.rows[:4]] == [(100, "back"), (0, "on"), (0, "on"), (None, "on")]
    assert [row.taken for row in yahoo.rows[:4]] == [0, 0, 0, None]
    assert (google.now.step, yahoo.now.step) == (3, 4)
    assert google.now.planned == 2 * CURVE[2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pool": " "}, "Name the pool"),
        ({"pool": "ü" * 21}, "40 bytes"),
        ({"addresses": 0}, "how many new addresses"),
        ({"hosts": 1001}, "how many hosts"),
        ({"begins": date(2020, 1, 1)}, "more than a year"),
        ({"providers": []}, "at least one"),
        ({"providers": ["Gogle"]}, "No provider is called Gogle"),
    ],
)
def test_what_can_be_no_warm_up_is_refused_with_a_sentence(engagement, ada, wrong, said):
    with pytest.raises(DomainError, match=said):
        warm(engagement, actor=ada, **wrong)
    assert WarmUp.objects.count() == 0


@pytest.mark.django_db
def test_the_customer_sets_none_and_what_is_not_there_is_not_removed(engagement, ada, carl):
    with pytest.raises(Refused):
        warm(engagement, actor=carl)
    with pytest.raises(Conflict):
        remove_warm_up(engagement, actor=ada)


@pytest.mark.django_db
def test_the_page_shows_plan_and_rules_and_takes_a_new_one_in_place_of_the_old(client, engagement, ada):
    client.force_login(ada)
    address = reverse("parallel:warm_up", args=[engagement.code])
    typed = {"pool": "b", "addresses": "2", "hosts": "1", "begins": f"{timezone.now().date()}", "providers": ["Google"]}
    empty = client.get(address).content.decode()
    wrong = client.post(address, {**typed, "addresses": "0"})
    client.post(address, typed)
    client.post(address, {**typed, "pool": "c", "providers": ["Google", "Yahoo and AOL"]})
    shown = client.get(address).content.decode()
    client.post(reverse("parallel:warm_up_remove", args=[engagement.code]))

    assert "No warm-up is set" in empty
    assert (wrong.status_code, "how many new addresses" in wrong.content.decode()) == (422, True)
    assert "pool = &quot;c&quot;" in shown
    assert "provider = [&quot;Yahoo and AOL&quot;]" in shown
    assert "per_day = [100, 200, 500," in shown
    assert WarmUp.objects.count() == 0
    assert AuditEvent.objects.filter(action__startswith="warm_up.").count() == 3


@pytest.mark.django_db
def test_the_form_keeps_what_was_typed_and_begins_with_what_is_set(client, engagement, ada):
    client.force_login(ada)
    address = reverse("parallel:warm_up", args=[engagement.code])
    typed = {"pool": "b", "addresses": "0", "hosts": "3", "begins": f"{timezone.now().date()}", "providers": ["Google"]}

    refused = client.post(address, typed).context["form"]
    client.post(address, {**typed, "addresses": "2"})
    offered = client.get(address).context["form"]

    assert {name: refused[name].value() for name in typed} == typed
    assert {name: str(offered[name].value()) for name in typed} == {
        **typed,
        "addresses": "2",
        "providers": "['Google']",
    }


@pytest.mark.django_db
def test_the_providers_are_folded_once_chosen_and_open_where_one_is_wanted(client, engagement, ada):
    client.force_login(ada)
    address = reverse("parallel:warm_up", args=[engagement.code])
    typed = {"pool": "b", "addresses": "2", "hosts": "3", "begins": f"{timezone.now().date()}"}

    empty, refused = client.get(address).text, client.post(address, typed).text
    client.post(address, {**typed, "providers": ["Google", "Apple"]})
    chosen = client.get(address).text

    for page in (empty, refused):
        assert '<details class="disclosure" open>' in page
        assert "none chosen yet" in page
    assert "Choose at least one provider." in refused
    assert '<details class="disclosure" >' in chosen
    assert "<summary>Mailbox providers: Google, Apple</summary>" in chosen


@pytest.mark.django_db
def test_a_calendar_has_no_more_columns_than_a_phone_has_room_for(client, engagement, ada):
    warm(engagement, actor=ada)
    client.force_login(ada)

    page = client.get(reverse("parallel:warm_up", args=[engagement.code])).text

    head = page[page.index("<thead>") : page.index("</thead>")]
    assert [name for name in ("Day", "Plan", "New route") if name in head] == ["Day", "Plan", "New route"]
    assert head.count("<th ") == 3
    assert page.count("step 1<") == 1


@pytest.mark.django_db
def test_a_program_sets_reads_and_removes(client, engagement, ada):
    signed = {"headers": {"Authorization": f"Bearer {make_token(ada, name='a program', days=30)[1]}"}}
    url = f"/api/v1/engagements/{engagement.code}/parallel/warm-up/"
    nothing = client.get(url, **signed).json()
    sent = {"pool": "b", "addresses": 1, "begins": f"{timezone.now().date()}", "providers": ["Google"]}
    made = client.post(url, sent, "application/json", **signed)
    told = client.get(url, **signed).json()
    removed = [client.post(f"{url}remove/", {}, "application/json", **signed).status_code for _ in range(2)]

    assert (nothing["pool"], nothing["calendars"]) == (None, [])
    assert made.status_code == 201
    assert told["calendars"][0]["rows"][0]["planned"] == CURVE[0]
    assert told["calendars"][0]["rows"][0]["taken"] is None
    assert removed == [204, 409]
