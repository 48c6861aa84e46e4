"""What earlier transactions of a message mean for the one at hand."""

import pytest

from delivery.proxy.journal import Entry, Key, retries
from delivery.proxy.journal.keys import marks_of

ANN, BOB, CAM = b"ann@x.example", b"bob@x.example", b"cam@x.example"
SAME, OTHER = "ab", "cd"


def key(*recipients, is_named=True):
    return Key(7, marks_of(7, recipients), is_named)


def entry(outcome, *recipients, backend="new", digest=SAME, hearing="heard"):
    about = (backend, "split", "192.0.2.1", "main", "", b"", recipients, b"", 9, digest)
    return Entry("a-1", 7, 5, *about, outcome, b"250 ok", None, hearing=hearing)


@pytest.mark.parametrize(
    ("one", "with_id", "without"),
    [
        (entry("open", ANN), True, True),
        (entry("unknown", ANN), True, True),
        (entry("refused", ANN), False, False),
        (entry("accepted", ANN, hearing="heard"), True, False),
        (entry("accepted", ANN, hearing="listening"), True, False),
        (entry("accepted", ANN, hearing="left"), True, False),
        (entry("accepted", ANN, hearing="broken"), True, True),
    ],
)
def test_without_an_id_only_what_the_client_cannot_have_heard_is_the_same_message(one, with_id, without):
    assert bool(retries.binding(key(ANN), [one])) is with_id
    assert bool(retries.binding(key(ANN, is_named=False), [one])) is without


def test_an_unknown_outcome_that_was_released_binds_nobody():
    kept, released = entry("unknown", ANN), entry("unknown", ANN, hearing="released")

    assert retries.binding(key(ANN), [kept, released]) == (kept,)


def test_an_unknown_outcome_holds_the_side_before_one_that_was_accepted():
    unheard, lost = entry("accepted", ANN, hearing="broken"), entry("unknown", ANN, backend="old")

    assert retries.pinned_side([lost, unheard]) == "old"
    assert retries.pinned_side([unheard]) == "new"
    assert retries.pinned_side([entry("accepted", ANN), entry("open", ANN)]) is None


def test_a_retry_is_answered_where_every_recipient_was_accepted_with_this_content():
    first, second = entry("accepted", ANN), entry("accepted", BOB)

    assert retries.repeated(key(BOB, ANN), [first, second], SAME) is second
    assert retries.repeated(key(ANN, CAM), [first, second], SAME) is None
    assert retries.repeated(key(ANN), [first], OTHER) is None
    assert retries.repeated(key(ANN), [entry("unknown", ANN)], SAME) is None


@pytest.mark.parametrize(
    ("one", "to_new", "to_old"),
    [
        (entry("open", ANN), True, True),
        (entry("open", ANN, digest=OTHER), False, False),
        (entry("unknown", ANN), False, True),
        (entry("unknown", ANN, digest=OTHER), False, True),
        (entry("accepted", ANN, BOB, hearing="broken"), False, True),
        (entry("accepted", ANN, BOB, hearing="broken", digest=OTHER), False, False),
        (entry("accepted", ANN, BOB), False, False),
    ],
)
def test_what_may_be_at_the_other_side_or_is_under_way_is_put_off(one, to_new, to_old):
    assert retries.forbids([one], SAME, "new") is to_new
    assert retries.forbids([one], SAME, "old") is to_old


def test_who_may_have_it_already_is_named_in_the_order_of_the_envelope():
    bound = [entry("unknown", CAM), entry("accepted", ANN), entry("accepted", BOB, digest=OTHER), entry("open", BOB)]

    assert retries.doubled(key(ANN, BOB, CAM), bound, [ANN, BOB, CAM], SAME) == [ANN, CAM]
