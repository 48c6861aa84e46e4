"""A proxy in the test's own loop, two backends that follow a script, and a client that says what it is told."""

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import NamedTuple

from delivery.proxy.configuration import read_configuration
from delivery.proxy.journal import read_journal
from delivery.proxy.log import Log
from delivery.proxy.serve import Process

HANG, CLOSE, RESET = "hang", "close", "reset"
OK = b"250 2.0.0 ok\r\n"
OFFERS = (b"PIPELINING", b"8BITMIME", b"SIZE 1000000", b"DSN", b"SMTPUTF8", b"ENHANCEDSTATUSCODES")
PATIENCE = 10.0


class Late(NamedTuple):
    """A reply that comes after so many seconds."""

    reply: bytes
    seconds: float


class Last(NamedTuple):
    """A reply after which the connection is closed."""

    reply: bytes


class Backend:
    """`script` maps a verb, `greeting` or `.` to a reply, to what to do instead, or to a list, the last for good.

    `messages` holds what was accepted, `lines` every command, `connections` how many there were.
    """

    def __init__(self, name, *, offers=OFFERS, **script):
        self.name, self.offers, self.script = name, offers, {key.upper(): value for key, value in script.items()}
        self.messages, self.lines, self.connections, self.unfinished = [], [], 0, 0
        self.server = self.port = None
        self.writers = set()

    async def start(self, port=0):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", port or self.port or 0, limit=2**22)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self):
        """As after a kill: nothing listens, and every connection breaks."""
        self.server.close()
        for writer in list(self.writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    def says(self, verb, otherwise):
        told = self.script.get(verb, otherwise)
        if isinstance(told, list):
            return told.pop(0) if len(told) > 1 else told[0]
        return told

    async def serve(self, reader, writer):
        self.connections += 1
        self.writers.add(writer)
        try:
            if await self.reply(writer, self.says("GREETING", b"220 %b ESMTP\r\n" % self.name.encode())):
                await self.converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def converse(self, reader, writer):
        while line := await reader.readline():
            self.lines.append(line.strip())
            verb = line.split()[0].upper().decode()
            if not await self.reply(writer, self.says(verb, self.usual(verb))):
                return
            if verb == "QUIT":
                return
            if verb == "DATA" and self.last.startswith(b"354") and not await self.content(reader, writer):
                return

    def usual(self, verb):
        if verb == "EHLO":
            names = [self.name.encode(), *self.offers]
            return b"".join(b"250-%b\r\n" % one for one in names[:-1]) + b"250 %b\r\n" % names[-1]
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(verb, b"250 2.0.0 ok\r\n")

    async def content(self, reader, writer):
        self.unfinished += 1
        body = b""
        while not (body == b".\r\n" or body.endswith(b"\r\n.\r\n")):
            if self.script.get("CONTENT") in {CLOSE, RESET} and body:
                return await self.reply(writer, self.script["CONTENT"])
            chunk = await reader.readline()
            if not chunk:
                return False
            body += chunk
        self.unfinished -= 1
        told = self.says(".", b"250 2.0.0 %b took it\r\n" % self.name.encode())
        if type(told) is tuple:  # it took the message, but nobody hears of it
            self.messages.append(body[:-3])
            return await self.reply(writer, told[0])
        if told[:1] == b"2":
            self.messages.append(body[:-3])
        return await self.reply(writer, told)

    async def reply(self, writer, told):
        self.last = b""
        if isinstance(told, Late):
            await asyncio.sleep(told.seconds)
            told = told.reply
        if isinstance(told, Last):
            writer.write(told.reply)
            return False
        if told == HANG:
            await asyncio.sleep(PATIENCE)
        if told in {HANG, CLOSE}:
            return False
        if told == RESET:
            writer.transport.abort()
            return False
        self.last = told
        writer.write(told)
        await writer.drain()
        return True


class Talk:
    """A client's connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def hear(self):
        """The next reply, all its lines."""
        lines = []
        async with asyncio.timeout(PATIENCE):
            while line := await self.reader.readline():
                lines.append(line)
                if line[3:4] != b"-":
                    break
        return b"".join(lines)

    async def say(self, *lines):
        """The reply to the last of them."""
        heard = b""
        for line in lines:
            self.writer.write(line + b"\r\n")
            heard = await self.hear()
        return heard

    async def send(self, content, recipients=(b"bob@example.org",), sender=b"ann@example.com"):
        """The reply to the dot, or the first refusal."""
        steps = [b"MAIL FROM:<%b>" % sender, *(b"RCPT TO:<%b>" % one for one in recipients), b"DATA"]
        for step in steps:
            heard = await self.say(step)
            if heard[:1] not in b"23":
                return heard
        self.writer.write(content + b".\r\n")
        return await self.hear()

    def close(self):
        self.writer.close()

    def reset(self):
        self.writer.transport.abort()


class Stage:
    def __init__(self, process, port, old, new, folder):
        self.process, self.port, self.old, self.new, self.folder = process, port, old, new, folder

    @property
    def proxy(self):
        return self.process.proxy

    async def connect(self, hello=b"EHLO client.example"):
        talk = Talk(*await asyncio.open_connection("127.0.0.1", self.port))
        await talk.hear()
        if hello:
            await talk.say(hello)
        return talk

    def entries(self):
        return list(read_journal(self.folder))

    def outcomes(self):
        return [(entry.backend, entry.outcome) for entry in self.entries()]

    async def until(self, is_true):
        async with asyncio.timeout(PATIENCE):
            while not is_true():  # noqa: ASYNC110 (what is waited for tells nobody)
                await asyncio.sleep(0.01)


@asynccontextmanager
async def proxy_between(folder, old, new, *, share=0, more="", old_settings="", listener=""):
    """`more` is added to the configuration, its tables behind `---`; `listener` is more of the listener's."""
    top, _, tables = more.partition("---\n")
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(100)
        bound.setblocking(False)
        port = bound.getsockname()[1]
        for backend in (old, new):
            await backend.start()
        file = folder / "proxy.toml"
        file.write_text(
            f'journal = "{folder}/journal"\nhost_name = "proxy.example"\n{top}\n'
            f'[[listeners]]\naddress = "127.0.0.1:{port}"\nname = "default"\n{listener}'
            f'[backends.old]\naddress = "127.0.0.1:{old.port}"\n{old_settings}'
            f'[backends.new]\naddress = "127.0.0.1:{new.port}"\n'
            f"[split]\nnew = {share}\n{tables}"
        )
        process = Process(read_configuration(file), number=0, run="test", log=Log())
        serving = asyncio.create_task(process.serve([bound]))
        ready = asyncio.create_task(process.is_ready.wait())
        await asyncio.wait({serving, ready}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        try:
            yield Stage(process, port, old, new, folder / "journal")
        finally:
            process.proxy.limits = process.proxy.limits.__class__(drain=0.2)
            process.asked_to_stop.set()
            await serving
            for backend in (old, new):
                await backend.stop()


def perform(folder, scenario, old=None, new=None, **settings):
    """Runs `scenario(stage)`; what it returns."""

    async def run():
        async with proxy_between(folder, old or Backend("old"), new or Backend("new"), **settings) as stage:
            return await scenario(stage)

    return asyncio.run(run())
