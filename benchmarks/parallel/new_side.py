"""A stand-in for a new side: takes mail by SMTP, delivers to nobody, and writes logs as KumoMTA does.

    python -m benchmarks.parallel.new_side --port PORT --logs DIR [--dice JSON] [--seed N]

A reception for each recipient, then now and then a transient failure, then one delivery or bounce. Segments are zstd
and named by the time they begin; the open one cannot be read. SIGUSR1 has it closed when nothing is on its way any
more: the file `turns` grows by a byte then. `dice` are chances: dot.lose takes a message and loses the reply, deferral
and bounce are of a recipient.
"""

import argparse
import asyncio
import json
import random
import signal
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import zstandard

from tests.delivery.proxy.sink import MESSAGE_ID, Fate, Session, Shelf

NODE = str(uuid.UUID(int=8))
DELIVERED, DEFERRED, BOUNCED = (250, "ok"), (451, "4.3.0 as the dice fell"), (550, "5.1.1 no such user")


class Segments(Shelf):
    """Shelf of the sessions: what it takes stands in the log before the 250, as a reception."""

    def __init__(self, folder: Path, dice: dict[str, float], seed: int) -> None:
        self.folder, self.chances, self.random = folder, dice, random.Random(seed)
        self.is_lenient, self.under_way, self.is_turning = False, 0, False
        self.open_one: Any = None

    def take(self, session: Session, body: bytes) -> str:
        found = MESSAGE_ID.search(body.partition(b"\r\n\r\n")[0])
        for recipient in session.recipients:
            facts = {
                "id": uuid.UUID(int=self.random.getrandbits(128)).hex,
                "sender": session.sender.decode(),
                "recipient": recipient.decode(),
                "queue": recipient.decode().rpartition("@")[2],
                "size": len(body),
                "created": time.time(),
                "headers": {"Message-Id": found[1].decode("latin-1")} if found else {},
            }
            self.write(facts, "Reception", DELIVERED, attempts=0)
            self.under_way += 1
            self.later(self.attempt, facts, 1)
        return str(facts["id"])

    def later(self, *act: Any) -> None:
        asyncio.get_running_loop().call_later(self.random.uniform(0.05, 0.8), *act)

    def attempt(self, facts: dict[str, Any], number: int) -> None:
        if number == 1 and self.random.random() < self.chances.get("deferral", 0):
            self.write(facts, "TransientFailure", DEFERRED, attempts=number)
            self.later(self.attempt, facts, number + 1)
            return
        is_bounce = self.random.random() < self.chances.get("bounce", 0)
        self.write(facts, *(("Bounce", BOUNCED) if is_bounce else ("Delivery", DELIVERED)), attempts=number)
        self.under_way -= 1
        self.turn_when_idle()

    def write(self, facts: dict[str, Any], kind: str, said: tuple[int, str], attempts: int) -> None:
        now = time.time()
        is_in = kind == "Reception"
        line = {
            "type": kind,
            **facts,
            "site": "" if is_in else f"stand-in->{facts['queue']}",
            "response": {"code": said[0], "enhanced_code": None, "content": said[1], "command": "."},
            "peer_address": {"name": "proxy.example" if is_in else "mx.example", "addr": "127.0.0.1"},
            "timestamp": int(now),
            "created": int(facts["created"]),
            "event_time": stamp(now),
            "created_time": stamp(facts["created"]),
            "num_attempts": attempts,
            "bounce_classification": "Uncategorized",
            "egress_pool": None,
            "egress_source": None,
            "feedback_report": None,
            "meta": {},
            "delivery_protocol": None if is_in else "ESMTP",
            "reception_protocol": "ESMTP",
            "nodeid": NODE,
        }
        if self.open_one is None:
            path = self.folder / datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")
            self.open_one = zstandard.ZstdCompressor().stream_writer(path.open("xb"))
        self.open_one.write(json.dumps(line).encode() + b"\n")

    def turn(self) -> None:
        self.is_turning = True
        self.turn_when_idle()

    def turn_when_idle(self) -> None:
        if not self.is_turning or self.under_way:
            return
        if self.open_one is not None:
            self.open_one.close()
        self.open_one, self.is_turning = None, False
        with (self.folder / "turns").open("ab") as turns:
            turns.write(b".")


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


async def serve(words: argparse.Namespace) -> None:
    dice = json.loads(words.dice)
    segments = Segments(words.logs, dice, words.seed)
    fate = Fate({name: chance for name, chance in dice.items() if "." in name}, words.seed)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, segments.turn)
    server = await loop.create_server(lambda: Session(segments, fate), "127.0.0.1", words.port, backlog=1024)
    await server.serve_forever()


def main() -> None:
    asks = argparse.ArgumentParser()
    asks.add_argument("--port", type=int, required=True)
    asks.add_argument("--logs", type=Path, required=True)
    asks.add_argument("--dice", default="{}")
    asks.add_argument("--seed", type=int, default=0)
    asyncio.run(serve(asks.parse_args()))


if __name__ == "__main__":
    main()
