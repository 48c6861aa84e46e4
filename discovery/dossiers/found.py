"""Everything in the current uploads that wants a dossier, with what the files tell about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.dossiers.filters import filters_in
from discovery.dossiers.notes import SOURCE
from discovery.dossiers.programs import programs_in

if TYPE_CHECKING:
    from discovery.dossiers.notes import Notes
    from discovery.estate import Estate


def found_in(estate: Estate) -> list[Notes]:
    """Milters and policy daemons first, then programs; each once a host."""
    filters = list(filters_in(estate))
    return [*filters, *programs_in(estate, _sources(filters))]


def _sources(filters: list[Notes]) -> list[str]:
    return [shown.file for notes in filters for shown in notes.evidence if shown.what == SOURCE]
