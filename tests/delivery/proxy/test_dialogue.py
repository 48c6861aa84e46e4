"""Any order of commands: each is answered as RFC 5321 has it, and what is accepted is at a backend once."""

import atexit
import hashlib
import socket
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.delivery.proxy.running import Proxy, Sink, free_ports, wait_until

NUMBERS = count(1)
BODIES = st.lists(st.sampled_from([b"a", b"..", b"..two", b"\xe9\xff", b"", b"x" * 900, b"end ."]), max_size=6)


@cache
def stage():
    folder = Path(tempfile.mkdtemp(prefix="gatepost-dialogue-"))
    sinks = [Sink(folder, name, port).start() for name, port in zip(("old", "new"), free_ports(2), strict=True)]
    proxy = Proxy(folder, sinks[0].port, sinks[1].port, share=50, tables="\n[limits]\nerrors = 1000\n").start()
    for part in (*sinks, proxy):
        atexit.register(part.kill)
    return sinks, proxy


class Dialogue(RuleBasedStateMachine):
    """`stands` is where the session stands: new, free, mail (a sender is set), rcpt (a recipient as well)."""

    def __init__(self):
        super().__init__()
        self.sinks, self.proxy = stage()
        self.line = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=20)
        self.reader = self.line.makefile("rb")
        self.stands, self.expected, self.queue = "new", {}, []
        assert self.reply() == b"220"

    def reply(self):
        while (line := self.reader.readline()) and line[3:4] == b"-":
            pass
        return line[:3]

    def say(self, words):
        self.line.sendall(words + b"\r\n")
        return self.reply()

    @initialize()
    def greet(self):
        assert self.say(b"EHLO client.example") == b"250"
        self.stands = "free"

    @rule()
    def greets_again(self):
        assert self.say(b"EHLO again.example") == b"250"
        self.stands = "free"

    @rule(sender=st.sampled_from([b"a@client.example", b"", b"b@client.example"]))
    def names_a_sender(self, sender):
        said = self.say(b"MAIL FROM:<%s>" % sender)
        assert said == (b"250" if self.stands == "free" else b"503")
        self.stands = "mail" if self.stands == "free" else self.stands

    @rule(number=st.integers(0, 99))
    def names_a_recipient(self, number):
        said = self.say(b"RCPT TO:<r%d@mail.example>" % number)
        assert said == (b"503" if self.stands == "free" else b"250")
        self.stands = "free" if self.stands == "free" else "rcpt"

    @precondition(lambda self: self.stands != "rcpt")
    @rule()
    def asks_for_data_too_early(self):
        assert self.say(b"DATA") in {b"503", b"554"}

    @precondition(lambda self: self.stands == "rcpt")
    @rule(lines=BODIES)
    def sends_a_message(self, lines):
        number = b"<d%d@client.example>" % next(NUMBERS)
        body = b"Message-ID: " + number + b"\r\n\r\n" + b"".join(line + b"\r\n" for line in lines)
        assert self.say(b"DATA") == b"354"
        assert self.say(body + b".") == b"250"
        self.expected[number.decode()] = hashlib.sha256(body).hexdigest()
        self.stands = "free"

    @precondition(lambda self: self.stands == "free")
    @rule(times=st.integers(1, 3))
    def says_much_in_one_breath(self, times):
        said, replies = b"", []
        for _ in range(times):
            said += b"MAIL FROM:<p@client.example>\r\nRCPT TO:<q@mail.example>\r\nNOOP\r\nRSET\r\n"
            replies += [b"250"] * 4
        self.line.sendall(said + b"RCPT TO:<q@mail.example>\r\nNOOP\r\n")
        assert [self.reply() for _ in range(len(replies) + 2)] == [*replies, b"503", b"250"]

    @rule()
    def starts_over(self):
        assert self.say(b"RSET") == b"250"
        self.stands = "free"

    @rule(words=st.sampled_from([b"NOOP", b"NOOP anything", b"HELP", b"VRFY someone"]))
    def asks_something_that_changes_nothing(self, words):
        assert self.say(words)[:1] in {b"2", b"5"}

    @rule(words=st.sampled_from([b"HURZ", b"", b"MAIL", b"RCPT TO:", b"DATA now", b"\xff\xfe", b"x" * 2000]))
    def says_what_nobody_understands(self, words):
        assert self.say(words)[:1] == b"5"

    @invariant()
    def the_session_goes_on(self):
        assert self.say(b"NOOP") == b"250"

    def teardown(self):
        self.line.sendall(b"QUIT\r\n")
        assert self.reply() == b"221"
        assert self.reader.read() == b""
        self.line.close()
        wait_until(lambda: self.expected.keys() <= self.taken().keys())
        assert {name: self.taken()[name] for name in self.expected} == {
            name: [digest] for name, digest in self.expected.items()
        }

    def taken(self):
        found = {}
        for sink in self.sinks:
            for one in sink.taken():
                found.setdefault(one["message_id"], []).append(one["digest"])
        return found


TestDialogue = Dialogue.TestCase
TestDialogue.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
