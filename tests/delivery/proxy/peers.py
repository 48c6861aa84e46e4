"""The two backends that everybody has, recording what they took: Postfix's smtp-sink and aiosmtpd.

python -m tests.delivery.proxy.peers --port PORT --records FILE      (aiosmtpd)
"""

import argparse
import asyncio
import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from aiosmtpd.smtp import SMTP

from tests.delivery.proxy.clients import found
from tests.delivery.proxy.running import Part

MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
RECIPIENT = re.compile(r"^X-Rcpt-Args: <(.*?)>", re.MULTILINE)
SENDER = re.compile(r"^X-Mail-Args: <(.*?)>", re.MULTILINE)


class SmtpSink(Part):
    """Writes a file a message: what the client said stands before it in lines that begin with X-."""

    def __init__(self, folder: Path, name: str, port: int) -> None:
        self.dumps = folder / f"{name}-dumps"
        self.dumps.mkdir()
        words = [
            found("smtp-sink"),
            *(["-u", "root"] if os.geteuid() == 0 else []),
            "-R",
            str(self.dumps),
            "-d",
            "m",
            f"inet:127.0.0.1:{port}",
            "1024",
        ]
        super().__init__(words, folder / f"{name}.log", port)

    def taken(self) -> list[dict]:
        """With what is under way or was cut short by a kill: that ends early."""
        found = []
        for path in sorted(self.dumps.iterdir()):
            with suppress(FileNotFoundError, IndexError):  # one that was given up, or only just begun
                found.append(self.one(path.read_bytes()))
        return found

    @staticmethod
    def one(dump: bytes) -> dict:
        text = dump.decode("latin-1")
        ids = MESSAGE_ID.search(dump)
        return {
            "sender": SENDER.findall(text)[0],
            "recipients": RECIPIENT.findall(text),
            "message_id": ids[1].decode("latin-1") if ids else "",
            "text": text,
        }


class Aiosmtpd(Part):
    def __init__(self, folder: Path, name: str, port: int) -> None:
        self.records = folder / f"{name}.jsonl"
        told = ["--port", str(port), "--records", str(self.records)]
        super().__init__([sys.executable, "-m", "tests.delivery.proxy.peers", *told], folder / f"{name}.log", port)

    def taken(self) -> list[dict]:
        with suppress(FileNotFoundError):
            return [json.loads(line) for line in self.records.read_text(encoding="ascii").splitlines()]
        return []


class Recorder:
    def __init__(self, path: Path) -> None:
        self.path = path

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        ids = MESSAGE_ID.search(envelope.original_content)
        line = {
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "message_id": ids[1].decode("latin-1") if ids else "",
            "text": envelope.original_content.decode("latin-1"),
        }
        with self.path.open("a", encoding="ascii") as out:
            out.write(json.dumps(line) + "\n")
        return "250 2.0.0 Ok: queued"


async def serve(port: int, recorder: Recorder) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(recorder, enable_SMTPUTF8=True), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asks = argparse.ArgumentParser()
    asks.add_argument("--port", type=int, required=True)
    asks.add_argument("--records", type=Path, required=True)
    told = asks.parse_args()
    asyncio.run(serve(told.port, Recorder(told.records)))
