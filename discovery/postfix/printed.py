"""Prints of postconf as input: which files of a bundle are prints, and what a print of settings says."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.facts import Setting
from discovery.postfix.lines import Piece, join_blanks
from discovery.postfix.main_cf import MainCf, read_main
from discovery.postfix.master_cf import read_master
from discovery.postfix.parameters import catalogue, default_of

SETTINGS, SERVICES, OPTIONS, ALL_AS_JSON, DEFAULTS = "n", "M", "P", "j", "d"
NAMED = (
    re.compile(r"postconf[-_. ]*(?P<kind>[nMPdj])f?(?![a-zA-Z])"),
    re.compile(r"[^/]*\.-(?P<kind>[nMPdj])f?\.(?:txt|out|log)$"),
)
PRINTED_NAME = re.compile(r"(?P<name>[A-Za-z0-9_.-]+) =(?: .*)?")
PRINTED_OPTION = re.compile(r"\S+/(?:inet|unix|fifo|pass|unix-dgram)/\S+ =(?: .*)?")
SUFFIXES = ("", ".txt", ".out", ".log", ".json")
FEWEST_LINES = 3
LARGEST = 512 * 1024
KNOWN_SHARE = 0.7


def prints_of(bundle: Bundle) -> dict[str, str]:
    """`{path: n, M, P, j or d}` of every print, by its name or by what it holds."""
    kinds = {path: kind_of(file) for path, file in sorted(bundle.files.items())}
    return {path: kind for path, kind in kinds.items() if kind}


def kind_of(file: BundleFile) -> str:
    name = posixpath.basename(file.path)
    if name.endswith(".cf") or posixpath.splitext(name)[1] not in SUFFIXES or len(file.content) > LARGEST:
        return ""
    named = next((found["kind"] for pattern in NAMED if (found := pattern.match(name))), "")
    looks = kind_by_content(file.text) if named or name.endswith(SUFFIXES[1:]) else ""
    return looks if looks in {ALL_AS_JSON, OPTIONS} or not named else named


def kind_by_content(text: str) -> str:
    """A print has no comments and its names in order, which no main.cf or master.cf written by hand has."""
    if text.lstrip()[:1] in {"{", "["}:
        return ALL_AS_JSON if any(name in catalogue() for name, _ in json_pairs(text)) else ""
    lines = [line for line in text.split("\n") if line and not line.startswith(" ")]
    if len(lines) < FEWEST_LINES:
        return ""
    if all(PRINTED_OPTION.fullmatch(line) for line in lines):
        return OPTIONS
    names = [found["name"] for line in lines if (found := PRINTED_NAME.fullmatch(line))]
    if len(names) == len(lines):
        known = sum(default_of(name) is not None for name in names)
        return SETTINGS if names == sorted(names) and known >= KNOWN_SHARE * len(names) else ""
    master = read_master("", text)
    return SERVICES if not master.problems and len(master.services) == len(lines) else ""


def read_settings(file: BundleFile) -> MainCf:
    """A main.cf, or a print that stands for one. JSON names everything: of that, what is not the default."""
    if file.text.lstrip()[:1] not in {"{", "["}:
        return read_main(file.path, file.text)
    lines = file.text.split("\n")
    settings: list[Setting] = []
    at = 0
    for name, value in json_pairs(file.text):
        at = next((number for number in range(at, len(lines)) if json.dumps(name) in lines[number]), at)
        if value != default_of(name):
            piece = Piece(at + 1, lines[at])
            settings.append(Setting(name, join_blanks(value), file.path, at + 1, at + 1, (piece,)))
    return MainCf(file.path, tuple(settings), ())


def json_pairs(text: str) -> Iterator[tuple[str, str]]:
    """`(name, value)` of one JSON value, or of one a line: objects with a name and a value, or names with values."""
    try:
        values = [json.loads(text)]
    except (ValueError, RecursionError):
        values = [value for line in text.split("\n") if (value := json_line(line)) is not None]
    for value in values:
        yield from pairs_in(value)


def json_line(line: str) -> Any:
    try:
        return json.loads(line.strip().rstrip(","))
    except (ValueError, RecursionError):
        return None


def pairs_in(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from pairs_in(each) if isinstance(each, Mapping) else ()
    elif isinstance(value, Mapping) and isinstance(value.get("name"), str) and isinstance(value.get("value"), str):
        yield value["name"], value["value"]
    elif isinstance(value, Mapping):
        yield from ((name, text) for name, text in value.items() if isinstance(text, str))
