"""The common lines of one shape in one sweep of a pattern; the answer are the lines it does not know.

`re.split` leaves the columns of all lines in one flat list, so slices of it are columns and what stands between
two matches are the other lines. Attempts are the widest lines: a second pattern reads them, all of a block at once.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import compress
from typing import TYPE_CHECKING

from discovery.maillog.bodies import QUEUE_ID
from discovery.maillog.columns import HEAD, chosen, extend
from discovery.maillog.envelopes import fast_head, source_of

if TYPE_CHECKING:
    from discovery.maillog.columns import Block, Columns
    from discovery.maillog.stamps import Turns

TO = re.compile(
    rb"^to=<((?:[^>@\n]*+@)?([^>@\n]*+))>, (?:orig_to=<[^>\n]*+>, )?relay=([^,\n]*+), "
    rb"(?:conn_use=(\d++), )?delay=([\d.]++), delays=([\d.]++)/([\d.]++)/([\d.]++)/([\d.]++), "
    rb"(?:tls=[^,\n]*+, )?dsn=([\d.]++), status=([A-Za-z-]++) (\([^\n]*+)$",
    re.MULTILINE,
)
FROM = rb"from=<(?:[^>@\n]*+@)?([^>@\n]*+)>, size=(\d++), nrcpt=\d++ \(queue active\)"
ABOUT = (
    rb"(" + QUEUE_ID + rb"+): (?:(to=<[^\n]*+)|(removed)(?=\n)|" + FROM + rb"|"
    rb"message-id=([^\n]++)|client=([^\n]++))(?<!\r)"  # a line that ends in CR LF is for the grammar
)
CONNECTIONS = (
    rb"(?:(?:dis)?connect from |lost connection after |warning: hostname |statistics: )[^\n]*+"
    rb"|(?:Trusted|Untrusted|Anonymous|Verified) TLS connection established (to|from) [^ \n]++ (TLSv[\d.]++)[^\n]*+"
)


@cache
def pattern(shape: int, offset: bytes) -> re.Pattern[bytes]:
    return re.compile(fast_head(shape, offset) + rb"(?:" + ABOUT + rb"|" + CONNECTIONS + rb")\n", re.MULTILINE)


def sweep(text: bytes, shape: tuple[int, bytes], block: Block, turns: Turns) -> list[bytes]:
    """Put the common lines of one shape into the block; the answer are the other lines, each with its line feed."""
    swept = pattern(*shape)
    parts = swept.split(text)
    step = swept.groups + 1
    hours, sources = parts[1::step], parts[2::step]
    numbers = _count_hours(hours, shape[1], block, turns)
    about: Columns = [numbers, sources, *(parts[column::step] for column in range(3, step))]
    if foreign := _count_sources(sources, block):
        about = chosen(about, [source not in foreign for source in sources])
    others = list(filter(None, parts[0::step]))
    _sort_columns(about, block)
    return others + _read_attempts(text, chosen(about[:4], about[3]), block)


def _count_hours(hours: list[bytes], offset: bytes, block: Block, turns: Turns) -> list[int]:
    """The number of the hour of each line; most blocks lie within one hour, and comparing is cheaper than hashing."""
    is_one = bool(hours) and hours.count(hours[0]) == len(hours)
    counted = {hours[0]: len(hours)} if is_one else Counter(hours)
    numbers = {}
    for hour, lines in counted.items():
        key = turns.key(hour, offset)
        numbers[hour] = block.number(key)
        block.hours[key] += lines
    if is_one:
        return [*numbers.values()] * len(hours)
    return list(map(numbers.__getitem__, hours))


def _count_sources(sources: list[bytes], block: Block) -> set[bytes]:
    """Count the lines of each source; the answer are those that are not of Postfix."""
    counted = Counter(sources)
    foreign = {source for source in counted if source_of(source) is None}
    block.unrelated += sum(counted.pop(source) for source in foreign)
    block.sources.update(counted)
    return foreign


def _sort_columns(about: Columns, block: Block) -> None:
    """Columns: hour, source, queue id and those of the kinds, None where a line is of another kind."""
    head, ids = about[:HEAD], about[2]
    _, ends, _, sizes, values, clients, ways, versions = about[HEAD:]
    extend(block.queued, chosen([*head, *about[5:7]], sizes))
    extend(block.ids, chosen([*head, values], values))
    extend(block.clients, chosen([*head, clients], clients))
    block.removed += compress(ids, ends)
    block.tls.update(compress(zip(ways, versions, strict=True), ways))
    connections = ids.count(None)
    block.unrelated += connections
    block.understood += len(ids) - connections


def _read_attempts(text: bytes, attempts: Columns, block: Block) -> list[bytes]:
    """Columns: hour, source, queue id and what follows it. The answer are the lines that only the grammar reads."""
    step = TO.groups + 1
    parts = TO.split(b"\n".join(attempts[HEAD]))
    strange: list[bytes] = []
    if len(parts) // step < len(attempts[HEAD]):
        known = [TO.match(attempt) is not None for attempt in attempts[HEAD]]
        strange = _give_back(text, chosen(attempts, [not each for each in known]), block)
        attempts = chosen(attempts, known)
        parts = TO.split(b"\n".join(attempts[HEAD]))
    extend(block.deliveries, [*attempts[:HEAD], *(parts[column::step] for column in range(1, step))])
    return strange


def _give_back(text: bytes, attempts: Columns, block: Block) -> list[bytes]:
    """The lines of these attempts, which are counted when the grammar reads them."""
    keys, lines, place = list(block.keys), [], 0
    for number, source, queue_id, said in zip(*attempts, strict=True):
        found = text.find(b": " + queue_id + b": " + said + b"\n", place)
        place = text.index(b"\n", found) + 1
        lines.append(text[text.rfind(b"\n", 0, found) + 1 : place])
        block.hours[keys[number]] -= 1
        block.sources[source] -= 1
    block.understood -= len(lines)
    return lines
