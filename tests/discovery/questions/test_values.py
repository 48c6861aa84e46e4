"""What somebody types, and what becomes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.questions.loading import load_book
from discovery.questions.values import AnswerError, Given, given_text, read_value, value_text

BOOK = load_book()
HOSTS, TEXT, KEEP, WAYS, LOGIN, FROM = (
    BOOK.find(name) for name in ("send_hosts", "change_windows", "keep_ips", "inject_ways", "auth_login", "freeze_from")
)


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (HOSTS, "6", 6),
        (HOSTS, " 1,200 ", 1200),
        (HOSTS, "1 200", 1200),
        (HOSTS, "1.200", 1200),
        (HOSTS, 6, 6),
        (HOSTS, "", None),
        (HOSTS, "  ", None),
        (TEXT, "  Tuesdays\r\n9 to 11  ", "Tuesdays\n9 to 11"),
        (TEXT, "a\0b", "ab"),
        (TEXT, "a\ud800b", "ab"),
        (TEXT, "\ud83d", None),
        (KEEP, "new", "new"),
        (KEEP, "New addresses", "new"),
        (LOGIN, "Yes", "yes"),
        (WAYS, ["smtp", "command"], ["smtp", "command"]),
        (WAYS, "command; smtp", ["smtp", "command"]),
        (WAYS, "SMTP on port 25 from other hosts", ["smtp"]),
        (WAYS, [], None),
        (FROM, "2026-11-20", "2026-11-20"),
        (FROM, None, None),
    ],
)
def test_what_was_typed_is_read(question, typed, value):
    assert read_value(question, typed) == value


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        (HOSTS, "about six", "Enter a whole number of hosts, for example 1."),
        (HOSTS, "-3", "Enter a whole number of hosts, for example 1."),
        (HOSTS, "2.5", "Enter a whole number of hosts, for example 1."),
        (HOSTS, "0", "Enter a number between 1 and 10,000."),
        (HOSTS, "9" * 40, "Enter a number between 1 and 10,000."),
        (HOSTS, 10**400, "Enter a number between 1 and 10,000."),
        (HOSTS, "1" * 16, "Enter a number between 1 and 10,000."),
        (HOSTS, True, "Answer this with a text or a number, nothing else."),
        (TEXT, True, "Answer this with a text, nothing else."),
        (TEXT, 5, "Answer this with a text, nothing else."),
        (TEXT, ["a", "b"], "Answer this with a text, nothing else."),
        (LOGIN, ["yes"], "Answer this with a text, nothing else."),
        (TEXT, "x" * 4001, "Shorten this to 4,000 characters; it has 4,001."),
        (
            KEEP,
            "old",
            "Choose one of: The same addresses, moved at the cutover; New addresses; Some of each; Not decided yet.",
        ),
        (LOGIN, "maybe", "Choose one of: Yes; No."),
        (FROM, "20.11.2026", "Enter a day as year, month and day, for example 2026-11-30."),
    ],
)
def test_what_is_no_answer_is_said_in_a_sentence(question, typed, said):
    with pytest.raises(AnswerError) as refused:
        read_value(question, typed)

    assert str(refused.value) == said


@pytest.mark.parametrize("typed", [5, True, [["smtp"]], ["smtp", 5], ["smtp", "pigeon"], "smtp; pigeon"])
def test_of_several_choices_every_one_is_known(typed):
    with pytest.raises(AnswerError, match="Choose among: "):
        read_value(WAYS, typed)


def test_separators_alone_choose_nothing_and_are_no_answer():
    assert read_value(WAYS, " ; | ") is None


def attempt(question, typed):
    try:
        return read_value(question, typed)
    except AnswerError as refused:
        return refused


@given(st.sampled_from(BOOK.questions), st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(question, typed):
    outcome = attempt(question, typed)

    is_sentence = isinstance(outcome, AnswerError) and str(outcome).endswith(".")
    assert is_sentence or read_value(question, outcome) == outcome


def test_an_answer_is_shown_in_words():
    assert value_text(HOSTS, 1200) == "1,200 hosts"
    assert value_text(HOSTS, 1) == "1 host"
    assert value_text(WAYS, ["smtp", "command"]) == "SMTP on port 25 from other hosts; The sendmail or mail command"
    assert value_text(KEEP, "new") == "New addresses"
    assert given_text(HOSTS, Given(is_unknown=True)) == "I do not know"
    assert given_text(HOSTS, Given()) == ""


@pytest.mark.parametrize(
    ("given", "is_given"),
    [
        (Given(0), True),
        (Given("no"), True),
        (Given(is_unknown=True), True),
        (Given(), False),
        (Given([]), False),
        (Given(note="later"), False),
    ],
)
def test_not_to_know_is_an_answer_and_nothing_is_none(given, is_given):
    assert given.is_given == is_given
