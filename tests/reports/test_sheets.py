"""What stands on the pages of the plan, without laying them out."""

import re
import string

import pytest
import yaml
from django.conf import settings

from core.languages import LANGUAGES
from reports.outline import plan_annexes, plan_pages
from reports.sheets.blocks import Cell, Column, Figure, Points, Table
from reports.sheets.composing import COMPOSERS, COVER, compose
from reports.sheets.desk import Desk
from reports.sheets.fitting import fitted
from reports.sheets.words import Words, all_texts
from reports.unfinished import unfinished
from tests.reports.snapshots import group, plan_snapshot

FACTS = sorted((settings.BASE_DIR / "reports" / "facts").glob("*.yaml"))


def rows(count, text="x"):
    return [[Cell(f"{number}"), Cell(text)] for number in range(count)]


def table(count, annex="inventory", text="x"):
    return Table("Caption", [Column("No.", "tenth"), Column("Text")], rows(count, text), annex)


def sheet(snapshot, key, **more):
    return compose(snapshot, only={key}, **more).sheets[0]


def texts(block):
    if isinstance(block, Table):
        return [cell.text for row in block.rows for cell in row]
    return [cell.text for cell in block.items] if isinstance(block, Points) else []


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def leaves(value):
    if isinstance(value, dict):
        if "en" in value:
            yield value
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)


def test_there_are_25_pages_and_each_has_its_composer():
    assert [page.number for page in plan_pages()] == list(range(1, 26))
    assert {page.key for page in plan_pages()} == {COVER, *COMPOSERS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_and_annexes_have_the_same_places_in_every_language(language):
    assert [page.key for page in plan_pages(language)] == [page.key for page in plan_pages()]
    assert [annex.key for annex in plan_annexes(language)] == [annex.key for annex in plan_annexes()]
    assert all(part.title for part in (*plan_pages(language), *plan_annexes(language)))


def test_every_text_stands_in_every_language_with_the_same_places_to_fill():
    for key, said in all_texts().items():
        assert set(said) == set(LANGUAGES), key
        if isinstance(said["en"], list):
            assert len(said["en"]) == len(said["es"]), key
        else:
            assert placeholders(said["en"]) == placeholders(said["es"]), key


NUMBERS_ALONE = {"volumes"}


@pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
def test_every_fact_stands_in_every_language(path):
    found = list(leaves(yaml.safe_load(path.read_text())))

    assert found or path.stem in NUMBERS_ALONE
    for fact in found:
        assert set(LANGUAGES) <= set(fact)
        assert placeholders(fact["en"]) == placeholders(fact["es"])


def test_no_text_is_left_for_later():
    assert not [key for key, said in all_texts().items() if re.search(r"\b(TODO|TBD|XXX)\b", str(said))]


def test_a_table_that_fits_keeps_every_row():
    (kept,) = fitted([table(5)], {"inventory": "B"})

    assert (len(kept.rows), kept.rest) == (5, None)


def test_what_does_not_fit_is_counted_and_named():
    (kept,) = fitted([table(400)], {"inventory": "B"})

    assert 20 < len(kept.rows) < 45
    assert (kept.rest.count, kept.rest.letter) == (400 - len(kept.rows), "B")


def test_a_smaller_allowance_keeps_fewer_rows_and_at_last_none():
    kept = [len(fitted([table(400)], {"inventory": "B"}, part)[0].rows) for part in (1, 0.5, 0)]

    assert kept[0] > kept[1] > kept[2] == 0


def test_tables_share_a_page_and_a_short_one_leaves_its_room_to_the_others():
    short, long, longer = fitted([table(2), table(300), table(300)], {"inventory": "B"})

    assert len(short.rows) == 2
    assert 0 < len(long.rows) == pytest.approx(len(longer.rows), abs=1)


def test_a_table_without_an_annex_is_never_cut():
    assert len(fitted([table(400, annex="")], {})[0].rows) == 400


def test_every_row_that_is_cut_stands_in_its_annex_with_its_evidence():
    snapshot = plan_snapshot()
    row = snapshot["content"]["estate"]["transports"][0]
    snapshot["content"]["estate"]["transports"] = [row | {"name": f"bulk{number}"} for number in range(300)]

    composed = compose(snapshot)

    page = next(one for one in composed.sheets if one.key == "estate")
    cut = next(block for block in page.blocks if isinstance(block, Table) and block.rest)
    whole = next(annex for annex in composed.annexes if annex.key == "inventory").tables[0]
    assert cut.rest.count + len(cut.rows) == len(whole.rows) == 300
    assert {f"bulk{number}" for number in range(300)} <= set(texts(whole))
    assert all("etc/postfix/main.cf:41" in row[-1].proof for row in whole.rows)


def test_an_annex_with_nothing_to_say_is_left_out():
    keys = {annex.key for annex in compose(plan_snapshot()).annexes}

    assert {"reading", "details", "decisions", "evidence"} <= keys
    assert not {"inventory", "dossier", "tables", "files", "texts"} & keys


def test_a_long_text_is_shortened_on_its_page_and_whole_in_its_annex():
    snapshot = plan_snapshot(evidence="milter " * 100)

    composed = compose(snapshot)

    page = next(one for one in composed.sheets if one.key == "dossiers")
    shortened = next(cell for row in page.blocks[1].rows for cell in row if cell.rest)
    assert shortened.text.endswith("…")
    assert len(shortened.text) < 160
    assert dict(composed.texts)[shortened.rest].startswith("milter milter")
    assert len(dict(composed.texts)[shortened.rest]) > 600


def test_a_figure_points_at_its_evidence_and_evidence_is_listed_once():
    composed = compose(plan_snapshot())

    entries = dict(composed.evidence)
    page = next(one for one in composed.sheets if one.key == "findings")
    first = page.blocks[2].rows[0][0]
    assert "Upload 2 of mx1, etc/postfix/main.cf:118; bundle 64879f7d 6b96" in entries[first.note]
    assert len(set(entries.values())) == len(entries)


def test_evidence_of_rows_that_are_not_on_a_page_gets_no_number():
    snapshot = plan_snapshot()
    rows = [row | {"place": f"main.cf:{number}"} for number, row in enumerate(group("high", 900)["rows"])]
    snapshot["content"]["findings"][1] |= {"rows": rows, "count": 900}

    assert len(compose(snapshot).evidence) < 150


def test_what_waits_for_the_customer_stands_first():
    snapshot = plan_snapshot()

    gaps = [block for block in sheet(snapshot, "gaps").blocks if isinstance(block, Table)][1]

    assert [row[0].text for row in gaps.rows] == ["G-002", "G-001"]


def test_a_page_says_what_is_not_measured_and_who_supplies_it():
    page = sheet(plan_snapshot(), "bounces")

    said = " ".join(block.cell.text for block in page.blocks if hasattr(block, "cell"))
    assert "No bounce processor and no feedback loop script was found in what was read. If there is one" in said


def test_measured_volumes_stand_beside_the_stated_ones_with_the_log():
    page = sheet(plan_snapshot(is_measured=True), "volumes")

    beside = page.blocks[1]
    assert [cell.text for cell in beside.rows[1][:3]] == ["The busiest day", "400,000", "312,000 (2026-04-02)"]
    assert beside.rows[1][2].note


def test_the_pace_of_the_warm_up_is_that_of_the_table_times_the_addresses():
    page = sheet(plan_snapshot(is_measured=True), "warm_up")

    days = next(block for block in page.blocks if isinstance(block, Table))
    assert [cell.text for cell in days.rows[0]] == ["1", "Mon 27 Apr 2026", "50", "100"]


def test_the_hold_of_each_step_is_the_planned_days_over_the_steps():
    page = sheet(plan_snapshot(), "parallel")

    assert page.blocks[1].words["steps"][:2] == [
        (10, "Mon 27 Apr 2026", "held for 4 days"),
        (25, "Fri 1 May 2026", "held for 4 days"),
    ]


def test_the_same_snapshot_in_spanish_has_the_same_rows():
    snapshot = plan_snapshot()
    english = compose(snapshot)
    snapshot["content"]["language"] = "es"

    spanish = compose(snapshot)

    assert spanish.sheets[1].title == "Resumen ejecutivo"
    assert [len(one.blocks) for one in spanish.sheets] == [len(one.blocks) for one in english.sheets]
    assert Words("es").day("2026-05-14") == "jue 14 may 2026"
    assert Words("en").day("2026-05-14") == "Thu 14 May 2026"


def test_a_snapshot_of_before_still_has_its_25_pages():
    snapshot = plan_snapshot()
    for key in ("basis", "chosen", "costs", "language", "translation"):
        snapshot["content"].pop(key, None)

    assert len(compose(snapshot).sheets) == 25


def test_the_pages_that_cannot_say_their_part_are_named():
    said = list(unfinished(plan_snapshot()["content"]))

    assert "Page 5, Volumes, measured and stated: no mail log was read, so volumes are not measured." in said
    assert not any(sentence.startswith(("Page 4,", "Page 19,", "Page 25,")) for sentence in said)


def test_a_word_left_for_later_is_found_where_people_write_and_nowhere_else():
    content = plan_snapshot(evidence="#" + " TODO" + ": tidy up")["content"]
    content["findings"][0]["rows"][0]["proposal"] = "TODO ask Carl"

    said = [sentence for sentence in unfinished(content) if "TODO" in sentence]

    assert "A word such as TODO stands in the records: findings, 1, rows, 1, proposal." in said
    assert not any("evidence" in sentence for sentence in said)


def test_what_a_signature_accepts_is_whole_on_the_page_that_is_signed():
    line = "Behaviour change G-028, parameter default_destination_concurrency_negative_feedback: " + "word " * 30
    snapshot = plan_snapshot()
    snapshot["content"]["accepts"] = [line.strip()]

    blocks = sheet(snapshot, "terms").blocks

    accepted = next(block for block in blocks if line.strip() in texts(block))
    assert accepted.rows[0][0].full == ""


def test_a_cell_a_few_letters_too_long_stays_whole_and_a_long_one_is_cut():
    desk = Desk({}, {})

    cells = [desk.cell("x" * letters) for letters in (170, 400)]

    assert [(len(cell.text), bool(cell.full)) for cell in cells] == [(170, False), (151, True)]


def test_the_pace_of_warming_up_names_both_ends_of_its_chart():
    (chart,) = [block for block in sheet(plan_snapshot(), "warm_up").blocks if isinstance(block, Figure)]

    assert chart.words["caption"] == "Messages a day from one new address: 50 on day 1, 100,000 on day 16"
