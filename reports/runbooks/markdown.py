"""A filled runbook as Markdown (CommonMark), for a wiki or a repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def markdown_of(content: Mapping[str, Any], standing: Sequence[str]) -> str:
    """`standing` are lines about the revision: its number, its digest, who approved it."""
    return "\n".join(_lines(content, standing)) + "\n"


def _lines(content: Mapping[str, Any], standing: Sequence[str]) -> Iterator[str]:
    yield f"# {_said(content['title'])}"
    yield ""
    yield from (f"- {_said(line)}" for line in standing)
    yield from _section("When", (f"- {_said(line)}" for line in content["trigger"]))
    for table in content["tables"]:
        yield from _section(table["title"], _table(table))
    yield from _section("Steps", _steps(content["steps"]))
    yield from _section("The way back", _steps(content["back"]))
    yield from _section(
        "Whom to call", (f"- {_said(row['title'])}: {_said(row['text'])}" for row in content["contact"])
    )
    yield from _section("Where the commands were looked up", (f"- {_said(source)}" for source in content["sources"]))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield from ("", f"## {_said(title)}", "")
    yield from lines


def _steps(steps: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for number, step in enumerate(steps, start=1):
        yield f"### {number}. {_said(step['title'])}"
        yield ""
        if step["where"]:
            yield f"On {_said(step['where'])}"
            yield ""
        if step["text"]:
            yield _said(step["text"])
            yield ""
        if step["command"]:
            yield from ("```sh", step["command"], "```", "")
        yield f"Expect: {_said(step['expect'])}"
        yield ""


def _table(table: Mapping[str, Any]) -> Iterator[str]:
    yield f"| {' | '.join(map(_said, table['columns']))} |"
    yield f"|{' --- |' * len(table['columns'])}"
    for row in table["rows"]:
        yield f"| {' | '.join(map(_said, row))} |"


def _said(text: str) -> str:
    """On one line, with what Markdown would read as its own marked as text."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
