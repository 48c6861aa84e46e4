"""Raw colours stand in two sheets: the tokens, and the paper."""

import re

import pytest

from tests.laws.sources import ROOT, lines_with, name_of, over, project_files

MAY_NAME_COLOURS = {"static/css/tokens.css", "static/css/print.css"}
RAW = re.compile(
    r"#[0-9a-f]{3,8}\b(?![^{]*\{)|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
    r"|:[^;{]*\b(?:white|black|red|green|blue|gray|grey|yellow|orange|purple|silver|navy|teal|maroon)\b",
    re.IGNORECASE,
)

SHEETS = [path for path in project_files() if path.suffix == ".css"]


@over([path for path in SHEETS if name_of(path) not in MAY_NAME_COLOURS])
def test_a_sheet_takes_its_colours_from_the_tokens(path):
    assert lines_with(path, RAW) == []


def test_the_sheets_that_may_name_colours_exist():
    assert {name_of(path) for path in SHEETS} >= MAY_NAME_COLOURS
    assert (ROOT / "static/css/page.css") in SHEETS


@pytest.mark.parametrize("text", ["color: #1a6b3a;", "background: rgb(1 2 3);", "border: 1px solid red;"])
def test_the_law_sees_a_raw_colour(text):
    assert RAW.search(text)


@pytest.mark.parametrize("text", ["color: var(--p-ink);", "#refusals:empty { display: none; }", "white-space: nowrap;"])
def test_the_law_lets_the_rest_pass(text):
    assert not RAW.search(text)
