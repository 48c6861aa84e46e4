"""The home page asks a source only for whoever has one of its permissions; nobody misses anything by it."""

import pytest

from accounts.permissions import Permission, may_anywhere
from engagements import decisions

PEOPLE = ("olga", "lea", "ada", "sam", "ugo", "carl", "vera", "cora")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PEOPLE)
def test_a_source_that_is_not_asked_would_have_said_nothing(world, request, name):
    person = request.getfixturevalue(name)
    skipped = [source for source, needed in decisions._sources if needed and not may_anywhere(person, *needed)]

    said = {source.__name__: [one.title for one in source(person)] for source in skipped}

    assert said
    assert {name: titles for name, titles in said.items() if titles} == {}


@pytest.mark.parametrize(
    ("needed", "asked"),
    [
        ((), ["ada", "carl"]),
        ((Permission.REVIEW,), ["ada"]),
        ((Permission.SIGN,), ["carl"]),
        ((Permission.REVIEW, Permission.SIGN), ["ada", "carl"]),
        ((Permission.MANAGE_PRACTICE,), []),
    ],
)
def test_a_source_is_asked_for_whoever_has_one_of_its_permissions(monkeypatch, ada, carl, needed, asked):
    heard = []
    monkeypatch.setattr(decisions, "_sources", [])
    people = {ada: "ada", carl: "carl"}
    decisions.register_decisions(*needed)(lambda person: heard.append(people[person]) or [])

    for person in people:
        decisions.decisions_for(person)

    assert heard == asked
