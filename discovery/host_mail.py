"""What mail logs say about the mail of each host, or else what was stated: shares of constructs are taken of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from discovery.models import LogReading
from discovery.stated import stated_volume
from discovery.translation.traffic import MEASURED, STATED, STATED_WHOLE, Mail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engagements.models import Engagement

NO_LOG_OF = "No mail log of {host} was read."
ALL_HOSTS = "Measured by mail logs of every host."
SOME_HOSTS = "Of the mail that logs measured, on {logged} of {hosts} hosts."


def mail_of_hosts(engagement: Engagement, hosts: Sequence[str]) -> dict[str, Mail]:
    """By host. A day of each host weighs the same, however many days its logs hold."""
    logs = logs_of(engagement)
    figures = dict(LogReading.objects.filter(pk__in=[log.pk for log in logs]).values_list("pk", "figures"))
    found = {host: counted([figures[log.pk] for log in logs if log.host_label == host]) for host in hosts}
    rates = {host: sum(delivered.values()) / days for host, (delivered, _, days) in found.items() if days}
    if not sum(rates.values()):
        return stated_for(engagement, hosts)
    why = ALL_HOSTS if len(rates) == len(hosts) else SOME_HOSTS.format(logged=len(rates), hosts=len(hosts))
    return {
        host: Mail(found[host][0], found[host][1], rates[host] / sum(rates.values()), MEASURED, why)
        if host in rates
        else Mail(why=NO_LOG_OF.format(host=host))
        for host in hosts
    }


def stated_for(engagement: Engagement, hosts: Sequence[str]) -> dict[str, Mail]:
    """Without any log: all stated mail goes through the host, as long as there is but one."""
    if len(hosts) == 1 and stated_volume(engagement).month:
        return {hosts[0]: Mail(part=1.0, basis=STATED, why=STATED_WHOLE)}
    return {host: Mail(why=NO_LOG_OF.format(host=host)) for host in hosts}


def logs_of(engagement: Engagement) -> list[LogReading]:
    """The logs that count, whoever looks: of two of a host that cover the same hours, the one with more lines."""
    kept: list[LogReading] = []
    read = LogReading.objects.filter(engagement=engagement).read().defer("figures")  # large, and asked of few
    for log in read.order_by("-understood_count", "number"):
        if not any(each.host_label == log.host_label and overlap(each, log) for each in kept):
            kept.append(log)
    return kept


def overlap(one: LogReading, other: LogReading) -> bool:
    return one.covered_from < other.covered_to and other.covered_from < one.covered_to


def counted(logs: Sequence[Mapping[str, Any]]) -> tuple[Counter[str], Counter[str], int]:
    """From the figures of logs: recipients delivered and messages accepted by syslog name, and on how many days."""
    delivered, accepted = Counter[str](), Counter[str]()
    days: set[str] = set()
    for figures in logs:
        delivered.update({service["name"]: service["sent"] for service in figures["services"]})
        accepted.update(figures["listeners"])
        days |= {day["name"] for day in figures["days"]}
    return delivered, accepted, len(days)


def identity_of(engagement: Engagement) -> list[Any]:
    """What changes when the share of some construct may."""
    return [*sorted(log.pk for log in logs_of(engagement)), stated_volume(engagement).month]
