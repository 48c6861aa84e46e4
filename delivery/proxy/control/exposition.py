"""The figures as Prometheus reads them (text format 0.0.4)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from delivery.proxy.figures import FIGURES, OF_A_PROCESS, Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from delivery.proxy.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(figures: Figures) -> str:
    totals, processes = figures.totals(), figures.processes()
    lines: list[str] = []
    for metric, members in _families().items():
        lines += [f"# HELP {metric} {members[0].says}", f"# TYPE {metric} {members[0].kind}"]
        if members[0].kind == "histogram":
            lines += _histogram(metric, members, totals)
        elif members[0].name in OF_A_PROCESS:
            lines += [f"{metric}{_of(process, one)} {process[one.name]}" for one in members for process in processes]
        else:
            lines += [f"{metric}{_braced(one.labels)} {totals[one.name]}" for one in members]
    return "\n".join(lines) + "\n"


def _families() -> dict[str, list[Figure]]:
    """The format wants all lines of a family together, wherever its figures stand in a row."""
    families: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in FIGURES:
        families[figure.metric].append(figure)
    return families


def _histogram(metric: str, members: Iterable[Figure], totals: dict[str, int]) -> Iterator[str]:
    """Buckets are counted apart and exposed, as the format asks, each with all below it."""
    count = 0
    for one in members:
        if one.labels:
            count += totals[one.name]
            yield f"{metric}_bucket{_braced(one.labels)} {count}"
        else:
            yield f"{metric}_sum {totals[one.name] / 1_000_000}"
            yield f"{metric}_count {count}"


def _of(process: dict[str, int], figure: Figure) -> str:
    return _braced(",".join(filter(None, (f'process="{process["number"]}"', figure.labels))))


def _braced(labels: str) -> str:
    return f"{{{labels}}}" if labels else ""
