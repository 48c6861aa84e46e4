"""Programs beside Postfix: milters, policy services, filters, lookup and login servers, scripts, jobs, signing keys."""

import posixpath
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from discovery.postfix.milters import product_of
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
SASL_NAMES = ("smtpd_sasl_type", "smtpd_sasl_path")
OTHER = "other"


def find_filters(bench: Bench) -> Iterator[Found]:
    """Each milter and each service once, at the first place that names it."""
    milters = {milter.socket: milter for milter in reversed(bench.instance.milters)}
    for milter in sorted(milters.values(), key=lambda each: (each.file, each.line, each.socket)):
        yield Found("milter", milter.product, milter.socket, milter.file, milter.line, milter.socket)
    filters = {(KINDS[each.kind], each.target): each for each in reversed(bench.instance.filters)}
    for (kind, target), each in sorted(filters.items(), key=lambda pair: (pair[1].file, pair[1].line, pair[0])):
        yield Found(kind, each.product, target, each.file, each.line, target)
    if not any(each.kind == "sasl" for each in bench.instance.filters):
        yield from login_server_of_services(bench)


def login_server_of_services(bench: Bench) -> Iterator[Found]:
    """Who checks logins where only options of listeners let anybody log in."""
    for service in bench.instance.services:
        enabled = bench.scope.within(service).get("smtpd_sasl_auth_enable")
        if enabled.is_on and service.command.endswith("smtpd") and not bench.sleep_of(service):
            told = (bench.scope.within(service).get(name).text for name in SASL_NAMES)
            backend = " ".join(word for word in told if word)
            product = product_of(backend, "sasl").product
            yield Found(KINDS["sasl"], product, backend, enabled.file, enabled.line, backend)
            return


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
