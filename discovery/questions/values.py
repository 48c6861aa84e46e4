"""What an answer may be, how it is read from what somebody typed, and how it is shown.

A value is a number, a text, a key of the choices, a list of such keys, or a day as 2026-11-30. None is no answer yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.counting import counted
from discovery.questions.book import CHOICE, DATE, LONGEST_TEXT, NUMBER, SEVERAL, TEXT, YESNO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discovery.questions.book import Question

Value = int | str | list[str] | None
UNKNOWN_WORDS = "I do not know"
DIGITS = re.compile(r"\d{1,3}(?:[ ,.'_\u00a0\u202f]\d{3})+|\d+")
LONGEST_NUMBER = 15
UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
SEPARATOR = re.compile(r"\s*[;|\n]\s*")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered. With `is_unknown` there is no value; `note` is what they wrote beside it."""

    value: Value = None
    is_unknown: bool = False
    note: str = ""

    @property
    def is_given(self) -> bool:
        return self.is_unknown or self.value not in (None, "", [])


class AnswerError(ValueError):
    """Something typed is no answer to its question; the text is a sentence for the person who typed it."""


def read_value(question: Question, typed: str | int | Sequence[str] | None) -> Value:
    """The value that was typed or sent, whatever the sender's program made of it. Raises AnswerError."""
    if typed is None or typed == [] or (isinstance(typed, str) and not typed.strip()):
        return None
    if question.kind == SEVERAL:
        return _several(question, typed)
    if question.kind == NUMBER and isinstance(typed, int) and not isinstance(typed, bool):
        return _in_range(question, typed)
    if not isinstance(typed, str):
        raise AnswerError(f"Answer this with a text{' or a number' if question.kind == NUMBER else ''}, nothing else.")
    return _READERS[question.kind](question, typed)


def storable(text: str) -> str:
    """The text without what no database keeps: the NUL, and halves of characters."""
    return UNSTORABLE.sub("", text)


def _number(question: Question, typed: str) -> Value:
    text = typed.strip()
    if not DIGITS.fullmatch(text) or not text.isascii():
        raise AnswerError(number_wanted(question))
    digits = re.sub(r"\D", "", text)
    # No question goes beyond fifteen digits: sixteen are out of range, however many follow.
    return _in_range(question, int(digits[: LONGEST_NUMBER + 1]))


def _in_range(question: Question, number: int) -> Value:
    if not question.least <= number <= question.most:
        raise AnswerError(f"Enter a number between {question.least:,} and {question.most:,}.")
    return number


def number_wanted(question: Question) -> str:
    return f"Enter a whole number of {question.unit}, for example {max(question.least, 1):,}."


def _text(_question: Question, typed: str) -> Value:
    text = storable(typed.replace("\r\n", "\n")).strip()
    if len(text) > LONGEST_TEXT:
        raise AnswerError(f"Shorten this to {LONGEST_TEXT:,} characters; it has {len(text):,}.")
    return text or None


def _choice(question: Question, typed: str) -> Value:
    key = _key(question, typed)
    if key is None:
        raise AnswerError(f"Choose one of: {'; '.join(question.choices.values())}.")
    return key


def _several(question: Question, typed: str | int | Sequence[str]) -> Value:
    words = SEPARATOR.split(typed.strip()) if isinstance(typed, str) else typed
    wanted = AnswerError(f"Choose among: {'; '.join(question.choices.values())}.")
    if isinstance(words, int) or not all(isinstance(word, str) for word in words):
        raise wanted
    keys = set()
    for word in dict.fromkeys(words):
        key = _key(question, word) if word else ""
        if key is None:
            raise wanted
        keys.add(key)
    return [key for key in question.choices if key in keys] or None


def _day(_question: Question, typed: str) -> Value:
    try:
        return date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        raise AnswerError("Enter a day as year, month and day, for example 2026-11-30.") from None


def _key(question: Question, word: str) -> str | None:
    wanted = word.strip().lower()
    return next((key for key, label in question.choices.items() if wanted in {key, label.lower()}), None)


_READERS: dict[str, Callable[[Question, str], Value]] = {
    NUMBER: _number,
    TEXT: _text,
    CHOICE: _choice,
    YESNO: _choice,
    DATE: _day,
}


def value_text(question: Question, value: Value) -> str:
    """The value in words: `6 addresses`, `1 address`, the labels of what was chosen, the text itself."""
    if value is None:
        return ""
    if isinstance(value, int):
        return counted(value, question.unit_of_one, question.unit)
    if isinstance(value, list):
        return "; ".join(question.choices.get(key, key) for key in value)
    return question.choices.get(value, value)


def given_text(question: Question, given: Given) -> str:
    return UNKNOWN_WORDS if given.is_unknown else value_text(question, given.value)
