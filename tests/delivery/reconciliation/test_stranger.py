"""The second estate: every loss and every duplicate is named, nothing else is, and the causes are right."""

import json
from collections import Counter

import pytest

from delivery.reconciliation.command import main
from tests.delivery.reconciliation.stranger.story import tell

NAMED = 0.99  # of the causes


@pytest.mark.parametrize(("seed", "form"), [(1, "jsonl"), (2, "halves"), (3, "halves"), (4, "jsonl")])
def test_every_loss_and_duplicate_of_the_second_estate_is_found_and_no_other(tmp_path, capsys, seed, form):
    world, words = tell(tmp_path, seed, 5_000, form)

    assert main([*words, "--json", "--csv", str(tmp_path / "lists")]) == 0

    found = json.loads(capsys.readouterr().out)
    assert Counter(map(tuple, found["missing"])) == world.missing
    assert {tuple(key) for key in found["duplicate"]} == world.duplicate
    assert {tuple(key) for key in found["ambiguous"]} == world.ambiguous
    assert found["states"]["late"] == world.late
    assert found["states"]["in flight"] == len(world.in_flight)
    for cause, keys in world.causes.items():
        assert found["causes"][cause] == pytest.approx(len(keys), rel=1 - NAMED)
    assert sum(each["not_understood"] for each in found["lines"].values()) == 0
