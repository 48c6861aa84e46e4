from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from discovery.component_sheet import read_sheet
from discovery.domain.add_dossier import enter_dossier
from discovery.domain.lock_dossier import DossierFacts, lock_for_dossiers
from discovery.domain.receive_upload import refuse_while_locked
from discovery.models import ComponentImport, Dossier
from discovery.postfix import mask_file
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from discovery.component_sheet import SheetRow
    from engagements.models import Engagement

MOST_SENTENCES = 30


@transaction.atomic
def import_components(engagement: Engagement, *, filename: str, content: bytes, actor: User) -> ComponentImport:
    """Enter every row of a CSV file and keep the file; with a single wrong row nothing is entered.

    Raises GateClosed while nothing can be uploaded, DomainError with one sentence for each thing that is wrong, by the
    number of its row.
    """
    engagement = lock_for_dossiers(engagement.pk, actor=actor)
    refuse_while_locked(engagement)
    masked = mask_file("components.csv", content, key=settings.FINGERPRINT_KEY.encode()).content
    sheet = read_sheet(masked, kinds=dict(Dossier.Kind.choices), sources=dict(Dossier.Source.choices))
    _refuse(sheet.problems)
    _enter(engagement, sheet.rows, actor)
    latest = ComponentImport.objects.filter(engagement=engagement).aggregate(latest=Max("number"))["latest"] or 0
    kept = ComponentImport.objects.create(
        engagement=engagement,
        number=latest + 1,
        filename=_plain_name(filename),
        content=masked,
        sha256=hashlib.sha256(content).hexdigest(),
        row_count=len(sheet.rows),
        imported_by=actor,
        imported_at=timezone.now(),
    )
    record("component.imported", subject=kept, actor=actor, count=kept.row_count, sha256=kept.sha256)
    mark_stale(engagement, actor=actor)
    return kept


def _enter(engagement: Engagement, rows: Sequence[SheetRow], actor: User) -> None:
    problems = []
    for row in rows:
        try:
            enter_dossier(engagement, facts=_facts(row), host_label=row.cells["host"], actor=actor)
        except DomainError as error:
            problems += [f"Row {row.number}: {reason}" for reason in error.reasons]
    _refuse(problems)


def _facts(row: SheetRow) -> DossierFacts:
    cells = row.cells
    return DossierFacts(
        kind=cells["kind"],
        name=cells["name"],
        owner=cells["owner"],
        language=cells["language"],
        line_count=int(cells["lines"]) if cells["lines"] else None,
        source=cells["source"],
        note=cells["note"],
    )


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - MOST_SENTENCES
        rest = [f"And {more} more."] if more > 0 else []
        raise DomainError("Nothing was imported.", *problems[:MOST_SENTENCES], *rest)


def _plain_name(filename: str) -> str:
    name = posixpath.basename(filename.replace("\\", "/"))
    return "".join(letter for letter in name if letter.isprintable())[:200] or "components.csv"
