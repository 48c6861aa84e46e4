"""Reads a handoff pack that somebody sends. Nothing in it is trusted before the verifier and the bounds have passed it.

Raises DomainError with the file that is wrong; the sentences say that nothing was restored.
"""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NoReturn

from core.audit import canonical
from core.errors import DomainError
from core.evidence import verify
from discovery.postfix.unpacking import BROKEN_ZIP
from reports.handoff.book import tables_file
from reports.handoff.contents import FORMAT, LINES, LISTS, ROWS
from reports.handoff.fields import fault_of_spreadsheet, faults_of_rows, limits, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engagements.evidence import Members
    from reports.handoff.rows import Rows

NOTHING = "Nothing was restored."
MOST_FAULTS = 10
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class SentPack:
    """A pack that holds: its files, what its manifest says, and the key that its seal was made with."""

    members: Members
    manifest: dict[str, Any]
    shape: dict[str, Any]
    tables: Rows
    key: str
    head: str

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["made_at"])


def read_pack(content: bytes) -> SentPack:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if fault := next(_faults_of(archive.infolist()), None):
                _refuse(fault)
            members = {one.filename: archive.read(one) for one in archive.infolist()}
    except BROKEN_ZIP as error:
        raise DomainError(f"The file is no ZIP, or it is damaged: {error}. {NOTHING}") from error
    try:
        return _verified(content, members)
    except (verify.UnreadableError, RecursionError) as error:
        raise DomainError(f"{str(error) or 'A file of the pack is nested too deeply.'} {NOTHING}") from error


def _refuse(sentence: str) -> NoReturn:
    raise DomainError(f"{sentence} {NOTHING}")


def _faults_of(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """What stands against unpacking, told by the directory of the ZIP alone."""
    bounds = limits()
    if len(entries) > bounds["files"]:
        yield f"The pack has {len(entries):,} files, more than {bounds['files']:,}."
    if sum(entry.file_size for entry in entries) > bounds["unpacked_bytes"]:
        yield f"The pack would unpack to more than {bounds['unpacked_bytes']:,} bytes."
    names: set[str] = set()
    for entry in entries:
        if entry.filename in names:
            yield f"{entry.filename[:80]} is in the pack twice."
        names.add(entry.filename)
        if reason := _why_not(entry):
            yield f"{entry.filename[: bounds['path_letters']]!r} {reason}."


def _why_not(entry: zipfile.ZipInfo) -> str:
    bounds, name = limits(), entry.filename
    if entry.is_dir() or not _is_plain(name) or len(name) > bounds["path_letters"]:
        return "is no plain path"
    if entry.flag_bits & 0x1 or stat.S_ISLNK(entry.external_attr >> 16):
        return "is encrypted or a link"
    most = bounds["spreadsheet_bytes" if name in bounds["spreadsheets"] else "file_bytes"]
    if entry.file_size > most:
        return f"would unpack to more than {most:,} bytes"
    is_large = entry.file_size > bounds["ratio_from_bytes"]
    if is_large and entry.file_size > bounds["ratio"] * max(entry.compress_size, 1):
        return f"would become more than {bounds['ratio']} times as large as it is packed"
    return ""


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return (
        not set(parts) & {"", ".", ".."}
        and "\\" not in name
        and "\0" not in name
        and name.isprintable()
        and not _DRIVE.match(name)
    )


def _verified(content: bytes, members: Members) -> SentPack:
    report = verify.verify(io.BytesIO(content))
    manifest = json.loads(members["manifest.json"])
    if manifest.get("handoff") != FORMAT:
        _refuse(f"This is no handoff pack of the format {FORMAT}: its manifest says otherwise.")
    _refuse_faults((f"{fault.place}: {fault.sentence}" for fault in report.faults), "The pack does not hold.")
    for name in (*LISTS, LINES, ROWS):
        _refuse_unspoken(name, members)
    shape = _strict(ROWS, members[ROWS])
    tables = _tables(shape, members[ROWS])
    if shape["code"] != manifest["engagement"]:
        _refuse(f"{ROWS} is about {shape['code']}, the manifest about {manifest['engagement']}.")
    _refuse_faults(chain(_faults_of_manifest(manifest), _faults_of_fields(members, tables)), "The pack can't be read.")
    shape = {**shape, "tables": sorted(tables)}
    return SentPack(members, manifest, shape, tables, report.key, report.head)


def _refuse_faults(faults: Iterable[str], end: str) -> None:
    if told := list(islice(faults, MOST_FAULTS)):
        raise DomainError(*told, f"{end} {NOTHING}")


def _faults_of_manifest(manifest: dict[str, Any]) -> Iterator[str]:
    if moment_of(manifest.get("made_at")) is None:
        yield "manifest.json does not say when the pack was made."
    for name in ("customer", "engagement"):
        if not isinstance(manifest.get(name), str) or not manifest[name].strip():
            yield f"manifest.json does not name the {name}."


def _faults_of_fields(members: Members, tables: Rows) -> Iterator[str]:
    """What no page could show, by file, table and row."""
    for name, rows in tables.items():
        yield from faults_of_rows(f"{ROWS}, table {name}", name, rows)
    yield from faults_of_rows(LINES, LINES, lines_in(members))
    for name in LISTS:
        yield from faults_of_rows(name, name, listed(members, name))
    for name in limits()["spreadsheets"]:
        if fault := fault_of_spreadsheet(name, members.get(name, b"")):
            yield fault


def lines_in(members: Members) -> list[Any]:
    return [json.loads(line) for line in members[LINES].splitlines() if line]


def listed(members: Members, name: str) -> list[Any]:
    """The rows of a list; what is no list is its only row."""
    value = json.loads(members[name])
    return value if isinstance(value, list) else [value]


def _refuse_unspoken(name: str, members: Members) -> None:
    if name not in members:
        _refuse(f"{name} is missing from the pack.")
    if _NUL.search(members[name]):
        _refuse(f"{name} holds the letter U+0000, which no database keeps.")


def _strict(name: str, content: bytes) -> dict[str, Any]:
    """A JSON object in its one spelling: what reads otherwise the second time is refused."""
    try:
        read = json.loads(content)
        is_plain = isinstance(read, dict) and canonical(read) == content
    except ValueError as error:
        raise DomainError(f"{name} is not JSON: {error}. {NOTHING}") from error
    if not is_plain:
        _refuse(f"{name} is not spelled as a portal spells it.")
    found: dict[str, Any] = read
    return found


def _tables(shape: dict[str, Any], content: bytes) -> Rows:
    known = tables_file()["format"]
    if set(shape) != {"format", "code", "tables"} or shape["format"] != known:
        _refuse(f"{ROWS} is not of the format {known} ({len(content):,} bytes).")
    found = shape["tables"]
    if not isinstance(found, dict) or not all(_is_table(rows) for rows in found.values()):
        _refuse(f"{ROWS} does not hold tables with rows.")
    if len(found.get("engagement", ())) != 1:
        _refuse(f"{ROWS} holds no engagement, or several.")
    tables: Rows = found
    return tables


def _is_table(rows: object) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
