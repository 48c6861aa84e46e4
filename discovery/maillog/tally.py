"""Adds up the rows of blocks: counters by hour, provider and stream, spreads of seconds, joins by host."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import repeat
from operator import ne
from typing import TYPE_CHECKING, Any

from discovery.maillog.bounces import category_of
from discovery.maillog.columns import Block, chosen
from discovery.maillog.distinct import Distinct
from discovery.maillog.envelopes import Source, source_of
from discovery.maillog.joins import Joins
from discovery.maillog.octets import mark
from discovery.maillog.outcomes import NO_ATTEMPT
from discovery.maillog.providers import INSIDE
from discovery.maillog.spread import Spread, number_of
from discovery.maillog.submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discovery.maillog.columns import Columns, Slow
    from discovery.maillog.stamps import Key

Names = dict[int, bytes]  # of sources, by their marks

MOST_DOMAINS = 50_000
ABSENT = frozenset({b"", b"<>"})


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
            joins.queued(*rows.queued[2:])
            self._add_clients(rows.clients, keys, block.names)
            self._add_attempts(rows.attempts, keys, block.names, joins)
            self._add_bodies(rows.bodies, block.names, joins)
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
        for source, count in block.sources.items():
            self.counters["sources"][block.names[source]] += count
        self.counters["domains"].update(block.domains)
        self._prune_domains()
        self.counters["tls"].update(block.tls)
        self.totals["connections"] += block.connections
        for name, seconds in block.seconds.items():
            self.spreads[name].add(seconds)

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

    def _add_clients(self, clients: Columns, keys: list[Key], names: Names) -> None:
        numbers, sources, _, said = clients
        for (number, source, name), count in Counter(zip(numbers, sources, said, strict=True)).items():
            if b"orig_queue_id=" not in name:  # handed back by a filter: already counted
                self._accept(keys[number], names[source], count)
                self.submissions.add(name, count)

    def _accept(self, hour: Key, source: bytes, count: int = 1) -> None:
        found = source_of(source)
        self.counters["accepted"][hour, found.syslog_name if found else ""] += count

    def _add_attempts(self, rows: Columns, keys: list[Key], names: Names, joins: Joins) -> None:
        if NO_ATTEMPT in rows[5]:
            rows = chosen(rows, rows[5])
        numbers, sources, queue_ids, recipients, providers, outcomes = rows[:6]
        alike = Counter(zip(numbers, sources, providers, outcomes, strict=True))
        for (number, source, provider, outcome), count in alike.items():
            self.counters["services"][_named(names[source]).syslog_name, outcome] += count
            self.counters["outcomes"][keys[number], provider, outcome] += count
        self._look_closer(rows, joins)
        joins.delivered(queue_ids, recipients, providers, outcomes)

    def _look_closer(self, rows: Columns, joins: Joins) -> None:
        providers, outcomes, reasons = rows[4], rows[5], rows[8]
        failed = chosen(rows[5:], list(map(ne, outcomes, repeat("sent"))))
        for outcome, delay, dsn, reason in zip(*failed, strict=True):
            self.counters["categories"][outcome, category_of(dsn, reason)] += 1
            if outcome == "deferred":
                self.spreads["waited"].add((number_of(delay),))
        if INSIDE not in providers:
            return
        for outcome, provider, reason in zip(outcomes, providers, reasons, strict=True):
            if provider == INSIDE and outcome == "sent" and b"queued as " in reason:
                again = joins.ids.get(mark(reason.rpartition(b"queued as ")[2].rstrip(b") ")))
                if again is not None:
                    self.message_ids.take_back(again)
                    self.totals["passed_through"] += 1

    def _prune_domains(self) -> None:
        domains = self.counters["domains"]
        if len(domains) > MOST_DOMAINS:
            self.counters["domains"] = Counter(dict(domains.most_common(MOST_DOMAINS // 2)))

    def _add_bodies(self, bodies: Iterable[Slow], names: Names, joins: Joins) -> None:
        for hour, source, body in bodies:
            if body.kind == "pickup":
                self.totals["by_sendmail"] += 1
                self._accept(hour, names[source])
            elif body.kind == "expired":
                joins.expire(mark(body.queue_id))
            elif body.kind == "removed_by_hand":
                joins.remove([mark(body.queue_id)])
            elif body.kind == "action" and body.fields.get("action") in {b"reject", b"milter-reject", b"proxy-reject"}:
                self.counters["rejected"][hour] += 1


def _named(source: bytes) -> Source:
    """Sources that are not of Postfix have been sorted out."""
    found = source_of(source)
    return found or Source("", "", "")


def _by_host(block: Block) -> dict[str, Block]:
    """The rows of each host; nearly always there is one."""
    homes = {source: _named(block.names[source]).host for source in block.sources}
    names = set(homes.values())
    if len(names) == 1:
        return {names.pop(): block}
    split: dict[str, Block] = {name: Block() for name in names}
    for kind in ("attempts", "queued", "ids", "clients"):
        whole: Columns = getattr(block, kind)
        for name in names:
            setattr(split[name], kind, chosen(whole, [homes[source] == name for source in whole[1]]))
    for row in block.bodies:
        split[homes[row[1]]].bodies.append(row)
    for name in names:  # an end that names no host is tried on each: elsewhere the id is unknown
        split[name].removed = block.removed
    return split
