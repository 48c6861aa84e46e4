"""`$` expansion, as Postfix does it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix.expansion import expand, referenced_names

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


def test_a_definition_that_contains_itself_ends():
    assert expand("$loop", VALUES.get).value.startswith("!")


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
