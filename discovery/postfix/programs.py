"""Programs in a bundle: language, length, who calls them, what they seem to be."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from discovery.postfix.bundle import BundleFile
from discovery.postfix.facts import Caller, CronJob, Script, Service
from discovery.postfix.traits import Sighting, kind_of, sightings_in

LANGUAGES = {
    ".sh": "shell",
    ".bash": "shell",
    ".py": "python",
    ".pl": "perl",
    ".php": "php",
    ".rb": "ruby",
    ".js": "node",
    ".lua": "lua",
    ".awk": "awk",
    ".go": "go",
    ".c": "c",
    ".java": "java",
}
INTERPRETERS = re.compile(r"#!.*?\b(?P<name>python|perl|php|ruby|node|lua|awk|bash|dash|ksh|zsh|sh)(?:[\d.]*)\b")
SHELLS = frozenset({"bash", "dash", "ksh", "zsh", "sh"})
FIRST_LINE = 200
PATH = re.compile(r"/[\w./+@%-]*\w")
ARGV = "argv="


@dataclass(frozen=True, slots=True)
class Call:
    """Who runs a command, and where that is written."""

    role: str
    command: str
    file: str
    line: int


def language_of(file: BundleFile) -> str:
    """The language by the first line or the name, or "" for what is no program."""
    first = file.content[:FIRST_LINE].split(b"\n", 1)[0].decode("latin-1")
    interpreter = INTERPRETERS.match(first)
    if interpreter:
        return "shell" if interpreter["name"] in SHELLS else interpreter["name"]
    return LANGUAGES.get(posixpath.splitext(file.path)[1], "")


def scripts_in(files: Mapping[str, BundleFile], calls: Iterable[Call]) -> Iterator[Script]:
    """Every program, with who calls it and what it seems to be."""
    named = calls_by_name(calls)
    for file in files.values():
        if language := language_of(file):
            yield script_of(file, language, named.get(posixpath.basename(file.path), ()))


def calls_by_name(calls: Iterable[Call]) -> Mapping[str, Sequence[Call]]:
    """Calls by the names of the programs in their commands, wherever those lie on the host."""
    named: dict[str, dict[Call, None]] = {}
    for call in calls:
        for path in PATH.findall(call.command):
            named.setdefault(posixpath.basename(path), {})[call] = None
    return {name: tuple(found) for name, found in named.items()}


def script_of(file: BundleFile, language: str, callers: Sequence[Call]) -> Script:
    lines = file.text.splitlines()
    roles = tuple(dict.fromkeys(call.role for call in callers))
    signs = sightings_in(lines)
    kind, confidence = kind_of([sign.trait for sign in signs], roles, posixpath.basename(file.path))
    return Script(
        path=file.path,
        language=language,
        lines=len(lines),
        roles=roles,
        kind=kind,
        confidence=confidence,
        reads=said(signs, "reads"),
        calls=said(signs, "calls"),
        writes=said(signs, "writes"),
        evidence=tuple((sign.says, file.path, sign.line, sign.text) for sign in signs),
        callers=tuple(Caller(call.role, call.command, call.file, call.line) for call in callers),
    )


def said(signs: Iterable[Sighting], direction: str) -> tuple[str, ...]:
    return tuple(sign.says for sign in signs if sign.direction == direction)


def service_calls(services: Iterable[Service], filters: Iterable[str], policies: Iterable[str]) -> Iterator[Call]:
    """Commands of pipe(8) and spawn(8) services; `filters` and `policies` name services used as such."""
    filtering, deciding = set(filters), set(policies)
    for service in services:
        argv = argv_of(service)
        if not argv:
            continue
        command = " ".join(argv)
        if service.name in filtering:
            yield Call("content_filter", command, service.file, service.line)
        if service.name in deciding:
            yield Call("policy", command, service.file, service.line)
        yield Call(service.command, command, service.file, service.line)


def cron_calls(jobs: Iterable[CronJob]) -> Iterator[Call]:
    return (Call(job.by, job.command, job.file, job.line) for job in jobs)


def alias_calls(files: Mapping[str, BundleFile]) -> Iterator[Call]:
    """Targets of aliases and .forward files that start a program."""
    for path, file in files.items():
        if posixpath.basename(path).startswith((".forward", "aliases")):
            for number, line in enumerate(file.text.splitlines(), start=1):
                if "|" in line and not line.lstrip().startswith("#"):
                    yield Call("alias", line.partition("|")[2], path, number)


def argv_of(service: Service) -> tuple[str, ...]:
    """The command of a pipe(8) or spawn(8) service: everything from `argv=` on."""
    for position, word in enumerate(service.arguments):
        if word.startswith(ARGV):
            return (word.removeprefix(ARGV), *service.arguments[position + 1 :])
    return ()


def program_of(argv: Sequence[str]) -> str:
    """The file that a command runs: the script behind an interpreter, else the first word."""
    words = [word for word in argv if not word.startswith("-")]
    if not words:
        return ""
    base = posixpath.basename(words[0]).rstrip("0123456789.")
    if base in SHELLS | {"python", "perl", "php", "ruby", "env", "nice", "timeout"}:
        return next((word for word in words[1:] if word.startswith("/")), words[0])
    return words[0]
