"""Adds up the rows of blocks: counters by hour, provider and stream, spreads of seconds, joins by host."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from discovery.maillog.bounces import category_of
from discovery.maillog.distinct import Distinct
from discovery.maillog.envelopes import source_of
from discovery.maillog.joins import Joins
from discovery.maillog.providers import INSIDE, provider_of
from discovery.maillog.rows import Block
from discovery.maillog.spread import Spread
from discovery.maillog.submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discovery.maillog.rows import Row, Slow
    from discovery.maillog.stamps import Key

OUTCOMES = {
    b"sent": "sent",
    b"bounced": "bounced",
    b"deferred": "deferred",
    b"softbounce": "deferred",  # soft_bounce turns refusals into delays: nothing is final
}
MOST_DOMAINS = 50_000
PARTS = ("before", "queue", "connection", "transmission")
FAILURES = frozenset({"bounced", "deferred"})


class Tally:
    """The figures of one part of a log, or of several put together."""

    def __init__(self, key: bytes) -> None:
        """`key` is for the hashes of who submits."""
        self.key = key
        self.counters: defaultdict[str, Counter[Any]] = defaultdict(Counter)
        self.spreads: defaultdict[str, Spread] = defaultdict(Spread)
        self.totals: Counter[str] = Counter()
        self.message_ids = Distinct()
        self.submissions = Submissions(key)
        self.joins: defaultdict[str, Joins] = defaultdict(Joins)

    def add(self, block: Block) -> None:
        self._count_lines(block)
        for host, rows in _by_host(block).items():
            joins = self.joins[host]
            self._add_ids(rows.ids, joins)
            self._add_queued(rows.queued, joins)
            self._add_clients(rows.clients)
            self._add_deliveries(rows.deliveries, joins)
            self._add_bodies(rows.bodies, joins)
            joins.remove(rows.removed)

    def follow(self, later: Tally) -> None:
        """Put what was read next behind this."""
        for name, counter in later.counters.items():
            self.counters[name].update(counter)
        for name, spread in later.spreads.items():
            self.spreads[name].merge(spread)
        self.totals.update(later.totals)
        self.message_ids.merge(later.message_ids)
        self.submissions.merge(later.submissions)
        for host, joins in later.joins.items():
            self.joins[host].follow(joins)

    def _count_lines(self, block: Block) -> None:
        self.totals["lines"] += block.lines
        self.totals["understood"] += block.understood
        self.totals["unrelated"] += block.unrelated
        self.totals["not_understood"] += len(block.strange)
        self.counters["hours"].update(block.hours)
        self.counters["sources"].update(block.sources)
        self.counters["tls"].update(block.tls)

    def _add_ids(self, ids: list[Row], joins: Joins) -> None:
        """Messages by hour and their Message-ID; a header that comes twice in one message is one message."""
        messages = {(row[2]): row for row in ids}
        joins.begin([(row[2], row[3]) for row in messages.values()])
        self.counters["messages"].update(row[0] for row in messages.values())
        present = [row[3] for row in messages.values() if row[3] not in {b"", b"<>"}]
        self.totals["without_id"] += len(messages) - len(present)
        self.message_ids.add(present)

    def _add_queued(self, queued: list[Row], joins: Joins) -> None:
        joins.queued([(row[2], row[3].lower(), row[4]) for row in queued])

    def _add_clients(self, clients: list[Row]) -> None:
        for row in clients:
            if b"orig_queue_id=" in row[3]:  # handed back by a filter, already counted
                self.totals["handed_back"] += 1
                continue
            self._accept(row[0], row[1])
            self.submissions.add(row[3])

    def _accept(self, hour: Key, source: bytes) -> None:
        found = source_of(source)
        self.counters["accepted"][hour, found.syslog_name if found else ""] += 1

    def _add_deliveries(self, rows: list[Row], joins: Joins) -> None:
        """Attempts; address probes and `expanded` are none, and local forwarding begins another message."""
        joined, hours = [], []
        for row in rows:
            outcome = _outcome(row)
            source = source_of(row[1])
            if outcome is None or source is None:
                self.totals["forwarded" if row[15] == b"sent" else "probes"] += 1
                continue
            provider = provider_of(row[5], row[4], source.program)
            joined.append((row[2], row[3], provider, outcome))
            hours.append(row[0])
            self.counters["services"][source.syslog_name, outcome] += 1
            self._look_closer(row, provider, outcome, joins)
        self.counters["outcomes"].update((hour, *row[2:]) for hour, row in zip(hours, joined, strict=True))
        self.counters["domains"].update(row[4] for row in rows)
        self._measure(rows)
        joins.delivered(joined)
        self._prune_domains()

    def _look_closer(self, row: Row, provider: str, outcome: str, joins: Joins) -> None:
        if outcome in FAILURES:
            self.counters["categories"][outcome, category_of(row[13], row[16] or b"")] += 1
            if outcome == "deferred":
                self.spreads["waited"].add((row[7],))
        elif provider == INSIDE and row[16] and b"queued as " in row[16]:
            again = joins.ids.get(row[16].rpartition(b"queued as ")[2].rstrip(b") "))
            if again is not None:
                self.message_ids.take_back(again)
                self.totals["passed_through"] += 1
        if row[12] is not None:
            self.counters["tls_features"][row[12]] += 1
        if row[6] is None and b"[" in row[5]:
            self.totals["connections"] += 1

    def _measure(self, rows: list[Row]) -> None:
        if rows:
            columns = list(zip(*rows, strict=True))
            self.spreads["delay"].add(columns[7])
            for place, part in enumerate(PARTS, start=8):
                self.spreads[part].add(columns[place])

    def _prune_domains(self) -> None:
        domains = self.counters["domains"]
        if len(domains) > MOST_DOMAINS:
            self.counters["domains"] = Counter(dict(domains.most_common(MOST_DOMAINS // 2)))
            self.totals["domains_left_out"] += sum(domains.values()) - self.counters["domains"].total()

    def _add_bodies(self, bodies: Iterable[Slow], joins: Joins) -> None:
        for hour, source, body in bodies:
            self.counters["kinds"][body.kind] += 1
            if body.kind == "pickup":
                self._accept(hour, source)
            elif body.kind == "expired":
                joins.expire(body.queue_id)
            elif body.kind == "removed_by_hand":
                joins.remove([body.queue_id])
            elif body.kind == "action" and body.fields.get("action") in {b"reject", b"milter-reject", b"proxy-reject"}:
                self.counters["rejected"][hour] += 1


def _outcome(row: Row) -> str | None:
    if row[14] is not None:
        return "sent"
    if row[15] == b"sent":  # forwarded as another message
        return None
    return OUTCOMES.get((row[15] or b"").lower())


def _by_host(block: Block) -> dict[str, Block]:
    """The rows of each host; nearly always there is one."""
    hosts = {source: source_of(source) for source in block.sources}
    names = {found.host for found in hosts.values() if found}
    if len(names) == 1:
        return {names.pop(): block}
    split: dict[str, Block] = {name: Block() for name in names}
    for kind in ("deliveries", "queued", "ids", "clients", "bodies"):
        for row in getattr(block, kind):
            if found := hosts.get(row[1]):
                getattr(split[found.host], kind).append(row)
    for name in names:  # an end that names no host is tried on each: elsewhere the id is unknown
        split[name].removed = block.removed
    return split
