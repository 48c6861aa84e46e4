"""Writes the logs of the demo's mail: of the proxy, of Postfix and of PowerMTA. The same seed makes the same story."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HOUR = 3_600
SOON = 0.8  # seconds from the proxy to the first attempt
HEADER = "type,timeLogged,timeQueued,orig,rcpt,dsnAction,dsnStatus,dsnDiag,bounceCat,vmta,jobId,header_Message-Id\r\n"
ENDS = {
    "d": ("relayed", "2.0.0 (success)", "smtp;250 2.0.0 OK", ""),
    "b": ("failed", "5.1.1 (bad destination mailbox address)", "smtp;550 5.1.1 no such user", "bad-mailbox"),
    "t": ("delayed", "4.7.0 (other)", "smtp;421 4.7.0 later", "other"),
}
SAID = {
    "d": "dsn=2.0.0, status=sent (250 2.0.0 OK)",
    "b": "dsn=5.1.1, status=bounced (host said: 550 5.1.1 no such user)",
    "t": "dsn=4.7.0, status=deferred (host said: 421 4.7.0 later)",
}
KINDS = {"journal": "journal.jsonl.gz", "postfix": "mail.log.gz", "powermta": "acct.csv.gz"}


@cache
def traffic() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("traffic.yaml").read_text(encoding="utf-8"))
    return book


@dataclass
class Logs:
    """What the three wrote, with the time of each line."""

    lines: dict[str, list[tuple[float, str]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def packed(self) -> Iterator[tuple[str, str, bytes]]:
        """(kind, name of the file, its bytes) of those that hold anything, each in the order of its times."""
        for kind, name in KINDS.items():
            if lines := sorted(self.lines[kind]):
                text = (HEADER if kind == "powermta" else "") + "".join(line for _, line in lines)
                yield kind, name, gzip.compress(text.encode(), compresslevel=1, mtime=0)


@dataclass(frozen=True, slots=True)
class Handed:
    """A message as the proxy took it."""

    number: int
    clock: float
    message_id: str
    recipient: str
    side: str


def write_stretch(stretch: dict[str, Any], *, now: float) -> Logs:
    """The mail of some hours before `now`, which is in seconds since 1970."""
    book = traffic()
    dice, logs = random.Random(f"{book['seed']} {stretch['from']}"), Logs()  # noqa: S311 (a story, no secret)
    begin, hours = now - stretch["from"] * HOUR, stretch["from"] - stretch["to"]
    count = hours * book["an_hour"]
    lost = {count // 2 + place for place in range(stretch.get("lost", 0))}
    domains = dice.choices([*book["domains"]], [*book["domains"].values()], k=count)
    for number in range(count):
        clock = begin + (number + dice.random()) * HOUR / book["an_hour"]
        is_new = number not in lost and dice.random() * 100 < stretch["new"]
        name = f"{stretch['from']:x}.{number:x}"
        message = Handed(
            number, clock, f"<{name}@app.northlake.example>", f"c{name}@{domains[number]}", "new" if is_new else "old"
        )
        _enter(logs, message)
        if number not in lost:
            _live(logs, message, dice, until=now - stretch["to"] * HOUR)
    return logs


def _enter(logs: Logs, message: Handed) -> None:
    entry = {
        "id": message.message_id[1:-1],
        "time": round(message.clock, 3),
        "backend": message.side,
        "message_id": message.message_id,
        "sender": traffic()["sender"],
        "recipients": [message.recipient],
        "outcome": "accepted",
        "reply": "250 2.0.0 Ok",
    }
    logs.lines["journal"].append((message.clock, json.dumps(entry) + "\n"))


def _live(logs: Logs, message: Handed, dice: random.Random, *, until: float) -> None:
    """Taken, perhaps put off, and brought to its end."""
    fate, write = traffic()[message.side], _by_postfix if message.side == "old" else _by_powermta
    clock = message.clock + SOON
    ends = [(clock, "t")] if dice.random() < fate["put_off"] else []
    if ends:
        clock = min(clock + dice.uniform(*fate["after"]), max(clock + SOON, until))
    ends.append((clock, "b" if dice.random() < fate["failed"] else "d"))
    write(logs, message, ends)


def _by_postfix(logs: Logs, message: Handed, ends: list[tuple[float, str]]) -> None:
    unit = f"4{message.number:09X}"
    lines = [(message.clock + 0.1, "cleanup", f"message-id={message.message_id}")]
    for clock, end in ends:
        told = f"relay=mx.example[192.0.2.25]:25, delay=1, delays=0/0/0.4/0.6, {SAID[end]}"
        lines.append((clock, "smtp", f"to=<{message.recipient}>, {told}"))
    lines.append((ends[-1][0], "qmgr", "removed"))
    for clock, program, text in lines:
        logs.lines["postfix"].append((clock, f"{_moment(clock)} mail1 postfix/{program}[71]: {unit}: {text}\n"))


def _by_powermta(logs: Logs, message: Handed, ends: list[tuple[float, str]]) -> None:
    sender, queued = traffic()["sender"], _stamp(message.clock)
    for clock, end in ends:
        told = ",".join(ENDS[end])
        record = (
            f"{end},{_stamp(clock)},{queued},{sender},{message.recipient},{told},vmta1,job1,{message.message_id}\r\n"
        )
        logs.lines["powermta"].append((clock, record))


def _stamp(clock: float) -> str:
    return f"{datetime.fromtimestamp(clock, UTC):%Y-%m-%d %H:%M:%S}+0000"


def _moment(clock: float) -> str:
    return datetime.fromtimestamp(clock, UTC).isoformat(timespec="milliseconds")
