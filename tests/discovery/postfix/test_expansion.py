"""`$` expansion, as Postfix does it."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix.expansion import expand, referenced_names
from tests.discovery.postfix import golden

VALUES = {"host": "mail.example", "empty": "", "chain": "$host:25", "loop": "$loop!", "nine": "9", "level": "3.6"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("$host", "mail.example"),
        ("${host}x", "mail.examplex"),
        ("$(host)", "mail.example"),
        ("$chain", "mail.example:25"),
        ("$$host", "$host"),
        ("${host?yes}", "yes"),
        ("${empty?yes}", ""),
        ("${host:no}", ""),
        ("${empty:no}", "no"),
        ("${absent:no}", "no"),
        ("${host?{yes}:{no}}", "yes"),
        ("${absent?{yes}:{no}}", "no"),
        ("${empty:{$host}}", "mail.example"),
        ("${{$host} == {mail.example} ? {same} : {other}}", "same"),
        ("${{$nine} < {10} ? {number} : {text}}", "number"),
        ("${{b} > {a} ? {after} : {before}}", "after"),
        ("${{$level} >=level {3.6} ? {new} : {old}}", "new"),
        ("${{$level} <level {3.10} ? {old} : {new}}", "old"),
        ("${{3} ==level {3.0} ? {same} : {other}}", "same"),
        ("${stress?{10}:{300}}s", "300s"),
        ("no macro", "no macro"),
    ],
)
def test_a_value_expands_as_postfix_expands_it(value, expected):
    assert expand(value, VALUES.get).value == expected


def test_an_undefined_name_is_empty_and_is_named():
    result = expand("a $nothing b", VALUES.get)

    assert (result.value, result.undefined) == ("a  b", ("nothing",))


def test_a_name_that_is_only_tested_need_not_exist():
    assert expand("${nothing?x}", VALUES.get).undefined == ()


def test_a_definition_that_contains_itself_ends_and_is_a_fault():
    result = expand("$loop", VALUES.get)

    assert result.value.startswith("!")
    assert result.faults == ("$loop!",)


def test_a_value_is_tested_as_it_is_written_not_as_it_expands():
    assert expand("${empty_by_reference?set}", {"empty_by_reference": "$empty", "empty": ""}.get).value == "set"


@pytest.mark.parametrize("level", ["", "permit", "3.x", "3..6", "3.6."])
def test_what_is_no_level_cannot_be_compared_as_one(level):
    result = expand("${{$level} <level {3.6} ? {old} : {new}}", {"level": level}.get)

    assert result.faults == ("{$level} <level {3.6}",)


@pytest.mark.parametrize("level", ["3", "3.6", "3.6.1", "0"])
def test_a_level_has_up_to_three_parts(level):
    assert expand("${{$level} <level {3.6} ? {old} : {new}}", {"level": level}.get).faults == ()


def test_what_cannot_be_parsed_refers_to_nothing():
    assert list(referenced_names("${a=b} ${c}")) == ["c"]


def test_a_definition_that_grows_without_end_is_cut_off():
    values = {f"x{number}": f"$x{number + 1} " * 10 for number in range(30)} | {"x30": "!" * 100}

    assert len(expand("$x0", values.get).value) <= 200_000


def test_all_branches_count_as_references():
    names = list(referenced_names("$a ${b} $(c) ${d?{$e}:{$f}} ${{$g} == {$h} ? {$i} : {$j}} $$k"))

    assert sorted(names) == list("abcdefghij")


@settings(deadline=None)
@given(st.text("ab$(){}?:=<> ", max_size=60))
def test_no_value_whatever_makes_expansion_fail(value):
    expand(value, {"a": "$b", "b": "${a?{x}:{y}}"}.get)
    list(referenced_names(value))


BROKEN = [
    "${}",
    "$ x",
    "a$",
    "$-x",
    "${x?{a}b}",
    "${x?{a}:{b}c}",
    "${x:{b}c}",
    "${myhostname?{$}:{b}}",
    "${x?a",
    "$(x",
    "${a.b}",
    "${x!y}",
    "${x=y}",
    "${{a}{b}}",
    "${{a}=={b}",
    "{$",
]
SOUND = [
    "${x?{a}:b}",
    "${x?{${}}}",
    "${x?{$}:{b}}",
    "${x?}",
    "${x:}",
    "${x?{a} : {b}}",
    "${{a}=={b}?c:d}",
    "${{a}=={b}:{d}}",
    "$$",
    "${x }y",
    "${x?a:b}",
]


@pytest.mark.parametrize("value", BROKEN)
def test_what_postfix_cannot_parse_is_a_fault(value):
    assert expand(value, {"myhostname": "mx.example"}.get).faults


@pytest.mark.parametrize("value", SOUND)
def test_what_postfix_parses_is_none(value):
    assert expand(value, {"myhostname": "mx.example"}.get).faults == ()


@pytest.mark.skipif(golden.POSTCONF is None, reason="Postfix is not installed here")
@pytest.mark.parametrize("value", [*BROKEN, *SOUND])
def test_postconf_stops_where_we_see_a_fault(value, tmp_path):
    (tmp_path / "main.cf").write_text(f"relayhost = {value}\nmyhostname = mx.example\n")
    (tmp_path / "master.cf").write_text("")

    done = subprocess.run([golden.POSTCONF, "-c", str(tmp_path), "-nx"], capture_output=True, text=True, check=False)

    assert ("macro processing error" in done.stderr) is (value in BROKEN)
