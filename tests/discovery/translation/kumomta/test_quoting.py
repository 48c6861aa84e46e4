"""Whatever a customer writes comes out of Lua and TOML as it went in, and nothing of it is run."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lupa import lua54

from discovery.translation.kumomta.quoting import duration, lua_string, toml_key, toml_string

HOSTILE = [
    "]] os.exit() --",
    '"',
    "\\",
    '\\"',
    "a\nb",
    "\r",
    "\0",
    "\x7f",
    "'''",
    "[=[",
    "1\x002",
    "é",
    "\u2028",
    "-- x",
    "${1}",
    "%d",
]
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text())


@given(TEXTS)
def test_a_lua_string_is_one_token_and_means_the_text(text):
    written = lua_string(text)

    assert "\n" not in written
    assert written.isascii()
    lua = lua54.LuaRuntime(encoding=None, register_eval=False)
    assert lua.eval(written.encode()) == text.encode("utf-8", "surrogatepass")


@given(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_toml_string_is_one_line_and_means_the_text(text):
    written = toml_string(text)

    assert len(written.splitlines()) == 1
    assert tomllib.loads(f"a = {written}") == {"a": text}


@given(TEXTS, TEXTS)
def test_a_toml_key_keeps_its_parts_apart(one, other):
    read = tomllib.loads(f"[{toml_key(one, other)}]")

    assert [len(read), [len(inner) for inner in read.values()]] == [1, [1]]


def test_a_lone_surrogate_becomes_a_question_mark_in_toml():
    assert tomllib.loads(f"a = {toml_string(chr(0xDC80))}") == {"a": "?"}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(432_000, "5 days"), (86_400, "1 day"), (5400, "90 minutes"), (3600, "1 hour"), (61, "61 seconds"), (0, "0 days")],
)
def test_a_duration_is_said_in_the_largest_unit_that_comes_out_even(seconds, text):
    assert duration(seconds) == text
