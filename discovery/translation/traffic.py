"""Which share of all mail passes a construct, as logs measured it, or else as far as what was stated says it.

A line of main.cf is on all mail of its instance, an option of a service on what that service delivered or accepted.
Logs tell services apart by `syslog_name` alone: where two share one, nothing is known of either, and that is said.
"""

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from discovery.postfix import Bundle, Report, Service
from discovery.translation.constructs import Construct
from discovery.translation.detection.bench import Bench

MEASURED, STATED, READ = "measured", "stated", "configuration"
DELIVERING = frozenset({"smtp", "lmtp", "pipe", "virtual", "local"})
LISTENING = frozenset({"smtpd"})
ON_ALL_MAIL = frozenset({"qmgr", "nqmgr", "oqmgr", "cleanup"})
NO_LOG = "No mail log was read."
NOTHING_LED = "Nothing leads mail here."
UNCOUNTED = "No line of a mail log counts what passes it."
SHARED = "Other services write to the mail log as {name} too: they cannot be told apart."
INSTANCES = "The instances of this host write to the mail log under the same name: they cannot be told apart."
STATED_WHOLE = "No mail log was read; as stated, all mail goes through this host."


@dataclass(frozen=True, slots=True)
class Traffic:
    """`percent` of all mail of the estate, None where it is not known; `why` says that, or what it rests on."""

    percent: float | None = None
    basis: str = ""
    why: str = NO_LOG

    def as_json(self) -> dict[str, Any]:
        return {"percent": self.percent, "basis": self.basis, "why": self.why}


UNKNOWN = Traffic()


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail of one host: recipients `delivered` and messages `accepted` by syslog name, and its `part` of all mail.

    Without a part nothing is known; then `why` says what is missing.
    """

    delivered: Mapping[str, int] = field(default_factory=dict)
    accepted: Mapping[str, int] = field(default_factory=dict)
    part: float | None = None
    basis: str = ""
    why: str = NO_LOG


NO_MAIL = Mail()


def traffic_of(
    bundle: Bundle, report: Report, constructs: Iterable[Construct], mail: Mail = NO_MAIL
) -> dict[str, Traffic]:
    """By the key of each construct."""
    host = Host(mail, tuple(Bench(bundle, instance, report.instances) for instance in report.instances))
    return {construct.key: host.passing(construct) for construct in constructs}


@dataclass(frozen=True)
class Host:
    """All instances of one upload, with what its logs say."""

    mail: Mail
    benches: Sequence[Bench]

    def passing(self, construct: Construct) -> Traffic:
        if construct.asleep:
            return Traffic(0.0, READ, NOTHING_LED)
        bench = next(each for each in self.benches if each.instance.name == construct.instance)
        found = list(carriers_of(bench, construct))
        if self.mail.part is None:
            return Traffic(why=self.mail.why)
        if found == [None]:
            return self.of_instance(bench)
        return self.of_services(bench, [service for service in found if service])

    def of_instance(self, bench: Bench) -> Traffic:
        if len(self.benches) == 1:
            return self.share(1.0)
        mine = self.names[bench.instance.name]
        others = set().union(*(names for name, names in self.names.items() if name != bench.instance.name))
        return Traffic(why=INSTANCES) if mine & others or not mine else self.named(self.mail.delivered, mine)

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """The syslog names of what delivers, by instance."""
        found: dict[str, set[str]] = defaultdict(set)
        for bench in self.benches:
            found[bench.instance.name] |= set(names_of(bench, DELIVERING))
        return found

    def of_services(self, bench: Bench, services: Sequence[Service]) -> Traffic:
        programs = {posixpath.basename(service.command) for service in services}
        if programs & ON_ALL_MAIL and len([each for each in awake(bench) if program_of(each) in programs]) == 1:
            return self.of_instance(bench)
        for side, counts in ((DELIVERING, self.mail.delivered), (LISTENING, self.mail.accepted)):
            if services and programs <= side:
                return self.of_names(side, counts, Counter(name_of(bench, service) for service in services))
        return Traffic(why=UNCOUNTED)

    def of_names(self, side: frozenset[str], counts: Mapping[str, int], names: Counter[str]) -> Traffic:
        everybody = Counter(name for bench in self.benches for name in names_of(bench, side))
        shared = [name for name, count in names.items() if everybody[name] > count]
        return Traffic(why=SHARED.format(name=shared[0])) if shared else self.named(counts, set(names))

    def named(self, counts: Mapping[str, int], names: set[str]) -> Traffic:
        whole = sum(counts.values())
        if self.mail.basis != MEASURED or not whole:
            return Traffic(why=NO_LOG)
        return self.share(sum(counts.get(name, 0) for name in names) / whole)

    def share(self, of_host: float) -> Traffic:
        return Traffic(round(100 * of_host * (self.mail.part or 0), 1), self.mail.basis, self.mail.why)


def carriers_of(bench: Bench, construct: Construct) -> Iterator[Service | None]:
    """The services that a construct is on, or one None for all mail of the instance; nothing where no line says it."""
    if construct.file in {setting.file for setting in bench.settings.values()}:
        yield None
        return
    services = [each for each in bench.instance.services if each.file == construct.file]
    on_line = [service for service in services if construct.line in lines_of(service)]
    if on_line:
        yield from on_line
        return
    labels = {table.service for table in bench.instance.maps if construct.file and table.source == construct.file}
    if "" in labels:
        yield None
    else:
        yield from (each for each in bench.instance.services if f"{each.name}/{each.kind}" in labels)


def lines_of(service: Service) -> set[int]:
    return {service.line, *(each.line for each in service.overrides)}


def awake(bench: Bench) -> Iterator[Service]:
    return (service for service in bench.instance.services if not bench.sleep_of(service))


def program_of(service: Service) -> str:
    return posixpath.basename(service.command)


def names_of(bench: Bench, programs: frozenset[str]) -> Iterator[str]:
    """The syslog name of each service of these programs that is in use."""
    return (name_of(bench, service) for service in awake(bench) if program_of(service) in programs)


def name_of(bench: Bench, service: Service) -> str:
    """Under which name it writes to the mail log; `$service_name` is its own name there."""
    scope = bench.scope.within(service)
    text = (scope.raw("syslog_name") or "").replace("${service_name}", service.name)
    return scope.expanded(text.replace("$service_name", service.name))


def shares(traffics: Iterable[tuple[str, str, Traffic]]) -> dict[str, dict[str, Any]]:
    """By class, from (class, host, traffic): so much passes some construct of it at least, and how many are known.

    On one host constructs may be on the same mail, so that the largest counts; hosts have no mail in common.
    """
    largest: dict[str, dict[str, float]] = defaultdict(dict)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for letter, host, traffic in traffics:
        counts[letter]["unknown" if traffic.percent is None else "known"] += 1
        if traffic.percent is not None:
            largest[letter][host] = max(largest[letter].get(host, 0), traffic.percent)
    return {
        letter: {
            "percent": round(sum(largest[letter].values()), 1) if count["known"] else None,
            "known": count["known"],
            "unknown": count["unknown"],
        }
        for letter, count in counts.items()
    }
