"""The tables of trackers: their words, their lengths, and no formula."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from discovery.models import Finding, Severity
from discovery.tracker_items import OVER
from discovery.trackers.book import trackers
from discovery.trackers.external_ids import external_id, parted
from discovery.trackers.table import TrackerItem, tracker_csv

ITEM = TrackerItem(
    external_id="GP-E-2026-0001-F12",
    code="E-2026-0001",
    kind="finding",
    title="F-012 Header checks\nrewrite",
    weight="high",
    state="accepted",
    subject="header-checks",
    said=("It rewrites.", ""),
    verbatim="/^X:/ IGNORE",
    address="https://portal.example/engagements/E-2026-0001/discovery/findings/12/",
    assignee="ada@practice.example",
    due=date(2026, 5, 14),
)
STATES = {*Finding.State.values, *OVER, "waiting", "not_begun"}


def rows_of(tracker, *items):
    return list(csv.reader(io.StringIO(tracker_csv(items, trackers()[tracker]))))


def row_of(tracker, item):
    header, row = rows_of(tracker, item)
    return dict(zip(header, row, strict=True))


def test_jira_reads_its_own_words():
    header, row = rows_of("jira", ITEM)

    assert header.count("Labels") == 3
    assert [cell for name, cell in zip(header, row, strict=True) if name == "Labels"] == [
        "gatepost",
        "E-2026-0001",
        "header-checks",
    ]
    told = dict(zip(header, row, strict=True))
    assert told["Summary"] == "F-012 Header checks rewrite"
    assert (told["Issue Type"], told["Priority"], told["Status"]) == ("Task", "High", "In Progress")
    assert (told["Due Date"], told["Assignee"]) == ("2026-05-14", "ada@practice.example")
    assert told["External ID"] == "GP-E-2026-0001-F12"
    assert told["Description"] == (
        f"It rewrites.\n\n{{noformat}}\n/^X:/ IGNORE\n{{noformat}}\n\nGatepost: {ITEM.address}"
    )


def test_servicenow_reads_its_own_numbers():
    told = row_of("servicenow", ITEM)

    assert (told["correlation_id"], told["correlation_display"]) == ("GP-E-2026-0001-F12", "gatepost")
    assert (told["impact"], told["urgency"], told["priority"], told["state"]) == ("1", "2", "2", "2")
    assert (told["due_date"], told["assigned_to"]) == ("2026-05-14", "ada@practice.example")
    assert told["description"] == f"It rewrites.\n\n/^X:/ IGNORE\n\nGatepost: {ITEM.address}"


@pytest.mark.parametrize("tracker", trackers())
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_cell_begins_as_a_formula(tracker, start):
    planted = f"{start}HYPERLINK(1)"
    item = replace(ITEM, title=planted, said=(planted,), verbatim="", subject=planted, assignee=planted)

    _, row = rows_of(tracker, item)

    assert [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []
    assert any(cell.startswith("'") for cell in row)


@pytest.mark.parametrize(("tracker", "title", "text"), [("jira", "Summary", "Description"), ("servicenow",) * 3])
def test_what_a_tracker_would_refuse_as_too_long_is_cut_and_the_address_stays(tracker, title, text):
    title, text = ("short_description", "description") if tracker == "servicenow" else (title, text)
    longest = {column.name: column.longest for column in trackers()[tracker].columns}
    item = replace(ITEM, title="t" * 40_000, said=("s" * 40_000,))

    told = row_of(tracker, item)

    assert len(told[title]) == longest[title]
    assert told[title].endswith("…")
    assert len(told[text]) == longest[text]
    assert told[text].endswith(f"…\n\nGatepost: {ITEM.address}")


@pytest.mark.parametrize("tracker", trackers())
def test_a_header_has_no_punctuation_and_a_key_stands_there_once_a_row_has_one(tracker):
    without, _ = rows_of(tracker, ITEM)
    (*_, name), (*_, key), (*_, none) = rows_of(tracker, replace(ITEM, keys={tracker: "MAIL-7"}), ITEM)

    assert name not in without
    assert (name, key, none) == (trackers()[tracker].columns[-1].name, "MAIL-7", "")
    assert all(part.isalpha() for column in without for part in column.replace("_", " ").split())


@pytest.mark.parametrize("tracker", trackers())
def test_every_severity_and_every_state_has_a_word_in_every_tracker(tracker):
    columns = [column for column in trackers()[tracker].columns if column.values]

    words = {column.fact: set() for column in columns}
    for column in columns:
        words[column.fact] |= {frozenset(column.values)}

    assert words == {
        **({"kind": {frozenset({"finding", "task"})}} if tracker == "jira" else {}),
        "weight": {frozenset({*Severity.values, "task"})},
        "state": {frozenset(STATES)},
    }
    assert all(source["what"] and source["where"] for source in trackers()[tracker].sources)


def test_an_external_id_names_one_thing_of_one_engagement():
    named = external_id("E-2026-0001", "F", 12)

    assert parted(f" {named.lower()} ", "E-2026-0001") == ("F", 12)
    assert parted("GP-E-2026-0001-T7", "E-2026-0001") == ("T", 7)
    assert [
        parted(text, "E-2026-0001")
        for text in ("", "F12", "GP-E-2026-0002-F12", "GP-E-2026-0001-X1", f"{named}x", "GP-E-2026-0001-F²")
    ] == [None] * 6
