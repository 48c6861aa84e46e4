"""Scripts and cron jobs in a bundle: language, length and who calls them."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.facts import CronJob, Script, Transport

LANGUAGES = {
    ".sh": "shell",
    ".bash": "shell",
    ".py": "python",
    ".pl": "perl",
    ".php": "php",
    ".rb": "ruby",
    ".js": "node",
}
LANGUAGES |= {".lua": "lua", ".awk": "awk"}
INTERPRETERS = re.compile(r"#!.*?\b(?P<name>python|perl|php|ruby|node|lua|awk|bash|dash|ksh|zsh|sh)(?:[\d.]*)\b")
SHELLS = frozenset({"bash", "dash", "ksh", "zsh", "sh"})
SCHEDULE = re.compile(r"^\s*(?P<when>@\w+|(?:[\d*/,\-A-Za-z]+\s+){4}[\d*/,\-A-Za-z]+)\s+(?P<rest>\S.*)$")
PERIODIC = re.compile(r"(?:^|/)etc/cron\.(?P<period>hourly|daily|weekly|monthly)/[^/]+$")
SYSTEM_TAB = re.compile(r"(?:^|/)(?:etc/)?cron(?:tab$|\.d/)")
USER_TAB = re.compile(r"(?:^|/)(?:var/)?spool/cron/|(?:^|/)crontabs?(?:/|[-_.][^/]*$)|\.cron$|\.crontab$")


def language_of(file: BundleFile) -> str:
    """The language by the first line or the name, or "" for what is no program."""
    first = file.text.split("\n", 1)[0]
    interpreter = INTERPRETERS.match(first)
    if interpreter:
        return "shell" if interpreter["name"] in SHELLS else interpreter["name"]
    return LANGUAGES.get(posixpath.splitext(file.path)[1], "")


def cron_jobs(bundle: Bundle, root: str) -> Iterator[CronJob]:
    """Jobs of every crontab below a root, and the scripts of the cron.daily kind."""
    for path, file in bundle.files.items():
        if root and not path.startswith(f"{root}/"):
            continue
        if periodic := PERIODIC.search(path):
            yield CronJob(f"@{periodic['period']}", f"/{path}", path, 1)
        elif SYSTEM_TAB.search(path) or USER_TAB.search(path):
            yield from jobs_of(file, is_system=bool(SYSTEM_TAB.search(path)))


def jobs_of(file: BundleFile, *, is_system: bool) -> Iterator[CronJob]:
    """The jobs of one crontab; a system crontab names a user before the command."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        found = None if line.lstrip().startswith("#") else SCHEDULE.match(line)
        if not found:
            continue
        command = found["rest"].split(None, 1)[-1] if is_system else found["rest"]
        yield CronJob(found["when"], command.strip(), file.path, number)


def scripts_in(bundle: Bundle, root: str, transports: Sequence[Transport], jobs: Iterable[CronJob]) -> Iterator[Script]:
    """Every program below a root, with the roles in which something calls it."""
    commands = [("cron", job.command) for job in jobs]
    commands += [("pipe", " ".join(transport.argv)) for transport in transports]
    commands += [(role, command) for role, command, _, _ in alias_calls(bundle)]
    for path, file in bundle.files.items():
        language = language_of(file)
        if not language or (root and not path.startswith(f"{root}/")):
            continue
        on_host = "/" + path.removeprefix(f"{root}/" if root else "")
        roles = dict.fromkeys(role for role, command in commands if on_host in command.split() or on_host in command)
        yield Script(path, language, len(file.text.splitlines()), tuple(roles))


def alias_calls(bundle: Bundle) -> Iterator[tuple[str, str, str, int]]:
    """`("alias", command, file, line)` for targets of aliases and .forward files that start a program."""
    for path, file in bundle.files.items():
        if posixpath.basename(path).startswith((".forward", "aliases")):
            for number, line in enumerate(file.text.splitlines(), start=1):
                if "|" in line and not line.lstrip().startswith("#"):
                    yield "alias", line.partition("|")[2], path, number


def program_of(argv: Sequence[str]) -> str:
    """The file that a command runs: the script behind an interpreter, else the first word."""
    words = [word for word in argv if not word.startswith("-")]
    if not words:
        return ""
    base = posixpath.basename(words[0]).rstrip("0123456789.")
    if base in SHELLS | {"python", "perl", "php", "ruby", "env", "nice", "timeout"}:
        return next((word for word in words[1:] if word.startswith("/")), words[0])
    return words[0]
