"""The numbers of requests from the website; `book/intake.yaml` says what each means."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("book") / "intake.yaml"


@dataclass(frozen=True, slots=True)
class IntakeBook:
    keep_days: int
    link_days: int
    join_hours: int
    call_notice_hours: int
    call_horizon_days: int
    calls_shown: int


@cache
def intake_book() -> IntakeBook:
    return IntakeBook(**yaml.safe_load(_FILE.read_text(encoding="utf-8")))
