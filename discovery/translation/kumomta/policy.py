"""init.lua: what KumoMTA does with the data files beside it."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from discovery.translation.emission import Line, TargetFile, indented
from discovery.translation.kumomta.listeners import listeners
from discovery.translation.kumomta.quoting import lua_string
from discovery.translation.kumomta.sheet import POLICY, Sheet
from discovery.translation.sending import Origin

PATH = "init.lua"
SPOOL = "KumoMTA keeps two spools of its own, written to disk before mail is accepted; queue files cannot be copied"
FIRST = "mail that no entrance of an instance brought takes the ways of the first one"


def policy_file(sheets: tuple[Sheet, ...], *, has_checks: bool) -> TargetFile:
    return TargetFile(PATH, "--", tuple(policy_lines(sheets, has_checks=has_checks)))


def policy_lines(sheets: tuple[Sheet, ...], *, has_checks: bool) -> Iterator[Line]:
    yield from part("head")
    name = sheets[0].estate.name if sheets else ""
    rules = "require 'header_checks'" if has_checks else "{}"
    yield Line(f"local checks = {rules}", why="the rules of header_checks, by instance")
    yield Line(f"local INSTANCE = {lua_string(name)}", why=FIRST)
    yield Line(f"local POLICY = {lua_string(POLICY)}", why="where this folder lies on the new host")
    yield Line("")
    yield Line("kumo.on('init', function()", why="what is set up once, at the start")
    yield from indented(spools(sheets))
    yield from indented(part("start"))
    taken: set[str] = set()
    for sheet in sheets:
        yield from indented(listeners(sheet, taken, is_named=len(sheets) > 1))
    yield Line("end)")
    yield Line("")
    yield from part("data")
    yield from part("mail")
    if fallbacks := tuple(sheet for sheet in sheets if sheet.estate.fallback_relays.value):
        yield from part("fallback", tuple(origin for sheet in fallbacks for origin in origins_of_fallback(sheet)))


def spools(sheets: tuple[Sheet, ...]) -> Iterator[Line]:
    """`flush` because Postfix has mail on disk before it says 250."""
    origins = tuple(sheet.estate.spool.origin for sheet in sheets if sheet.estate.spool.origin)
    for name in ("data", "meta"):
        text = f"kumo.define_spool {{ name = '{name}', path = '/var/spool/kumomta/{name}', flush = true }}"
        yield Line(text, origins, SPOOL)


def origins_of_fallback(sheet: Sheet) -> tuple[Origin, ...]:
    origin = sheet.estate.fallback_relays.origin
    return (origin,) if origin else ()


def part(name: str, origins: tuple[Origin, ...] = ()) -> Iterator[Line]:
    """The statements of a part: why each is there stands above it, for it may be many lines."""
    for row in standing()[name]:
        first, *rest = row["text"].rstrip("\n").split("\n")
        yield Line(first, origins, row["why"], is_bare=True)
        yield from (Line(text) for text in rest)
        yield Line("")


@cache
def standing() -> Mapping[str, Any]:
    """The statements every policy holds."""
    loaded: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "policy.yaml").read_text(encoding="utf-8"))
    return loaded
