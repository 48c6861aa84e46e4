"""A block of whole lines becomes columns: the common lines in sweeps, the others one by one. All of it in bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from discovery.maillog.bodies import Body, is_about_a_message, read_body
from discovery.maillog.columns import PARTS, SECONDS, Block
from discovery.maillog.envelopes import program_of, read_envelope, source_of
from discovery.maillog.heads import Shape
from discovery.maillog.octets import Octets, mark
from discovery.maillog.outcomes import NO_ATTEMPT, NUMBERS, SENT, outcome_of
from discovery.maillog.providers import INSIDE, numbers, provider_of
from discovery.maillog.spread import number_of
from discovery.maillog.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discovery.maillog.envelopes import Envelope
    from discovery.maillog.stamps import Key, Turns
    from discovery.maillog.sweep import Memories

LOOKED_AT = 64 * 1024
LONGEST_SIZE = 18  # digits
TLS_CONNECTION = re.compile(
    rb"(?:Trusted|Untrusted|Anonymous|Verified) TLS connection (?:established|reused) (to|from) \S+ (TLSv[\d.]+)"
)
MOST_SHAPES = 3  # of lines in one block that get a pattern of their own
FEWEST_LINES = 50  # for which another pattern pays


def read_block(text: bytes, turns: Turns, memories: Memories) -> Block:
    """All lines of a text that ends with a line feed. Never raises."""
    block, rest, tried = Block(), text, set[Shape]()
    while len(tried) < MOST_SHAPES and (shape := _next_shape(rest, tried)):
        octets = Octets(rest, memories.scratch)
        memories.scratch = octets.scratch
        block.lines = block.lines or len(octets.ends)
        if len(octets.ends) < FEWEST_LINES:
            break
        tried.add(shape)
        rest = sweep(octets, shape, block, turns, memories)
    block.lines = block.lines or text.count(b"\n")
    for line in rest.split(b"\n")[:-1]:
        _read_line(line, block, turns)
    return block


def _next_shape(text: bytes, tried: set[Shape]) -> Shape | None:
    """The shape of one of the first lines that no sweep was tried for."""
    begin, last = 0, min(LOOKED_AT, len(text))
    while begin < last:
        end = text.index(b"\n", begin)
        envelope = read_envelope(text[begin:end])
        if envelope and envelope.shape >= 0 and (shape := shape_of(envelope)) not in tried:
            return shape
        begin = end + 1
    return None


def shape_of(envelope: Envelope) -> Shape:
    stamp = envelope.stamp
    return Shape(envelope.shape, stamp.offset, len(stamp.hour) + len(stamp.rest) + len(stamp.offset))


def _read_line(line: bytes, block: Block, turns: Turns) -> None:
    envelope = read_envelope(line.rstrip(b"\r"))
    source = source_of(envelope.source) if envelope else None
    if envelope is None or source is None:
        block.unrelated += 1
        return
    key = turns.key(envelope.stamp.hour, envelope.stamp.offset)
    block.hours[key] += 1
    wrote = mark(envelope.source)
    block.sources[wrote] += 1
    block.names[wrote] = envelope.source
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
    _file_body(key, wrote, body, block)


def _file_body(key: Key, source: int, body: Body, block: Block) -> None:
    """Bodies that the sweep would have read too come into the same columns."""
    row = (block.number(key), source, mark(body.queue_id))
    match body.kind:
        case "delivery":
            _file_attempt(row, body.fields, block)
        case "queued":
            domain = _noted(_domain(body.fields["sender"] or b"").lower(), block.senders)
            block.queued.append(*row, domain, int((body.fields["size"] or b"0")[:LONGEST_SIZE]))
        case "message_id":
            block.ids.append(*row, mark(body.fields["value"] or b""))
        case "client":
            block.clients.append(*row[:2], _noted(body.fields["client"] or b"", block.logins))
        case "removed":
            block.removed.append(row[2])
        case _:
            block.bodies.append((key, source, body))


def _file_attempt(row: tuple[int, int, int], fields: Mapping[str, bytes | None], block: Block) -> None:
    to, relay, delay, dsn, status, reason = (
        fields[name] or b"" for name in ("to", "relay", "delay", "dsn", "status", "reason")
    )
    domain = _domain(to)
    provider, outcome = provider_of(relay, domain, program_of(block.names[row[1]])), outcome_of(status, reason)
    block.domains[domain] += 1
    block.attempts.append(*row, mark(to), numbers()[provider], NUMBERS[outcome])
    if outcome not in {NO_ATTEMPT, SENT} or (outcome == SENT and provider == INSIDE):
        block.closer.append((row[1], provider, outcome, delay, dsn, reason))
    parts = (fields["parts"] or b"").split(b"/")
    for name, seconds in zip(SECONDS, (delay, *parts) if len(parts) == len(PARTS) else (delay,), strict=False):
        block.seconds[name][number_of(seconds)] += 1
    if outcome and fields["use"] is None and b"[" in relay:
        block.connections += 1


def _noted(text: bytes, names: dict[int, bytes]) -> int:
    noted = mark(text)
    names[noted] = text
    return noted


def _domain(address: bytes) -> bytes:
    return address.rpartition(b"@")[2].rstrip(b">")
