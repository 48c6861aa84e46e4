"""Only words without end are touched, and only in the text."""

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from reports.long_words import break_long_words, broken


@pytest.mark.parametrize(
    "html",
    [
        "<body><p>short words only</p>",
        f"<body><p class='{'x' * 200}'>x</p>",
        f"<title>{'x' * 200}</title><body><p>x</p>",
        f"<body><p>{'x' * 120}</p>",
    ],
    ids=["short", "attribute", "head", "just short enough"],
)
def test_everything_else_stays_as_it_is(html):
    assert break_long_words(html) == html


def test_a_long_word_gets_places_to_break_and_no_entity_is_cut():
    broken = break_long_words("<body><p>" + "&lt;" * 200 + "</p>")

    assert broken.count("&lt;") == 200
    assert broken.count("<wbr>") == 2


@given(st.text(max_size=400))
def test_without_the_breaks_the_text_is_what_it_was(text):
    html = f"<body><p>{escape(text)}</p>"

    assert break_long_words(html).replace("<wbr>", "") == html


def test_a_command_breaks_between_its_words_and_inside_one_only_where_it_alone_is_too_long():
    assert list(broken("cp -a one two", 80)) == ["cp -a one two"]
    assert list(broken("cp -a " + "o" * 60 + " " + "t" * 60, 80)) == ["cp -a " + "o" * 60, "t" * 60]
    assert list(broken("  " + "x" * 100, 80)) == ["  " + "x" * 78, "x" * 22]
    assert all(len(part) <= 80 for part in broken("sed " + "a/b " * 100, 80))
    assert list(broken("", 80)) == [""]
