"""Sentences and sums that the records hold in English, said in the language of the plan. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from core.languages import FIRST
from discovery.questions.loading import load_book
from discovery.questions.values import UNKNOWN_WORDS
from pricing.calculation.books import read_file
from reports.sheets.rule_words import message_in, sentences_of_rules, sentences_of_the_dictionary
from reports.sheets.sentence_forms import filled, form_of
from reports.sheets.words import Words, all_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reports.sheets.sentence_forms import Form

LONGEST, LONGEST_MESSAGE = 1_000, 4_000  # of what can be a sentence of the records, and of what a rule says
_SEPARATORS = (". ", "; ", ", ")
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+")
# Places of rules that hold words of the records; what the others hold is the configuration's.
_IN_TURN = frozenset({"count", "detail", "each", "longest", "read", "said", "when"})
_REST = re.compile(r"(.+) and ([\d,]+) more", re.DOTALL)
_SOURCE, _REPLACEMENT, _LINES = "source: ", "on the target: ", re.compile(r"[\d,]+ lines?")
_SUM = r"\d[\d,]*(?:\.\d\d)?"


@cache
def _amounts() -> re.Pattern[str]:
    """In a currency of the price book, of whatever year."""
    codes = "|".join(sorted({re.escape(str(row["currency"])) for row in read_file("tiers.yaml")["tiers"]}))
    return re.compile(rf"\b({codes}) ({_SUM})(?: to (?:({codes}) )?({_SUM}))?( and more)?\b")


@cache
def _forms(section: str = "phrase") -> Sequence[tuple[Form, str]]:
    """Those with places, in the order of the files: the English form, and the key of the phrase."""
    keys = [key for key in all_texts() if key.startswith(f"{section}.")]
    found = [(form_of(str(all_texts()[key][FIRST])), key) for key in keys]
    return [(form, key) for form, key in found if form.names or section != "phrase"]


@cache
def _labels(language: str) -> Mapping[str, str]:
    """What is said as a whole, by the English text."""
    own = {
        str(texts[FIRST]): str(texts[language])
        for key, texts in all_texts().items()
        if key.startswith("label.") or (key.startswith("phrase.") and not form_of(str(texts[FIRST])).names)
    }
    return {**sentences_of_the_dictionary(language), **sentences_of_rules(language), **own}


def say(words: Words, text: str) -> str:
    """A sentence of the records; one that nobody translated stays as it is, but for its sums."""
    if words.language == FIRST or len(text) > LONGEST:
        return text
    said = _known(words, text)
    return say_amounts(words, text) if said is None else said


def say_stream(words: Words, name: str) -> str:
    """The name of a stream as the records made it up; a name that somebody gave stays."""
    return name if words.language == FIRST else _formed(words, name, "stream") or name


def say_answer(words: Words, row: Mapping[str, str]) -> str:
    """An answer that was chosen or counted; what somebody wrote stays as they wrote it."""
    is_written = row["question"] not in _not_written() and row["answer"] != UNKNOWN_WORDS
    return row["answer"] if is_written else say(words, row["answer"])


def say_component(words: Words, parts: Sequence[str]) -> list[str]:
    """What is known of a component; the language and the note are somebody's own words and stay.

    In the order of reports/content/estate_rows.py: its kind, then perhaps a language and how many lines, where that is
    from and who owns it, at last perhaps a note and what replaces it.
    """
    source = next((place for place, part in enumerate(parts) if place and part.startswith(_SOURCE)), len(parts))
    before, after = parts[1:source], parts[source + 2 :]
    written = {1} if before and (len(before) > 1 or not _LINES.fullmatch(before[0])) else set()
    if after and (len(after) > 1 or not after[0].startswith(_REPLACEMENT)):
        written.add(source + 2)
    return [part if place in written else say(words, part) for place, part in enumerate(parts)]


@cache
def _not_written() -> frozenset[str]:
    return frozenset(one.id for one in load_book().questions if one.choices or one.unit)


def _known(words: Words, text: str) -> str | None:
    """As it stands, as one of several sentences or items, or with a small letter where it begins."""
    said = _whole(words, text)
    if said is not None:
        return said
    if text.endswith(".") and not text.endswith("..") and (said := _known(words, text[:-1])) is not None:
        return f"{said}."
    for separator in _SEPARATORS:
        if separator in text and (said := _joined(words, text.split(separator), separator)) is not None:
            return said
    small = text[:1].lower() + text[1:]
    if small != text and (said := _known(words, small)) is not None:
        return said[:1].upper() + said[1:]
    return None


def _joined(words: Words, parts: Sequence[str], separator: str) -> str | None:
    """None as soon as one part is unknown."""
    known: list[str] = []
    for part in parts:
        said = _known(words, part)
        if said is None:
            return None
        known.append(said)
    return separator.join(known)


def _whole(words: Words, text: str) -> str | None:
    labels = _labels(words.language)
    if text in labels:
        return labels[text]
    if f"{text}." in labels:
        return labels[f"{text}."].removesuffix(".")
    return _formed(words, text, "phrase")


def _formed(words: Words, text: str, section: str) -> str | None:
    for form, key in _forms(section):
        met = form.met(text)
        if met is not None and (said := filled(words(key), met, lambda kind, value: _placed(words, kind, value))):
            return said
    return None


def _placed(words: Words, kind: str, value: str) -> str | None:
    if kind in _SAID_BY_KIND:
        return _SAID_BY_KIND[kind](words, value)
    if kind != "s":
        return value
    said = _known(words, value)
    if said is not None:
        return said
    shown = words.digits(value)
    amount = say_amounts(words, value)
    return shown if shown != value or value.isdigit() else amount if amount != value else None


def _day(words: Words, value: str) -> str | None:
    """Thu 14 May 2026, as core.wording writes it; None for what is no day."""
    try:
        return words.day(datetime.strptime(value, "%a %d %b %Y").date())  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None


def say_value(words: Words, text: str) -> str:
    """What core.wording made of a day, a moment or a number, or a sentence of the records."""
    if words.language == FIRST:
        return text
    day, comma, hour = text.partition(", ")
    shown = _day(words, day)
    return f"{shown}{comma}{hour}" if shown else words.digits(say(words, text))


def _items(words: Words, value: str) -> str:
    return ", ".join(say(words, item) for item in value.split(", "))


_SAID_BY_KIND: Mapping[str, Callable[[Words, str], str | None]] = {
    "t": say,
    "n": Words.digits,
    "d": _day,
    "l": _items,
}


def say_message(words: Words, finding: Mapping[str, str]) -> str:
    """What a rule said of a line; the line's own words stay as they are."""
    message = finding["message"]
    if words.language == FIRST or len(message) > LONGEST_MESSAGE:
        return message
    said = _formed(words, message, "message") or message_in(
        words.language, finding["title"], message, lambda name, value: _in_rule(words, name, value)
    )
    return message if said is None else said


def _in_rule(words: Words, name: str, value: str) -> str:
    """What stands in a place of a rule: what the records say in their own words, and whatever was read."""
    if name == "name":
        return _formed(words, value, "name") or _listed(words, name, value)
    if name == "methods":
        return value.replace(" and ", f" {words('range.and')} ")
    is_list = _REST.fullmatch(value) is not None
    return (_turned(words, value) if name in _IN_TURN and not is_list else None) or _listed(words, name, value)


def _turned(words: Words, value: str) -> str | None:
    """Each item of a list, or the whole; with the space before it where it has one."""
    text = value.strip()
    items = [_formed(words, item, "place") for item in text.split(", ")]
    known = [item for item in items if item is not None]
    said = ", ".join(known) if len(known) == len(items) else _formed(words, text, "place") or _known(words, text)
    return value.replace(text, said) if said else None


def _listed(words: Words, name: str, value: str) -> str:
    """A count or a share, a list with how many more there are, or a sentence of the parser's own."""
    if _COUNT.fullmatch(value) or value.endswith(" %") or name == "held":
        return words.digits(value)
    met = _REST.fullmatch(value)
    if met:
        listed = _turned(words, met[1]) if name in _IN_TURN else None
        return words("range.rest", listed=listed or met[1], count=words.digits(met[2]))
    return (_whole(words, value) if value.endswith(".") else None) or value


def say_amounts(words: Words, text: str) -> str:
    """USD 28,500, or USD 60,000 to 80,000 and more, as the language writes it, wherever it stands in a text."""
    if words.language == FIRST:
        return text
    return _amounts().sub(lambda met: _amount(words, met), text)


def _amount(words: Words, met: re.Match[str]) -> str:
    currency, low, other, high, more = met.groups()
    shown = f"{currency} {words.digits(low)}"
    if high:
        shown = f"{shown} {words('range.to')} {other + ' ' if other else ''}{words.digits(high)}"
    return f"{shown} {words('range.more')}" if more else shown
