"""What a pack is kept as once it is restored, and the pack made of that again: rows become rows, files stay files."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime

from core.audit import canonical
from core.errors import Conflict
from engagements.evidence import readable, zipped
from reports.handoff.contents import LINES, LISTS, ROWS, sealed_members
from reports.handoff.reading import lines_in, listed
from reports.models import RestoredFile, RestoredRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engagements.evidence import Members
    from reports.handoff.reading import SentPack
    from reports.models import RestoredEngagement

Row = dict[str, Any]
SEALED = ("manifest.json", "seal.json")
BATCH = 500


def keep_rows(restored: RestoredEngagement, pack: SentPack) -> None:
    tables = {**pack.tables, LINES: lines_in(pack.members)}
    tables |= {name: listed(pack.members, name) for name in LISTS}
    rows = (
        RestoredRow(restored=restored, table=name, position=position, fields=fields)
        for name, every in tables.items()
        for position, fields in enumerate(every)
    )
    RestoredRow.objects.bulk_create(rows, batch_size=BATCH)


def keep_files(restored: RestoredEngagement, pack: SentPack) -> None:
    made_of_rows = {ROWS, LINES, *LISTS, *SEALED}
    files = (
        RestoredFile(
            restored=restored,
            path=path,
            content=content,
            byte_count=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for path, content in pack.members.items()
        if path not in made_of_rows
    )
    RestoredFile.objects.bulk_create(files, batch_size=BATCH)


def pack_restored(restored: RestoredEngagement) -> bytes:
    """The same pack again, from the rows and files kept here, under the seal of the portal it came from.

    Raises Conflict with the file that is not what that portal sealed.
    """
    members = dict(sorted(_members(restored).items()))
    manifest = json.loads(bytes(restored.manifest))
    if changed := sorted(_changed(members, manifest["files"])):
        raise Conflict(
            *(f"{name} is not what was sealed any more." for name in changed),
            "Nothing was packed: restore the pack anew from the ZIP.",
        )
    at = parse_datetime(manifest["made_at"])
    if at is None:
        raise Conflict("The manifest does not say when the pack was made. Nothing was packed.")
    return zipped(sealed_members(members, bytes(restored.manifest), bytes(restored.seal)), at)


def _changed(members: Members, listed: dict[str, str]) -> Iterator[str]:
    for name in members.keys() | listed.keys():
        if name not in members or hashlib.sha256(members[name]).hexdigest() != listed.get(name):
            yield name


def _members(restored: RestoredEngagement) -> Members:
    tables = rows_by_table(restored)
    shape = restored.shape
    told = {name: tables.get(name, []) for name in shape["tables"]}
    [head] = tables["head.json"]
    return {
        **{file.path: bytes(file.content) for file in restored.files.all()},
        ROWS: canonical({**shape, "tables": told}),
        LINES: b"".join(canonical(row) + b"\n" for row in tables.get(LINES, ())),
        "documents.json": readable(tables.get("documents.json", ())),
        "signatures.json": readable(tables.get("signatures.json", ())),
        "head.json": canonical(head),
    }


def rows_by_table(restored: RestoredEngagement, *names: str) -> dict[str, list[Row]]:
    """In their order; of all tables without names."""
    rows: Iterable[RestoredRow] = restored.rows.order_by("table", "position")
    if names:
        rows = restored.rows.filter(table__in=names).order_by("table", "position")
    found: dict[str, list[Row]] = {name: [] for name in names}
    for row in rows:
        found.setdefault(row.table, []).append(row.fields)
    return found
