"""A block of whole lines becomes columns: the common lines in sweeps, the others one by one. All of it in bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from discovery.maillog.bodies import Body, is_about_a_message, read_body
from discovery.maillog.columns import Block, append
from discovery.maillog.envelopes import read_envelope, source_of
from discovery.maillog.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discovery.maillog.stamps import Key, Turns

LOOKED_AT = 64 * 1024
TLS_CONNECTION = re.compile(
    rb"(?:Trusted|Untrusted|Anonymous|Verified) TLS connection (?:established|reused) (to|from) \S+ (TLSv[\d.]+)"
)
MOST_SHAPES = 3  # of lines in one block that get a pattern of their own
FEWEST_LINES = 50  # for which another pattern pays


def read_block(text: bytes, turns: Turns) -> Block:
    """All lines of a text that ends with a line feed. Never raises."""
    block = Block(lines=text.count(b"\n"))
    rest, tried = text, set[tuple[int, bytes]]()
    while rest.count(b"\n") >= FEWEST_LINES and len(tried) < MOST_SHAPES:
        shape = _next_shape(rest, tried)
        if shape is None:
            break
        tried.add(shape)
        rest = b"".join(sweep(rest, shape, block, turns))
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
    """Bodies that the sweep would have read too come into the same columns."""
    row = (block.number(key), source, body.queue_id)
    match body.kind:
        case "delivery":
            append(block.deliveries, (*row, *_attempt(body.fields)))
        case "queued":
            append(block.queued, (*row, _domain(body.fields["sender"] or b""), body.fields["size"]))
        case "message_id":
            append(block.ids, (*row, body.fields["value"]))
        case "client":
            append(block.clients, (*row, body.fields["client"]))
        case "removed":
            block.removed.append(body.queue_id)
        case _:
            block.bodies.append((key, source, body))


def _attempt(fields: Mapping[str, bytes | None]) -> list[bytes | None]:
    to = fields["to"] or b""
    parts = (fields["parts"] or b"").split(b"/")
    seconds = parts if len(parts) == 4 else [b""] * 4  # noqa: PLR2004 (Postfix writes four)
    said = (fields[name] or b"" for name in ("dsn", "status", "reason"))
    return [to, _domain(to), fields["relay"] or b"", fields["use"], fields["delay"] or b"", *seconds, *said]


def _domain(address: bytes) -> bytes:
    return address.rpartition(b"@")[2].rstrip(b">")
