"""References to tables, and rows of their sources."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix.tables import count_rows, included_files, read_aliases, read_table, references


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hash:/a, btree:/b regexp:/c", [("hash", "/a"), ("btree", "/b"), ("regexp", "/c")]),
        ("proxy:mysql:/a.cf", [("mysql", "/a.cf")]),
        ("!cidr:/a", [("cidr", "/a")]),
        ("check_client_access { cidr:/a, default_action = DUNNO }", [("cidr", "/a")]),
        ("unionmap:{hash:/a,static:x}", [("hash", "/a"), ("static", "x")]),
        ("pipemap:{hash:/a,proxy:hash:/b}", [("hash", "/a"), ("hash", "/b")]),
        ("randmap:{slow:,fast:}", [("randmap", "{slow:,fast:}")]),
        ("inline:{a=b, {c = d e}}", [("inline", "{a=b, {c = d e}}")]),
        ("pcre:{{/x{2,3}/ DUNNO}}", [("pcre", "{{/x{2,3}/ DUNNO}}")]),
        ("permit_mynetworks, inet:127.0.0.1:10031 [relay]:25", []),
    ],
)
def test_every_table_of_a_list_is_found(value, expected):
    assert [(each.kind, each.path) for each in references(value)] == expected


def test_a_path_in_a_list_is_an_included_file():
    assert list(included_files("127.0.0.0/8 !/etc/postfix/bad /etc/postfix/good")) == [
        "/etc/postfix/bad",
        "/etc/postfix/good",
    ]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("hash", "# c\na@x.example  slow:\n\nb\n  fast:[h]\n", [("a@x.example", "slow:", 2), ("b", "fast:[h]", 4)]),
        ("texthash", '"two words" value\n', [('"two words"', "value", 1)]),
        ("regexp", "/^X: a b/ HOLD it\n", [("/^X: a b/", "HOLD it", 1)]),
        ("pcre", "!/a\\/b/i  REJECT\n", [("!/a\\/b/i", "REJECT", 1)]),
        ("regexp", "if /x/\n/y/ DUNNO\nendif\n", [("/y/", "DUNNO", 2)]),
        ("cidr", "192.0.2.0/24 OK\n", [("192.0.2.0/24", "OK", 1)]),
        ("mysql", "user = a\n", []),
    ],
)
def test_rows_are_read_with_their_lines(kind, text, expected):
    assert [(row.key, row.value, row.line) for row in read_table(kind, text)] == expected


def test_aliases_have_a_colon_behind_the_name():
    rows = tuple(read_aliases('root: ops@x.example,\n  more@x.example\nlist: "|/bin/x -y"\n'))

    assert [(row.key, row.value, row.line) for row in rows] == [
        ("root", "ops@x.example,  more@x.example", 1),
        ("list", '"|/bin/x -y"', 3),
    ]


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["hash", "regexp", "pcre", "cidr"]))
def test_no_text_whatever_makes_a_table_fail(text, kind):
    read_table(kind, text)
    list(references(text))


@pytest.mark.parametrize(
    "text", ["", "a b\n", "  orphan\na b\n c\n\n# d e\n  # f\ng h", "a b\r\n\r\nc d", "\x0ba b\n\x0cc d\ne f"]
)
def test_rows_are_counted_as_they_would_be_read(text):
    assert count_rows("hash", text) == len(list(read_table("hash", text)))
