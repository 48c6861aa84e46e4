"""How mail leaves: pools by the names of the generated configuration, addresses, and limits for each provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.sheets.facts import facts_on
from reports.sheets.proofs import file_proof, source_proof
from reports.sheets.today import fact_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk


def pools(desk: Desk) -> list[Block]:
    facts = facts_on("throttles")
    return [
        desk.prose("pools.lead"),
        desk.table("pools.addresses", _addresses(desk), "quarter", "third", "", annex="inventory"),
        _ways(desk),
        desk.table("pools.limits", _limits(desk, facts), "fifth", "sixth", "sixth", "", numbers=(1, 2)),
        desk.note("pools.community"),
    ]


def _ways(desk: Desk) -> Block:
    """The names of the generated configuration, which pages 12 and 13 use as well."""
    ways = desk.part("basis", "ways")
    if not ways:
        rows = fact_rows(desk, desk.part("basis", "pools"))
        return desk.table("pools.pools", rows, "fifth", "third", "", annex="inventory")
    proofs = {(row["target"], row["path"]): file_proof(desk, row) for row in desk.part("basis", "files")}
    rows = [
        [
            desk.mono(way["name"], proof=proofs.get((way["target"], way["path"]), "")),
            desk.cell(desk.words("pools.is_pool" if way["is_pool"] else "pools.is_single")),
            desk.cell(", ".join(way["members"]) or "-"),
            desk.cell(", ".join(way["addresses"]) or desk.words("estate.no_address")),
        ]
        for way in ways_out(desk)
    ]
    return desk.table("pools.ways", rows, "quarter", "fifth", "fifth", "", annex="inventory")


def _addresses(desk: Desk) -> list[list[Cell]]:
    return [
        [
            desk.mono(row["name"], proof=desk.read_in(row)),
            desk.mono(row["detail"][1] or "-"),
            desk.cell(row["detail"][0] or "-"),
        ]
        for row in desk.part("basis", "addresses")
    ]


def _limits(desk: Desk, facts: Mapping[str, Any]) -> list[list[Cell]]:
    proof = source_proof(desk, facts)
    return [
        [
            desk.cell(desk.words("pools.everybody") if row["provider"] == "*" else row["provider"], is_strong=True),
            desk.cell(row["connections"], proof=proof),
            desk.cell(row["deliveries"]),
            desk.own(desk.words.of(row["other"]) or "-"),
        ]
        for row in facts["rows"]
    ]


def ways_out(desk: Desk) -> list[Mapping[str, Any]]:
    """By the names of the generated configuration, pools first; until there is one, by the groups of today."""
    ways = sorted(desk.part("basis", "ways"), key=lambda row: (not row["is_pool"], not row["addresses"]))
    return ways or list(desk.part("basis", "pools"))
