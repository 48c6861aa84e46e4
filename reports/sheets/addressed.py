"""From which addresses the hosts send, and the name in HELO of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.sheets.blocks import Cell
    from reports.sheets.desk import Desk

LONGEST = 300


def host_rows(desk: Desk) -> list[list[Cell]]:
    """A row for each address of an instance, so that a name stands beside the address that says it."""
    return [row for instance in desk.part("estate", "instances") for row in _instance_rows(desk, instance)]


def _instance_rows(desk: Desk, row: Mapping[str, Any]) -> Iterator[list[Cell]]:
    proof = desk.read_in({**row, "place": row["directory"]})
    name = f"{row['host']}, {row['name']}"
    known = desk.words("estate.set", parameters=row["parameters"], services=row["services"])
    for place, (addresses, names) in enumerate(_pairs(desk, row)):
        yield [
            desk.cell(name, proof=proof) if place == 0 else desk.cell(name),
            desk.cell(known if place == 0 else ""),
            desk.listed(addresses, is_mono=True, longest=LONGEST),
            desk.listed(names, is_mono=True, longest=LONGEST),
        ]


def _pairs(desk: Desk, row: Mapping[str, Any]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Addresses and names as they belong together; without the reading of addresses, as the instance names them."""
    read = _read_of(desk, row)
    if not read:
        yield row["addresses"] or [desk.words("estate.no_address")], row["helo_names"] or [desk.words("estate.no_helo")]
        return
    said: set[str] = set()
    for address, names in read.items():
        said.update(names)
        yield [address], list(names) or [desk.words("estate.no_helo")]
    if unread := [address for address in row["addresses"] if address not in read]:
        yield unread, ["-"]
    if unbound := [name for name in row["helo_names"] if name not in said]:
        yield [desk.words("estate.not_bound")], unbound


def _read_of(desk: Desk, row: Mapping[str, Any]) -> dict[str, dict[str, None]]:
    """The names of each address of an instance, by what was read of its own folder where several share an address."""
    rows = [
        one for one in desk.part("basis", "addresses") if one["host"] == row["host"] and one["name"] in row["addresses"]
    ]
    own = [one for one in rows if one["place"].startswith(f"{row['directory']}/")]
    found: dict[str, dict[str, None]] = {}
    for one in own or rows:
        names = [name for name in one["detail"][1].split(", ") if name]
        found.setdefault(one["name"], {}).update(dict.fromkeys(names))
    return found
