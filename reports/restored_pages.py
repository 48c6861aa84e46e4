"""What of a restored engagement is read, as sheets of words: built from its rows and files alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from core.audit import describe
from core.models import AuditEvent
from core.wording import day_text, number_text, told
from discovery.models import Finding, Severity
from discovery.spreadsheets import plain_cell
from engagements.models import Engagement, FrozenDocument, Gate
from reports.handoff.contents import LINES
from reports.handoff.fields import day_of, moment_of, spreadsheet_rows
from reports.handoff.recurring import TABLES, grouped, newest_by, recurring_tasks
from reports.handoff.restoring import rows_by_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from django.db.models import TextChoices

    from reports.models import RestoredEngagement

Row = dict[str, Any]
MOST_ROWS = 500
MOST_DIGITS = 18
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
WITHHELD = "Held back: only the practice was told."


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`left` is how many rows are not shown, because the file of the pack holds them."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    left: int = 0
    empty: str = "Nothing of this is in the pack."


def _words(value: object) -> str:
    """Any value of a row in words; moments in the zone of the portal."""
    if value in (None, "", [], {}):
        return "-"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return number_text(value)
    text = str(value)
    if moment := moment_of(text):
        return told(moment)
    day = day_of(text) if _DAY.match(text) else None
    return day_text(day) if day else text


def _label(choices: type[TextChoices], value: object) -> object:
    """As this portal words it; what it does not know stays as the pack has it."""
    return dict(choices.choices).get(str(value), value)


def _sheet(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell | object]], **more: Any) -> Sheet:
    told_rows = [[one if isinstance(one, Cell) else Cell(_words(one)) for one in row] for row in rows[:MOST_ROWS]]
    return Sheet(title, header, told_rows, left=max(len(rows) - MOST_ROWS, 0), **more)


def _file(restored: RestoredEngagement, path: object, text: str = "") -> Cell:
    there = isinstance(path, str) and restored.files.filter(path=path).exists()
    return Cell(text or str(path), reverse("restored:file", args=[restored.code, path]) if there else "")


def overview(restored: RestoredEngagement) -> list[Sheet]:
    tables = rows_by_table(restored, "engagement", "gates", "questions")
    engagement = tables["engagement"][0]
    organization = engagement.get("organization") or {}
    about = [
        ("Customer", organization.get("name", restored.customer)),
        ("Title", engagement["title"]),
        ("Phase", _label(Engagement.Phase, engagement["phase"])),
        ("Target", _label(Engagement.Target, engagement.get("target"))),
        ("Code there", restored.origin_code),
        ("Packed", told(restored.made_at)),
        ("Restored here", f"{told(restored.restored_at)} by {restored.restored_by}"),
        ("Key of that portal", restored.key),
        ("Head of its ledger", restored.head),
    ]
    gates = [(row.get("number"), _label(Gate.State, row.get("state"))) for row in tables["gates"]]
    asked = [(row["text"], row.get("asked_at"), row.get("resolved_at")) for row in tables["questions"]]
    return [
        _sheet("The engagement", ("What", "Value"), about),
        _sheet("Gates", ("Gate", "State"), gates),
        _sheet("Questions", ("Question", "Asked", "Resolved"), asked),
    ]


def documents(restored: RestoredEngagement) -> list[Sheet]:
    tables = rows_by_table(restored, "documents.json", "signatures.json")
    frozen = [
        (
            _file(restored, row.get("file"), str(row.get("title"))),
            _label(FrozenDocument.Kind, row.get("kind")),
            row.get("version"),
            row.get("frozen_at"),
            row.get("digest"),
        )
        for row in tables["documents.json"]
    ]
    signed = [
        (row.get("reference"), row.get("signer_label"), row.get("signed_at"), bool(row.get("revocation")))
        for row in tables["signatures.json"]
    ]
    return [
        _sheet("Documents", ("Document", "Kind", "Version", "Frozen", "SHA-256"), frozen),
        _sheet("Signatures", ("Reference", "Signer", "Signed", "Revoked"), signed),
    ]


def history(restored: RestoredEngagement) -> list[Sheet]:
    rows = [
        (row.get("sequence"), row.get("at"), _sentence(row)) for row in reversed(rows_by_table(restored, LINES)[LINES])
    ]
    return [_sheet("History", ("Event", "When", "What"), rows)]


def _sentence(row: Row) -> str:
    if row.get("withheld"):
        return WITHHELD
    subject, data = row.get("subject"), row.get("data")
    label = subject[-1] if isinstance(subject, list) and subject else ""
    facts = data if isinstance(data, dict) else {}
    event = AuditEvent(
        action=str(row.get("action")), actor_label=str(row.get("actor_label")), subject_label=str(label), data=facts
    )
    return describe(event)


def runbooks(restored: RestoredEngagement) -> list[Sheet]:
    tables = rows_by_table(restored, *TABLES)
    newest = newest_by(tables["runbooks"], "key", "number")
    every = [(row["title"], row["number"], row["review_on"]) for row in newest]
    files = restored.files.filter(path__startswith="runbooks/").values_list("path", "byte_count").order_by("path")
    tasks = [
        (one.kind, ", ".join(one.subjects), one.due_on or "No day on record", one.basis)
        for one in grouped(recurring_tasks(tables))
    ]
    return [
        _sheet("Newest revisions", ("Runbook", "Revision", "Review by"), every),
        _sheet("In force, to read", ("File", "Bytes"), [(_file(restored, path), size) for path, size in files]),
        _sheet("What comes around again", ("Task", "Of", "Due on", "Why"), tasks),
    ]


def findings(restored: RestoredEngagement) -> list[Sheet]:
    rows = rows_by_table(restored, "findings")["findings"]
    told_rows = [
        (
            row["number"],
            row["title"],
            _label(Severity, row["severity"]),
            _label(Finding.State, row["state"]),
            row.get("host_label"),
            row.get("file"),
        )
        for row in rows
    ]
    return [_sheet("Findings", ("Number", "Finding", "Severity", "State", "Host", "File"), told_rows)]


def totals(restored: RestoredEngagement) -> list[Sheet]:
    runs = [
        (row.get("number"), row.get("covered_from"), row.get("covered_to"), row.get("done_at"))
        for row in rows_by_table(restored, "reconciliation_runs")["reconciliation_runs"]
    ]
    return [
        _sheet("Reconciliations", ("Run", "From", "To", "Done"), runs),
        *(_spreadsheet(restored, name, title) for name, title in _SPREADSHEETS.items()),
    ]


_SPREADSHEETS = {
    "totals.csv": "Recipients by day, side and provider in the last run",
    "suppressions.csv": "Suppression list",
    "training.csv": "Training",
}


def _spreadsheet(restored: RestoredEngagement, path: str, title: str) -> Sheet:
    file = restored.files.filter(path=path).first()
    header, *rows = list(spreadsheet_rows(bytes(file.content) if file else b"")) or [[]]
    told_rows = [[_number(plain_cell(cell)) for cell in row] for row in rows]
    return _sheet(title, [name.capitalize() for name in header], told_rows)


def _number(text: str) -> object:
    number = int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
    return text if number is None else number


def files(restored: RestoredEngagement) -> list[Sheet]:
    every = restored.files.values_list("path", "byte_count", "sha256").order_by("path")
    rows = [(Cell(path, reverse("restored:file", args=[restored.code, path])), size, sha) for path, size, sha in every]
    return [_sheet("Files", ("File", "Bytes", "SHA-256"), rows)]


PAGES: Mapping[str, tuple[str, Callable[[RestoredEngagement], list[Sheet]]]] = {
    "overview": ("Overview", overview),
    "documents": ("Documents", documents),
    "history": ("History", history),
    "runbooks": ("Runbooks", runbooks),
    "findings": ("Findings", findings),
    "totals": ("Totals", totals),
    "files": ("Files", files),
}


def tabs_of(restored: RestoredEngagement, current: str) -> Iterator[tuple[str, str, bool]]:
    for key, (title, _) in PAGES.items():
        yield title, reverse("restored:page", args=[restored.code, key]), key == current
