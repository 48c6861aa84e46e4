"""What runs by the clock: crontabs, the cron.daily folders and systemd timers."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from discovery.postfix.bundle import BundleFile
from discovery.postfix.facts import CronJob
from discovery.postfix.traits import kind_of, sightings_in

SCHEDULE = re.compile(r"^\s*(?P<when>@\w+|(?:[\d*/,\-A-Za-z]+\s+){4}[\d*/,\-A-Za-z]+)\s+(?P<rest>\S.*)$")
PERIODIC = re.compile(r"(?:^|/)etc/cron\.(?P<period>hourly|daily|weekly|monthly)/[^/.][^/]*$")
SYSTEM_TAB = re.compile(r"(?:^|/)(?:etc/)?cron(?:tab$|\.d/[^/.][^/]*$)")
USER_TAB = re.compile(r"(?:^|/)(?:var/)?spool/cron/|(?:^|/)crontabs?(?:/|[-_.][^/]*$)|\.cron$|\.crontab$")
TIMER = re.compile(r"^(?P<key>On\w+)\s*=\s*(?P<when>\S.*)$")
EXECUTION = re.compile(r"^Exec(?:Start|StartPre|StartPost)\s*=\s*[-+!@:]*(?P<command>\S.*)$")
UNIT_OF_TIMER = re.compile(r"^Unit\s*=\s*(?P<unit>\S+)\s*$", re.MULTILINE)


def cron_jobs(files: Mapping[str, BundleFile]) -> Iterator[CronJob]:
    """Every job of these files, with what its command line makes it seem."""
    for path, file in files.items():
        if periodic := PERIODIC.search(path):
            yield described(CronJob(f"@{periodic['period']}", f"/{path}", path, 1))
        elif SYSTEM_TAB.search(path) or USER_TAB.search(path):
            yield from jobs_of(file, is_system=bool(SYSTEM_TAB.search(path)))
        elif path.endswith(".timer"):
            yield from timed(file, files)


def jobs_of(file: BundleFile, *, is_system: bool) -> Iterator[CronJob]:
    """The jobs of one crontab; a system crontab names a user before the command."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        found = None if line.lstrip().startswith("#") else SCHEDULE.match(line)
        if not found:
            continue
        user, _, command = found["rest"].partition(" ") if is_system else ("", "", found["rest"])
        command = " ".join((command or user).split())
        yield described(CronJob(found["when"], command, file.path, number, user=user if is_system else ""))


def timed(file: BundleFile, files: Mapping[str, BundleFile]) -> Iterator[CronJob]:
    """The commands of the service that a systemd timer starts; the timer alone when its service is absent."""
    moments = [(number, found) for number, line in enumerate(file.text.splitlines(), 1) if (found := TIMER.match(line))]
    schedule = ", ".join(f"{found['key']}={found['when'].strip()}" for _, found in moments)
    line = moments[0][0] if moments else 1
    unit = UNIT_OF_TIMER.search(file.text)
    name = unit["unit"] if unit else f"{posixpath.basename(file.path).removesuffix('.timer')}.service"
    service = next((each for path, each in files.items() if posixpath.basename(path) == name), None)
    commands = commands_of(service) if service else []
    for command in commands or [name]:
        yield described(CronJob(schedule, command, file.path, line, by="timer"))


def commands_of(service: BundleFile) -> Sequence[str]:
    return [found["command"].strip() for line in service.text.splitlines() if (found := EXECUTION.match(line.strip()))]


def described(job: CronJob) -> CronJob:
    """The job with the kind its own command line shows; a script it calls is judged by itself."""
    traits = [sighting.trait for sighting in sightings_in([job.command])]
    kind, confidence = kind_of(traits, [job.by], "")
    return CronJob(job.schedule, job.command, job.file, job.line, job.user, job.by, kind, confidence)
