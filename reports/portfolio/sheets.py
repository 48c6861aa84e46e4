"""The figures, and the list behind each, as sheets. No cell begins as a formula does."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from core.wording import day_text
from discovery.spreadsheets import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.portfolio.facts import EngagementFacts
    from reports.portfolio.figures import Figure
    from reports.portfolio.items import Item
    from reports.portfolio.tables import GateDate, Project

FIGURES = ("figure", "shown", "count", "of", "counted are", "what it counts", "period")
ITEMS = ("engagement", "customer", "what", "detail", "begun", "stands at")
CONSTRUCT = ("engagement", "customer", "times", "stands at")
PROJECTS = ("engagement", "customer", "begun", "stands at", "gate 1", "gate 2", "gate 3", "gate 4", "gate 5")


def figures_sheet(figures: Iterable[Figure], period: str) -> str:
    return _sheet(FIGURES, (_figure_cells(figure, period) for figure in figures))


def _figure_cells(figure: Figure, period: str) -> Sequence[str]:
    said, among = figure.definition, "" if figure.among is None else str(figure.among)
    return (said.label, figure.text, str(figure.count), among, said.counts, said.definition, period)


def items_sheet(items: Iterable[Item]) -> str:
    """One line a case."""
    return _sheet(
        ITEMS,
        (
            (item.of.code, item.of.customer, item.what, item.detail, day_text(item.of.begun), item.of.stands_at)
            for item in items
        ),
    )


def projects_sheet(projects: Iterable[Project]) -> str:
    return _sheet(PROJECTS, (_project_cells(project) for project in projects))


def _project_cells(project: Project) -> Sequence[str]:
    one = project.of
    dates = [f"{gate.word.lower()} {day_text(gate.day)}" if gate.day else _word(gate) for gate in project.gates]
    return (one.code, one.customer, day_text(one.begun), one.stands_at, *dates)


def _word(gate: GateDate) -> str:
    return gate.word.lower() if gate.is_left else ""


def construct_sheet(rows: Iterable[tuple[EngagementFacts, int]]) -> str:
    """One line an engagement."""
    return _sheet(CONSTRUCT, ((one.code, one.customer, str(times), one.stands_at) for one, times in rows))


def _sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
