"""Streams told by the domain of the sender: what drifts in one of them alone opens the one card that names it."""

from collections import Counter

import pytest
from django.db.models import Sum
from django.urls import reverse

from core.shares import share_text
from delivery.domain.answer_card import close_card
from delivery.domain.judge_watch import judge_all
from delivery.models import Baseline, InsightCard, TrafficHour
from delivery.traffic_state import newest_run
from delivery.watch.baseline import Frozen
from delivery.watch.judging import Mark
from delivery.watch_figures import material_of
from delivery.watch_state import age_of, current_watch, standings_of
from delivery.watch_streams import NO_STREAMS, NONE_TOLD, TOO_FEW, stream_days_note, stream_rows, streams_note
from discovery.models import LogHour
from tests.factories.discovery import read_mail_log
from tests.factories.streams import FRESH, NEWS, ORDERS, postfix_streams, take_streams, watched_streams
from tests.factories.traffic import receive, reconcile
from tests.factories.watch import midnight, opened_cards, take_days, watched

pytestmark = pytest.mark.django_db

ONE_IN_TWELVE = {(ORDERS, "gmail.com"): 1}  # 8.3 % of orders at Google, 1.2 % of all mail there
THIN = {ORDERS: 12, NEWS: 24}
COUNTED = ("delivered", "failed", "deferred", "timed", "slow")


@pytest.fixture
def drifted(engagement, ada):
    watched_streams(engagement, actor=ada)
    take_streams(engagement, actor=ada, failing=ONE_IN_TWELVE)
    return InsightCard.objects.get()


def standings(engagement):
    return {each.key: each for each in standings_of(material_of(current_watch(engagement)))}


def test_failures_of_one_stream_at_one_provider_open_one_card_that_names_it(drifted, engagement):
    found = standings(engagement)

    assert opened_cards() == [("failure", "Google", ORDERS)]
    assert judge_all() == 0
    assert drifted.about == f"Google, {ORDERS}"
    assert f"8.33 % of 576 recipients of {ORDERS} at Google, on each of 2 days" in drifted.said
    assert f"The baseline of the same hours is {share_text(1 / 288)}." in drifted.said
    assert found["failure", "Google", ""].is_crossed is False
    assert found["failure", "Google", NEWS].seen.mark is Mark.STEADY
    assert found["failure", "Yahoo and AOL", ORDERS].seen.mark is Mark.STEADY


def test_a_steady_month_of_streams_opens_no_card(engagement, ada):
    watched_streams(engagement, actor=ada, ago=35, streams=THIN)
    take_streams(engagement, actor=ada, days=31, ago=35, streams=THIN)

    found = standings(engagement)
    marks = {each.seen.mark for key, each in found.items() if key[0] == "failure" and each.stream}

    assert opened_cards() == []
    assert marks == {Mark.STEADY}
    assert len([key for key in found if key[0] == "failure" and key[2]]) == 4  # two streams at two providers


def test_a_stream_that_begins_after_the_cutover_is_compared_with_nothing_and_said_to_be_new(engagement, ada):
    """3 % of it fail: far beyond any baseline, and below the most that is allowed."""
    watched_streams(engagement, actor=ada)
    more = {**THIN, FRESH: 36}
    take_streams(engagement, actor=ada, streams=more, failing={(FRESH, "gmail.com"): 1})

    material = material_of(current_watch(engagement))
    seen = standings(engagement)["failure", "Google", FRESH].seen
    rows = {row.name: row for row in stream_rows(material, standings_of(material), {}, age_of(material))}

    assert opened_cards() == []
    assert (seen.mark, seen.counts.before, seen.counts.count) == (Mark.INCONCLUSIVE, None, 3 * 24)
    assert seen.why.startswith("The baseline holds 0 recipients to compare with")
    assert (rows[FRESH].status.label, rows[FRESH].before, rows[FRESH].now) == ("Not in the baseline", 0, 3 * 24 * 72)
    assert rows[ORDERS].status.label == "4 of 6 figures steady"  # nobody measures how late


def test_the_streams_of_an_hour_and_a_provider_add_up_to_all_that_was_kept_of_it(engagement, ada):
    watched_streams(engagement, actor=ada)
    take_streams(engagement, actor=ada, failing=ONE_IN_TWELVE)
    run = newest_run(engagement)
    material, content = material_of(current_watch(engagement)), Baseline.objects.get().content

    logged = LogHour.objects.values("day", "hour", "provider").annotate(all=Sum("delivered") + Sum("bounced"))
    added = Counter()
    for by_provider in content["stream_cells"].values():
        for provider, rows in by_provider.items():
            for weekday, hour, *counts in rows:
                added.update({(provider, weekday, hour, place): count for place, count in enumerate(counts)})
    whole = {
        (provider, weekday, hour, place): count
        for provider, rows in content["cells"].items()
        for weekday, hour, *counts in rows
        for place, count in enumerate(counts)
    }

    assert {row["all"] for row in logged} == {12 + 72}
    assert set(LogHour.objects.values_list("stream", flat=True)) == {ORDERS, NEWS}
    assert {key: count for key, count in added.items() if count} == {
        key: count for key, count in whole.items() if count
    }
    assert Frozen(content).ended("") == 0
    for provider in material.providers:
        for day in material.days:
            parts = [figures for name in material.streams for _, figures in material.over(provider, [day], name)]
            every = [figures for _, figures in material.over(provider, [day])]
            assert len(every) == 24
            for name in COUNTED:
                assert sum(getattr(each, name) for each in parts) == sum(getattr(each, name) for each in every)
    assert TrafficHour.objects.filter(run=run).aggregate(all=Sum("delivered") + Sum("failed"))["all"] == 4 * 24 * 2 * 84


def test_what_fails_in_all_streams_opens_the_card_of_the_provider_alone(engagement, ada):
    watched_streams(engagement, actor=ada, streams=THIN)
    take_streams(engagement, actor=ada, streams=THIN, failing={(ORDERS, "gmail.com"): 1, (NEWS, "gmail.com"): 2})

    again = judge_all()

    assert standings(engagement)["failure", "Google", ORDERS].is_crossed
    assert (opened_cards(), again) == ([("failure", "Google", "")], 0)


def test_closing_the_card_of_a_provider_answers_for_its_streams(engagement, ada):
    watched_streams(engagement, actor=ada, streams=THIN)
    take_streams(engagement, actor=ada, streams=THIN, failing={(ORDERS, "gmail.com"): 1, (NEWS, "gmail.com"): 2})
    close_card(InsightCard.objects.get(), cause="receiver", words="It calmed down.", actor=ada)

    assert (judge_all(), opened_cards()) == (0, [("failure", "Google", "")])


def test_a_closed_card_of_a_stream_opens_no_other_for_the_same_days(drifted, ada):
    close_card(drifted, cause="content", words="An old list.", actor=ada)

    drifted.refresh_from_db()
    assert (judge_all(), InsightCard.objects.count()) == (0, 1)
    assert drifted.judged_through == midnight(1).date()


def test_a_baseline_without_streams_says_so_and_compares_the_whole_alone(client, engagement, ada):
    watched(engagement, actor=ada, ago=4)
    take_days(engagement, actor=ada, days=4, ago=4, failing={(2, "gmail.com"), (3, "gmail.com")})
    client.force_login(ada)

    page = client.get(reverse("watch:home", args=[engagement.code])).content.decode()
    told = client.get(reverse("api:watch:home", args=[engagement.code])).json()
    baseline = client.get(reverse("watch:baseline", args=[engagement.code, 1])).content.decode()

    assert opened_cards() == [("failure", "Google", "")]
    assert "stream_cells" not in Baseline.objects.get().content
    assert streams_note(material_of(current_watch(engagement))) == NO_STREAMS
    assert "This baseline knows no streams" in page
    assert "This baseline knows no streams" in baseline
    assert (told["streams"], told["streams_note"]) == ([], NO_STREAMS)
    assert {each["stream"] for each in told["standings"]} == {""}


def test_streams_that_rest_on_few_days_of_the_baseline_are_compared_with_nothing_and_said_so(client, engagement, ada):
    watched_streams(engagement, actor=ada, streams=THIN, told_days=3)
    take_streams(engagement, actor=ada, streams=THIN, failing={(ORDERS, "yahoo.com"): 1})
    client.force_login(ada)

    page = client.get(reverse("watch:home", args=[engagement.code])).content.decode()
    baseline = client.get(reverse("watch:baseline", args=[engagement.code, 1])).content.decode()
    material, found = material_of(current_watch(engagement)), standings(engagement)
    rows = stream_rows(material, [], {}, age_of(material))

    assert Baseline.objects.get().content["stream_days"] == [3, 14]
    assert all("3 of 14 days of the baseline tell streams." in text for text in (page, baseline))
    assert found["failure", "Google", NEWS].seen.counts.before is None
    assert found["failure", "Google", ""].seen.counts.before is not None
    assert [row.status.label for row in rows] == ["Not compared"] * 3


@pytest.mark.parametrize(
    ("days", "too_few", "note"),
    [
        (None, False, ""),
        ([14, 14], False, ""),
        ([5, 5], False, ""),
        ([5, 6], True, f"5 of 6 days of the baseline tell streams. {TOO_FEW}"),
        ([13, 20], True, f"13 of 20 days of the baseline tell streams. {TOO_FEW}"),
        ([14, 20], False, "14 of 20 days of the baseline tell streams."),
    ],
)
def test_how_many_days_tell_streams_is_said_and_decides_whether_they_are_compared(days, too_few, note):
    content = {"zone": "UTC", "is_hourly": True, "cells": {}, "wholes": {}, "stream_cells": {ORDERS: {}}}

    frozen = Frozen(content if days is None else {**content, "stream_days": days})

    assert (frozen.has_too_few_stream_days, stream_days_note(frozen)) == (too_few, note)


def test_runs_that_tell_no_streams_say_so_too(engagement, ada):
    watched_streams(engagement, actor=ada, streams=THIN)
    records = "".join(f"d,{int(midnight(2).timestamp()) + 60 * n},u{n}@gmail.com,2.0.0,<{n}@x>\n" for n in range(2880))
    receive(engagement, "powermta", "type,timeLogged,rcpt,dsnStatus,header_Message-Id\n" + records, actor=ada)
    reconcile(engagement, actor=ada)

    material = material_of(current_watch(engagement))

    assert set(TrafficHour.objects.values_list("stream", flat=True)) == {""}
    assert (material.told_streams, streams_note(material)) == ([], NONE_TOLD)


def test_powermta_tells_the_stream_by_the_sender_and_postfix_beside_it_tells_none(engagement, ada):
    clock = int(midnight(2).timestamp())
    told = [
        "d,{},U@News.Example,a@gmail.com,<1@x>",
        "d,{},,b@gmail.com,<2@x>",
        "b,{},u@orders.example,c@gmail.com,<3@x>",
    ]
    records = "".join(line.format(clock) + "\n" for line in told)
    receive(engagement, "powermta", "type,timeLogged,orig,rcpt,header_Message-Id\n" + records, actor=ada)
    log = postfix_streams(1, until=midnight(1), streams={NEWS: 1}).decode()
    receive(engagement, "postfix", log, actor=ada, filename="mail.log")
    reconcile(engagement, actor=ada)

    kept = {
        side: set(TrafficHour.objects.filter(side=side).values_list("stream", flat=True)) for side in ("old", "new")
    }

    assert kept == {"old": {""}, "new": {"<>", NEWS, ORDERS}}


def test_nothing_but_the_domain_of_a_sender_is_kept(engagement, ada):
    log = postfix_streams(1, until=midnight(1), user="SRS0=token-4711=sam.private")
    reading = read_mail_log(engagement, actor=ada, content=log)

    assert set(LogHour.objects.values_list("stream", flat=True)) == {ORDERS, NEWS}
    assert "token-4711" not in str(reading.figures["stream_groups"])


def test_the_page_shows_the_streams_and_one_of_them_on_demand(client, drifted, engagement, ada):
    client.force_login(ada)
    address = reverse("watch:home", args=[engagement.code])

    home, one = client.get(address), client.get(address, {"stream": ORDERS})
    unknown = client.get(address, {"stream": "nobody.example"})
    told = client.get(reverse("api:watch:home", args=[engagement.code])).json()
    rows = {each["stream"]: each for each in told["streams"]}

    assert f"?stream={ORDERS}#streams" in home.content.decode()
    assert [panel.name for panel in one.context["panels"]] == ["Google", "Yahoo and AOL"]
    assert {row.title: row.status.label for row in one.context["panels"][0].rows}[
        "Delivery failure"
    ] == "Card 1 is open"
    assert "This stream is not told" in unknown.content.decode()
    assert "nobody.example" in unknown.content.decode()
    assert unknown.status_code == 200
    assert list(rows) == [NEWS, ORDERS, ""]
    assert (rows[ORDERS]["status"], rows[NEWS]["status"]) == ("Card 1 is open", "4 of 6 figures steady")
    assert rows[ORDERS]["now"] == 3 * 24 * 12 * 2
    assert (rows[""]["title"], rows[""]["before"], rows[""]["now"]) == ("No stream told", 0, 0)
