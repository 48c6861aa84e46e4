from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.proxy.choice.providers import Providers
from delivery.proxy.choice.split import Cap, Condition, Rule, Split
from delivery.proxy.choice.weight import position_of
from delivery.proxy.control.standing import Weight, drain_side, resume, roll_back, set_weights
from delivery.proxy.envelope import Envelope

ANNA = b"anna@sender.example"
PROVIDERS = Providers({"gmail.example": "google", "yahoo.example": "yahoo"}, {})


def split(new=25.0, by="message", rules=(), stay=(), **more):
    return Split(Rule("split", new, by), tuple(rules), tuple(stay), providers=PROVIDERS, **more)


def rule(name, new, **condition):
    return Rule(name, new, "sender", Condition(**condition))


def letter(sender=ANNA, *recipients, **more):
    return Envelope(sender=sender, recipients=list(recipients or (b"berta@corp.example",)), client="10.1.2.3", **more)


def header(message_id=b"<1@sender.example>", **fields):
    lines = [b"From: anna@sender.example", b"Message-ID: " + message_id]
    lines += [f"{name.replace('_', '-')}: {value}".encode() for name, value in fields.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n"


@given(st.binary(max_size=60), st.sampled_from(["message", "sender", "domain"]))
def test_a_key_always_stands_at_the_same_place_of_the_scale(key, kind):
    assert position_of(kind, key) == position_of(kind, key)
    assert 0 <= position_of(kind, key) < 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 100),
    st.integers(0, 100),
    st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1),
)
def test_a_higher_weight_never_moves_a_message_back_to_the_old_side(chooser_of, one, other, text):
    low, high = sorted((one, other))
    block = header(b"<" + text.strip().encode() + b">")

    before = chooser_of(split(low)).settled(letter(), block)
    after = chooser_of(split(high)).settled(letter(), block)

    assert (before.backend, after.backend) != ("new", "old")


@pytest.mark.parametrize("weight", [1, 25, 50, 90])
def test_the_split_over_a_hundred_thousand_messages_is_within_one_percent(chooser_of, weight):
    chooser, envelope = chooser_of(split(weight)), letter()

    sides = [chooser.settled(envelope, header(b"<%d@x>" % number)).backend for number in range(100_000)]

    assert abs(sides.count("new") / 1_000 - weight) < 1


@pytest.mark.parametrize(("weight", "side"), [(0, "old"), (100, "new")])
def test_a_whole_side_is_settled_before_anything_is_known(chooser_of, weight, side):
    choice = chooser_of(split(weight)).provisional(letter())

    assert (choice.backend, choice.settled) == (side, True)


@pytest.mark.parametrize(("weight", "side"), [(25, "old"), (75, "new")])
def test_until_the_header_is_seen_the_heavier_side_is_guessed(chooser_of, weight, side):
    choice = chooser_of(split(weight)).provisional(letter())

    assert (choice.backend, choice.settled, choice.needs) == (side, False, "header")


def test_messages_without_a_message_id_are_told_apart_by_their_header(chooser_of):
    chooser = chooser_of(split(50))
    blocks = [b"Subject: %d\r\n\r\n" % number for number in range(40)]

    sides = [chooser.settled(letter(), block).backend for block in blocks]

    assert sides == [chooser.settled(letter(), block).backend for block in blocks]
    assert set(sides) == {"old", "new"}


def test_a_folded_message_id_is_the_same_message(chooser_of):
    chooser = chooser_of(split(50))

    pairs = [
        (
            chooser.settled(letter(), b"MESSAGE-ID:\r\n <%d@x>\r\nTo: b\r\n\r\n" % number).backend,
            chooser.settled(letter(), b"To: c\r\nMessage-Id: <%d@x>\r\n\r\n" % number).backend,
        )
        for number in range(50)
    ]

    assert all(one == other for one, other in pairs)


@pytest.mark.parametrize(
    ("by", "stage"), [("sender", "provisional"), ("sender-domain", "provisional"), ("domain", "at_recipient")]
)
def test_what_a_split_sticks_to_says_when_it_is_settled(chooser_of, by, stage):
    chooser = chooser_of(split(50, by))

    choice = getattr(chooser, stage)(letter())

    assert choice.settled
    assert choice == chooser.settled(letter(), header(b"<another@x>"))


def test_all_mail_of_a_stream_goes_one_way(chooser_of):
    chooser = chooser_of(split(50, "stream", stream_header="x-stream"))

    sides = {
        (name, chooser.settled(letter(), header(b"<%d@x>" % number, X_Stream=name)).backend)
        for name in "abcdefgh"
        for number in range(20)
    }

    assert len(sides) == 8
    assert {side for _, side in sides} == {"old", "new"}


def test_the_first_rule_that_fits_wins(chooser_of):
    rules = [rule("first", 100, senders=(ANNA.decode(),)), rule("second", 0, senders=("@sender.example",))]

    assert chooser_of(split(rules=rules)).provisional(letter()).rule == "first"
    assert chooser_of(split(rules=rules[::-1])).provisional(letter()).rule == "second"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["@sender.example", "@elsewhere.example", "anna@sender.example", ".example"]), max_size=6)
)
def test_whatever_the_rules_the_first_that_fits_is_named(chooser_of, senders):
    rules = [rule(f"rule {number}", 100, senders=(sender,)) for number, sender in enumerate(senders)]
    expected = next((f"rule {number}" for number, one in enumerate(senders) if one != "@elsewhere.example"), "split")

    assert chooser_of(split(rules=rules)).settled(letter(), header()).rule == expected


@pytest.mark.parametrize(
    ("condition", "fits", "differs"),
    [
        ({"listeners": frozenset({"inner"})}, letter(listener="inner"), letter(listener="outer")),
        ({"users": frozenset({"shop"})}, letter(user="shop"), letter(user=None)),
        ({"senders": ("<>",)}, letter(b""), letter()),
        ({"senders": (".sender.example",)}, letter(b"a@eu.sender.example"), letter()),
        ({"domains": frozenset({"corp.example"})}, letter(ANNA, b"b@CORP.example"), letter(ANNA, b"b@eu.corp.example")),
        ({"below": (".corp.example",)}, letter(ANNA, b"b@eu.corp.example"), letter(ANNA, b"b@corp.example")),
        ({"providers": frozenset({"google"})}, letter(ANNA, b"b@gmail.example"), letter(ANNA, b"b@yahoo.example")),
    ],
)
def test_conditions_look_at_the_envelope(chooser_of, condition, fits, differs):
    chooser = chooser_of(split(0, rules=[rule("named", 100, **condition)]))

    assert chooser.settled(fits, header()).rule == "named"
    assert chooser.settled(differs, header()).rule == "split"


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [("news", "NEWS", "named"), ("news*", "newsletter", "named"), ("news", "newsletter", "split"), ("*", "x", "named")],
)
def test_conditions_look_at_header_fields(chooser_of, pattern, value, expected):
    chooser = chooser_of(split(0, rules=[rule("named", 100, headers=(("x-stream", pattern),))]))

    assert chooser.provisional(letter()).needs == "header"
    assert chooser.settled(letter(), header(X_Stream=value)).rule == expected
    assert chooser.settled(letter(), header()).rule == "split"


def test_a_rule_about_the_recipient_waits_for_the_first_one(chooser_of):
    chooser = chooser_of(split(0, rules=[rule("google", 100, providers=frozenset({"google"}))]))
    envelope = letter(ANNA, b"b@gmail.example")

    early, then = chooser.provisional(envelope), chooser.at_recipient(envelope)

    assert (early.settled, early.needs) == (False, "recipient")
    assert (then.backend, then.rule, then.settled) == ("new", "google", True)


def test_recipients_that_belong_to_the_other_side_do_not_fit(chooser_of):
    chooser = chooser_of(split(0, rules=[rule("google", 100, providers=frozenset({"google"}))]))
    envelope = letter(ANNA, b"b@gmail.example")

    assert chooser.fits(envelope, b"c@gmail.example")
    assert not chooser.fits(envelope, b"c@yahoo.example")


def test_recipients_whose_side_the_message_decides_go_together_unless_a_rule_parts_them(chooser_of):
    chooser = chooser_of(split(50, rules=[rule("google", 100, providers=frozenset({"google"}))]))
    envelope = letter(ANNA, b"b@corp.example")

    assert chooser.fits(envelope, b"c@yahoo.example")
    assert not chooser.fits(envelope, b"c@gmail.example")
    assert chooser_of(split(50)).fits(envelope, b"c@gmail.example")


def test_rollback_holds_from_the_next_choice_and_setting_a_weight_ends_it(chooser_of, standing):
    chooser = chooser_of(split(100))
    sides = [chooser.provisional(letter()).backend]

    standing.decide(roll_back)
    rolled = chooser.provisional(letter())
    standing.decide(set_weights({"split": Weight(100, 100)}))
    sides.append(chooser.provisional(letter()).backend)

    assert (rolled.backend, rolled.rule, rolled.settled) == ("old", "rollback", True)
    assert sides == ["new", "new"]


def test_a_set_weight_holds_until_the_configuration_says_another(chooser_of, standing):
    chooser = chooser_of(split(25))
    standing.decide(set_weights({"split": Weight(100, 25)}))
    assert chooser.provisional(letter()).backend == "new"

    chooser.adopt(split(25))
    kept = chooser.provisional(letter()).backend
    chooser.adopt(split(0))

    assert kept == "new"
    assert chooser.provisional(letter()).backend == "old"


def test_what_stays_stays_also_when_the_old_side_is_drained(chooser_of, standing):
    stay = [replace(rule("contracts", 0, senders=("@law.example",)))]
    chooser = chooser_of(split(0, stay=stay, rules=[rule("all", 100, senders=("@law.example",))]))
    assert chooser.provisional(letter(b"a@law.example")).rule == "contracts"

    standing.decide(drain_side("old"))

    assert chooser.provisional(letter(b"a@law.example")).backend == "old"
    assert chooser.provisional(letter()).backend == "new"
    standing.decide(resume)
    assert chooser.provisional(letter()).backend == "old"


def test_the_first_of_a_day_go_to_the_new_side_and_the_rest_to_the_old(chooser_of):
    capped = Rule("warm-up", 100, "message", cap=Cap("b", (3,)))
    chooser = chooser_of(split(100, rules=[capped]))
    google, yahoo = letter(ANNA, b"b@gmail.example"), letter(ANNA, b"b@yahoo.example")

    sides = [chooser.settled(google, header(b"<%d@x>" % number)).backend for number in range(5)]

    assert sides == ["new", "new", "new", "old", "old"]
    assert chooser.settled(yahoo, header()).backend == "new"
    assert chooser.settled(letter(ANNA, *[b"b@yahoo.example"] * 3), header()).backend == "old"


def test_a_cap_that_is_reached_is_known_at_the_first_recipient(chooser_of):
    chooser = chooser_of(split(100, rules=[Rule("warm-up", 100, "message", cap=Cap("b", (1,)))]))
    early, before = chooser.provisional(letter()), chooser.at_recipient(letter())

    chooser.settled(letter(), header())
    after = chooser.at_recipient(letter())

    assert (early.backend, early.settled, early.needs) == ("old", False, "recipient")
    assert (before.backend, before.settled, before.needs) == ("new", False, "header")
    assert (after.backend, after.settled) == ("old", True)


def test_a_cap_holds_for_the_share_of_its_rule(chooser_of):
    chooser = chooser_of(split(100, rules=[Rule("warm-up", 50, "sender", cap=Cap("b", (1_000,)))]))
    senders = [b"%d@sender.example" % number for number in range(200)]

    early = [chooser.at_recipient(letter(sender)) for sender in senders]
    final = [chooser.settled(letter(sender), header()) for sender in senders]

    assert all(one.backend == other.backend for one, other in zip(early, final, strict=True))
    assert {one.settled for one in early if one.backend == "old"} == {True}
    assert 60 < [one.backend for one in final].count("new") < 140


def test_what_was_not_accepted_is_given_back_to_the_cap(chooser_of):
    chooser = chooser_of(split(100, rules=[Rule("warm-up", 100, "message", cap=Cap("b", (1,)))]))
    first = chooser.settled(letter(), header())

    chooser.release(first)

    assert chooser.settled(letter(), header()).backend == "new"
    assert chooser.settled(letter(), header()).backend == "old"
