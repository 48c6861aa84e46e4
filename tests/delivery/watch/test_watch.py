"""Mail logs frozen, a cutover, and the new route's logs: a drift opens the one card it should, a steady month none."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.wording import day_text
from delivery.domain.agree_watch import agree_watch
from delivery.domain.freeze_baseline import freeze_baseline
from delivery.domain.judge_watch import judge_all, judge_watch
from delivery.models import Cutover, FeedbackItem, InsightCard, TrafficHour
from delivery.traffic_state import newest_run
from delivery.watch.book import load_watch
from delivery.watch.judging import Mark
from delivery.watch_figures import material_of
from delivery.watch_gate import the_watch_has_run
from delivery.watch_rows import panels_of
from delivery.watch_state import age_of, current_watch, standings_of
from tests.factories.discovery import read_mail_log
from tests.factories.traffic import receive, reconcile
from tests.factories.watch import cut_over, freeze, kumo_days, midnight, opened_cards, postfix_days, take_days, watched

pytestmark = pytest.mark.django_db

SUNDAY = 6


def clock_of(line):
    return datetime.fromtimestamp(json.loads(line)["timestamp"], UTC).isoformat()


def is_sunday(clock):
    return datetime.fromisoformat(clock).weekday() == SUNDAY


def test_a_steady_month_opens_no_card_and_every_figure_with_enough_mail_is_steady(watch, engagement, ada):
    take_days(engagement, actor=ada, days=31, ago=35)

    material = material_of(current_watch(engagement))
    marks = {(each.rule.key, each.provider): each.seen.mark for each in standings_of(material)}

    assert (opened_cards(), judge_all()) == ([], 0)
    assert len(material.days) == 30
    assert marks["failure", "Google"] == marks["failure", "Yahoo and AOL"] == Mark.STEADY
    assert marks["deferral", "Google"] == Mark.STEADY
    assert marks["latency", "Google"] == marks["complaint", "Google"] == Mark.INCONCLUSIVE  # nobody measures them
    assert list(the_watch_has_run(engagement)) == []


def test_two_days_of_failures_at_one_provider_open_one_card_about_it(card, engagement):
    again = judge_all()

    assert opened_cards() == [("failure", "Google", "")]
    assert again == 0
    assert "8.33 % of 576 recipients at Google, on each of 2 days" in card.said
    assert "The baseline of the same hours is 0.35 %." in card.said
    assert AuditEvent.objects.filter(action="card.opened").count() == 1


def test_one_day_beyond_the_limit_opens_none(engagement, ada):
    watched(engagement, actor=ada, ago=4)
    take_days(engagement, actor=ada, days=4, ago=4, failing={(3, "gmail.com")})

    assert opened_cards() == []


def test_what_fell_before_the_cutover_or_on_its_day_is_no_day_of_the_watch(engagement, ada):
    watched(engagement, actor=ada, ago=3)
    take_days(engagement, actor=ada, days=4, ago=4, failing={(0, "gmail.com"), (1, "gmail.com")})

    material = material_of(current_watch(engagement))

    assert material.days == [midnight(2).date(), midnight(1).date()]
    assert opened_cards() == []


def test_a_watch_without_logs_or_with_old_ones_is_never_steady(watch, engagement, ada):
    nothing = age_of(material_of(watch))
    take_days(engagement, actor=ada, days=20, ago=35)  # of 30

    material = material_of(current_watch(engagement))
    age = age_of(material)
    said = [row.status.label for panel in panels_of(material, standings_of(material), {}, age) for row in panel.rows]

    assert (nothing.is_stale, nothing.words) == (True, "No log of the new route has been read")
    assert age.is_stale
    assert "15 days" in age.words
    assert set(said) == {"Data too old to say"}
    assert list(the_watch_has_run(engagement)) == [
        "Watch 1 is over by the calendar, but the logs of the new route hold 19 whole days of 30."
    ]


def test_days_of_which_no_log_came_are_none_of_the_watch_and_are_named(client, watch, engagement, ada):
    """Logs of a week at either end: what lies between them was never read."""
    take_days(engagement, actor=ada, days=7, ago=35)
    take_days(engagement, actor=ada, days=7, ago=11, failing={(6, "gmail.com")})
    hole = f"nothing of {day_text(midnight(28).date())} to {day_text(midnight(12).date())}"

    material = material_of(watch)
    client.force_login(ada)
    page = client.get(reverse("watch:home", args=[engagement.code])).content.decode()

    assert len(material.days) == 13
    assert material.missing == [midnight(ago).date() for ago in range(28, 11, -1)]
    assert material.reached == [midnight(ago).date() for ago in range(34, 4, -1)]
    assert list(the_watch_has_run(engagement)) == [
        f"Watch 1 is over by the calendar, but the logs of the new route hold 13 whole days of 30, and {hole}."
    ]
    assert f"the logs hold 13 whole days, and {hole}." in page


def test_a_weekday_that_had_no_mail_before_either_is_waited_for_by_nobody(engagement, ada):
    before = postfix_days(21, until=midnight(40)).splitlines(keepends=True)
    read_mail_log(engagement, actor=ada, content=b"".join(one for one in before if not is_sunday(one[:25].decode())))
    freeze_baseline(engagement, actor=ada)
    cut_over(engagement, actor=ada)
    watch = agree_watch(engagement, days=30, actor=ada, why_short="It is what there is.")
    after = kumo_days(40, since=midnight(35)).splitlines(keepends=True)
    receive(engagement, "kumomta", "".join(one for one in after if not is_sunday(clock_of(one))), actor=ada)
    reconcile(engagement, actor=ada)

    material = material_of(watch)

    assert {day.weekday() for day in material.quiet} == {SUNDAY}
    assert material.missing == []
    assert len(material.days) + len(material.quiet) == 30
    assert list(the_watch_has_run(engagement)) == []


def test_a_watch_that_is_over_and_held_to_its_end_is_not_old(watch, engagement, ada):
    take_days(engagement, actor=ada, days=31, ago=35)

    assert not age_of(material_of(watch)).is_stale


def test_hours_are_held_against_the_same_weekday_and_hour(watch, engagement, ada):
    """Postfix failed at noon alone: noon is no drift, and the same at midnight is not known before."""
    take_days(engagement, actor=ada, days=31, ago=35)
    material = material_of(current_watch(engagement))
    noon = [hour for hour in material.over("Google", material.days) if hour[0].hour == 12]
    night = [hour for hour in material.over("Google", material.days) if hour[0].hour == 0]

    at_noon = material.frozen.expected("failure", "Google", noon)
    at_night = material.frozen.expected("failure", "Google", night)

    assert at_noon.share == pytest.approx(1 / 12)
    assert (at_night.share, at_night.of) == (0.0, 14 * 12)
    assert material.frozen.expected("failure", "Apple", noon) is None
    assert material.frozen.expected("latency", "Google", noon) is None


def complain(engagement, ada, day, count=1, **fields):
    told = {"kind": "complaint", "source": "arf", "category": "spam", "action": "hard", "rule": "abuse", **fields}
    for number in range(count):
        identity = f"{day:%Y%m%d}-{told['kind']}-{number}"
        FeedbackItem.objects.create(engagement=engagement, identity=identity, day=day.date(), happened_at=day,
                                    provider="Google", taken_at=day, taken_by=ada, **told)  # fmt: skip


def test_complaints_of_before_the_cutover_measure_nothing_after_it(engagement, ada):
    watch = watched(engagement, actor=ada, ago=3)
    take_days(engagement, actor=ada, days=3, ago=3)
    rule = load_watch().rule("complaint")
    complain(engagement, ada, midnight(3) - timedelta(hours=1))
    before = material_of(watch).counts(rule, "Google", [midnight(1).date()])

    complain(engagement, ada, midnight(1) + timedelta(hours=1))
    after = material_of(watch).counts(rule, "Google", [midnight(1).date()])

    assert before is None
    assert (after.count, after.of) == (1, 287)


def test_complaints_and_refusals_of_both_routes_are_held_against_the_mail_of_both(engagement, ada):
    """No item says which route its mail took, and a stream stays with Postfix."""
    watch = watched(engagement, actor=ada, ago=3)
    take_days(engagement, actor=ada, days=3, ago=3)
    counted = {"delivered": 700, "failed": 13, "deferred": 0, "timed": 0, "slow": 0}
    run = newest_run(engagement)
    TrafficHour.objects.create(run=run, hour=midnight(1), side="old", provider="Google", **counted)
    complain(engagement, ada, midnight(1) + timedelta(hours=1), count=5)
    complain(engagement, ada, midnight(1) + timedelta(hours=1), count=4, kind="failed", source="dsn", action="block")
    book, day = load_watch(), [midnight(1).date()]

    material = material_of(watch)
    found = {key: material.counts(book.rule(key), "Google", day) for key in ("complaint", "blocked", "failure")}

    assert {key: (each.count, each.of) for key, each in found.items()} == {
        "complaint": (5, 287 + 700),
        "blocked": (4, 288 + 713),
        "failure": (1, 288),
    }
    assert book.rule("complaint").title == "Complaints, both routes"


def test_a_fallen_back_cutover_is_watched_no_more(card, engagement, ada):
    fallen = {"fallen_back_at": timezone.now(), "fallen_back_by": ada}
    Cutover.objects.filter(engagement=engagement).update(**fallen)

    assert (current_watch(engagement), judge_watch(engagement)) == (None, [])
    assert list(the_watch_has_run(engagement)) == ["No watch over the new route is agreed."]
    assert InsightCard.objects.open().count() == 1


def test_the_gate_waits_for_the_last_day(engagement, ada):
    watched(engagement, actor=ada, ago=4)

    [said] = the_watch_has_run(engagement)

    assert said.startswith("Watch 1 runs 30 days: until ")


def test_the_round_leaves_alone_who_has_no_watch(engagement, ada):
    freeze(engagement, actor=ada)
    cut_over(engagement, actor=ada)

    assert judge_all() == 0
    assert midnight() - midnight(1) == timedelta(days=1)
