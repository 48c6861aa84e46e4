from functools import cache
from pathlib import Path

import yaml

_BOOK = Path(__file__).with_name("tasks.yaml")


@cache
def _book() -> dict[int, list[dict[str, str]]]:
    book: dict[int, list[dict[str, str]]] = yaml.safe_load(_BOOK.read_text(encoding="utf-8"))
    return book


def tasks_of_gate(number: int) -> list[dict[str, str]]:
    """The tasks of a gate as `tasks.yaml` lists them: key, party, title, explanation."""
    return _book()[number]
