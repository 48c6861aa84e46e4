"""What the mail logs of an engagement say about the hard stops: by host, with the log, its counts and its days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.counting import counted
from core.shares import share_text
from discovery.maillog.remarks import limits, span
from discovery.maillog.service_remarks import clear_logins
from discovery.models import LogDay, LogReading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engagements.models import Engagement

KEPT = ("methods", "sessions", "by_sendmail", "messages", "without_id", "ids_different", "ids_repeated")
LOG_IS_SILENT = "The log does not show it: clients signed in, and the end of none of their sessions stands in it."
Said = tuple[str, "bool | None"]


@dataclass(frozen=True, slots=True)
class LogEvidence:
    """One log on one stop; `is_seen` is None where the log cannot tell."""

    number: int
    host: str
    period: str
    words: str
    is_seen: bool | None


@dataclass(frozen=True, slots=True)
class LogFacts:
    """`evidence` by stop, the log that reaches furthest last; `days` by host are those on which mail went out."""

    evidence: Mapping[str, tuple[LogEvidence, ...]]
    days: Mapping[str, int]

    def about(self, stop: str) -> tuple[LogEvidence, ...]:
        """Of each host the log that reaches furthest, and the last one that shows it where that is another."""
        shown: dict[tuple[str, bool], LogEvidence] = {}
        for each in self.evidence.get(stop, ()):
            shown[each.host, False] = each
            if each.is_seen:
                shown[each.host, True] = each
        return tuple(dict.fromkeys(each for _, each in sorted(shown.items(), key=lambda pair: pair[0])))

    def is_ruled_out(self, stop: str, hosts: Iterable[str]) -> bool:
        """Whether logs of every host hold enough days, and none of them shows it or cannot tell."""
        logs = self.evidence.get(stop, ())
        is_long = all(self.days.get(host, 0) >= limits()["days_of_silence"] for host in hosts)
        return bool(logs) and is_long and all(each.is_seen is False for each in logs)


def log_facts(engagement: Engagement) -> LogFacts:
    """Two queries."""
    rows = LogReading.objects.filter(engagement=engagement).read().order_by("covered_to", "number")
    found: defaultdict[str, list[LogEvidence]] = defaultdict(list)
    for row in rows.values("number", "host_label", "covered_from", "covered_to", *(f"figures__{key}" for key in KEPT)):
        figures = {key: row[f"figures__{key}"] for key in KEPT}
        period = f"{row['covered_from']} to {row['covered_to']}"
        for stop, say in STOPS.items():
            words, is_seen = say(figures)
            found[stop].append(LogEvidence(row["number"], row["host_label"], period, words, is_seen))
    days: defaultdict[str, set[Any]] = defaultdict(set)
    spans = LogDay.objects.filter(reading__engagement=engagement).values_list("reading__host_label", "day").distinct()
    for host, day in spans:
        days[host].add(day)
    return LogFacts({stop: tuple(logs) for stop, logs in found.items()}, {host: len(days[host]) for host in days})


def _about_login(figures: Mapping[str, Any]) -> Said:
    methods = figures["methods"] or {}
    if count := methods.get("LOGIN", 0):
        days = ((figures["sessions"] or {}).get("method_days") or {}).get("LOGIN")
        when = f" {span(days)}" if days else ""
        return f"{counted(count, 'message')} came from clients that signed in with AUTH LOGIN{when}.", True
    others = ", ".join(f"{name} {count:,}" for name, count in methods.items())
    return f"No client signed in with AUTH LOGIN. Messages by other methods: {others or 'none'}.", False


def _about_clear_logins(figures: Mapping[str, Any]) -> Said:
    sessions = figures["sessions"]
    if sessions is None:
        return "It was read before logins without TLS were looked for.", None
    found = clear_logins(sessions)
    if found:
        days = sorted(day for each in found.values() for day in each["days"])
        count, messages = (sum(each[name] for each in found.values()) for name in ("sessions", "messages"))
        when = span([days[0], days[-1]] if days else [])
        return (
            f"{count:,} of {_logins(sessions)} had no TLS, {when}; {counted(messages, 'message')} came that way.",
            True,
        )
    if unknown := sessions["sessions_unknown"]:
        return f"Of {_logins(sessions)}, {unknown:,} do not tell whether TLS was begun.", None
    if not sessions["sessions_with_login"]:
        methods = figures["methods"] or {}
        return (LOG_IS_SILENT, None) if methods else ("No client signed in.", False)
    return f"None of {_logins(sessions)} went without TLS.", False


def _logins(sessions: Mapping[str, Any]) -> str:
    return f"{sessions['sessions_with_login']:,} sessions with a login"


def _about_sendmail(figures: Mapping[str, Any]) -> Said:
    if count := figures["by_sendmail"]:
        return (
            f"{counted(count, 'message was', 'messages were')} handed in by programs on the host, through pickup.",
            True,
        )
    return f"None of {figures['messages']:,} messages was handed in on the host itself.", False


def _about_ids(figures: Mapping[str, Any]) -> Said:
    """Message-ID quality: how many lack it, and how many share it."""
    absent, messages = figures["without_id"], figures["messages"]
    reused, different = figures["ids_repeated"], figures["ids_different"]
    if not messages:
        return "It holds no message with its header.", None
    shares = absent / messages, reused / different if different else 0.0
    words = (
        f"{absent:,} of {messages:,} messages carry no Message-ID ({share_text(shares[0])}), and {reused:,} of "
        f"{different:,} different ones belong to more than one message ({share_text(shares[1])})."
    )
    return words, shares[0] >= limits()["id_absent"] or shares[1] >= limits()["id_reused"]


STOPS: dict[str, Callable[[Mapping[str, Any]], Said]] = {
    "auth-login": _about_login,
    "cleartext-auth": _about_clear_logins,
    "sendmail-callers": _about_sendmail,
    "message-id": _about_ids,
}
