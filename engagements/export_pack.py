"""Everything kept about a customer, or about a person, in one ZIP: JSON per class, files, a manifest, plain words."""

from __future__ import annotations

import hashlib
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.audit import canonical, event_body
from core.models import AuditEvent
from core.record_classes import OWNER, RecordClass, Whose, models_of, record_classes
from engagements.models import Engagement
from engagements.records import told_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from engagements.models import DataExport

FORMAT = "gatepost-data/1"
WITHHELD = "(never given out)"
AT_ONCE = 200  # rows in memory
_FIRST_BYTES = {b"%PDF": ".pdf", b"\x89PNG": ".png", b"PK\x03\x04": ".zip"}
READ_ME = """\
What Gatepost keeps about {about}

records/       one JSON file a class of records: its title, what it holds, how long it is kept and why, and its rows
files/         files that rows point at, as they are kept
ledger/        who did what and when, one line an entry
manifest.json  the fingerprint (SHA-256) and size of every file above

Passwords, tokens, keys and other secrets are never given out: “{withheld}” stands in their place. What belongs to
other customers, and what the practice keeps for itself, is not in here. The pack was made on {made_at} and can be
taken from the portal until {expires_at}.
"""


class Sink(Protocol):
    def write(self, content: bytes, /) -> object: ...


class _Stream:
    """What a ZIP is written to that cannot go back in it."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._digest, self.size = sink, hashlib.sha256(), 0

    def write(self, content: bytes) -> int:
        self._sink.write(bytes(content))
        self._digest.update(content)
        self.size += len(content)
        return len(content)

    def flush(self) -> None:
        """Nothing waits here."""

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@dataclass
class Packed:
    sha256: str = ""
    byte_count: int = 0
    row_count: int = 0


@dataclass
class _Pack:
    archive: zipfile.ZipFile
    at: datetime
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: int = 0

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], None]]:
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, self.at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        with self.archive.open(info, "w", force_zip64=True) as out:

            def write(content: bytes) -> None:
                nonlocal size
                out.write(content)
                digest.update(content)
                size += len(content)

            yield write
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def add(self, name: str, content: bytes) -> str:
        with self.member(name) as write:
            write(content)
        return name


@dataclass(frozen=True, slots=True)
class _File:
    """A file that a row points at, read by itself: those of a class are not in memory together."""

    name: str
    model: type[models.Model]
    key: Any
    column: str

    def content(self) -> bytes:
        return bytes(self.model._base_manager.values_list(self.column, flat=True).get(pk=self.key) or b"")


def pack_export(
    export: DataExport, sink: Sink, *, at: datetime, expires_at: datetime, tell: Callable[[int, str], object]
) -> Packed:
    """Reads only. `sink` takes the bytes in their order; the rows are never in memory together."""
    stream = _Stream(sink)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # it needs write and flush alone
        pack = _Pack(archive, at)
        for one, rows in _parts(export):
            tell(pack.rows, one.title)
            _write_class(pack, one, rows)
        _write_ledger(pack, export)
        words = {"about": export.organization or export.person, "withheld": WITHHELD}
        readme = READ_ME.format(**words, made_at=f"{at:%Y-%m-%d %H:%M} UTC", expires_at=f"{expires_at:%Y-%m-%d}")
        pack.add("README.txt", readme.encode())
        about = {"format": FORMAT, "about": str(words["about"]), "made_at": at, "made_for": str(export.asked_by)}
        manifest = canonical({**about, "rows": pack.rows, "files": pack.files})
        pack.add("manifest.json", manifest)
    return Packed(stream.sha256, stream.size, pack.rows)


def _parts(export: DataExport) -> Iterator[tuple[RecordClass, list[models.QuerySet[Any]]]]:
    for one in record_classes():
        rows = _of_customer(one, export) if export.organization_id else _of_person(one, export)
        if rows:
            yield one, rows


def _of_customer(one: RecordClass, export: DataExport) -> list[models.QuerySet[Any]]:
    """As far as whoever asked may see them."""
    if one.key == "accounts.people":
        return [User.objects.filter(memberships__organization=export.organization_id).order_by("pk")]
    if one.whose != Whose.CUSTOMER:
        return []
    lookups = [(model, one.models[model._meta.label]) for model in models_of(one) if not one.is_inside(model)]
    return [
        _seen(model, export).filter(**{lookup: export.organization_id}).order_by("pk")
        for model, lookup in lookups
        if lookup and lookup != OWNER
    ]


def _seen(model: type[models.Model], export: DataExport) -> models.QuerySet[Any]:
    rows = model._default_manager.all()  # noqa: SLF001 (as the laws: the one that has visible_to)
    visible = getattr(rows, "visible_to", None)
    return visible(export.asked_by) if visible else model._base_manager.all()


def _of_person(one: RecordClass, export: DataExport) -> list[models.QuerySet[Any]]:
    return [
        model._base_manager.filter(**{one.people[model._meta.label]: export.person_id}).order_by("pk")
        for model in models_of(one)
        if model._meta.label in one.people
    ]


def _write_class(pack: _Pack, one: RecordClass, parts: list[models.QuerySet[Any]]) -> None:
    kept = {"days": one.retention.days, "since": one.retention.since, "reason": one.retention.reason}
    about = {"class": one.key, "title": one.title, "holds": one.holds, "kept": kept, "erasing": one.erasing}
    files: list[_File] = []
    with pack.member(f"records/{one.key}.json") as write:
        write(canonical(about)[:-1] + b',"rows":{')
        for place, rows in enumerate(parts):
            write((b"," if place else b"") + canonical(rows.model._meta.label) + b":[")
            for number, row in enumerate(rows.distinct().iterator(AT_ONCE)):
                write((b",\n" if number else b"\n") + canonical(_told(one, row, files)))
                pack.rows += 1
            write(b"]")
        write(b"}}")
    for file in files:
        pack.add(file.name, file.content())


def _told(one: RecordClass, row: models.Model, files: list[_File]) -> dict[str, Any]:
    told = {}
    for each in row._meta.concrete_fields:
        value = getattr(row, each.attname)
        if each.name in one.secret.get(row._meta.label, ()) or each.name.startswith("sealed"):
            told[each.attname] = WITHHELD if value else None
        elif isinstance(each, models.BinaryField):
            told[each.attname] = _pointed_at(row, each, value, files)
        else:
            told[each.attname] = value if _is_plain(value) else str(value)
    return told


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | list | dict)


def _pointed_at(row: models.Model, each: models.Field[Any, Any], value: Any, files: list[_File]) -> str:
    content = bytes(value or b"")
    ending = next((ending for first, ending in _FIRST_BYTES.items() if content.startswith(first)), ".bin")
    path = getattr(row, "path", "") or getattr(row, "filename", "")
    plain = re.sub(r"[^\w.-]+", "_", str(path)).strip("._")[-80:]
    name = f"files/{row._meta.label}/{row.pk}-{plain or each.name + ending}"
    files.append(_File(name, type(row), row.pk, each.attname))
    return name


def _write_ledger(pack: _Pack, export: DataExport) -> None:
    for name, events in _ledgers(export):
        with pack.member(f"ledger/{name}.jsonl") as write:
            for event in events.order_by("chain", "sequence").iterator(AT_ONCE):
                body = {key: value for key, value in event_body(event).items() if key != "salt"}
                write(canonical(body | {"digest": event.digest}) + b"\n")
                pack.rows += 1


def _ledgers(export: DataExport) -> Iterator[tuple[str, models.QuerySet[AuditEvent]]]:
    if export.person_id:
        subject = Q(subject_type="accounts.User", subject_id=str(export.person_id))
        yield "acts", AuditEvent.objects.filter(Q(actor=export.person_id) | subject)
        return
    for engagement in Engagement.objects.visible_to(export.asked_by).filter(organization=export.organization_id):
        yield engagement.code, told_events(export.asked_by, engagement)
