"""A text that no cell should hold stands once, and whatever leaves it out says where."""

import pytest

from reports.sheets.composing import compose
from reports.sheets.whole_texts import LONGEST
from tests.reports.snapshots import finding, plan_snapshot

LONG = "y" * (LONGEST + 1)


def with_evidence(text):
    snapshot = plan_snapshot(medium=0)
    snapshot["content"]["findings"][0]["rows"] = [finding(number, evidence=text) for number in (1, 2)]
    return snapshot


def test_what_is_too_long_for_a_table_of_an_annex_stands_once_among_the_long_texts():
    composed = compose(with_evidence(LONG))

    (number,) = [number for number, text in composed.texts if text == LONG]
    shown = [row["evidence"] for row in composed.annexed["findings"][0]["rows"]]
    assert [text.endswith(f"\u2026 T{number}") for text in shown] == [True, True]
    assert all(len(text) < 400 for text in shown)
    assert "texts" in {annex.key for annex in composed.annexes}


def test_a_text_that_a_cell_can_hold_stays_in_it_and_records_are_not_touched():
    snapshot = with_evidence(LONG[1:])

    composed = compose(snapshot)

    assert composed.annexed["findings"] == snapshot["content"]["findings"]
    assert LONG[1:] not in dict(composed.texts).values()


@pytest.mark.parametrize("part", ["estate", "basis", "offer"])
def test_what_no_annex_prints_is_not_among_the_long_texts(part):
    snapshot = plan_snapshot(is_measured=True)
    snapshot["content"][part] = {**(snapshot["content"][part] or {}), "unprinted": LONG}
    if part == "offer":
        snapshot["content"]["offer"] = None

    assert LONG not in dict(compose(snapshot).texts).values()


def test_a_row_that_did_not_fit_points_at_its_long_text_too():
    snapshot = plan_snapshot()
    row = snapshot["content"]["estate"]["transports"][0]
    snapshot["content"]["estate"]["transports"] = [
        row | {"detail": ["smtp", f"{number} {LONG}"]} for number in range(90)
    ]

    composed = compose(snapshot)

    whole = next(annex for annex in composed.annexes if annex.key == "inventory").tables[0]
    numbers = {text: number for number, text in composed.texts}
    assert len(whole.rows) == 90
    assert all(row[2].text.endswith(f"T{numbers[f'smtp; {place} {LONG}']}") for place, row in enumerate(whole.rows))
