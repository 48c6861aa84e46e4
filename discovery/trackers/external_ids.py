"""The name by which a tracker knows a finding or a task of the portal: it stays, whatever becomes of the thing."""

from __future__ import annotations

import re

FINDING, TASK = "F", "T"
_DIGITS = 9


def external_id(code: str, letter: str, number: int) -> str:
    """For example GP-E-2026-0001-F12. A task is named by the number in its address."""
    return f"GP-{code}-{letter}{number}"


def parted(text: str, code: str) -> tuple[str, int] | None:
    """The letter and the number of what an external ID of this engagement names; None for every other text."""
    found = re.fullmatch(rf"GP-{re.escape(code)}-([{FINDING}{TASK}])(\d{{1,{_DIGITS}}})", text.strip(), re.IGNORECASE)
    return (found[1].upper(), int(found[2])) if found and found[2].isascii() else None
