"""Lines that were not understood, with file and line, without anybody's address in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

ADDRESS = re.compile(rb"[^\s<>@=,;:\"']+@[^\s<>@,;:\"')]+")
NETWORK = re.compile(rb"\[[0-9a-fA-F.:]{3,}\]")
LONGEST = 240


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    line: int
    text: str


def sample_lines(name: str, block: bytes, first_line: int, strange: list[bytes]) -> list[Sample]:
    """Where each strange line stands in a block that begins at `first_line`."""
    samples, place, number = [], 0, first_line
    for line in strange:
        found = block.find(line, place)
        if found < 0:
            found = block.find(line)
            number = first_line + block.count(b"\n", 0, max(found, 0))
        else:
            number += block.count(b"\n", place, found)
            place = found
        samples.append(Sample(name, number, masked(line)))
    return samples


def masked(line: bytes, *, spared: Collection[bytes] = (), longest: int = LONGEST) -> str:
    """The line with addresses of people and systems blotted out but those `spared`, shortened, and printable."""

    def blot(found: re.Match[bytes]) -> bytes:
        return found[0] if found[0].lower() in spared else b"(address)"

    text = NETWORK.sub(b"[address]", ADDRESS.sub(blot, line))[:longest].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
