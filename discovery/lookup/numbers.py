"""Whole numbers as customers write them, however long."""

MOST_DIGITS = 9


def whole_number(text: str) -> int | None:
    """The number of up to nine ASCII digits after any zeros; None for whatever else stands there."""
    digits = text.lstrip("0") or text[-1:]
    is_number = text.isascii() and text.isdecimal() and len(digits) <= MOST_DIGITS
    return int(digits) if is_number else None
