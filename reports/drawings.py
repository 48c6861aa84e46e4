"""Where the boxes of the target architecture stand, in the units of a drawing 170 wide. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 4
ROW = 9.0
BOX = 7.5


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    text: str

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 2)

    @property
    def centre(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def base(self) -> float:
        """Where its text stands."""
        return round(self.middle + 1.1, 2)


@dataclass(frozen=True, slots=True)
class Architecture:
    """Old parts are hatched, new ones solid; `hosts` are those of Postfix, `rest` counts what is not drawn."""

    target: str
    hosts: Sequence[Box]
    pools: Sequence[Box]
    stays: Sequence[Box]
    outside: Sequence[Box]


def architecture_of(
    *, target: str, hosts: Sequence[str], pools: Sequence[str], stays: Sequence[str], outside: Sequence[str]
) -> Architecture:
    return Architecture(
        target=target,
        hosts=_column(64, 74, 40, hosts),
        pools=_column(64, 18, 40, pools),
        stays=_column(110, 74, 26, stays),
        outside=_column(142, 18, 28, outside),
    )


def _column(x: float, y: float, width: float, names: Sequence[str]) -> list[Box]:
    shown = list(names) if len(names) <= MOST else [*names[: MOST - 1], f"+ {len(names) - MOST + 1}"]
    return [Box(x, round(y + place * ROW, 2), width, BOX, name) for place, name in enumerate(shown)]
