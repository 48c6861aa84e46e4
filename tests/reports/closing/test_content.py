"""What the close report counts, held against counts of its own, and what it says where nothing is recorded."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from core.audit import digest_of
from reports.closing.content import close_content
from reports.closing.counting import part, rate
from reports.closing.sheets import close_parts
from reports.sheets.composing import words_of
from reports.sheets.desk import Desk
from reports.sheets.words import Words

pytestmark = pytest.mark.django_db

DRILLS = "SELECT count(*), count(*) FILTER (WHERE ended_at - started_at <= interval '5 minutes') FROM delivery_rollback"
STREAMS = "SELECT count(*), count(*) FILTER (WHERE route = 'stay') FROM discovery_stream WHERE state <> 'removed'"
HELD = "SELECT sum(minutes) FROM reports_trainingending"
RUN = "SELECT report->'recipients', report->'states'->'missing' FROM delivery_reconciliationrun ORDER BY number DESC"


def asked(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def told(content):
    """By the title of its section, every text of it."""
    stamp = {"organization": "Northlake Logistics"}
    parts = close_parts({"stamp": stamp, "content": content}, words_of(content))
    return {one.title: [cell.text for block in one.blocks for cell in cells_of(block)] for one in parts}


def cells_of(block):
    if hasattr(block, "rows"):
        return [cell for row in block.rows for cell in row]
    return [block.cell]


def test_each_figure_is_the_count_of_the_records(closing):
    content = close_content(closing, "en")

    returns = content["way_back"]["returns"]
    in_time = [one for one in returns if one["took"] <= content["way_back"]["limit"]]
    assert (len(returns), len(in_time)) == asked(DRILLS) == (2, 1)
    assert (content["streams"]["known"], len(content["streams"]["staying"])) == asked(STREAMS)
    assert content["training"]["held"] == asked(HELD)[0] == 80
    assert [content["mail"]["recipients"], content["mail"]["missing"]] == [int(one) for one in asked(RUN)]
    assert content["offer"]["total"] == "USD 28,500"
    assert content["watch"]["logged"] == content["watch"]["days"] == 30
    [plan, *_] = content["gates"]  # signed, and open again since a mail log was read
    assert (plan["sent"], plan["sent_back"], plan["signed_at"], plan["time_to_sign"]) == (1, 1, None, None)
    assert [phase["planned_days"] for phase in content["phases"]] == [14, 28, 35, 14, 31]


def test_nothing_in_it_moves_by_itself(closing):
    now = digest_of(close_content(closing, "en"))

    with time_machine.travel(timezone.now() + timedelta(days=20)):
        later = digest_of(close_content(closing, "en"))

    assert later == now


def test_what_is_promised_stands_beside_what_was_measured(closing):
    said = told(close_content(closing, "en"))

    whole = said["In one view"]
    assert whole[whole.index("Drills and rollbacks in time") :][:3] == [
        "Drills and rollbacks in time",
        "back on Postfix within 5 min",
        "1 of 2 that came to their end",
    ]
    assert whole[whole.index("Watch after the cutover") :][1:3] == [
        "30 days",
        "30 days agreed; logs hold 30 of 30 (100 %)",
    ]
    assert "bulk" in said["Streams that stay on Postfix"]
    assert "Parallel delivery (phase 3) of at least 3 weeks; it is never shortened" in said["The agreement"][-3]


def test_the_spanish_one_says_the_same_in_spanish(closing):
    english, spanish = (told(close_content(closing, language)) for language in ("en", "es"))

    assert [len(texts) for texts in spanish.values()] == [len(texts) for texts in english.values()]
    both = {text for texts in spanish.values() for text in texts} & {
        text for texts in english.values() for text in texts
    }
    assert {text for text in both if " of " in text or "not recorded" in text or " held" in text} == set()
    assert "1 de 2 que llegaron a su fin" in spanish["De un vistazo"]
    assert "14" in spanish["Las fases y sus días"]


def test_what_no_record_tells_is_said_to_be_not_recorded(engagement):
    content = close_content(engagement, "en")

    said = told(content)
    assert (content["mail"], content["watch"], content["window"], content["offer"]) == (None,) * 4
    whole = said["In one view"]
    assert whole[whole.index("Fixed fee") :][1:3] == ["not recorded", "not recorded"]
    assert whole[whole.index("Messages unaccounted for") :][2] == "not recorded"
    assert said["Messages"] == ["The logs of both sides were never held against each other: not recorded."]
    assert said["The agreement"] == ["No accepted quote is on record."]
    assert said["The way back"][0] == "No drill and no rollback is on record."


def test_a_percentage_needs_ten_cases_and_messages_have_none():
    desk = Desk({"percent_from": 10}, {}, Words())

    assert part(desk, 8, 9) == "8 of 9"
    assert part(desk, 9, 10) == "9 of 10 (90 %)"
    assert part(desk, 1, 812_000, may_share=False) == "1 of 812,000"
    assert part(desk, None, 9) == "not recorded"
    assert rate(desk, 1, 8) == "1 of 8"
    assert rate(desk, 12, 3_400) == "0.35 % of 3,400"
