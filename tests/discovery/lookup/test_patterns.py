"""A customer's patterns cannot hold anybody up, whatever they are."""

import pytest

from discovery.lookup import pattern_table
from discovery.lookup.answers import ASKS, SLOW
from discovery.lookup.deadline import NoEngineError
from discovery.lookup.opening import open_table

# Bytes of a subject on which each library needs ages for the pattern beside it.
CATASTROPHES = [
    ("regexp", r"/^(((((((a{1,40}){1,40}){1,40})))))\1$/ REJECT", "a" * 400 + "b"),
    ("pcre", r"/^(a+)+$/ REJECT", "a" * 60 + "b"),
]


@pytest.mark.parametrize(("kind", "rule", "subject"), CATASTROPHES)
def test_a_catastrophic_pattern_is_named_by_file_and_line(tmp_path, desk_on, kind, rule, subject):
    (tmp_path / "checks").write_text(f"# first\n/harmless/ DUNNO\n{rule}\n")
    table = open_table(desk_on(tmp_path), f"{kind}:{tmp_path}/checks")

    found = table.find(subject)

    if found.outcome == ASKS:
        pytest.skip("PCRE2 is not on this machine")
    assert found.outcome == SLOW
    assert f"took too long at {str(tmp_path).lstrip('/')}/checks:3" in found.note
    assert found.value == ""
    assert table.find("harmless").value == "DUNNO"


def test_without_the_library_a_pcre_table_says_that_it_cannot_be_tried(tmp_path, desk_on, monkeypatch):
    (tmp_path / "checks").write_text("/a/ REJECT\n")
    table = open_table(desk_on(tmp_path), f"pcre:{tmp_path}/checks")

    def refuse(*_words, **_options):
        raise NoEngineError

    monkeypatch.setattr(pattern_table, "PatternMatcher", refuse)
    found = table.find("a")

    assert found.outcome == ASKS
    assert found.is_open
    assert "cannot be tried here" in found.note
