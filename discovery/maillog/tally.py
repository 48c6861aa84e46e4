"""Adds up the rows of blocks: counters by hour, provider and stream, spreads of seconds, joins by host."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from discovery.maillog.alike import alike, numbered
from discovery.maillog.bounces import category_of
from discovery.maillog.distinct import Distinct
from discovery.maillog.envelopes import source_of
from discovery.maillog.hosts import by_host, named
from discovery.maillog.joins import Joins
from discovery.maillog.lives import Filing, Lives
from discovery.maillog.octets import mark
from discovery.maillog.outcomes import DEFERRED, NAMES, NO_ATTEMPT, NUMBERS, SENT
from discovery.maillog.providers import INSIDE
from discovery.maillog.providers import names as provider_names
from discovery.maillog.spread import Spread, number_of
from discovery.maillog.submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discovery.maillog.columns import Block, Closer, Columns, Slow
    from discovery.maillog.stamps import Key

Names = dict[int, bytes]  # of sources, by their marks

MOST_DOMAINS = 50_000
ABSENT = np.array([mark(b""), mark(b"<>")], np.uint64)
SURGERY = frozenset({"expired", "removed_by_hand"})


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
        for host, rows in by_host(block).items():
            self._add_clients(rows.clients, keys, block)
            lives = Lives(
                ids=self._add_ids(rows.ids, keys),
                queued=rows.queued[2:],
                attempts=self._add_attempts(rows.attempts, keys, block.names),
                removed=rows.removed,
                passed=np.array(self._look_closer(rows.closer), np.uint64),
                touched=np.array([mark(body.queue_id) for *_, body in rows.bodies if body.kind in SURGERY], np.uint64),
                senders=block.senders,
                hours=keys,
            )
            self._file(Filing(lives, self.joins[host]), rows.bodies, block.names)

    def _file(self, filing: Filing, bodies: list[Slow], names: Names) -> None:
        """Put together what needs more than one line."""
        filing.begin()
        passed = filing.handed_back()
        self.message_ids.take_back(passed[~np.isin(passed, ABSENT)])
        self.totals["passed_through"] += len(passed)
        filing.deliver()
        self._add_bodies(bodies, names, filing.joins)
        filing.remove()

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

    def _add_ids(self, ids: Columns, keys: list[Key]) -> Columns:
        """Messages by hour and their Message-ID; a header that comes twice in one message is one message."""
        last, _ = numbered(ids[2])
        numbers, _, queue_ids, values = (column[last] for column in ids)
        kinds, counts = alike(numbers)
        for number, count in zip(numbers[kinds].tolist(), counts, strict=True):
            self.counters["messages"][keys[number]] += count
        present = values[~np.isin(values, ABSENT)]
        self.totals["without_id"] += len(values) - len(present)
        self.message_ids.add(present)
        return [queue_ids, values]

    def _add_clients(self, clients: Columns, keys: list[Key], block: Block) -> None:
        numbers, sources, said = clients
        kinds, counts = alike(numbers, sources, said)
        rows = zip(*(column[kinds].tolist() for column in (numbers, sources, said)), counts, strict=True)
        for number, source, login, count in rows:
            name = block.logins[login]
            if b"orig_queue_id=" not in name:  # handed back by a filter: already counted
                self._accept(keys[number], block.names[source], count)
                self.submissions.add(name, count)

    def _accept(self, hour: Key, source: bytes, count: int = 1) -> None:
        found = source_of(source)
        self.counters["accepted"][hour, found.syslog_name if found else ""] += count

    def _add_attempts(self, attempts: Columns, keys: list[Key], names: Names) -> Columns:
        """The answer are their queue ids, recipients, providers, outcomes and the numbers of their hours."""
        is_attempt = attempts[5] != np.uint64(NUMBERS[NO_ATTEMPT])
        if not is_attempt.all():
            attempts = [column[is_attempt] for column in attempts]
        numbers, sources, _, _, providers, outcomes = attempts
        kinds, counts = alike(numbers, sources, providers, outcomes)
        rows = (column[kinds].tolist() for column in (numbers, sources, providers, outcomes))
        for number, source, to_whom, became, count in zip(*rows, counts, strict=True):
            provider, outcome = provider_names()[to_whom], NAMES[became]
            self.counters["services"][named(names[source]).syslog_name, outcome] += count
            self.counters["outcomes"][keys[number], provider, outcome] += count
        return [*attempts[2:], numbers]

    def _look_closer(self, rows: Iterable[Closer]) -> list[int]:
        """Why what was not sent was not; the answer are the next queue ids of what a filter handed back."""
        passed, waited = [], []
        for _, provider, outcome, delay, dsn, reason in rows:
            if outcome != SENT:
                self.counters["categories"][outcome, category_of(dsn, reason)] += 1
                if outcome == DEFERRED:
                    waited.append(number_of(delay))
            elif provider == INSIDE and b"queued as " in reason:
                passed.append(mark(reason.rpartition(b"queued as ")[2].rstrip(b") ")))
        self.spreads["waited"].add(waited)
        return passed

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
