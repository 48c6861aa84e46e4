from functools import cache
from pathlib import Path

import yaml


@cache
def days_of(name: str) -> int:
    """`export_days` or `notice_days`. Raises KeyError for another name."""
    book: dict[str, int] = yaml.safe_load(Path(__file__).with_name("records_end.yaml").read_text(encoding="utf-8"))
    return book[name]
