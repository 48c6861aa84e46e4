"""The inventory as a table for spreadsheets: one row a fact, with its place. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from discovery.spreadsheets import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from discovery.estate import DossierRow, Estate, Row

HEADER = ("subject", "host", "instance", "name", "detail", "confidence", "file", "line")
# For each table: the word for a row, the field that names it, the fields that describe it.
DESCRIBED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "instances": ("instance", "name", ("config_directory", "relay_hosts")),
    "addresses": ("sending address", "address", ("reach", "transports", "helo_names", "reason")),
    "pools": ("pool", "name", ("kind", "members", "addresses", "reason")),
    "stream_proposals": ("stream proposal", "name", ("kind", "transports")),
    "domains": ("domain", "name", ("role", "parameter")),
    "tenants": ("tenant", "name", ("kind", "reason", "members")),
    "doors": ("TLS and AUTH", "name", ("direction", "tls", "protocols", "auth", "mechanisms")),
    "milters": ("milter", "product", ("socket", "function", "parameter", "service")),
    "filters": ("filter", "product", ("kind", "target", "program", "parameter", "service")),
    "transports": ("transport", "name", ("program", "bind_addresses", "helo_name", "argv")),
    "scripts": ("script", "path", ("kind", "language", "roles", "reads", "calls", "writes")),
    "cron_jobs": ("timed work", "command", ("schedule", "user", "kind")),
    "signing_keys": ("DKIM key", "domain", ("selector", "product", "signs", "key_path")),
    "maps": ("table", "path", ("kind", "parameter", "service")),
    "services": ("service", "name", ("kind", "command")),
    "parameters": ("parameter", "name", ("value",)),
    "problems": ("not understood", "subject", ("message",)),
    "missing_files": ("not in the bundle", "path", ("parameter", "note")),
}
Cells = tuple[str, ...]


def inventory_csv(estate: Estate) -> str:
    """Every fact, then what people added. No cell begins as a formula does."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows_of(estate))
    return text.getvalue()


def rows_of(estate: Estate) -> Iterator[Cells]:
    for stream in estate.streams:
        yield ("stream", "", "", stream.name, joined([stream.route, stream.route_reason, stream.purpose]), "", "", "")
    for table in DESCRIBED:
        yield from (fact_row(table, row) for row in getattr(estate, table))
    yield from (dossier_row(dossier) for dossier in estate.dossiers if not dossier.is_gone)


def fact_row(table: str, row: Row) -> Cells:
    word, name, details = DESCRIBED[table]
    detail = joined(shown(row.values[field]) for field in details)
    line = str(row.line) if row.line else ""
    confidence = str(row.values.get("confidence", ""))
    return (word, row.host, row.instance, shown(row.values[name]), detail, confidence, row.file, line)


def dossier_row(row: DossierRow) -> Cells:
    lines = f"{row.line_count} line{'' if row.line_count == '1' else 's'}" if row.line_count else ""
    detail = joined([row.kind, row.language, lines, f"source {row.source}", row.owner, row.note])
    return ("dossier", row.host, "", row.name, detail, "", "", "")


def shown(value: object) -> str:
    return " ".join(str(each) for each in value) if isinstance(value, (list, tuple)) else str(value or "")


def joined(parts: Iterable[str]) -> str:
    return "; ".join(part for part in parts if part)
