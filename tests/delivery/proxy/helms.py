"""The steering of a proxy on its own, in the loop of a thread: what control says to it can be tried without mail."""

import asyncio
import socket
import threading

from delivery.proxy.configuration import read_configuration
from delivery.proxy.control.steering import Steering
from delivery.proxy.envelope import Envelope
from delivery.proxy.figures import JOURNAL_AVAILABLE

WORDS = """
listen = "127.0.0.1:2525"
journal = "journal"
[backends.old]
address = "127.0.0.1:2601"
[backends.new]
address = "127.0.0.1:2602"
[split]
new = 100
[[split.rules]]
name = "partners"
sender = "@partner.example"
new = 100
[control]
listen = "127.0.0.1:{port}"
token = "hush"
socket = "control"
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Helm:
    def __init__(self, folder, number=0, words=None, key=None):
        self.path = folder / "proxy.toml"
        if words or not self.path.exists():
            self.path.write_text(words or WORDS.format(port=free_port()))
        self.configuration = read_configuration(self.path, key=key)
        self.number = number
        self.adopted, self.decided, self.refused = [], [], []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self):
        self.thread.start()
        self.steering = self.ask(self._make())
        return self

    async def _make(self):
        found = Steering(
            self.configuration,
            number=self.number,
            run="a run",
            adopted=self.adopted.append,
            decided=self.decided.append,
            refused=self.refused.append,
        )
        found.figures.row[JOURNAL_AVAILABLE] = 1
        await found.start()
        return found

    def ask(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def side(self, sender=b"anna@sender.example"):
        async def chosen():
            return self.steering.chooser.provisional(Envelope(sender=sender)).backend

        return self.ask(chosen())

    def __exit__(self, *_):
        self.ask(self.steering.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
