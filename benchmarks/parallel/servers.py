"""Both sides of a parallel delivery as processes of their own on loopback, the proxy before them, and who sends."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from benchmarks.parallel.calendar import Calendar
from benchmarks.proxy_stage import MASTER, QUEUES, Postfix
from tests.delivery.proxy.clients import found
from tests.delivery.proxy.messages import Message, made
from tests.delivery.proxy.running import Part, Proxy, Sink, free_ports, wait_until
from tests.delivery.proxy.sending import Sender

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = old.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:{world}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_client_connection_count_limit = 0
default_process_limit = 60
queue_run_delay = 3s
minimal_backoff_time = 3s
maximal_backoff_time = 6s
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME {calendar}
"""
OUTSIDE = {"rcpt.450": 0.005, "rcpt.550": 0.0005}  # what the world behind Postfix says to a recipient, by chance
INSIDE = {"deferral": 0.005, "bounce": 0.0005}  # the same of the new side
DRAINED_SECONDS = 180
BOUNCED = re.compile(r" to=<[^>]+@d\d+\.example>,.* status=bounced")  # of recipients of what was sent, and no notice


class OldSide(Postfix):
    """Postfix that hands everything to one sink, by the moved calendar."""

    def __init__(self, folder: Path, world: int, calendar: Calendar) -> None:
        (port,) = free_ports(1)
        self.place = folder / "postfix"
        for name in ("queue", "data"):
            (self.place / name).mkdir(parents=True)
        subprocess.run(["chown", "postfix", self.place / "data"], check=True)
        words = " ".join(f"{name}={value}" for name, value in calendar.environment.items())
        (self.place / "main.cf").write_text(MAIN.format(folder=self.place, world=world, calendar=words))
        (self.place / "master.cf").write_text(MASTER.format(port=port))
        words_of_start = [found("postfix"), "-c", str(self.place), "start"]
        Part.__init__(self, words_of_start, folder / "postfix.txt", port, calendar.environment)

    def waiting_count(self) -> int:
        return sum(len(files) for name in QUEUES for _, _, files in os.walk(self.place / "queue" / name))

    def bounced(self) -> int:
        """Recipients of messages that somebody sent, notices left out."""
        lines = (self.place / "log").read_text(errors="replace").splitlines()
        return sum(BOUNCED.search(line) is not None for line in lines)


class NewSide(Part):
    def __init__(self, folder: Path, calendar: Calendar, lost_replies: float) -> None:
        (port,) = free_ports(1)
        self.logs = folder / "new-side"
        self.logs.mkdir()
        dice = json.dumps({**INSIDE, "dot.lose": lost_replies})
        words = [sys.executable, "-m", "benchmarks.parallel.new_side", "--port", str(port), "--logs", str(self.logs)]
        super().__init__([*words, "--dice", dice], folder / "new-side.txt", port, calendar.environment)

    def turn(self) -> None:
        """Everything it took has come to its end and stands in segments that are closed."""
        before = self.turns()
        self.tell(signal.SIGUSR1)
        wait_until(lambda: self.turns() > before, DRAINED_SECONDS)

    def turns(self) -> int:
        path = self.logs / "turns"
        return path.stat().st_size if path.exists() else 0

    def segments(self) -> list[Path]:
        return sorted(path for path in self.logs.iterdir() if path.name != "turns")


@dataclass(frozen=True)
class Piece:
    """A log, or what it grew by since the last upload."""

    kind: str
    name: str
    content: bytes


class Servers:
    """Started with `with`. `sent` are all messages so far, `ended` what their sender was answered."""

    def __init__(self, folder: Path, calendar: Calendar, *, recipients: int, lost_replies: float) -> None:
        self.calendar, self.recipients = calendar, recipients
        (world,) = free_ports(1)
        self.world = Sink(folder, "world", world, dice=OUTSIDE)
        self.old, self.new = OldSide(folder, world, calendar), NewSide(folder, calendar, lost_replies)
        place = folder / "proxy"
        place.mkdir()
        self.proxy = Proxy(place, self.old.port, self.new.port, share=0, environment=calendar.environment)
        self.sent: list[Message] = []
        self.ended: dict[tuple[int, str], str] = {}
        self.offsets: Counter[Path] = Counter()
        self.uploaded: set[Path] = set()
        self.pieces_made, self.released = 0, threading.Event()

    def __enter__(self) -> Self:
        for part in (self.world, self.old, self.new, self.proxy):
            part.start()
        return self

    def __exit__(self, *_: object) -> None:
        for part in (self.proxy, self.new, self.old, self.world):
            part.end()

    def send(self, count: int) -> None:
        """Waits until all is accepted, and has come to its end on both sides."""
        self.sending(count).join()
        self.settle()

    def sending(self, count: int, *, a_second: float = 0) -> threading.Thread:
        """Under way when this returns; `a_second` holds it to so many answers, the last third until `released`."""
        batch = made(count, seed=len(self.sent) + 1)
        self.sent += [self.of_this_run(one, len(self.sent) + place) for place, one in enumerate(batch)]
        sender = Sender(self.proxy.port, self.sent[-count:], sessions=2 if a_second else 20, patience=30.0)
        thread = threading.Thread(target=self.work, args=(sender, a_second), daemon=True)
        thread.start()
        return thread

    def of_this_run(self, message: Message, number: int) -> Message:
        more = tuple(f"r{place}.{message.recipients[0]}" for place in range(self.recipients - 1))
        named = f"<{number:x}.{message.message_id.strip('<>')}>"
        return replace(message, number=number, recipients=(message.recipients[0], *more), message_id=named)

    def work(self, sender: Sender, a_second: float) -> None:
        if a_second:
            sender.held_at = 1
            self.released.clear()
            threading.Thread(target=self.let_go, args=(sender, a_second), daemon=True).start()
        asyncio.run(sender.run(1_800))
        self.ended |= sender.ended

    def let_go(self, sender: Sender, a_second: float) -> None:
        began = time.monotonic()
        while not sender.is_done():
            most = sender.awaited if self.released.is_set() else sender.awaited * 2 // 3
            sender.held_at = min(int((time.monotonic() - began) * a_second) + 1, most)
            time.sleep(0.05)

    def settle(self) -> None:
        wait_until(lambda: self.old.waiting_count() == 0, DRAINED_SECONDS, pause=0.5)
        self.new.turn()
        time.sleep(1)  # Postfix writes its log by a process of its own

    def pieces(self) -> Iterator[Piece]:
        """What the logs of all sides grew by, cut at the ends of lines; segments of the new side as they lie there."""
        self.pieces_made += 1
        journal = sorted(self.proxy.journal.glob("p*/*.tsv"))
        for kind, path in [*(("journal", path) for path in journal), ("postfix", self.old.place / "log")]:
            if content := self.grown(path):
                yield Piece(kind, f"{self.pieces_made:03}-{path.name}", content)
        for path in self.new.segments():
            if path not in self.uploaded:
                self.uploaded.add(path)
                yield Piece("kumomta", path.name, path.read_bytes())

    def grown(self, path: Path) -> bytes:
        with path.open("rb") as file:
            file.seek(self.offsets[path])
            content = file.read()
        content = content[: content.rfind(b"\n") + 1]
        self.offsets[path] += len(content)
        return content

    def truth(self) -> dict[str, Any]:
        """By what the sender was answered and what the sides took, without the portal or its readers."""
        accepted = {key for key, reply in self.ended.items() if reply.startswith("2")}
        numbers = {message.message_id: message.number for message in self.sent}
        old = Counter(
            (numbers[record["message_id"]], one)
            for record in self.world.taken()
            if record["message_id"] in numbers
            for one in record["recipients"]
        )
        new = Counter(key for path in self.new.segments() for key in ends_in(path, numbers))
        return {
            "messages sent": len(self.sent),
            "recipients": sum(len(one.recipients) for one in self.sent),
            "accepted": len(accepted),
            "refused": len(self.ended) - len(accepted),
            "taken by the world behind Postfix": old.total(),
            "bounced by Postfix": self.old.bounced(),
            "ended on the new side": new.total(),
            "on both sides": len(old.keys() & new.keys()),
            "twice on one side": sum(times - 1 for side in (old, new) for times in side.values()),
            "lost": len(accepted - old.keys() - new.keys()) - self.old.bounced(),
        }


def ends_in(path: Path, numbers: dict[str, int]) -> Iterator[tuple[int, str]]:
    import zstandard

    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as text:
        for line in text.read().splitlines():
            record = json.loads(line)
            if record["type"] in {"Delivery", "Bounce"}:
                yield numbers[record["headers"]["Message-Id"]], record["recipient"]
