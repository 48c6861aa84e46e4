import multiprocessing
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.proxy.choice import caps as caps_module
from delivery.proxy.choice.caps import Caps, cap_of_day
from delivery.proxy.choice.split import Cap
from delivery.proxy.control.command import main
from tests.delivery.proxy.helms import WORDS, Helm, free_port

NOON = 1_795_003_200.0
DAY = 86_400


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def caps(tmp_path, clock):
    found = Caps(tmp_path, clock)
    yield found
    found.close()


def test_a_day_holds_so_many_and_the_next_begins_anew(caps, clock):
    cap = Cap("a", (3,))
    first = [caps.take(cap, "google", 1) for _ in range(4)]

    clock.now += DAY

    assert first == [True, True, True, False]
    assert caps.take(cap, "google", 3)
    assert not caps.take(cap, "google", 1)


def test_providers_and_pools_are_counted_apart(caps):
    assert caps.take(Cap("a", (1,)), "google", 1)

    assert caps.take(Cap("a", (1,)), "yahoo", 1)
    assert caps.take(Cap("b", (1,)), "google", 1)
    assert not caps.take(Cap("a", (1,)), "google", 1)


def test_the_hour_and_the_day_both_have_to_have_room(caps, clock):
    cap = Cap("a", (5,), per_hour=2)
    hours = []
    for _ in range(3):
        hours.append([caps.take(cap, "google", 1) for _ in range(3)])
        clock.now += 3_600

    assert hours == [[True, True, False], [True, True, False], [True, False, False]]
    assert sorted(caps.used()) == [("a", "google", "day", 5)]


def test_a_message_whose_recipients_do_not_all_fit_counts_nothing(caps):
    cap = Cap("a", (3,))

    assert [caps.take(cap, "google", count) for count in (2, 2, 1)] == [True, False, True]


def test_counts_survive_a_restart(tmp_path, clock):
    before = Caps(tmp_path, clock)
    before.take(Cap("a", (1,)), "google", 1)
    before.close()

    after = Caps(tmp_path, clock)

    assert not after.take(Cap("a", (1,)), "google", 1)
    after.close()


def take_many(folder, taken):
    caps = Caps(folder, lambda: NOON)
    taken.put(sum(caps.take(Cap("a", (700,)), "google", 1) for _ in range(500)))
    caps.close()


def test_processes_share_one_count(tmp_path):
    context = multiprocessing.get_context("spawn")
    taken = context.Queue()
    processes = [context.Process(target=take_many, args=(tmp_path, taken)) for _ in range(3)]
    for process in processes:
        process.start()

    counts = [taken.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()

    assert sum(counts) == 700


def test_a_clock_that_is_set_back_opens_no_second_day(caps, clock):
    cap = Cap("a", (1,))
    assert caps.take(cap, "google", 1)

    clock.now -= DAY

    assert not caps.take(cap, "google", 1)


def test_a_clock_that_was_years_ahead_does_not_close_the_cap_until_then(caps, clock):
    cap = Cap("a", (1,))
    clock.now += 4_000 * DAY
    assert caps.take(cap, "google", 1)

    clock.now = NOON

    assert caps.take(cap, "google", 1)
    assert not caps.take(cap, "google", 1)


def test_what_is_given_back_after_its_hour_takes_nothing_from_the_next(caps, clock):
    cap = Cap("a", (5,), per_hour=2)
    caps.take(cap, "google", 2)
    before = clock.now
    clock.now += 3_600
    caps.take(cap, "google", 2)

    caps.give_back(cap, "google", 2, before)

    assert sorted(caps.used()) == [("a", "google", "day", 2), ("a", "google", "hour", 2)]


def test_a_warm_up_rises_day_by_day_and_keeps_its_last_figure():
    cap = Cap("a", (50, 100, 500), begins=date(2026, 11, 30))
    begin = (date(2026, 11, 30) - date(1970, 1, 1)).days

    assert [cap_of_day(cap, begin + day) for day in (-1, 0, 1, 2, 30)] == [0, 50, 100, 500, 500]


def test_where_no_more_names_fit_the_cap_counts_as_reached(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(caps_module, "SLOTS", 4)
    caps = Caps(tmp_path, clock)

    taken = [caps.take(Cap("a", (1,)), f"provider {number}", 1) for number in range(6)]

    assert taken == [True] * 4 + [False] * 2
    caps.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    cap=st.integers(0, 20),
    acts=st.lists(st.tuples(st.sampled_from(["take", "give_back"]), st.integers(1, 5)), max_size=30),
)
def test_there_are_never_more_out_than_the_cap_and_never_fewer_than_none(tmp_path_factory, cap, acts):
    caps, out = Caps(tmp_path_factory.mktemp("caps"), lambda: NOON), []
    one = Cap("a", (cap,))

    for act, count in acts:
        if act == "take" and caps.take(one, "google", count):
            out.append(count)
        elif act == "give_back" and out:
            caps.give_back(one, "google", out.pop(), NOON)

    assert sum(out) <= cap
    assert sum(used for *_, used in caps.used()) == sum(out)
    caps.close()


CAPPED = """
[[split.rules]]
name = "warm-up"
provider = ["Google"]
new = 100
pool = "b"
per_day = 5
per_hour = 9
"""


def status_of_one_that_took(count, folder, capsys):
    words = WORDS.format(port=free_port()).replace("[control]", f"{CAPPED}[control]")
    with Helm(folder, words=words) as helm:
        cap = helm.configuration.split.rules[1].cap
        taken = [helm.steering.caps.take(cap, "google", 1) for _ in range(count)]
        main(["--config", str(helm.path), "status"])
    return taken, capsys.readouterr().out


def test_status_says_that_a_full_cap_holds_its_rule_and_where_the_rest_goes(tmp_path, capsys):
    taken, said = status_of_one_that_took(6, tmp_path, capsys)

    assert taken == [True] * 5 + [False]
    assert "  partners: 100 % new\n" in said
    assert "  warm-up: 100 % new, up to the cap of b; what is above it goes to the old side\n" in said
    assert "  b, google, this day: 5 of 5 recipients. Full: the cap holds it, and the rest goes to the old side" in said
    assert "old side until the next day (UTC) begins.\n" in said
    assert "  b, google, this hour: 5 of 9 recipients\n" in said


def test_status_calls_no_cap_full_that_has_room(tmp_path, capsys):
    _, said = status_of_one_that_took(4, tmp_path, capsys)

    assert "  b, google, this day: 4 of 5 recipients\n" in said
    assert "Full" not in said
