"""The data files of KumoMTA: they parse, their sections and keys are known, and values look as they have to."""

import ipaddress
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from discovery.syntax.names import Names
from discovery.syntax.report import Remark

AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
DURATION = re.compile(r"(\d+(\.\d+)?\s*[a-z]+\s*)+", re.ASCII)
RATE = re.compile(
    r"(local:)?[\d,_]+\s*/\s*(\d+\s*)?(s|sec|second|m|min|minute|h|hr|hour|d|day)s?(,max_burst=\d+)?", re.ASCII
)
HOST = re.compile(r"[A-Za-z0-9_.-]{1,255}", re.ASCII)
TLS = frozenset({"Opportunistic", "OpportunisticInsecure", "Required", "RequiredInsecure", "Disabled"})
PORTS = range(1, 65536)


def is_address(value: object) -> bool:
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


SHAPES: Mapping[str, tuple[str, Callable[[Any], bool]]] = MappingProxyType(
    {
        "any": ("a value", lambda _: True),
        "text": ("a text", lambda value: isinstance(value, str) and bool(value)),
        "texts": ("a list of texts", lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value)),
        "table": ("a table", lambda value: isinstance(value, dict)),
        "flag": ("true or false", lambda value: isinstance(value, bool)),
        "count": ("a whole number", is_count),
        "counts": (
            "a table of whole numbers",
            lambda value: isinstance(value, dict) and all(map(is_count, value.values())),
        ),
        "port": ("a port", lambda value: is_count(value) and value in PORTS),
        "duration": ("a duration such as 5 minutes", matches(DURATION)),
        "rate": ("a rate such as 100/min", matches(RATE)),
        "rates": (
            "a table of rates",
            lambda value: isinstance(value, dict) and all(map(matches(RATE), value.values())),
        ),
        "tls": (f"one of {', '.join(sorted(TLS))}", lambda value: isinstance(value, str) and value in TLS),
        "address": ("an IP address", is_address),
        "host": ("a host name", matches(HOST)),
    }
)


def toml_remarks(path: str, text: str, names: Names) -> Iterator[Remark]:
    """A file that does not parse has one remark; a file of an unknown name is only parsed."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = AT_LINE.search(str(error))
        line = int(place[1] or text.count("\n") + 1) if place else 0
        yield Remark(path, line, f"TOML: {AT_LINE.sub('', str(error))}.")
        return
    shape = names.files.get(path.rpartition("/")[2])
    if shape is not None:
        for trail, said in _differences(found, shape, names, ()):
            yield Remark(path, line_of(text, trail), said)


Trail = tuple[str, ...]


def _differences(found: Any, shape: Any, names: Names, trail: Trail) -> Iterator[tuple[Trail, str]]:
    where = ".".join(trail)
    if not isinstance(found, dict):
        yield trail, f"{where} has to be a section."
    elif isinstance(shape, str):
        yield from _key_differences(found, names.groups[shape], trail)
    else:
        for key, value in found.items():
            inner = shape.get(key, shape.get("*"))
            if inner is None:
                yield (*trail, key), f"The section {'.'.join((*trail, key))} is not known here."
            else:
                yield from _differences(value, inner, names, (*trail, key))


def _key_differences(found: Mapping[str, Any], group: Mapping[str, str], trail: Trail) -> Iterator[tuple[Trail, str]]:
    for key, value in found.items():
        if key not in group:
            yield (*trail, key), f"KumoMTA is not known to have {key} here."
            continue
        said, fits = SHAPES[group[key]]
        if not fits(value):
            yield (*trail, key), f"{key} has to be {said}, not {str(value)[:60]}."


def line_of(text: str, trail: Trail) -> int:
    """Where a key stands: below the header that names its section last; 0 where that cannot be told."""
    lines = text.splitlines()
    start = 0
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("[") and all(part in line for part in trail[:-1]):
            start = number
            if trail[-1] in line and len(trail) == line.count(".") + 1:
                return number
            break
    for number, line in enumerate(lines[start:], start=start + 1):
        if line.lstrip().startswith((trail[-1], f'"{trail[-1]}"')):
            return number
    return start
