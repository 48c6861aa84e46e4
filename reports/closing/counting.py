"""How a close report writes a count, a part of a whole, a length of time, and what is not recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.wording import number_text, span_text

if TYPE_CHECKING:
    from reports.sheets.desk import Desk

WHOLE = 100


def not_recorded(desk: Desk) -> str:
    return desk.words("close.not_recorded")


def counted(desk: Desk, count: int | None) -> str:
    return not_recorded(desk) if count is None else desk.figure(count)


def part(desk: Desk, count: int | None, among: int | None, *, may_share: bool = True) -> str:
    """37 of 39 (95 %); without the percentage of too few cases, and of messages, where it would round one away."""
    if count is None or among is None:
        return not_recorded(desk)
    values = {"count": desk.figure(count), "among": desk.figure(among)}
    if not may_share or among < desk.part("percent_from"):
        return desk.words("close.part", **values)
    return desk.words("close.part_share", **values, share=desk.figure(round(WHOLE * count / among)))


def share(desk: Desk, value: float | None) -> str:
    """With two decimals, as the watch shows it."""
    if value is None:
        return not_recorded(desk)
    return desk.words("close.share", share=decimals(desk, value))


def decimals(desk: Desk, value: float) -> str:
    return desk.words.digits(f"{WHOLE * value:,.2f}")


def rate(desk: Desk, count: int | None, of: int | None) -> str:
    """0.12 % of 3,400, or 1 of 8."""
    if count is None or not of:
        return not_recorded(desk)
    if of < desk.part("percent_from"):
        return part(desk, count, of, may_share=False)
    return desk.words("close.seeds", share=decimals(desk, count / of), among=desk.figure(of))


def span(desk: Desk, seconds: int | None) -> str:
    """2 days 4 h; 4 min 38 s."""
    if seconds is None:
        return not_recorded(desk)
    return span_text(timedelta(seconds=seconds)).replace(" days", f" {desk.words('close.days_unit')}")


def days(desk: Desk, count: int | None) -> str:
    if count is None:
        return not_recorded(desk)
    return desk.words("close.day_one") if count == 1 else desk.words("close.days", count=number_text(count))
