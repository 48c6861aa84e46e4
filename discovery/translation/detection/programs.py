"""Programs beside Postfix: milters, policy services, filters, lookup and login servers, scripts, jobs, signing keys."""

import posixpath
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from discovery.translation.detection.bench import Bench
from discovery.translation.detection.found import JOB, KEY, SCRIPT, Found

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "policy": "policy",
        "content_filter": "content filter",
        "proxy_filter": "content filter",
        "lookup": "lookup",
        "sasl": "login server",
    }
)
HANDED_MAIL = frozenset({"pipe", "content_filter", "alias"})
OTHER = "other"


def find_filters(bench: Bench) -> Iterator[Found]:
    """Each milter and each service once, at the first place that names it."""
    milters = {milter.socket: milter for milter in reversed(bench.instance.milters)}
    for milter in sorted(milters.values(), key=lambda each: (each.file, each.line, each.socket)):
        yield Found("milter", milter.product, milter.socket, milter.file, milter.line, milter.socket)
    filters = {(KINDS[each.kind], each.target): each for each in reversed(bench.instance.filters)}
    for (kind, target), each in sorted(filters.items(), key=lambda pair: (pair[1].file, pair[1].line, pair[0])):
        yield Found(kind, each.product, target, each.file, each.line, target)


def find_programs(bench: Bench) -> Iterator[Found]:
    """The programs and jobs of the host; they stand with its first instance."""
    programs = {posixpath.basename(script.path) for script in bench.instance.scripts}
    for script in bench.instance.scripts:
        name = script.kind
        if name == OTHER and not HANDED_MAIL.isdisjoint(script.roles):
            name = f"{OTHER}/piped"
        yield Found(SCRIPT, name, script.path, script.path, 1, ", ".join(script.roles))
    for job in bench.instance.cron_jobs:
        runs_script = any(posixpath.basename(word) in programs for word in job.command.split())
        name = "script" if runs_script else job.kind
        yield Found(JOB, name, job.command, job.file, job.line, f"{job.schedule} {job.command}".strip())


def find_keys(bench: Bench) -> Iterator[Found]:
    for key in bench.instance.signing_keys:
        yield Found(KEY, "dkim", f"{key.selector}._domainkey.{key.domain}", key.file, key.line, key.key_path)
