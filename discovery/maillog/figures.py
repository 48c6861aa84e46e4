"""The figures of a reading as plain values: what the page, the findings and the command line show."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from discovery.maillog.bounces import categories
from discovery.maillog.columns import PARTS
from discovery.maillog.envelopes import source_of
from discovery.maillog.providers import NOT_OUTSIDE
from discovery.maillog.sessions import told_by
from discovery.maillog.shapes import Group, Latency, Period
from discovery.maillog.spread import METHOD, Spread
from discovery.maillog.streams import BOUNCES_LABEL, StreamGroup, stream_groups

if TYPE_CHECKING:
    from discovery.maillog.reading import Whole
    from discovery.maillog.tally import Tally

LONGEST_SILENCE = timedelta(hours=6)  # without any line of Postfix; longer is a gap
MOST_ROWS = 50
MOST_WRITERS = 1_000
NO_DATE = datetime.min  # noqa: DTZ901 (stands for lines whose stamp is no date)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one reading says. Periods and providers count what went outside; streams count all deliveries."""

    lines: int
    understood: int
    not_understood: int
    unrelated: int
    first: str
    last: str
    hosts: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    months: tuple[Period, ...]
    days: tuple[Period, ...]
    peak_day: Period | None
    peak_hour: Period | None
    providers: tuple[Group, ...]
    services: tuple[Group, ...]
    sender_domains: tuple[Group, ...]
    stream_groups: tuple[StreamGroup, ...]  # by provider, of the largest streams
    listeners: dict[str, int]
    recipient_domains: dict[str, int]
    sent: int
    bounced: int
    expired: int
    deferrals: int
    put_off: int
    still_waiting: int
    rejected: int
    accepted: int
    by_sendmail: int
    messages: int
    bytes_received: int
    bounce_rate: float | None
    deferral_rate: float | None
    categories: tuple[tuple[str, str, str, int], ...]
    latency: tuple[Latency, ...]
    waited: Latency
    ids_different: int
    ids_repeated: int
    ids_exact: bool
    without_id: int
    passed_through: int
    tls_share: float | None
    clients: int
    logins: int
    methods: dict[str, int]
    samples: tuple[dict[str, Any], ...]
    troubles: tuple[str, ...]
    writers: dict[str, int]  # lines by syslog name and program, as "postfix/bulk/smtp"
    sessions: dict[str, Any]  # discovery.maillog.sessions.told_by
    method: str = METHOD

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def figures_of(whole: Whole) -> Figures:
    tally = whole.tally
    parts: dict[str, Any] = {
        **{name: tally.totals[name] for name in ("lines", "understood", "not_understood", "unrelated")},
        **_coverage(tally),
        **_times(tally),
        **_shares(tally),
        **_streams(tally),
        **_identities(tally),
        **_submitters(tally),
    }
    return Figures(
        **parts,
        categories=_categories(tally),
        latency=tuple(_latency(name, tally.spreads[name]) for name in ("delay", *PARTS)),
        waited=_latency("waited", tally.spreads["waited"]),
        bytes_received=sum(joins.bytes for joins in tally.joins.values()),
        tls_share=_tls_share(tally),
        samples=tuple(asdict(sample) for sample in whole.samples),
        troubles=tuple(whole.troubles),
        writers=_writers(tally),
        sessions=told_by(whole.sessions),
    )


def _times(tally: Tally) -> dict[str, Any]:
    days = _periods(tally, "%Y-%m-%d")
    return {
        "months": _periods(tally, "%Y-%m"),
        "days": days,
        "peak_day": max(days, key=lambda day: day.ended, default=None),
        "peak_hour": max(_periods(tally, "%Y-%m-%d %H:00"), key=lambda hour: hour.ended, default=None),
    }


def _shares(tally: Tally) -> dict[str, Any]:
    """By the end of each recipient; one that is put off ten times counts once."""
    ends = Counter[str]()
    for (_, provider, outcome), count in tally.counters["outcomes"].items():
        ends[outcome] += count if provider not in NOT_OUTSIDE else 0
    put_off, expired = (
        sum(count for provider, count in _joined(tally, name).items() if provider not in NOT_OUTSIDE)
        for name in ("put_off", "expired")
    )
    waiting = sum(joins.still_waiting for joins in tally.joins.values())
    ended = ends["sent"] + ends["bounced"] + expired
    return {
        "sent": ends["sent"],
        "bounced": ends["bounced"],
        "deferrals": ends["deferred"],
        "expired": expired,
        "put_off": put_off,
        "still_waiting": waiting,
        "bounce_rate": (ends["bounced"] + expired) / ended if ended else None,
        "deferral_rate": min(1.0, put_off / (ended + waiting)) if ended + waiting else None,
    }


def _streams(tally: Tally) -> dict[str, Any]:
    return {
        "providers": _groups(tally),
        "services": _named(tally.counters["services"]),
        "sender_domains": _sender_domains(tally),
        "stream_groups": stream_groups(tally),
        "listeners": _listeners(tally),
        "recipient_domains": _recipient_domains(tally),
    }


def _submitters(tally: Tally) -> dict[str, Any]:
    tally.submissions.settle()
    return {
        "accepted": tally.counters["accepted"].total(),
        "messages": tally.counters["messages"].total(),
        "rejected": tally.counters["rejected"].total(),
        "by_sendmail": tally.totals["by_sendmail"],
        "clients": len(tally.submissions.clients),
        "logins": len(tally.submissions.logins),
        "methods": dict(tally.submissions.methods.most_common()),
    }


def _identities(tally: Tally) -> dict[str, Any]:
    return {
        "ids_different": tally.message_ids.different,
        "ids_repeated": tally.message_ids.repeated,
        "ids_exact": tally.message_ids.is_exact,
        "without_id": tally.totals["without_id"],
        "passed_through": tally.totals["passed_through"],
    }


def _coverage(tally: Tally) -> dict[str, Any]:
    hours = sorted(moment for moment in tally.counters["hours"] if moment != NO_DATE)
    gaps = [
        (f"{before:%Y-%m-%d %H:00}", f"{after:%Y-%m-%d %H:00}")
        for before, after in itertools.pairwise(hours)
        if after - before > LONGEST_SILENCE
    ]
    hosts = {found.host for source in tally.counters["sources"] if (found := source_of(source))}
    return {
        "first": f"{hours[0]:%Y-%m-%d %H:00}" if hours else "",
        "last": f"{hours[-1]:%Y-%m-%d %H:00}" if hours else "",
        "hosts": tuple(sorted(hosts - {""})),
        "gaps": tuple(gaps),
    }


def _writers(tally: Tally) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for source, count in tally.counters["sources"].items():
        if found := source_of(source):
            counted[f"{found.syslog_name}/{found.program}"] += count
    return dict(counted.most_common(MOST_WRITERS))


def _periods(tally: Tally, form: str) -> tuple[Period, ...]:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (moment, provider, outcome), count in tally.counters["outcomes"].items():
        if provider not in NOT_OUTSIDE and moment != NO_DATE:
            counted[moment.strftime(form)][outcome] += count
    for (moment, _), count in tally.counters["accepted"].items():
        if moment != NO_DATE:
            counted[moment.strftime(form)]["accepted"] += count
    return tuple(
        Period(name, row["accepted"], row["sent"], row["bounced"], row["deferred"])
        for name, row in sorted(counted.items())
    )


def _groups(tally: Tally) -> tuple[Group, ...]:
    pairs: Counter[tuple[str, str]] = Counter()
    for (_, provider, outcome), count in tally.counters["outcomes"].items():
        pairs[provider, outcome] += count
    put_off, expired = _joined(tally, "put_off"), _joined(tally, "expired")
    return tuple(
        Group(each.name, each.sent, each.bounced, each.deferrals, put_off[each.name], expired[each.name])
        for each in _named(pairs)
    )


def _joined(tally: Tally, name: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for joins in tally.joins.values():
        for (provider, _), count in getattr(joins, name).items():
            counted[provider] += count
    return counted


def _sender_domains(tally: Tally) -> tuple[Group, ...]:
    pairs: Counter[tuple[str, str]] = Counter()
    for joins in tally.joins.values():
        for (domain, outcome), count in joins.by_sender.items():
            pairs[domain.decode("ascii", "replace") or BOUNCES_LABEL, outcome] += count
    return _named(pairs)[:MOST_ROWS]


def _named(pairs: Counter[tuple[str, str]]) -> tuple[Group, ...]:
    """Largest first."""
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (name, outcome), count in pairs.items():
        rows[name][outcome] += count
    groups = [
        Group(name, row["sent"], row["bounced"], row["deferred"], expired=row["expired"]) for name, row in rows.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.sent - group.bounced, group.name)))


def _listeners(tally: Tally) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for (_, name), count in tally.counters["accepted"].items():
        counted[name] += count
    return dict(counted.most_common())


def _recipient_domains(tally: Tally) -> dict[str, int]:
    """Largest first, and those of one size by name: where the list is cut does not hang on how the log was read."""
    ordered = sorted(tally.counters["domains"].items(), key=lambda row: (-row[1], row[0]))
    return {name.decode("ascii", "replace"): count for name, count in ordered[:MOST_ROWS]}


def _categories(tally: Tally) -> tuple[tuple[str, str, str, int], ...]:
    known = categories()
    rows = tally.counters["categories"].most_common()
    return tuple((outcome, known[key].label, known[key].means, count) for (outcome, key), count in rows)


def _latency(name: str, spread: Spread) -> Latency:
    return Latency(name, spread.percentile(50), spread.percentile(95), spread.longest)


def _tls_share(tally: Tally) -> float | None:
    """Secured connections of those that deliver; None when the log does not say (smtp_tls_loglevel = 0)."""
    secured = sum(count for (way, _), count in tally.counters["tls"].items() if way == b"to")
    if not secured or not tally.totals["connections"]:
        return None
    return min(1.0, secured / tally.totals["connections"])
