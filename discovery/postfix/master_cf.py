"""Reads master.cf (master(5)): eight columns, then options and arguments of the program."""

import re
from dataclasses import dataclass

from discovery.postfix.braces import WORD_SEPARATORS, inside_braces, is_braced, split_with_offsets
from discovery.postfix.facts import Override, Problem, Service
from discovery.postfix.lines import BLANKS, LogicalLine, logical_lines

COLUMNS = 8
KINDS = frozenset({"inet", "unix", "fifo", "pass", "unix-dgram"})
YES_NO = frozenset({"y", "n", "-"})
OPTION = "-o"
WAKEUP = re.compile(r"[0-9]+\??|-?\??", re.ASCII)  # postconf takes a lone `?` as well
Word = tuple[str, int]


@dataclass(frozen=True, slots=True)
class MasterCf:
    """Every service in file order; Postfix uses the last of each name and type."""

    path: str
    services: tuple[Service, ...]
    problems: tuple[Problem, ...]


def read_master(path: str, text: str) -> MasterCf:
    """Read master.cf; what is wrong with it comes back as problems, nothing is raised."""
    services: list[Service] = []
    problems: list[Problem] = []
    for logical in logical_lines(text):
        words = words_of(logical)
        if reason := fault_of(logical, words):
            kind = "orphan-line" if logical.is_orphan else "broken-service"
            problems.append(Problem(kind, logical.text.strip()[:80], reason, path, logical.line))
            continue
        services.append(parse_service(path, logical, words))
    problems.extend(overridden(services))
    return MasterCf(path, tuple(services), tuple(problems))


def words_of(logical: LogicalLine) -> list[Word]:
    """The words of an entry, each with its physical line."""
    found = [] if logical.is_orphan else list(split_with_offsets(logical.text, WORD_SEPARATORS))
    return [(word, line) for (word, _), line in zip(found, logical.lines_at(at for _, at in found), strict=True)]


def fault_of(logical: LogicalLine, words: list[Word]) -> str:
    """Why Postfix would not take this entry, or an empty string."""
    if logical.is_orphan:
        return "The line starts with white space but continues nothing, so Postfix ignores it."
    if len(words) < COLUMNS:
        return f"The service has {len(words)} columns instead of {COLUMNS}, and Postfix does not start with it."
    columns = [word for word, _ in words[:COLUMNS]]
    faults = {
        "type": columns[1] not in KINDS,
        "private": columns[2] not in YES_NO,
        "unprivileged": columns[3] not in YES_NO,
        "chroot": columns[4] not in YES_NO,
        "wakeup": not WAKEUP.fullmatch(columns[5]),
        "process limit": columns[6] != "-" and not columns[6].isdecimal(),
    }
    wrong = [name for name, is_wrong in faults.items() if is_wrong]
    return f"Postfix does not accept the {wrong[0]} column and does not start with it." if wrong else ""


def parse_service(path: str, logical: LogicalLine, words: list[Word]) -> Service:
    columns = [word for word, _ in words[:COLUMNS]]
    arguments = [(plain_argument(word), line) for word, line in split_options(words[COLUMNS:])]
    name, kind, private, unprivileged, chroot, wakeup, maxproc, command = columns
    return Service(
        name=name,
        kind=kind,
        private=private,
        unprivileged=unprivileged,
        chroot=chroot,
        wakeup=wakeup,
        maxproc=maxproc,
        command=command,
        arguments=tuple(word for word, _ in arguments),
        overrides=parse_overrides(arguments),
        file=path,
        line=logical.line,
        end_line=logical.end_line,
    )


def split_options(words: list[Word]) -> list[Word]:
    """Options one by one; Postfix stops looking at the first word without a dash."""
    result: list[Word] = []
    rest = iter(words)
    for word, line in rest:
        if not word.startswith("-") or word == "--":
            return [*result, (word, line), *rest]
        result += [(part, line) for part in split_option(word)]
        if result[-1][0] == OPTION and (value := next(rest, None)):
            result.append(value)
    return result


def split_option(word: str) -> list[str]:
    """`-vo` is `-v` and `-o`, `-oname=value` is `-o` and its assignment, as getopt(3) has it."""
    flags, option, value = word[1:].partition("o")
    if not option:
        return [word]
    return [part for part in (f"-{flags}" if flags else "", OPTION, value) if part]


def plain_argument(word: str) -> str:
    """A braced word without its braces and the blanks next to them."""
    return inside_braces(word)[0] if is_braced(word) else word


def parse_overrides(arguments: list[Word]) -> tuple[Override, ...]:
    """The `-o name=value` pairs that stand before the first other argument; the last of a name counts."""
    overrides: dict[str, Override] = {}
    words = iter(arguments)
    for word, _ in words:
        if not word.startswith("-") or word == "--":
            break
        if word != OPTION:
            continue
        assignment, line = next(words, ("", 0))
        name, equals, value = assignment.partition("=")
        if equals:
            overrides[name.strip(BLANKS)] = Override(name.strip(BLANKS), value.strip(BLANKS), line)
    return tuple(overrides.values())


def overridden(services: list[Service]) -> list[Problem]:
    """One problem for each service that a later one of the same name and type replaces."""
    last = {(service.name, service.kind): service for service in services}
    return [
        Problem(
            "duplicate-service",
            service.name,
            f"The service {service.name} {service.kind} is defined again in line "
            f"{last[service.name, service.kind].line}; Postfix uses only the last one.",
            service.file,
            service.line,
        )
        for service in services
        if last[service.name, service.kind] is not service
    ]
