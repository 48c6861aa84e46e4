"""How the three MTAs and the proxy write, line by line."""

from __future__ import annotations

import heapq
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path

HEADER = (
    "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"
    "dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool,header_Message-Id"
)
RECORDS = {
    "r": ("", "", "", ""),
    "d": ("relayed", "2.0.0 (success)", "smtp;250 2.0.0 OK", ""),
    "b": ("failed", "5.1.1 (bad destination mailbox address)", 'smtp;550 5.1.1 no ""such"", user', "bad-mailbox"),
    "t": ("delayed", "4.7.0 (other)", "smtp;421 4.7.0 later", "other"),
}
ATTEMPTS = {
    "sent": ("2.0.0", "250 2.0.0 Ok: queued as 7F3A"),
    "deferred": ("4.7.0", "host said: 421 4.7.0 later, status=odd (really)"),
    "bounced": ("5.1.1", "host said: 550 5.1.1 <x>: unknown (in reply to RCPT TO command)"),
}
VOWELLESS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


@dataclass
class Log:
    """A file whose lines come out in the order of their times. `silences` are stretches of which nothing is left."""

    path: Path
    silences: list[tuple[float, float]] = field(default_factory=list)
    waiting: list[tuple[float, int, str]] = field(default_factory=list)
    written: int = 0

    def __post_init__(self) -> None:
        self.out: TextIO = self.path.open("w", encoding="utf-8", buffering=1 << 20, newline="")

    def is_silent(self, clock: float) -> bool:
        return any(since <= clock < until for since, until in self.silences)

    def add(self, clock: float, line: str) -> None:
        if self.is_silent(clock):
            return
        self.written += 1
        heapq.heappush(self.waiting, (clock, self.written, line))

    def flush(self, until: float) -> None:
        while self.waiting and self.waiting[0][0] <= until:
            self.out.write(heapq.heappop(self.waiting)[2])

    def close(self, end: float) -> None:
        """What would be written after `end` never was."""
        self.flush(end)
        self.out.close()


def day(clock: float) -> datetime:
    return datetime.fromtimestamp(clock, UTC)


def syslog_stamp(clock: float) -> str:
    moment = day(clock)
    return f"{moment:%b} {moment.day:2d} {moment:%H:%M:%S}"


def iso_stamp(clock: float) -> str:
    return day(clock).isoformat(timespec="microseconds")


@dataclass
class Postfix:
    """One host. `ahead` is how far its clock is ahead of the journal's."""

    log: Log
    host: str
    is_iso: bool = False
    ahead: float = 0.0

    def line(self, clock: float, program: str, text: str) -> None:
        shown = clock + self.ahead
        stamp = iso_stamp(shown) if self.is_iso else syslog_stamp(shown)
        self.log.add(clock, f"{stamp} {self.host} postfix/{program}[{700 + len(program)}]: {text}\n")

    def take(
        self,
        clock: float,
        queue_id: str,
        message_id: str,
        sender: str,
        count: int,
        client: str = "app1.example[192.0.2.9]",
    ) -> None:
        self.line(clock, "smtpd", f"{queue_id}: client={client}")
        self.line(clock, "cleanup", f"{queue_id}: message-id={message_id}")
        self.line(clock, "qmgr", f"{queue_id}: from=<{sender}>, size=4{len(message_id)}0, nrcpt={count} (queue active)")

    def try_to_deliver(
        self,
        clock: float,
        queue_id: str,
        recipient: str,
        became: str,
        *,
        reason: str = "",
        original: str = "",
        relay: str = "mx1.far.example[198.51.100.4]:25",
    ) -> None:
        first = f", orig_to=<{original}>" if original else ""
        code, said = ATTEMPTS[became]
        self.line(
            clock,
            "smtp",
            f"{queue_id}: to=<{recipient}>{first}, relay={relay}, delay=0.6, delays=0.01/0/0.2/0.39, dsn={code}, "
            f"status={became} ({reason or said})",
        )

    def remove(self, clock: float, queue_id: str) -> None:
        self.line(clock, "qmgr", f"{queue_id}: removed")


def accounting_record(kind: str, clock: float, sender: str, recipient: str, message_id: str) -> str:
    action, status, diagnosis, category = RECORDS[kind]
    stamp = f"{day(clock):%Y-%m-%d %H:%M:%S}+0000"
    quoted = message_id.replace('"', '""')
    return (
        f'{kind},{stamp},{stamp},{sender},{recipient},,{action},{status},"{diagnosis}",mx (198.51.100.7),{category},'
        f'api,app (192.0.2.9),smtp,192.0.2.1,198.51.100.7,"ENHANCEDSTATUSCODES,8BITMIME",4100,vmta1,job1,,'
        f'far.example/vmta1,pool1,"{quoted}"\r\n'
    )


def kumo_record(
    kind: str,
    clock: float,
    spool_id: str,
    sender: str,
    recipient: str | list[str],
    message_id: str,
    *,
    is_meta: bool = False,
) -> str:
    code, said = {
        "Reception": (250, ""),
        "Delivery": (250, "2.0.0 OK"),
        "Bounce": (550, "5.1.1 unknown"),
        "TransientFailure": (421, "4.7.0 later"),
    }[kind]
    record = {
        "type": kind,
        "id": spool_id,
        "sender": sender,
        "recipient": recipient,
        "queue": "far.example",
        "site": "" if kind == "Reception" else "out->mx.far.example",
        "size": 4100,
        "response": {"code": code, "enhanced_code": None, "content": said, "command": None},
        "peer_address": {"name": "app", "addr": "192.0.2.9"},
        "timestamp": int(clock),
        "created": int(clock),
        "event_time": iso_stamp(clock).replace("+00:00", "Z"),
        "num_attempts": 0,
        "bounce_classification": "Uncategorized",
        "egress_pool": None,
        "egress_source": None,
        "feedback_report": None,
        "meta": {"message_id": message_id} if is_meta else {},
        "headers": {} if is_meta else {"Message-Id": message_id},
        "delivery_protocol": None,
        "reception_protocol": "ESMTP",
        "nodeid": "0c3c8e0e-1111-4222-8333-944455556666",
    }
    return json.dumps(record, separators=(",", ":")) + "\n"


def journal_entry(
    number: str, clock: float, path: str, message_id: str, sender: str, recipients: list[str], outcome: str, reply: str
) -> str:
    return (
        json.dumps(
            {
                "id": number,
                "time": round(clock, 6),
                "backend": path,
                "message_id": message_id,
                "sender": sender,
                "recipients": recipients,
                "outcome": outcome,
                "reply": reply,
            }
        )
        + "\n"
    )
