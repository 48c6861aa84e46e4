"""However much an upload holds, a lookup ends in its time, says how far it came, and keeps no more than people read."""

from itertools import count

import pytest

from discovery.lookup.clock import Clock
from discovery.lookup.desks import branches_of, choose_branch
from discovery.lookup.lookup import look_up
from discovery.postfix.bundle import Bundle
from discovery.postfix.scope import Scope

LOOKS = 400  # as often the time may be looked at before it is over
ROWS = 3000


def desk_of(main, **tables):
    files = {f"etc/postfix/{name}": text.encode() for name, text in {"main.cf": main, **tables}.items()}
    return choose_branch(branches_of(Bundle.of(files))).desk()


def ticking(looks=LOOKS):
    """A clock that moves on by one with each look, and is never looked at for nothing."""
    return Clock(looks, now=count().__next__)


def names(amount=ROWS):
    return "".join(f"d{number}.example\n" for number in range(amount))


def networks():
    return "".join(f"10.{number // 250}.{number % 250}.0/24\tOK\n" for number in range(ROWS))


@pytest.mark.parametrize(
    ("main", "parameter", "key", "tables", "how_far"),
    [
        ("relay_domains = /etc/postfix/t\n", "relay_domains", "a.example", {"t": names()}, "elements of the list"),
        ("mynetworks = /etc/postfix/t\n", "mynetworks", "192.0.2.1", {"t": networks()}, "elements of the list"),
        (f"mynetworks = {networks().replace(chr(10), ' ')}\n", "mynetworks", "192.0.2.1", {}, "elements of the list"),
        ("mydestination = /etc/postfix/t\n", "mydestination", "x", {"t": "/etc/postfix/none\n" * ROWS, "none": ""},
         "0 elements of the list"),
        ("mydestination = /etc/postfix/t\n", "mydestination", "x", {"t": "/etc/postfix/t\n" * 50},
         "elements of the list"),
        ("mynetworks = cidr:/etc/postfix/t\n", "mynetworks", "192.0.2.1", {"t": networks()}, "0 elements"),
        ("smtpd_client_restrictions = check_client_access cidr:/etc/postfix/t\n", "check_client_access", "192.0.2.1",
         {"t": networks()},
         "rules of etc/postfix/t had been read"),
        ("header_checks = pcre:/etc/postfix/t\n", "header_checks", "Subject: x", {"t": "/a/ OK\n" * ROWS},
         "rules of etc/postfix/t had been read"),
        ("transport_maps = hash:/etc/postfix/t\n", "transport_maps", "a@b.example", {"t": "a@b.example\n" * ROWS},
         "rows of etc/postfix/t had been compared"),
        ("alias_maps = hash:/etc/postfix/t\n", "alias_maps", "anna", {"t": "x: y\n" * ROWS},
         "rows of etc/postfix/t had been read"),
        (f"transport_maps = {'static:x ' * ROWS}\n", "transport_maps", "a@b.example", {}, "seconds; what is left"),
        (f"smtpd_sender_restrictions = {'reject ' * ROWS}\n", "check_sender_access", "a@b.example", {}, "seconds;"),
        ("mydestination = /etc/postfix/t\ntransport_maps = hash:/etc/postfix/u\nalias_maps = hash:/etc/postfix/u\n",
         "virtual_alias_maps", "a@b.example", {"t": names(), "u": ""}, "searches had been made"),
    ],
)  # fmt: skip
def test_whatever_is_long_is_read_by_the_clock(main, parameter, key, tables, how_far):
    clock = ticking()

    found = look_up(desk_of(main, **tables), parameter, key, clock=clock)

    said = found.doubts[-1].found.note
    assert found.outcome == "open"
    assert said.startswith("The lookup was ended after 400 seconds")
    assert how_far in said
    assert clock.now() < LOOKS + 50


def test_a_list_that_was_cut_off_says_how_many_elements_were_compared():
    whole = look_up(desk_of("relay_domains = /etc/postfix/t\n", t=names(100)), "relay_domains", "d99.example")
    cut = look_up(
        desk_of("relay_domains = /etc/postfix/t\n", t=names(100)), "relay_domains", "d99.example", clock=ticking(90)
    )

    assert whole.outcome == "fired"
    assert whole.hit.found.line == 100
    assert cut.outcome == "open"
    assert cut.hit is None
    compared = sum(not step.found.is_open for step in cut.rounds[0].steps)
    assert cut.doubts[0].found.note == (
        f"The lookup was ended after 90 seconds when {compared} elements of the list had been compared; "
        "what is left was not tried."
    )


def test_of_a_long_list_the_first_misses_are_kept_with_the_hit_and_the_rest_is_counted():
    desk = desk_of("relay_domains = /etc/postfix/t\n", t=names())

    (searched,) = look_up(desk, "relay_domains", "d2999.example").rounds
    told = look_up(desk, "relay_domains", "d2999.example").as_json()["searches"][0]

    assert len(searched.steps) == 201
    assert searched.left_out == ROWS - 201
    assert searched.hit.found.line == ROWS
    assert (len(told["steps"]), told["left_out"]) == (201, ROWS - 201)


def test_of_many_files_that_are_absent_no_more_are_kept_and_the_answer_stays_open():
    desk = desk_of("relay_domains = /etc/postfix/t\n", t=names(300) + "/absent\n" * ROWS)

    found = look_up(desk, "relay_domains", "a.example")

    assert found.outcome == "open"
    assert len(found.doubts) == 1
    assert len(found.rounds[0].steps) == 201
    assert found.rounds[0].left_out == 300 + ROWS - 201


def test_many_searches_share_one_room():
    rows = "".join(f"u{number}@a.example u{number + 1}@a.example\n" for number in range(900))
    tables = ", ".join(["inline:{x=y}"] * 9 + ["hash:/etc/postfix/t"])
    main = f"virtual_alias_maps = {tables}\nvirtual_alias_recursion_limit = 1000\n"

    found = look_up(desk_of(main, t=rows), "virtual_alias_maps", "u0@a.example")

    misses = [step for each in found.rounds for step in each.steps if not step.found.is_found]
    assert found.ends == ("u900@a.example",)
    assert len([each for each in found.rounds if each.hit]) == 900
    assert len(misses) < 2000
    assert sum(each.left_out for each in found.rounds) > 5000
    assert found.text_of(found.hit) == "u899@a.example u900@a.example"


def test_a_list_is_prepared_once_and_not_for_every_element(monkeypatch):
    asked = []
    real = Scope.get
    monkeypatch.setattr(Scope, "get", lambda self, name: asked.append(name) or real(self, name))
    desk = desk_of("relay_domains =\n  " + names().replace("\n", "\n  ") + "\n")
    asked.clear()

    found = look_up(desk, "relay_domains", "d2999.example")

    assert found.hit.found.line == ROWS + 1
    assert len(asked) < 20


def test_a_word_of_a_value_is_found_on_its_line_in_whatever_form_it_stands():
    main = "name = b.example\nrelay_domains = a.example,\n  $name\n  hash:/x {inline:{c=d,\n  e=f}}\n  !x.example\n"
    desk = desk_of(main)

    steps = look_up(desk, "relay_domains", "nobody").rounds[0].steps

    assert [(step.table, step.found.line) for step in steps if step.found.file] == [
        ("a.example", 2),
        ("b.example", 2),
        ("!x.example", 6),
    ]


@pytest.mark.parametrize("limit", ["9" * 5000, "0" * 5000 + "12", "\u0665", "\u00b2", "-1", "1" * 10])
def test_a_limit_of_whatever_length_is_no_error(limit):
    desk = desk_of(
        f"virtual_alias_maps = inline:{{a@x.example=b@x.example}}\nvirtual_alias_recursion_limit = {limit}\n"
    )

    found = look_up(desk, "virtual_alias_maps", "a@x.example")

    assert (found.outcome, found.ends) == ("fired", ("b@x.example",))


def test_a_limit_with_zeros_before_it_is_kept_to():
    rows = "".join(f"u{number}@a.example u{number + 1}@a.example\n" for number in range(9))
    main = f"virtual_alias_maps = hash:/etc/postfix/t\nvirtual_alias_recursion_limit = {'0' * 5000}3\n"

    found = look_up(desk_of(main, t=rows), "virtual_alias_maps", "u0@a.example")

    assert [note for note in found.notes if "virtual_alias_recursion_limit = 3" in note]


@pytest.mark.parametrize("group", ["9" * 5000, "0" * 5000])
def test_a_rule_that_asks_for_a_group_of_whatever_number_is_left_out(group):
    table = f"/^(a)/ REJECT ${group}\n/^a/ WARN $0{'0' * 5000}\n/^a/ HOLD\n"
    desk = desk_of("header_checks = regexp:/etc/postfix/t\n", t=table)

    found = look_up(desk, "header_checks", "abc")

    assert (found.hit.found.value, found.hit.found.line) == ("HOLD", 3)
