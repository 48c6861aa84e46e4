"""A block of whole lines becomes rows: the common lines in one sweep of a pattern, the others one by one.

`re.split` leaves the columns of all lines in one flat list, so slices of it are columns and what stands between
two matches are the lines the pattern does not know. Everything here works on bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from discovery.maillog.bodies import QUEUE_ID, Body, is_about_a_message, read_body
from discovery.maillog.envelopes import fast_head, read_envelope, source_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discovery.maillog.stamps import Key, Turns

LOOKED_AT = 64 * 1024
TLS_CONNECTION = re.compile(
    rb"(?:Trusted|Untrusted|Anonymous|Verified) TLS connection (?:established|reused) (to|from) \S+ (TLSv[\d.]+)"
)

TO = (
    rb"to=<((?:[^>@\n]*+@)?([^>@\n]*+))>, (?:orig_to=<[^>\n]*+>, )?relay=(?!127\.|localhost|\[?::1)([^,\n]*+), "
    rb"(?:conn_use=(\d++), )?delay=([\d.]++), delays=([\d.]++)/([\d.]++)/([\d.]++)/([\d.]++), "
    rb"(?:tls=([^,\n]*+), )?dsn=([\d.]++), status=(?:(sent) \((?!forwarded)[^\n]*+|([A-Za-z-]++) (\([^\n]*+))"
)
FROM = rb"from=<(?:[^>@\n]*+@)?([^>@\n]*+)>, size=(\d++), nrcpt=\d++ \(queue active\)"
ABOUT = rb"(" + QUEUE_ID + rb"+): (?:" + TO + rb"|" + FROM + rb"|message-id=([^\n]*+)|client=([^\n]*+)|(removed)(?=\n))"
CONNECTIONS = (
    rb"(?:(?:dis)?connect from |lost connection after |warning: hostname |statistics: )[^\n]*+"
    rb"|(?:Trusted|Untrusted|Anonymous|Verified) TLS connection established (to|from) [^ \n]++ (TLSv[\d.]++)[^\n]*+"
)
MOST_SHAPES = 3  # of lines in one block that get a pattern of their own
FEWEST_LINES = 50  # for which another pattern pays


class Delivery(NamedTuple):
    """One attempt for one recipient, as the columns of the pattern."""

    hour: Key
    source: bytes
    queue_id: bytes
    recipient: bytes
    domain: bytes
    relay: bytes
    use: bytes | None
    delay: bytes
    before: bytes
    queue: bytes
    connection: bytes
    transmission: bytes
    tls: bytes | None
    dsn: bytes
    sent: bytes | None
    status: bytes | None
    reason: bytes | None


Row = tuple[Any, ...]  # hour, source, queue id, and what the kind is about
Slow = tuple[Any, bytes, Body]  # hour, source, and what only the grammar reads


@dataclass(slots=True)
class Block:
    """The rows of some consecutive lines, by kind, and what became of each line."""

    deliveries: list[Row] = field(default_factory=list)
    queued: list[Row] = field(default_factory=list)  # hour, source, queue id, domain of the sender, size
    ids: list[Row] = field(default_factory=list)
    clients: list[Row] = field(default_factory=list)
    removed: list[bytes] = field(default_factory=list)
    hours: Counter[Key] = field(default_factory=Counter)  # lines
    sources: Counter[bytes] = field(default_factory=Counter)  # lines
    tls: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)  # direction and version of connections
    bodies: list[Slow] = field(default_factory=list)
    strange: list[bytes] = field(default_factory=list)
    lines: int = 0
    understood: int = 0
    unrelated: int = 0


@cache
def pattern(shape: int, offset: bytes) -> re.Pattern[bytes]:
    return re.compile(fast_head(shape, offset) + rb"(?:" + ABOUT + rb"|" + CONNECTIONS + rb")\n", re.MULTILINE)


def read_block(text: bytes, turns: Turns) -> Block:
    """All lines of a text that ends with a line feed. Never raises."""
    block = Block(lines=text.count(b"\n"))
    rest, tried = text, set[tuple[int, bytes]]()
    while rest.count(b"\n") >= FEWEST_LINES and len(tried) < MOST_SHAPES:
        shape = _next_shape(rest, tried)
        if shape is None:
            break
        tried.add(shape)
        rest = _sweep(rest, shape, block, turns)
    for line in rest.split(b"\n")[:-1]:
        _read_line(line, block, turns)
    return block


def _next_shape(text: bytes, tried: set[tuple[int, bytes]]) -> tuple[int, bytes] | None:
    """The shape of one of the first lines that no pattern was tried for."""
    for line in text[:LOOKED_AT].split(b"\n")[:-1]:
        envelope = read_envelope(line)
        if envelope and envelope.shape >= 0 and (shape := (envelope.shape, envelope.stamp.offset)) not in tried:
            return shape
    return None


def _sweep(text: bytes, shape: tuple[int, bytes], block: Block, turns: Turns) -> bytes:
    """Put the common lines of one shape into the block; the answer are the other lines."""
    swept = pattern(*shape)
    parts = swept.split(text)
    step = swept.groups + 1
    hours, sources = parts[1::step], parts[2::step]
    keys = {hour: turns.key(hour, shape[1]) for hour in dict.fromkeys(hours)}
    times = list(map(keys.__getitem__, hours))
    block.hours.update(times)
    about: list[list[Any]] = [times, sources, *(parts[column::step] for column in range(3, step))]
    if foreign := _count_sources(sources, block):
        known = [source not in foreign for source in sources]
        about = [list(compress(column, known)) for column in about]
    _sort_rows(about, block)
    return b"".join(filter(None, parts[0::step]))


def _count_sources(sources: list[bytes], block: Block) -> set[bytes]:
    """Count the lines of each source; the answer are those that are not of Postfix."""
    counted = Counter(sources)
    foreign = {source for source in counted if source_of(source) is None}
    block.unrelated += sum(counted.pop(source) for source in foreign)
    block.sources.update(counted)
    return foreign


def _sort_rows(columns: list[list[Any]], block: Block) -> None:
    """Columns: hour, source and queue id of all rows, then those of the kinds, None where a row is of another kind."""
    head, ids = columns[:3], columns[2]
    relays, sizes, values, clients, ends, ways = (columns[place] for place in (5, 18, 19, 20, 21, 22))
    block.deliveries += compress(zip(*columns[:17], strict=True), relays)
    block.queued += compress(zip(*head, *columns[17:19], strict=True), sizes)
    block.ids += compress(zip(*head, values, strict=True), [value is not None for value in values])
    block.clients += compress(zip(*head, clients, strict=True), clients)
    block.removed += compress(ids, ends)
    block.tls.update(compress(zip(ways, columns[23], strict=True), ways))
    connections = ids.count(None)
    block.unrelated += connections
    block.understood += len(ids) - connections


def _read_line(line: bytes, block: Block, turns: Turns) -> None:
    envelope = read_envelope(line.rstrip(b"\r"))
    source = source_of(envelope.source) if envelope else None
    if envelope is None or source is None:
        block.unrelated += 1
        return
    key = turns.key(envelope.stamp.hour, envelope.stamp.offset)
    block.hours[key] += 1
    block.sources[envelope.source] += 1
    text = line.rstrip(b"\r")[envelope.begin :]
    if not is_about_a_message(text):
        block.unrelated += 1
        if secured := TLS_CONNECTION.match(text):
            block.tls[secured[1], secured[2]] += 1
        return
    body = read_body(text, source.program)
    if body is None:
        block.strange.append(line)
        return
    block.understood += 1
    _file_body(key, envelope.source, body, block)


def _file_body(key: Key, source: bytes, body: Body, block: Block) -> None:
    """Bodies that the pattern would have read too become the same rows."""
    row = (key, source, body.queue_id)
    match body.kind:
        case "delivery":
            block.deliveries.append(_delivery(row, body.fields))
        case "queued":
            block.queued.append((*row, _domain(body.fields["sender"] or b""), body.fields["size"]))
        case "message_id":
            block.ids.append((*row, body.fields["value"]))
        case "client":
            block.clients.append((*row, body.fields["client"]))
        case "removed":
            block.removed.append(body.queue_id)
        case _:
            block.bodies.append((key, source, body))


def _delivery(row: Row, fields: Mapping[str, bytes | None]) -> Delivery:
    to = fields["to"] or b""
    parts = (fields["parts"] or b"").split(b"/")
    before, queue, connection, transmission = parts if len(parts) == 4 else [b""] * 4  # noqa: PLR2004 (Postfix writes four)
    status, reason = fields["status"] or b"", fields["reason"] or b""
    is_plain = status == b"sent" and not reason.startswith(b"(forwarded")
    key, source, queue_id = row
    return Delivery(
        key,
        source,
        queue_id,
        to,
        _domain(to),
        fields["relay"] or b"",
        fields["use"],
        fields["delay"] or b"",
        before,
        queue,
        connection,
        transmission,
        fields["tls"],
        fields["dsn"] or b"",
        status if is_plain else None,
        None if is_plain else status,
        reason,
    )


def _domain(address: bytes) -> bytes:
    return address.rpartition(b"@")[2].rstrip(b">")
