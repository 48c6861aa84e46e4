"""Sentences and sums that the records hold in English, said in the language of the plan. Pure."""

from __future__ import annotations

import re
from functools import cache

from core.languages import FIRST
from reports.sheets.words import Words, all_texts

_PLACE = re.compile(r"\{(\d)(n?)\}")
_NUMBERS_ONLY = r"[\d,.]+"
_AMOUNT = re.compile(r"\b([A-Z]{3}) (\d[\d,]*(?:\.\d\d)?)\b")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """In the order of the file: the English form with a group for each place, and the key of the phrase."""
    found = []
    for key, texts in all_texts().items():
        if key.startswith("phrase."):
            found.append((_form_of(str(texts[FIRST])), key))
    return found


def _form_of(text: str) -> re.Pattern[str]:
    parts, end = [], 0
    for place in _PLACE.finditer(text):
        parts += [re.escape(text[end : place.start()]), f"({_NUMBERS_ONLY if place[2] else '.+'})"]
        end = place.end()
    return re.compile("".join([*parts, re.escape(text[end:])]), re.DOTALL)


def _filled(words: Words, text: str, met: re.Match[str]) -> str:
    return _PLACE.sub(lambda place: words.digits(met[int(place[1]) + 1]), text)


def say(words: Words, text: str) -> str:
    """A sentence of the records; one that nobody translated stays as it is, but for its sums."""
    if words.language == FIRST:
        return text
    labelled = words.label(text)
    if labelled != text:
        return labelled
    for pattern, key in _patterns():
        if met := pattern.fullmatch(text):
            return _filled(words, words(key), met)
    return say_amounts(words, text)


def say_amounts(words: Words, text: str) -> str:
    """USD 28,500 as the language writes it, wherever it stands in a text."""
    return _AMOUNT.sub(lambda met: f"{met[1]} {words.digits(met[2])}", text)
