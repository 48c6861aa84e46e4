"""The drawing rule: hatched is the old route, solid the new one, a dashed outline is not yet.

One markup serves page and paper: classes for the screen, attributes with the inks of paper for WeasyPrint.
`name` makes the ids of a drawing; give each its own when a page has several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core.charts import dot_strip, spark_drawing, waterfall_drawing
from core.palette import INKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.components import Contribution, RampStep, SparkLines

register = template.Library()

WHOLE = 100
DOT_STEP, DOT_FLOOR = 8, 6  # between two dots, and from the outermost to the edge


@register.inclusion_tag("components/split.html")
def split(percent: float = 0, *, label: str = "", name: str = "split") -> dict[str, Any]:
    """Solid up to `percent`, hatched behind it. Decoration unless it has a label. Raises ValueError beyond 0 to 100."""
    if not 0 <= percent <= WHOLE:
        raise ValueError(f"A split is between 0 and 100, not {percent}")
    return {"percent": percent, "label": label, "name": name, "inks": INKS}


@register.inclusion_tag("components/logo.html")
def logo(*, name: str = "logo") -> dict[str, Any]:
    return {"name": name, "inks": INKS}


@register.inclusion_tag("components/ramp.html")
def ramp(
    steps: Sequence[RampStep], *, old: str = "Postfix", new: str = "the new route", name: str = "ramp"
) -> dict[str, Any]:
    """Shares of traffic from first to last."""
    return {"steps": steps, "old": old, "new": new, "name": name, "inks": INKS}


@register.inclusion_tag("components/spark.html")
def spark(lines: SparkLines) -> dict[str, Any]:
    """Old and new route over the same days."""
    drawing = spark_drawing(lines)
    return {"lines": lines, "drawing": drawing, "last_old": lines.old[-1], "last_new": lines.new[-1], "inks": INKS}


@register.inclusion_tag("components/waterfall.html")
def waterfall(
    contributions: Sequence[Contribution],
    *,
    result: str = "",
    a: str = "PowerMTA",
    b: str = "KumoMTA",
    name: str = "waterfall",
) -> dict[str, Any]:
    """How answers add up between two vendors: positive towards `a` (solid), negative towards `b` (dotted).

    `result` names what they lead to where that is not the side of the sum: a hard rule, or a sum that is too close.
    """
    drawing = waterfall_drawing(contributions)
    side = (a if drawing.total > 0 else b) if drawing.total else "even"
    return {"drawing": drawing, "a": a, "b": b, "result": result or side, "name": name, "inks": INKS}


@register.inclusion_tag("components/dot_strip.html")
def dots(
    percents: Mapping[int, int], *, low: float, high: float, label: str, singular: str = "case", plural: str = "cases"
) -> dict[str, Any]:
    """How many there are of each percent, a dot for each or for several of them; shaded from `low` to `high`."""
    strip = dot_strip(percents, (low, high))
    columns = [(column.x, DOT_FLOOR + (strip.highest - column.dots) * DOT_STEP) for column in strip.columns]
    height = 2 * DOT_FLOOR + (strip.highest - 1) * DOT_STEP
    told = f"{label} A dot stands for {f'up to {strip.each:,} {plural}' if strip.each > 1 else f'one {singular}'}."
    # A line without a length shows no dot everywhere.
    drawn = {"columns": columns, "height": height, "foot": height - DOT_FLOOR + 0.01, "step": DOT_STEP}
    return {"strip": strip, "label": told, "inks": INKS, **drawn}


@register.filter
def points(value: float) -> str:
    """+18, a true minus sign, or 0."""
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return f"{sign}{abs(value):g}"
