"""A filled runbook as Markdown (CommonMark), for a wiki or a repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Words = Callable[[str], str]  # of the language of a runbook, by their keys

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def markdown_of(content: Mapping[str, Any], standing: Sequence[str], words: Words) -> str:
    """`standing` are lines about the revision: its number, its digest, who approved it."""
    return "\n".join(_lines(content, standing, words)) + "\n"


def _lines(content: Mapping[str, Any], standing: Sequence[str], words: Words) -> Iterator[str]:
    yield f"# {_said(content['title'])}"
    yield ""
    yield from (f"- {_said(line)}" for line in standing)
    yield from _section(words("when"), (f"- {_said(line)}" for line in content["trigger"]))
    for table in content["tables"]:
        yield from _section(table["title"], _table(table))
    yield from _section(words("steps"), _steps(content["steps"], words))
    yield from _section(words("back"), _steps(content["back"], words))
    yield from _section(words("whom"), (f"- {_said(row['title'])}: {_said(row['text'])}" for row in content["contact"]))
    yield from _section(words("sources"), (f"- {_said(source)}" for source in content["sources"]))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield from ("", f"## {_said(title)}", "")
    yield from lines


def _steps(steps: Sequence[Mapping[str, str]], words: Words) -> Iterator[str]:
    for number, step in enumerate(steps, start=1):
        yield f"### {number}. {_said(step['title'])}"
        yield ""
        if step["where"]:
            yield f"{words('on')} {_said(step['where'])}"
            yield ""
        if step["text"]:
            yield _said(step["text"])
            yield ""
        if step["command"]:
            yield from ("```sh", step["command"], "```", "")
        yield f"{words('expect')}: {_said(step['expect'])}"
        yield ""


def _table(table: Mapping[str, Any]) -> Iterator[str]:
    yield f"| {' | '.join(map(_said, table['columns']))} |"
    yield f"|{' --- |' * len(table['columns'])}"
    for row in table["rows"]:
        yield f"| {' | '.join(map(_said, row))} |"


def _said(text: str) -> str:
    """On one line, with what Markdown would read as its own marked as text."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
