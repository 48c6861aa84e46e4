"""How each MTA takes a message and brings it to an end."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.delivery.reconciliation.stranger.world import END

if TYPE_CHECKING:
    from pathlib import Path

    from tests.delivery.reconciliation.stranger.world import Host, World

SENDER = "news@app.example"
CLIENTS = {"smtpd": "app[192.0.2.5]", "filter": "localhost[127.0.0.1]"}
SAID = "host mx.far.example[198.51.100.9] said: "
REASONS = {
    "sent": ("2.0.0", "250 2.0.0 OK  1767222000 4fb4d7f45d1cf-5b8b2 - gsmtp"),
    "deferred": (
        "4.2.2",
        f"{SAID}452-4.2.2 The inbox, is full (status=x), 452 4.2.2 later (in reply to RCPT TO command)",
    ),
    "bounced": (
        "5.1.1",
        f"{SAID}550 5.1.1 <x@y>: Recipient address rejected: User unknown (in reply to RCPT TO command)",
    ),
}
COLUMNS = {
    "pmta1": [
        "type",
        "timeLogged",
        "timeQueued",
        "orig",
        "rcpt",
        "orcpt",
        "dsnAction",
        "dsnStatus",
        "dsnDiag",
        "bounceCat",
        "dlvSourceIp",
        "vmta",
        "jobId",
        "header_Message-Id",
        "queue",
    ],
    "pmta2": [
        "type",
        "header_message-id",
        "rcpt",
        "orig",
        "userString",
        "dsnStatus",
        "dlvType",
        "timeLogged",
        "totalSecondsQueued",
    ],
}
BOTH = ["pmta1", "pmta2"]


class Postfix:
    """A message on one host, from its acceptance on."""

    def __init__(
        self,
        world: World,
        host: Host,
        clock: float,
        message_id: str,
        *,
        sender: str = SENDER,
        count: int = 1,
        submit: str = "smtpd",
        is_brief: bool = False,
    ) -> None:
        self.world, self.host, self.queue_id = world, host, world.queue_id(host, is_brief=is_brief)
        if submit in CLIENTS:
            host.say(clock, "smtpd", f"{self.queue_id}: client={CLIENTS[submit]}")
        else:
            host.say(clock, "pickup", f"{self.queue_id}: uid=1001 from=<{sender}>")
        host.say(clock, "cleanup", f"{self.queue_id}: message-id={message_id[:1900]}")
        self.sender, self.count = sender, count
        self.activate(clock)

    def activate(self, clock: float) -> None:
        self.host.say(
            clock, "qmgr", f"{self.queue_id}: from=<{self.sender}>, size=3011, nrcpt={self.count} (queue active)"
        )

    def attempt(
        self,
        clock: float,
        recipient: str,
        status: str,
        *,
        first: str = "",
        reason: str = "",
        relay: str = "mx.far.example[198.51.100.9]:25",
        program: str = "smtp",
    ) -> None:
        code, said = REASONS[status]
        original = f", orig_to=<{first}>" if first else ""
        use = ", conn_use=3" if self.world.dice.random() < 0.2 else ""
        self.host.say(
            clock,
            program,
            f"{self.queue_id}: to=<{recipient}>{original}, relay={relay}{use}, delay=1.3, delays=0/0/1/0.3, dsn={code}"
            f", status={status} ({reason or said})",
        )

    def remove(self, clock: float) -> None:
        self.host.say(clock, "qmgr", f"{self.queue_id}: removed")

    def deliver(self, clock: float, recipients: list[str]) -> str:
        for recipient in recipients:
            self.attempt(clock, recipient, "sent")
        self.remove(clock)
        return f"250 2.0.0 Ok: queued as {self.queue_id}"


def stamp(clock: float) -> str:
    return f"{datetime.fromtimestamp(clock, UTC):%Y-%m-%d %H:%M:%S}+0000"


def account(
    world: World,
    host: str,
    kind: str,
    clock: float,
    recipient: str,
    message_id: str,
    *,
    first: str = "",
    category: str = "",
) -> None:
    said = {
        "d": "2.0.0 (success)",
        "b": "5.1.1 (bad destination mailbox address)",
        "t": "4.2.2 (mailbox full)",
        "r": "",
    }[kind]
    if category == "message-expired":
        said = "4.4.7 (delivery time expired)"
    world.accounting[host].append(
        (
            clock,
            {
                "type": kind,
                "timeLogged": stamp(clock) if host == "pmta1" else str(int(clock)),
                "timeQueued": stamp(clock - 3),
                "orig": SENDER,
                "rcpt": recipient,
                "orcpt": f"rfc822;{first}" if first else "",
                "dsnStatus": said,
                "bounceCat": category,
                "dsnDiag": 'smtp;550 5.1.1 "quoted", and\tmore',
                "header_Message-Id": message_id,
                "header_message-id": message_id,
                "dlvType": "smtp",
                "vmta": "v1",
                "queue": "far.example/v1",
            },
        )
    )


def write_accounting(world: World, folder: Path) -> list[Path]:
    """A file for each host and hour, each with the header line of its host."""
    paths = []
    for host, rows in world.accounting.items():
        hours: dict[int, list[dict[str, str]]] = {}
        for clock, row in sorted(rows, key=lambda each: each[0]):
            if clock <= END:
                hours.setdefault(int(clock // 7200), []).append(row)
        for hour, some in hours.items():
            out = io.StringIO(newline="")
            writer = csv.DictWriter(out, COLUMNS[host], extrasaction="ignore", lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(some)
            paths.append(folder / f"acct-{host}-{hour}.csv")
            paths[-1].write_text(out.getvalue(), encoding="utf-8", newline="")
    return paths


def record(world: World, kind: str, clock: float, spool_id: str, recipient: str | list[str], message_id: str) -> None:
    if kind == "Reception":
        code, said = 250, ""
    else:
        code, said = {
            "Delivery": (250, "OK"),
            "Bounce": (550, "no such user"),
            "TransientFailure": (421, "later"),
            "Expiration": (551, "KumoMTA internal: expired"),
            "AdminBounce": (551, "KumoMTA internal: purged"),
        }[kind]
    world.records.append(
        (
            clock,
            {
                "type": kind,
                "id": spool_id,
                "sender": SENDER,
                "recipient": recipient,
                "queue": "far.example",
                "site": "s->mx",
                "size": 3000,
                "response": {"code": code, "enhanced_code": None, "content": said, "command": None},
                "timestamp": int(clock),
                "created": int(clock),
                "num_attempts": 0,
                "meta": {"tenant": "a"},
                "headers": {"Subject": "Hello", "Message-ID": message_id} if message_id else {},
                "nodeid": "11111111-2222-3333-4444-555555555555",
            },
        )
    )


def kumo(
    world: World,
    clock: float,
    message_id: str,
    recipients: list[str],
    kinds: list[tuple[float, str]],
    *,
    is_batch: bool = False,
) -> None:
    """A spool id for each recipient, or one for all of them."""
    for group in [recipients] if is_batch else [[each] for each in recipients]:
        spool_id = f"{world.dice.getrandbits(128):032x}"
        named = group if is_batch else group[0]
        record(world, "Reception", clock, spool_id, named, message_id)
        for after, kind in kinds:
            record(world, kind, clock + after, spool_id, named, message_id)
