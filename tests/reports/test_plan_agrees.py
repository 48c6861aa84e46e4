"""No page of the plan says otherwise than another one, and none leaves a difference unexplained. In each language."""

import string

import pytest

from core.languages import LANGUAGES
from discovery.postfix.bundle import Bundle
from discovery.postfix.maps import count_entries
from reports.content.ways import ways_in
from reports.sheets.blocks import WIDTHS, Extract, Table
from reports.sheets.composing import compose
from reports.sheets.fitting import COLUMN_GAP, MONO_LETTER, PAGE_WIDTH
from reports.sheets.phrases import say
from reports.sheets.words import Words
from tests.reports.snapshots import plan_snapshot
from tests.reports.test_moves import TIERS, planned

in_both = pytest.mark.parametrize("language", LANGUAGES)
CONFIG = """\
<virtual-mta news1>  # etc/postfix/master.cf:42
  smtp-source-host 198.51.100.31 n1.sender.example
</virtual-mta>
<virtual-mta news2>
  smtp-source-host 198.51.100.32 n2.sender.example
</virtual-mta>
<virtual-mta slow>
</virtual-mta>
<virtual-mta-pool news>  # etc/postfix/main.cf:20
  virtual-mta news1
  virtual-mta news2
</virtual-mta-pool>
"""
SOURCES = """\
["source"."a.smtp"]  # etc/postfix-a/master.cf:13
source_address = "192.0.2.61"
["pool"."a"]
["pool"."a"."a.smtp"]
weight = 1
["source"."slow"]
source_address = "192.0.2.62"
["pool"."slow"]
["pool"."slow"."slow"]
weight = 1
["pool"."a.smtp"]
["pool"."a.smtp"."a.smtp"]
weight = 1
["source"."(held)"]
["pool"."(held)"]
["pool"."(held)"."(held)"]
weight = 0
"""


def with_ways(language="en"):
    snapshot = planned(TIERS[1], language)
    basis = snapshot["content"]["basis"]
    basis["files"][0]["extract"] = CONFIG
    basis["ways"] = [
        {
            "target": "PowerMTA",
            "path": "mx1/config",
            "name": name,
            "is_pool": is_pool,
            "members": members,
            "addresses": addresses,
        }
        for name, is_pool, members, addresses in (
            ("slow", False, [], []),
            ("news", True, ["news1", "news2"], ["198.51.100.31"]),
        )
    ]
    return snapshot


def page(snapshot, key):
    return compose(snapshot, only={key}).sheets[0].blocks


def tables(snapshot, key):
    return [block for block in page(snapshot, key) if isinstance(block, Table)]


def rows_of(table):
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}


def test_pools_are_read_out_of_what_was_generated_for_either_target():
    powermta, kumomta = ways_in("PowerMTA", "mx1/config", CONFIG), ways_in("KumoMTA", "mx1/sources.toml", SOURCES)

    assert [(way.name, way.is_pool, way.members, way.addresses) for way in powermta] == [
        ("news", True, ["news1", "news2"], ["198.51.100.31", "198.51.100.32"]),
        ("slow", False, [], []),
    ]
    assert [(way.name, way.is_pool, way.members, way.addresses) for way in kumomta] == [
        ("a", True, ["a.smtp"], ["192.0.2.61"]),
        ("slow", False, [], ["192.0.2.62"]),
    ]
    assert ways_in("KumoMTA", "mx1/init.lua", SOURCES) == []


@in_both
def test_drawing_configuration_and_table_call_a_pool_by_one_name(language):
    snapshot = with_ways(language)

    drawn = [box.text for box in page(snapshot, "architecture")[1].words["drawing"].pools]
    listed = [row[0].text for row in tables(snapshot, "pools")[1].rows]
    (extract,) = [block for block in page(snapshot, "generated") if isinstance(block, Extract)]

    assert drawn == listed == ["news", "slow"]
    assert all(f" {name}>" in extract.text for name in drawn)


def test_until_something_is_generated_the_groups_of_today_are_named_on_both_pages():
    snapshot = plan_snapshot(is_measured=True)

    drawn = [box.text for box in page(snapshot, "architecture")[1].words["drawing"].pools]

    assert drawn == ["bulk"]
    assert [row[1].text for row in tables(snapshot, "pools")[1].rows] == drawn


@in_both
def test_the_summary_names_every_stream_that_stays(language):
    snapshot = plan_snapshot()
    snapshot["content"]["language"] = language
    snapshot["content"]["estate"]["streams"].append(
        {"reference": "S-03", "name": "Alerts", "purpose": "", "route": "Not decided", "reason": ""}
    )

    said = rows_of(tables(snapshot, "summary")[0])[Words(language)("summary.streams")][0]

    assert said == " ".join(
        [
            Words(language)("summary.streams_text", count=3, migrate=1, stay=1, undecided=1),
            Words(language)("summary.stays", names="S-02 CRM"),
        ]
    )


@in_both
def test_counts_of_the_summary_agree_with_their_words(language):
    snapshot = plan_snapshot()
    snapshot["content"]["language"] = language
    group = snapshot["content"]["findings"][0]
    snapshot["content"]["findings"] = [
        group | {"severity": "blocker", "label": "Blocker", "count": 1, "unanswered": 1},
        group | {"severity": "high", "label": "High", "count": 10, "unanswered": 0},
    ]

    said = rows_of(tables(snapshot, "summary")[0])[Words(language)("summary.findings")][0]

    counted = {"en": "1 blocker, 10 high. 1 blocking", "es": "1 bloqueante, 10 altos. 1 bloqueante o alto"}
    assert said.startswith(counted[language])


@in_both
def test_a_stated_number_that_is_not_the_found_one_is_explained(language):
    beside = tables(planned(TIERS[0], language), "volumes")[0]

    words = Words(language)
    why = {row[0].text: row[3].text for row in beside.rows}
    stated = {row[0].text: (row[1].text, row[2].text) for row in beside.rows}
    assert stated[words("volumes.ips")] == ("6", "2")
    assert stated[words("volumes.pools")] == ("1", "1")
    assert why[words("volumes.ips")] == words("volumes.why.ips", pools=16)
    assert why[words("volumes.pools")] == why[words("volumes.streams")] == words("volumes.why.same")
    assert "35 %" in why[words("volumes.month")]  # 3.1 of 9 million
    assert "78 %" in why[words("volumes.day")]


@pytest.mark.parametrize(
    ("stated", "measured", "why"),
    [(100, None, "only_stated"), (None, 100, "only_measured"), (None, None, "neither"), (95, 100, "agree")],
)
def test_what_is_missing_or_agrees_is_said_too(stated, measured, why):
    snapshot = plan_snapshot(is_measured=True)
    peak = {"name": "2026-04-02", "delivered": measured, "bounced": 0, "deferred": 0} if measured else None
    snapshot["content"]["basis"]["volumes"] |= {"stated_peak": stated, "peak_day": peak}

    beside = tables(snapshot, "volumes")[0]

    assert beside.rows[1][3].text == Words()(f"volumes.why.{why}")


def test_what_was_answered_otherwise_stands_beside_what_was_stated():
    snapshot = plan_snapshot(is_measured=True)
    answer = snapshot["content"]["basis"]["answers"][0]
    snapshot["content"]["basis"]["answers"].append(answer | {"question": "month_volume", "answer": "8,700,000"})

    stated = tables(snapshot, "volumes")[0].rows[0][1]

    assert stated.text.split("\n") == ["9,000,000", "8,700,000 in the questionnaire"]


@in_both
@pytest.mark.parametrize("findings", [3, 400])
def test_annexes_have_letters_without_a_gap_and_nothing_points_beside_them(findings, language):
    snapshot = plan_snapshot(medium=findings)
    snapshot["content"]["language"] = language

    composed = compose(snapshot)

    letters = {annex.key: annex.letter for annex in composed.annexes}
    assert list(letters.values()) == list(string.ascii_uppercase[: len(letters)])
    rests = [block.rest for sheet in composed.sheets for block in sheet.blocks if isinstance(block, Table)]
    assert all(rest.letter == letters[rest.key] for rest in rests if rest)
    said = [block.cell.text for sheet in composed.sheets for block in sheet.blocks if hasattr(block, "cell")]
    named = Words(language)("findings.rule", details=letters["details"])
    assert named in said
    assert Words(language)("summary.how_to_read", evidence=letters["evidence"]) in said


def test_every_name_in_helo_has_a_line_that_holds_it():
    snapshot = plan_snapshot()
    names = ["mta1.northlake.example", "newsletter.northlake.example"]
    snapshot["content"]["estate"]["instances"][0]["helo_names"] = names

    hosts = tables(snapshot, "estate")[0]

    cell = hosts.rows[0][3]
    left = PAGE_WIDTH - sum(WIDTHS[column.width] for column in hosts.columns if column.width) * PAGE_WIDTH / 100
    assert cell.is_list
    assert cell.text.split("\n") == names
    assert max(map(len, names)) * MONO_LETTER < left - COLUMN_GAP


@in_both
def test_each_promise_stands_in_a_line_of_its_own(language):
    snapshot = planned(TIERS[0], language)

    terms = rows_of(tables(snapshot, "terms")[0])

    words = Words(language)
    promises = [say(words, promise) for promise in snapshot["content"]["offer"]["said"]["promises"]]
    assert terms[words("terms.promises")][0].split("\n") == promises


def test_a_fingerprint_of_a_file_is_whole_and_in_groups():
    snapshot = planned(TIERS[0])
    snapshot["content"]["basis"]["files"] = [
        snapshot["content"]["basis"]["files"][0] | {"path": f"mx1/{number}.toml"} for number in range(60)
    ]

    composed = compose(snapshot)

    whole = next(annex for annex in composed.annexes if annex.key == "files").tables[0]
    assert len(whole.rows) == 60
    assert {row[2].text for row in whole.rows} == {" ".join(["b" * 8] * 8)}
    assert not [text for _, text in composed.evidence if "b" * 9 in text]


@pytest.mark.parametrize(("kind", "entries"), [("hash", 1), ("mysql", None), ("pgsql", None)])
def test_what_a_database_answers_is_not_taken_for_nothing(kind, entries):
    bundle = Bundle.of({"etc/postfix/routes.cf": b"hosts = db.example\n"})

    assert count_entries(bundle, "transport_maps", kind, "etc/postfix/routes.cf") == entries
