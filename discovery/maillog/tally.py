"""Adds up the rows of blocks: counters by hour, provider and stream, spreads of seconds, joins by host."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import compress, repeat
from operator import contains, ne, not_
from typing import TYPE_CHECKING, Any

from discovery.maillog.bounces import category_of
from discovery.maillog.columns import Block, chosen
from discovery.maillog.distinct import Distinct
from discovery.maillog.envelopes import Source, source_of
from discovery.maillog.joins import Joins
from discovery.maillog.providers import INSIDE, provider_of
from discovery.maillog.spread import Spread
from discovery.maillog.submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discovery.maillog.columns import Columns, Slow
    from discovery.maillog.stamps import Key

OUTCOMES = {
    b"sent": "sent",
    b"bounced": "bounced",
    b"deferred": "deferred",
    b"softbounce": "deferred",  # soft_bounce turns refusals into delays: nothing is final
}
MOST_DOMAINS = 50_000
ABSENT = frozenset({b"", b"<>"})
PARTS = ("before", "queue", "connection", "transmission")
FORWARDED = b"(forwarded"


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
        keys = list(block.keys)
        for host, rows in _by_host(block).items():
            joins = self.joins[host]
            self._add_ids(rows.ids, keys, joins)
            joins.queued(rows.queued[2], map(bytes.lower, rows.queued[3]), rows.queued[4])
            self._add_clients(rows.clients, keys)
            self._add_deliveries(rows.deliveries, keys, joins)
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

    def _add_ids(self, ids: Columns, keys: list[Key], joins: Joins) -> None:
        """Messages by hour and their Message-ID; a header that comes twice in one message is one message."""
        numbers, _, queue_ids, values = ids
        last = dict(zip(queue_ids, values, strict=True))
        if len(last) < len(values):
            numbers = list(dict(zip(queue_ids, numbers, strict=True)).values())
        joins.begin(last)
        for number, count in Counter(numbers).items():
            self.counters["messages"][keys[number]] += count
        present = [value for value in last.values() if value not in ABSENT]
        self.totals["without_id"] += len(last) - len(present)
        self.message_ids.add(present)

    def _add_clients(self, clients: Columns, keys: list[Key]) -> None:
        numbers, sources, _, names = clients
        for (number, source, name), count in Counter(zip(numbers, sources, names, strict=True)).items():
            if b"orig_queue_id=" not in name:  # handed back by a filter: already counted
                self._accept(keys[number], source, count)
                self.submissions.add(name, count)

    def _accept(self, hour: Key, source: bytes, count: int = 1) -> None:
        found = source_of(source)
        self.counters["accepted"][hour, found.syslog_name if found else ""] += count

    def _add_deliveries(self, rows: Columns, keys: list[Key], joins: Joins) -> None:
        """Attempts; address probes and `expanded` are none, and local forwarding begins another message."""
        self._measure(rows)
        outcomes = _outcomes(rows[13], rows[14])
        if None in outcomes:
            rows, outcomes = chosen(rows, outcomes), list(filter(None, outcomes))
        numbers, sources, queue_ids, recipients, domains, relays, uses = rows[:7]
        for (source, outcome), count in Counter(zip(sources, outcomes, strict=True)).items():
            self.counters["services"][_named(source).syslog_name, outcome] += count
        programs = {source: _named(source).program for source in set(sources)}
        providers = list(map(provider_of, relays, domains, map(programs.__getitem__, sources)))
        for (number, *about), count in Counter(zip(numbers, providers, outcomes, strict=True)).items():
            self.counters["outcomes"][keys[number], *about] += count
        self.totals["connections"] += sum(map(contains, compress(relays, map(not_, uses)), repeat(b"[")))
        self._look_closer(rows, providers, outcomes, joins)
        joins.delivered(queue_ids, recipients, providers, outcomes)

    def _measure(self, rows: Columns) -> None:
        self.counters["domains"].update(rows[4])
        self._prune_domains()
        self.spreads["delay"].add(rows[7])
        for part, column in zip(PARTS, rows[8:12], strict=True):
            self.spreads[part].add(column)

    def _look_closer(self, rows: Columns, providers: list[str], outcomes: list[str], joins: Joins) -> None:
        failed = chosen([outcomes, rows[7], rows[12], rows[14]], list(map(ne, outcomes, repeat("sent"))))
        for outcome, delay, dsn, reason in zip(*failed, strict=True):
            self.counters["categories"][outcome, category_of(dsn, reason)] += 1
            if outcome == "deferred":
                self.spreads["waited"].add((delay,))
        if INSIDE not in providers:
            return
        for outcome, provider, reason in zip(outcomes, providers, rows[14], strict=True):
            if provider == INSIDE and outcome == "sent" and b"queued as " in reason:
                again = joins.ids.get(reason.rpartition(b"queued as ")[2].rstrip(b") "))
                if again is not None:
                    self.message_ids.take_back(again)
                    self.totals["passed_through"] += 1

    def _prune_domains(self) -> None:
        domains = self.counters["domains"]
        if len(domains) > MOST_DOMAINS:
            self.counters["domains"] = Counter(dict(domains.most_common(MOST_DOMAINS // 2)))

    def _add_bodies(self, bodies: Iterable[Slow], joins: Joins) -> None:
        for hour, source, body in bodies:
            if body.kind == "pickup":
                self._accept(hour, source)
            elif body.kind == "expired":
                joins.expire(body.queue_id)
            elif body.kind == "removed_by_hand":
                joins.remove([body.queue_id])
            elif body.kind == "action" and body.fields.get("action") in {b"reject", b"milter-reject", b"proxy-reject"}:
                self.counters["rejected"][hour] += 1


def _named(source: bytes) -> Source:
    """Sources that are not of Postfix have been sorted out."""
    found = source_of(source)
    return found or Source("", "", "")


def _outcomes(statuses: list[bytes], reasons: list[bytes]) -> list[Any]:
    """What became of each attempt; None for what is none."""
    known = {status: OUTCOMES.get(status.lower()) for status in set(statuses)}
    outcomes = list(map(known.__getitem__, statuses))
    if any(map(bytes.startswith, reasons, repeat(FORWARDED))):
        return [None if r.startswith(FORWARDED) and o == "sent" else o for o, r in zip(outcomes, reasons, strict=True)]
    return outcomes


def _by_host(block: Block) -> dict[str, Block]:
    """The rows of each host; nearly always there is one."""
    homes = {source: _named(source).host for source in block.sources}
    names = set(homes.values())
    if len(names) == 1:
        return {names.pop(): block}
    split: dict[str, Block] = {name: Block() for name in names}
    for kind in ("deliveries", "queued", "ids", "clients"):
        whole: Columns = getattr(block, kind)
        for name in names:
            setattr(split[name], kind, chosen(whole, [homes[source] == name for source in whole[1]]))
    for row in block.bodies:
        split[homes[row[1]]].bodies.append(row)
    for name in names:  # an end that names no host is tried on each: elsewhere the id is unknown
        split[name].removed = block.removed
    return split
