"""What an answer may be, how it is read from what somebody typed, and how it is shown.

A value is a number, a text, a key of the choices, a list of such keys, or a day as 2026-11-30. None is no answer yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from discovery.questions.book import CHOICE, DATE, LONGEST_TEXT, NUMBER, SEVERAL, TEXT, YESNO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discovery.questions.book import Question

Value = int | str | list[str] | None
UNKNOWN_WORDS = "I do not know"
DIGITS = re.compile(r"\d{1,3}(?:[ ,.'_\u00a0\u202f]\d{3})+|\d+")
LONGEST_NUMBER = 15
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
    """The value that was typed or sent. Raises AnswerError."""
    if typed is None or not str(typed).strip() or typed == []:
        return None
    return _READERS[question.kind](question, typed)


def _number(question: Question, typed: str | int | Sequence[str]) -> Value:
    text = str(typed).strip()
    if not text:
        return None
    if not DIGITS.fullmatch(text) or not text.isascii():
        raise AnswerError(f"Enter a whole number of {question.unit}, for example {max(question.least, 1):,}.")
    digits = re.sub(r"\D", "", text)
    if len(digits) > LONGEST_NUMBER or not question.least <= int(digits) <= question.most:
        raise AnswerError(f"Enter a number between {question.least:,} and {question.most:,}.")
    return int(digits)


def _text(_question: Question, typed: str | int | Sequence[str]) -> Value:
    text = str(typed).replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LONGEST_TEXT:
        raise AnswerError(f"Shorten this to {LONGEST_TEXT:,} characters; it has {len(text):,}.")
    return text or None


def _choice(question: Question, typed: str | int | Sequence[str]) -> Value:
    key = _key(question, str(typed))
    if key is None:
        raise AnswerError(f"Choose one of: {'; '.join(question.choices.values())}.")
    return key


def _several(question: Question, typed: str | int | Sequence[str]) -> Value:
    words = SEPARATOR.split(typed.strip()) if isinstance(typed, str) else [str(each) for each in _listed(typed)]
    keys = [_key(question, word) for word in words if word]
    if None in keys:
        raise AnswerError(f"Choose among: {'; '.join(question.choices.values())}.")
    return [key for key in question.choices if key in keys]


def _listed(typed: int | Sequence[str]) -> Sequence[str]:
    return [str(typed)] if isinstance(typed, int) else typed


def _day(_question: Question, typed: str | int | Sequence[str]) -> Value:
    try:
        return date.fromisoformat(str(typed).strip()).isoformat()
    except ValueError:
        raise AnswerError("Enter a day as year, month and day, for example 2026-11-30.") from None


def _key(question: Question, word: str) -> str | None:
    wanted = word.strip().lower()
    return next((key for key, label in question.choices.items() if wanted in {key, label.lower()}), None)


_READERS: dict[str, Callable[[Question, str | int | Sequence[str]], Value]] = {
    NUMBER: _number,
    TEXT: _text,
    CHOICE: _choice,
    YESNO: _choice,
    SEVERAL: _several,
    DATE: _day,
}


def value_text(question: Question, value: Value) -> str:
    """The value in words: `6 addresses`, the labels of what was chosen, the text itself."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,} {question.unit}"
    if isinstance(value, list):
        return "; ".join(question.choices.get(key, key) for key in value)
    return question.choices.get(value, value)


def given_text(question: Question, given: Given) -> str:
    return UNKNOWN_WORDS if given.is_unknown else value_text(question, given.value)
