"""Checks in lists of restrictions."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from discovery.postfix import Override, Service, Setting
from discovery.postfix.braces import split_outside_braces
from discovery.postfix.tables import KINDS
from discovery.translation.detection.bench import Bench
from discovery.translation.detection.found import OWN_CLASS, RESTRICTION, Found

LISTS = re.compile(r"smtpd_(client|helo|sender|recipient|relay|data|end_of_data|etrn)_restrictions")
WITH_WORD = re.compile(
    r"check_\w+|reject_rbl(_client)?|reject_rhsbl\w*|permit_dnswl_client|permit_rhswl_client|sleep", re.IGNORECASE
)
IMPLIED: Mapping[str, str] = MappingProxyType({"client": "client", "helo": "helo", "sender": "sender", "etrn": "etrn"})
TABLE = re.compile(r"(?P<kind>[a-z]+):.+", re.DOTALL)


def find_restrictions(bench: Bench) -> Iterator[Found]:
    """Each check of each list, where it stands; lists in options of services are lists of their own."""
    for name, value, said, service in bench.values:
        if not LISTS.fullmatch(name) and name not in bench.classes:
            continue
        scope = bench.scope.within(service) if service else bench.scope
        asleep = bench.sleep_of(service) if service else ""
        place = f"{service.name}/{service.kind} {name}" if service else name
        for check, word in checks_in(scope.expanded(value), name):
            is_class = check in bench.classes
            kind, named = (OWN_CLASS, check) if is_class else (RESTRICTION, check.lower())
            line = line_of(said, word or check)
            yield Found(kind, named, f"{place} {word}".rstrip(), file_of(said, service), line, word, asleep=asleep)


def checks_in(text: str, name: str) -> Iterator[tuple[str, str]]:
    """`(check, its word)`; a table that stands alone is asked for what its list is about."""
    words = iter(split_outside_braces(text))
    for word in words:
        if is_table(word):
            about = LISTS.fullmatch(name)
            yield f"check_{IMPLIED.get(about[1] if about else '', 'recipient')}_access", word
        elif WITH_WORD.fullmatch(word) and word.lower() != "check_recipient_maps":
            yield word.lower(), next(words, "")
        else:
            yield word, ""


def is_table(word: str) -> bool:
    found = TABLE.fullmatch(word.removeprefix("proxy:"))
    return word.startswith("proxy:") or (found is not None and found["kind"] in KINDS)


def line_of(said: Setting | Override, text: str) -> int:
    return said.line_of(text) if isinstance(said, Setting) else said.line


def file_of(said: Setting | Override, service: Service | None) -> str:
    return said.file if isinstance(said, Setting) else service.file if service else ""
