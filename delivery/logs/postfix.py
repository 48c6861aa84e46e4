"""Postfix's syslog, in two gears: the common shapes all at once, the others one by one turned into a common shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from delivery.logs.engine import columns_of, statement
from discovery.maillog.bodies import is_about_a_message, read_body
from discovery.maillog.envelopes import MONTHS, Envelope, read_envelope, source_of

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Source
    from discovery.maillog.bodies import Body

AT_ONCE = 50_000
MOST_PARTS = 10  # of a line that is cut at ': '
# RFC 5424: priority, version, stamp, host, program, its process, the kind of message, structured parts
STRUCTURED = re.compile(
    rb"(?:<\d{1,3}>)?1 (\S+) (\S+) (\S+) \S+ \S+ (?:-|(?:\[(?:[^\]\"]|\"(?:\\.|[^\"])*\")*\])+)(?: \xef\xbb\xbf| |$)"
)
COMMON = re.compile(rb"\w+: to=<.*>, .*, status=(?:sent|deferred|bounced|SOFTBOUNCE) \(")
TRACE = re.compile(rb": header X-Gatepost-Id: +[^ ;]+", re.IGNORECASE)
YEARLESS, ISO, YEAR_FIRST = 0, 1, 2  # the shapes of stamps, as envelopes numbers them


def read(engine: Engine, source: Source, path: Path, packing: str) -> None:
    read_common(engine, source, path, packing)
    if not engine.value("SELECT count(*) FROM seen WHERE file = $file AND kind = 'strange'", file=source.number):
        return
    common = engine.folder / f"{source.number}.common"
    rewrite(engine, source.number, common)
    engine.run("DELETE FROM seen WHERE file = $file AND kind = 'strange'", file=source.number)
    read_common(engine, source, common, "none")
    common.unlink()
    engine.script(statement("strange"), file=source.number)


def read_common(engine: Engine, source: Source, path: Path, packing: str) -> None:
    """Cut by the engine itself, or line by line where a line has more parts."""
    said = ", ".join(f"c{number}" for number in range(3, MOST_PARTS + 1))
    at_once = statement("postfix_at_once").format(columns=columns_of(MOST_PARTS), said=said)
    values = {"path": str(path), "packing": packing, "file": source.number}
    try:
        engine.run(statement("postfix").format(rows=at_once), **values)
    except duckdb.Error:
        engine.run(statement("postfix").format(rows=statement("postfix_by_line")), **values)


def rewrite(engine: Engine, number: int, common: Path) -> None:
    """Write the lines that the first gear left over as it would have understood them; set aside what is unknown."""
    cursor = engine.connection.cursor()
    cursor.execute("SELECT message_id FROM seen WHERE file = $file AND kind = 'strange'", {"file": number})
    with common.open("w", encoding="utf-8") as out:
        while lines := cursor.fetchmany(AT_ONCE):
            out.writelines(f"{text}\n" for (line,) in lines if (text := common_form(line)))


def common_form(line: str) -> str:
    """In the shape of the first gear; "" for what says nothing of a message, the line itself when it is unknown."""
    text = STRUCTURED.sub(rb"\1 \2 \3: ", line.encode(), count=1) if line[:1] in "<1" else line.encode()
    envelope = read_envelope(text)
    if envelope is None:
        return line
    wrote = source_of(envelope.source)
    said = text[envelope.begin :]
    if wrote is None or not is_about_a_message(said):
        return ""
    body = read_body(said, wrote.program)
    if body is None:
        return line
    trace = TRACE.search(said)
    told = f"{body.queue_id.decode()}: info{trace[0].decode()}" if trace else common_body(body, said)
    return told and f"{common_stamp(envelope)} {wrote.host or '-'} postfix/{wrote.program}[1]: {told}"


def common_stamp(envelope: Envelope) -> str:
    stamp = envelope.stamp
    hour, rest, offset = stamp.hour, stamp.rest, stamp.offset
    if envelope.shape == YEAR_FIRST:
        month = MONTHS.index(hour[5:8]) + 1
        day = hour[9:11].strip().rjust(2, b"0")
        return f"{hour[:4].decode()}-{month:02}-{day.decode()}T{(hour[12:] + rest + offset).decode()}"
    if envelope.shape == ISO:
        return (hour.replace(b" ", b"T") + rest.replace(b",", b".") + offset).decode()
    return (hour + rest[:6]).decode() if envelope.shape == YEARLESS else "Jan  1 00:00:00"


def common_body(body: Body, said: bytes) -> str:
    """What the ledger asks of a line; "" where it asks nothing."""
    fields = {name: (value or b"").decode("utf-8", "replace") for name, value in body.fields.items()}
    queue_id = body.queue_id.decode()
    match body.kind:
        case "delivery" if COMMON.match(said):
            return said.decode("utf-8", "replace")
        case "delivery":
            told = f"to=<{fields['to']}>, status={fields['status']} {fields['reason'] or '()'}"
        case "message_id":
            told = f"message-id={fields['value']}"
        case "queued" if not fields["sender"]:
            told = "from=<>, size=0"
        case "expired":
            told = "from=<>, status=expired"
        case "removed_by_hand":
            told = "removed"
        case _:
            return ""
    return f"{queue_id}: {told}"
