"""What the log of a host says beside its configuration: names, sign-ins, and the busiest hour against the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discovery.maillog.remarks import limits, remark, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from discovery.maillog.configured import Configured
    from discovery.postfix import Finding

SECONDS_AN_HOUR = 3600
SERVING = frozenset(
    ["smtpd", "qmqpd", "cleanup", "qmgr", "smtp", "lmtp", "pipe", "local", "virtual", "error", "discard"]
)
TLS_FROM_THE_START = ("smtps", "submissions", "465")  # how such listeners are mostly named


def service_remarks(figures: Mapping[str, Any], host: Configured, spoken: Spoken) -> Iterator[Finding]:
    """`figures` are those of the log that reaches furthest, `spoken` all logs of the host."""
    if "sessions" not in figures:  # read before it was looked for
        return
    yield from _about_clear_logins(clear_logins(figures["sessions"]), host)
    yield from _about_anonymous_tls(figures["sessions"]["anonymous_to"])
    if host.services:
        yield from _about_strange_names(figures, host)
        yield from _about_silent_services(host, spoken)
        yield from _about_the_peak(figures, host)


def clear_logins(sessions: Mapping[str, Any]) -> dict[str, Any]:
    """Without the listeners that by their name begin with TLS: those log no STARTTLS."""
    found = sessions["clear_logins"]
    return {name: seen for name, seen in found.items() if not name.endswith(TLS_FROM_THE_START)}


class Spoken:
    """Who wrote at all in the logs of a host, and on how many days there are lines."""

    def __init__(self, logs: Iterable[Mapping[str, Any]]) -> None:
        """From the figures of each log."""
        self.names: set[str] = set()
        self.pipes: set[str] = set()
        self.days: set[str] = set()
        for figures in logs:
            if "sessions" in figures:
                self.names |= {writer.rpartition("/")[0] for writer in figures["writers"]}
                self.pipes |= set(figures["sessions"]["pipes"])
                self.days |= {day["name"] for day in figures["days"]}

    @property
    def is_long_enough(self) -> bool:
        return len(self.days) >= limits()["days_of_silence"]


def _about_clear_logins(found: Mapping[str, Any], host: Configured) -> Iterator[Finding]:
    for listener, seen in found.items():
        if listener in host.begins_with_tls:
            continue
        words = {"count": f"{seen['messages']:,}", "sessions": f"{seen['sessions']:,}", "when": span(seen["days"])}
        yield remark("measured-auth-clear", listener, methods=" and ".join(seen["methods"]), **words)


def _about_anonymous_tls(count: int) -> Iterator[Finding]:
    if count:
        yield remark("measured-tls-anonymous", "TLS", count=f"{count:,}")


def _about_strange_names(figures: Mapping[str, Any], host: Configured) -> Iterator[Finding]:
    lines: dict[str, int] = {}
    for writer, count in figures["writers"].items():
        name, _, program = writer.rpartition("/")
        if program in SERVING and name not in host.names:
            lines[name] = lines.get(name, 0) + count
    for name, count in lines.items():
        yield remark("measured-service-unknown", name, count=f"{count:,}", what="lines under the name")
    for name, count in figures["sessions"]["pipes"].items():
        if name not in host.pipes:
            yield remark("measured-service-unknown", name, count=f"{count:,}", what="deliveries by the pipe service")


def _about_silent_services(host: Configured, spoken: Spoken) -> Iterator[Finding]:
    if not spoken.is_long_enough:
        return
    for service in host.services:
        is_pipe = service.name in host.pipes
        is_heard = service.name in spoken.pipes if is_pipe else service.syslog_name in spoken.names
        if (is_pipe or (service.has_own_name and service.program in SERVING)) and not is_heard:
            yield remark("measured-service-silent", service.label, days=str(len(spoken.days)))


def _about_the_peak(figures: Mapping[str, Any], host: Configured) -> Iterator[Finding]:
    """By Little's law: how many arrive in a second, times how long each holds its process."""
    peak, limit = figures["peak_hour"], host.process_limit
    halves = [each["p50"] for each in figures["latency"] if each["name"] in {"connection", "transmission"}]
    if not peak or not limit or len(halves) != 2 or None in halves:  # noqa: PLR2004 (one of each name)
        return
    sent, held = peak["sent"] + peak["bounced"] + peak["deferrals"], sum(halves)
    running = sent / SECONDS_AN_HOUR * held
    if running >= limit * limits()["processes_at_peak"]:
        words = {
            "peak": peak["name"],
            "of": f"{sent:,}",
            "held": f"{held:.1f}",
            "running": f"{running:,.0f}",
            "limit": f"{limit:,}",
            "each": f"{host.destination_limit:,}" if host.destination_limit else "no number",
        }
        yield remark("measured-peak-limits", "busiest hour", **words)
