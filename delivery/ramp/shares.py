"""Shares with what is not known about them: Wilson's interval of one, Newcombe's of the difference of two."""

from __future__ import annotations

from math import sqrt

Z = 1.959964  # of 95 %

Interval = tuple[float, float]


def wilson(count: int, of: int) -> Interval:
    """Between which shares the true one lies, 95 %. Everything is possible where nothing was counted."""
    if not of:
        return 0.0, 1.0
    share, square = count / of, Z * Z
    middle = share + square / (2 * of)
    reach = Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (middle - reach) / (1 + square / of), (middle + reach) / (1 + square / of)
    return (0.0 if not count else max(low, 0.0)), (1.0 if count == of else min(high, 1.0))


def newcombe(count: int, of: int, than: int, of_those: int) -> Interval:
    """Of `count / of` less `than / of_those`, 95 % (Newcombe 1998, method 10)."""
    if not of or not of_those:
        return -1.0, 1.0
    first, second = count / of, than / of_those
    (low, high), (low_second, high_second) = wilson(count, of), wilson(than, of_those)
    apart = first - second
    return (
        apart - sqrt((first - low) ** 2 + (high_second - second) ** 2),
        apart + sqrt((high - first) ** 2 + (second - low_second) ** 2),
    )
