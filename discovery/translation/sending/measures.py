"""Times, sizes and counts as Postfix writes them (postconf(5), conv_time(3))."""

import re

TIME = re.compile(r"(?P<number>\d{1,12})(?P<unit>[smhdw]?)", re.ASCII)
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LARGEST, LARGEST_LONG = 2**31 - 1, 2**63 - 1


class UnreadableValueError(ValueError):
    """A value that Postfix itself would refuse; the text is a sentence."""


def seconds_of(text: str, unit: str = "s") -> int:
    """`5m` is 300; a number without a unit counts in `unit`, which is the parameter's own."""
    found = TIME.fullmatch(text.strip())
    if not found:
        raise UnreadableValueError(f"{text!r} is no time: a whole number with s, m, h, d or w is.")
    return within(int(found["number"]) * SECONDS[found["unit"] or unit], text)


def count_of(text: str, largest: int = LARGEST) -> int:
    """A whole number that is not negative."""
    if not re.fullmatch(r"\d{1,19}", text.strip(), re.ASCII):
        raise UnreadableValueError(f"{text!r} is no whole number.")
    return within(int(text), text, largest)


def size_of(text: str) -> int:
    """Bytes, in the range of a long (mail_params.c)."""
    return count_of(text, LARGEST_LONG)


def number_in(text: str) -> int:
    """A plain number of at most ten digits, 0 for anything else."""
    return int(text) if re.fullmatch(r"\d{1,10}", text, re.ASCII) else 0


def within(number: int, text: str, largest: int = LARGEST) -> int:
    if number > largest:
        raise UnreadableValueError(f"{text!r} is larger than Postfix counts.")
    return number
