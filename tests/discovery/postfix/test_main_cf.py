"""main.cf: logical lines, settings and their lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix.lines import logical_lines
from discovery.postfix.main_cf import read_main

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
WORDS = st.from_regex(r"[A-Za-z0-9./:$@-]{1,12}", fullmatch=True)
FILLER = st.lists(st.sampled_from(["", "# comment", "   # indented", "\t"]), max_size=2)


def rows_of(text):
    return [(each.name, each.value, each.line, each.end_line) for each in read_main("main.cf", text).settings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b\n", [("a", "b", 1, 1)]),
        ("a=b", [("a", "b", 1, 1)]),
        ("a =\n", [("a", "", 1, 1)]),
        ("\n# c\n\na = b\n  c\n", [("a", "b c", 4, 5)]),
        ("a = b,\n# inside\n\tc\n\n   d\nx = y\n", [("a", "b, c d", 1, 5), ("x", "y", 6, 6)]),
        ("a = b # not a comment\n", [("a", "b # not a comment", 1, 1)]),
        ("a = b\r\n  c\r\n\r\n  d\r\n", [("a", "b c d", 1, 4)]),
        ("a = b\\\n c\n", [("a", "b\\ c", 1, 2)]),
        ("a\t=\tb\t\tc\n", [("a", "b c", 1, 1)]),
        ("a = b = c\n", [("a", "b = c", 1, 1)]),
        ("a = 1\na = 2\n", [("a", "1", 1, 1), ("a", "2", 2, 2)]),
    ],
)
def test_a_setting_is_read_with_its_first_and_last_line(text, expected):
    assert rows_of(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("  a = b\n", "orphan-line", 1),
        ("a = 1\nno equals sign\n", "broken-line", 2),
        ("a = 1\ntwo words = b\n", "broken-line", 2),
        ("= b\n", "broken-line", 1),
        ("a = 1\nb = 2\na = 3\n", "duplicate-parameter", 1),
    ],
)
def test_a_problem_is_returned_with_its_line(text, kind, line):
    problems = read_main("main.cf", text).problems

    assert [(problem.kind, problem.line) for problem in problems] == [(kind, line)]


def test_the_last_of_two_settings_counts():
    assert read_main("main.cf", "a = 1\na = 2\n").current["a"].value == "2"


def test_a_word_of_a_long_value_knows_its_own_line():
    setting = read_main("main.cf", "maps =\n  hash:/a,\n# c\n  hash:/b\n").settings[0]

    assert (setting.line_of("hash:/a"), setting.line_of("hash:/b"), setting.line_of("hash:/c")) == (2, 4, 1)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_whatever_makes_the_reader_fail(text):
    main = read_main("main.cf", text)

    lines = text.split("\n")
    assert all(lines[each.line - 1].lstrip().startswith(each.name) for each in main.settings)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, st.lists(WORDS, min_size=1, max_size=3), FILLER), max_size=8))
def test_every_setting_keeps_its_line_number(rows):
    lines, expected = [], []
    for name, words, filler in rows:
        expected.append((name, " ".join(words), len(lines) + 1))
        lines.append(f"{name} = {words[0]}")
        for word in words[1:]:
            lines += [*filler, f"    {word}"]
        lines += filler

    assert [row[:3] for row in rows_of("\n".join(lines))] == expected


@settings(deadline=None)
@given(st.text("ab =\n\t#", max_size=80))
def test_no_line_belongs_to_two_logical_lines(text):
    numbers = [piece.line for logical in logical_lines(text) for piece in logical.pieces]

    assert numbers == sorted(set(numbers))
