"""Overrides of the dictionary: which one holds, what it changes in map, effort and NOT-TRANSLATED.md."""

import json

import pytest

from discovery.postfix import Bundle
from discovery.translation.overrides import EVERYWHERE, HERE, Override, Overrides, said_treatments
from discovery.translation.translating import MAP, REST, translate
from discovery.translation.treatments import DictionaryError

KEY = b"tests"
GAP = {"class": "X", "loss": "Replies name another host."}
BUILT = {"class": "C", "relation": "intersect", "loss": "A hook does it.", "how": "init.lua sets it.", "units": 24}
NATIVE = {"class": "N", "names": ["host-name@virtual-mta"]}
DROPPED = {"class": "dropped", "reason": "Nobody reads it any more."}
MAIN = "compatibility_level = 3.6\nmyhostname = a.example\nsmtp_helo_name = b.example\nmade_up_name = 1\n"
MASTER = (
    "smtp      inet  n       -       n       -       -       smtpd\n"
    "smtp      unix  -       -       n       -       -       smtp\n"
)


def override(name="smtp_helo_name", *, powermta=GAP, kumomta=BUILT, number=1, **changes):
    said = {
        "reference": f"O-{number:03}",
        "version": 1,
        "kind": "parameter",
        "name": name,
        "value": "",
        "treatments": said_treatments({"powermta": powermta, "kumomta": kumomta}),
        "reach": EVERYWHERE,
        "author": "Ada Quint",
        "agreed_by": "Lea Moser",
        "agreed_on": "2026-11-20",
        "source": "",
        "reason": "Their appliances check the name.",
    }
    return Override(**(said | changes))


def translated(*overrides, target="powermta", main=MAIN, master=MASTER):
    bundle = Bundle.of({"etc/postfix/main.cf": main.encode(), "etc/postfix/master.cf": master.encode()})
    return translate(bundle, target, secret_key=KEY, overrides=Overrides.of(overrides))


def outcome_of(translation, name):
    return next(each for each in translation.outcomes if each.construct.name == name)


def test_an_override_takes_the_place_of_the_published_entry_and_of_nothing_else():
    published, overridden = translated(), translated(override())

    changed = [
        after.construct.name
        for before, after in zip(published.outcomes, overridden.outcomes, strict=True)
        if before.as_json() != after.as_json()
    ]
    assert changed == ["smtp_helo_name"]
    assert (outcome_of(published, "smtp_helo_name").letter, outcome_of(overridden, "smtp_helo_name").letter) == (
        "N",
        "X",
    )
    assert published.emission == overridden.emission


def test_lines_that_people_disagree_with_stand_and_are_told_of():
    outcome = outcome_of(translated(override()), "smtp_helo_name")

    assert (outcome.fate, outcome.letter) == ("written", "X")
    assert outcome.lines
    assert "O-001 gives this the class X" in outcome.reasons[0]
    assert outcome_of(translated(override(powermta=NATIVE)), "smtp_helo_name").reasons == ()


def test_map_and_rest_name_the_author_who_agreed_and_the_reason():
    files = translated(override()).files
    row = next(row for row in json.loads(files[MAP]) if row["construct"] == "smtp_helo_name")

    assert row["override"]["author"] == "Ada Quint"
    assert row["override"]["agreed_by"] == "Lea Moser"
    assert row["override"]["reason"] == "Their appliances check the name."
    assert all(other["override"] is None for other in json.loads(files[MAP]) if other["construct"] != "smtp_helo_name")
    assert "## Said by an override of the dictionary (1)" in files[REST]
    assert "O-001, version 1, by Ada Quint, agreed by Lea Moser" in files[REST]
    assert "override" not in translated().files[REST]


def test_an_entry_for_what_nobody_had_classified_unblocks_the_plan():
    before, after = translated(), translated(override("made_up_name", powermta=DROPPED))

    assert before.coverage.is_blocked
    assert not after.coverage.is_blocked
    assert (outcome_of(after, "made_up_name").fate, outcome_of(after, "made_up_name").letter) == ("dropped", "dropped")
    assert outcome_of(after, "made_up_name").reasons == ("Nobody reads it any more.",)


def test_what_is_left_says_how_it_is_done_by_hand():
    left = outcome_of(translated(override("made_up_name"), target="kumomta"), "made_up_name")

    assert left.fate == "not translated"
    assert left.reasons == ("A hook does it.", "init.lua sets it.")


@pytest.mark.parametrize(
    ("others", "holds"),
    [
        ([], "O-001"),
        ([{"number": 2, "value": "b.example"}], "O-002"),
        ([{"number": 2, "value": "c.example"}], "O-001"),
        ([{"number": 2, "reach": HERE}], "O-002"),
        ([{"number": 2, "value": "b.example"}, {"number": 3, "reach": HERE}], "O-003"),
        ([{"number": 2, "value": "b.example", "reach": HERE}, {"number": 3, "reach": HERE}], "O-002"),
    ],
)
def test_the_narrower_one_holds(others, holds):
    translation = translated(override(), *(override(**each) for each in others))

    assert outcome_of(translation, "smtp_helo_name").classified.override.reference == holds


def test_what_postfix_makes_nothing_of_stays_dropped():
    asleep = MASTER + "idle      unix  -       -       n       -       -       smtp\n    -o smtp_helo_name=x.example\n"
    outcomes = translated(override(), master=asleep).outcomes

    letters = {each.construct.kind: each.letter for each in outcomes if each.construct.name == "smtp_helo_name"}
    assert letters == {"parameter": "X", "override": "dropped"}


def test_what_is_switched_off_asks_for_its_value():
    off = MAIN + "soft_bounce = no\n"
    any_value, this_value = (translated(override("soft_bounce", value=value), main=off) for value in ("", "no"))
    in_use = translated(override("soft_bounce"), main=MAIN + "soft_bounce = yes\n")

    assert outcome_of(any_value, "soft_bounce").letter == "dropped"
    assert outcome_of(this_value, "soft_bounce").letter == outcome_of(in_use, "soft_bounce").letter == "X"


def test_an_override_may_count_its_own_effort():
    name = "made_up_name"
    cheap, dear = (translated(override(name, kumomta=BUILT | {"units": units}), target="kumomta") for units in (8, 40))

    assert dear.coverage.units - cheap.coverage.units == 32
    assert dear.coverage.person_days - cheap.coverage.person_days == 1


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"class": "R", "relation": "subset", "loss": "Less."}, "names nothing of the target"),
        ({"class": "X"}, "does not say what changes"),
        ({"class": "C", "relation": "equal", "loss": "Same."}, "cannot have the relation equal"),
        ({"class": "dropped"}, "dropped without a reason"),
        ({"class": ""}, "unknown key"),
        ({"class": "Q", "loss": "?"}, "unknown key"),
        (GAP | {"units": 321}, "between 0 and 320"),
    ],
)
def test_what_cannot_be_is_refused(said, fault):
    with pytest.raises(DictionaryError, match=fault):
        said_treatments({"powermta": said, "kumomta": BUILT})


def test_both_targets_are_spoken_of():
    with pytest.raises(DictionaryError, match="both targets"):
        said_treatments({"powermta": GAP})
