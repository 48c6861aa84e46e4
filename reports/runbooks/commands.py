"""What stands against a command: a program, a command of it or an option that nobody has looked up."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FILE = Path(__file__).with_name("commands.yaml")
BETWEEN = frozenset({"|", "||", "&&", ";", "&", "{", "}"})
INTO_A_FILE = frozenset({">", ">>", "<"})
_HEREDOC = re.compile(r"<<'?(\w+)'?\n.*?^\1$", re.DOTALL | re.MULTILINE)
_VARIABLE = re.compile(r"\$\{?([A-Z][A-Z_]*)")
ASKS = re.compile(r"^read\b.*?([A-Z][A-Z_]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Program:
    """`commands` are the options that each of its commands takes; `options` stand before the command."""

    name: str
    source: str
    commands: Mapping[str, Sequence[str]]
    options: Sequence[str] = field(default=())


@cache
def known_programs() -> Mapping[str, Program]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["programs"]
    return {row["name"]: Program(**row) for row in rows}


def faults_of(commands: Iterable[str]) -> list[str]:
    """In sentences, for the commands of one runbook in order: a variable is asked for before it is used."""
    found: list[str] = []
    asked: set[str] = set()
    for text in commands:
        asked |= set(ASKS.findall(text))
        found += [
            f"{name} is used before anybody was asked for it." for name in _VARIABLE.findall(text) if name not in asked
        ]
        found += [fault for words in _calls(text) for fault in _faults_of_call(words)]
    return list(dict.fromkeys(found))


def sources_of(commands: Iterable[str]) -> list[str]:
    """Where the programs that are called were looked up, each once. A program that nobody looked up has none."""
    called = {_name_of(words) for text in commands for words in _calls(text)}
    return sorted({program.source for name, program in known_programs().items() if name in called})


def _calls(text: str) -> Iterator[list[str]]:
    """The words of each program that is called. What is written into a file calls nothing."""
    lexer = shlex.shlex(_joined(_HEREDOC.sub("", text)), posix=True, punctuation_chars=True)
    lexer.commenters = ""
    call: list[str] = []
    for word in lexer:
        if word in BETWEEN:
            yield from [call] if call else []
            call = []
        else:
            call.append(word)
    if call:
        yield call


def _joined(text: str) -> str:
    """Lines are calls of their own, unless one ends in a backslash."""
    return ";".join(line for line in text.replace("\\\n", " ").splitlines() if line.strip())


def _faults_of_call(words: Sequence[str]) -> Iterator[str]:
    _, *rest = _without_files(words)
    program = known_programs().get(_name_of(words))
    if program is None:
        yield f"{words[0]} is a program that nobody has looked up."
        return
    rest = [word for word in rest if word.partition("=")[0] not in program.options]
    command = _command_of(program, rest)
    if command is None:
        yield f"{program.name} has no command {' '.join(rest[:2])}."
        return
    for word in rest:
        option = word.partition("=")[0]
        if option[:1] in {"-", "+"} and len(option) > 1 and option not in program.commands[command]:
            yield f"{program.name} {command} takes no {option}.".replace("  ", " ")


def _name_of(words: Sequence[str]) -> str:
    return words[0].rpartition("/")[2]


def _without_files(words: Sequence[str]) -> list[str]:
    """Without what is written to or read from."""
    return [
        word
        for place, word in enumerate(words)
        if word not in INTO_A_FILE and (place == 0 or words[place - 1] not in INTO_A_FILE)
    ]


def _command_of(program: Program, words: Sequence[str]) -> str | None:
    """The longest of its commands that these words begin with."""
    fitting = [name for name in program.commands if words[: len(name.split())] == name.split()]
    return max(fitting, key=len, default=None)
