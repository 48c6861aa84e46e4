"""A backend that keeps what it took, byte for byte, and fails where it is told to.

    python -m tests.delivery.proxy.sink --port PORT --records FILE [...]

A message is one line of JSON in FILE, written before its 250: whatever was answered with 250 survives a kill -9.
It fails by dice (`{"dot.lose": 0.001}`), or once for a sender that asks for it in its address: `a+dot.lose@b.example`.
A fault is STEP.ACTION, the steps being greeting, ehlo, mail, rcpt, data, body, dot and the actions:

    451, 550 ...  this reply        drop  reset, nothing taken        lose  taken, then reset before the reply
    hang  taken at the dot, then silence        late  the right answer, two seconds later
    leave  the right answer, then closed        plain  (at offer) EHLO without PIPELINING

A lenient one takes every line with a lone dot for the end of data, whatever its line endings: what was smuggled shows.
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import re
import socket
from pathlib import Path

END = b"\r\n.\r\n"
ANY_END = re.compile(rb"(?:\r\n|\n|\r)\x00?\.\x00?(?:\r+\n|\n|\r)")
ASKED = re.compile(rb"\+([a-z]+)\.([a-z0-9]+)@")
MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
EHLO = ("sink.example", "PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 0", "DSN", "ENHANCEDSTATUSCODES")
LATE = 2.0


class Shelf:
    """What was taken so far: one line a message, in one write each."""

    def __init__(self, path: Path, bodies: Path | None) -> None:
        self.file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self.bodies, self.is_lenient = bodies, False
        self.name, self.count = path.stem, 0

    def take(self, session: "Session", body: bytes) -> str:
        self.count += 1
        number = f"{self.name}-{os.getpid()}-{self.count}"
        found = MESSAGE_ID.search(body.partition(b"\r\n\r\n")[0])
        line = {
            "number": number,
            "sender": session.sender.decode("utf-8", "surrogateescape"),
            "recipients": [one.decode("utf-8", "surrogateescape") for one in session.recipients],
            "message_id": found[1].decode("latin-1") if found else "",
            "size": len(body),
            "digest": hashlib.sha256(body).hexdigest(),
            "said": [one.decode("latin-1") for one in session.said],
        }
        if self.bodies:
            (self.bodies / number).write_bytes(body)
        os.write(self.file, json.dumps(line).encode() + b"\n")
        return number


class Fate:
    """Says at which step a session fails and how."""

    def __init__(self, dice: dict[str, float], seed: int) -> None:
        self.random = random.Random(seed)
        self.dice: dict[str, list[tuple[str, float]]] = {}
        for fault, chance in dice.items():
            step, _, action = fault.partition(".")
            self.dice.setdefault(step, []).append((action, chance))
        self.served: set[tuple[bytes, bytes]] = set()

    def at(self, step: str, sender: bytes) -> str:
        asked = ASKED.search(sender)
        if asked and asked[1].decode() == step and (sender, asked[1]) not in self.served:
            self.served.add((sender, asked[1]))
            return asked[2].decode()
        for action, chance in self.dice.get(step, ()):
            if self.random.random() < chance:
                return action
        return ""


class Session(asyncio.Protocol):
    def __init__(self, shelf: Shelf, fate: Fate) -> None:
        self.shelf, self.fate = shelf, fate
        self.buffer = bytearray()
        self.is_deaf = self.is_data = self.has_body = False
        self.seen = 0
        self.forget()
        self.said: list[bytes] = []

    def forget(self) -> None:
        self.sender, self.recipients = b"", []
        self.has_sender = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer("greeting", b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        if self.is_deaf:
            return
        self.buffer += data
        while not self.is_deaf and (self.read_body() if self.is_data else self.read_command()):
            pass

    def read_command(self) -> bool:
        end = self.buffer.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 2]
        self.command(line)
        return True

    def command(self, line: bytes) -> None:
        verb = line[:4].upper()
        known = {b"EHLO": self.ehlo, b"HELO": self.ehlo, b"MAIL": self.mail, b"RCPT": self.rcpt, b"DATA": self.data}
        if verb in known:
            known[verb](line)
        elif verb == b"QUIT":
            self.transport.write(b"221 2.0.0 bye\r\n")
            self.transport.close()
        elif verb in {b"RSET", b"NOOP"}:
            self.forget()
            self.transport.write(b"250 2.0.0 ok\r\n")
        else:
            self.transport.write(b"502 5.5.2 unknown\r\n")

    def ehlo(self, line: bytes) -> None:
        self.forget()
        lines = EHLO if line[:1] in b"Ee" else EHLO[:1]
        if self.fate.at("offer", b"") == "plain":
            lines = tuple(one for one in lines if one != "PIPELINING")
        ends = "".join(f"250{' ' if one is lines[-1] else '-'}{one}\r\n" for one in lines)
        self.answer("ehlo", ends.encode())

    def mail(self, line: bytes) -> None:
        self.forget()
        self.said = [line]
        sender = line[line.find(b"<") + 1 : line.find(b">")]
        if self.answer("mail", b"250 2.1.0 ok\r\n", sender):
            self.sender, self.has_sender = sender, True

    def rcpt(self, line: bytes) -> None:
        self.said.append(line)
        if not self.has_sender:
            self.transport.write(b"503 5.5.1 MAIL first\r\n")
        elif self.answer("rcpt", b"250 2.1.5 ok\r\n", self.sender):
            self.recipients.append(line[line.find(b"<") + 1 : line.find(b">")])

    def data(self, _line: bytes) -> None:
        if not self.recipients:
            self.transport.write(b"554 5.5.1 no valid recipients\r\n")
        elif self.answer("data", b"354 go on\r\n", self.sender):
            self.is_data, self.has_body, self.seen = True, False, 0

    def read_body(self) -> bool:
        if not self.has_body and self.buffer:
            self.has_body = True
            if not self.answer("body", b"", self.sender):
                return False
        if self.buffer[:3] == b".\r\n" and self.seen == 0:
            end, rest = 0, 3
        else:
            end, rest = self.find_end()
            if end < 0:
                return False
        body = bytes(self.buffer[:end])
        del self.buffer[:rest]
        self.is_data = False
        self.dot(body)
        return True

    def find_end(self) -> tuple[int, int]:
        if self.shelf.is_lenient:
            found = ANY_END.search(self.buffer)
            return found.span() if found else (-1, 0)
        end = self.buffer.find(END, max(0, self.seen - 4))
        self.seen = len(self.buffer)
        return (end + 2, end + 5) if end >= 0 else (-1, 0)

    def dot(self, body: bytes) -> None:
        action = self.fate.at("dot", self.sender)
        if not action.isdigit() and action != "drop":
            number = self.shelf.take(self, body)
            good = f"250 2.0.0 Ok: queued as {number}\r\n".encode()
            self.act({"lose": "drop"}.get(action, action), good)
        else:
            self.act(action, b"")
        self.forget()

    def answer(self, step: str, good: bytes, sender: bytes = b"") -> bool:
        """Whether the step went well."""
        return self.act(self.fate.at(step, sender), good)

    def act(self, action: str, good: bytes) -> bool:
        if action == "drop":
            self.is_deaf = True
            self.transport.abort()
        elif action == "hang":
            self.is_deaf = True
        elif action == "late":
            asyncio.get_running_loop().call_later(LATE, self.transport.write, good)
            return True
        elif action == "leave":
            self.is_deaf = True
            self.transport.write(good)
            self.transport.close()
        elif action.isdigit():
            self.transport.write(f"{action} {action[0]}.3.0 as you asked\r\n".encode())
            if action == "421":
                self.is_deaf = True
                self.transport.close()
        elif good:
            self.transport.write(good)
            return True
        return not action


async def serve(words: argparse.Namespace) -> None:
    shelf = Shelf(words.records, words.bodies)
    shelf.is_lenient = words.lenient
    fate = Fate(json.loads(words.dice), words.seed)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(shelf, fate), "127.0.0.1", words.port, backlog=1024)
    await server.serve_forever()


def main() -> None:
    asks = argparse.ArgumentParser()
    asks.add_argument("--port", type=int, required=True)
    asks.add_argument("--records", type=Path, required=True)
    asks.add_argument("--bodies", type=Path)
    asks.add_argument("--dice", default="{}")
    asks.add_argument("--seed", type=int, default=0)
    asks.add_argument("--lenient", action="store_true")
    asyncio.run(serve(asks.parse_args()))


if __name__ == "__main__":
    main()
