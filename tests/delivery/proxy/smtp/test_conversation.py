"""Any order of commands, by a client that may do anything: each is answered, and what was accepted is there."""

import asyncio
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.delivery.proxy.smtp.stage import CLOSE, RESET, Backend, proxy_between

TROUBLES = [CLOSE, RESET, b"421 4.3.2 bye\r\n", b"451 4.7.1 later\r\n", b"550 5.1.1 no\r\n", b"junk\r\n"]
STEPS = ["MAIL", "RCPT", "DATA", "."]
QUICK = "---\n[limits]\nconnect = 0.5\ncommand = 2\nblock = 2\ndot = 0.5\n"


class Conversation(RuleBasedStateMachine):
    """`state` is what the client may rely on: outside, in a transaction without or with recipients."""

    @initialize(share=st.sampled_from([0, 50, 100]))
    def begin(self, share):
        self.folder = Path(mkdtemp())
        self.loop = asyncio.new_event_loop()
        self.old, self.new = Backend("old"), Backend("new")
        self.around = proxy_between(self.folder, self.old, self.new, share=share, more=QUICK)
        self.stage = self.await_(self.around.__aenter__())
        self.accepted, self.number, self.sent = set(), 0, {}
        self.reconnect()

    def await_(self, awaited):
        return self.loop.run_until_complete(awaited)

    def say(self, line):
        heard = self.await_(self.talk.say(line))
        assert heard[:3].isdigit(), f"{line!r} was answered with {heard!r}"
        if heard[:3] == b"421":
            assert self.await_(self.talk.hear()) == b""
            self.reconnect()
        return int(heard[:3])

    @rule()
    def reconnect(self):
        self.talk = self.await_(self.stage.connect())
        self.state, self.sender, self.recipients = "outside", b"", []

    @rule()
    def leave(self):
        self.talk.reset()
        self.reconnect()

    @rule(
        line=st.sampled_from([b"NOOP", b"VRFY x", b"WHAT", b"", b"BDAT 3 LAST", b"AUTH PLAIN x", b"STARTTLS", b"HELP"])
    )
    def say_something_else(self, line):
        self.say(line)

    @rule(line=st.sampled_from([b"RSET", b"EHLO again.example", b"HELO again.example"]))
    def begin_anew(self, line):
        assert self.say(line) == 250
        self.state, self.sender, self.recipients = "outside", b"", []

    @rule(sender=st.sampled_from([b"", b"ann@example.com", b"x" * 60 + b"@example.com"]))
    def send_mail(self, sender):
        code = self.say(b"MAIL FROM:<%b>" % sender)

        if self.state == "outside":
            self.state, self.sender = ("inside", sender) if code == 250 else ("outside", b"")
        else:
            assert code in {503, 421}

    @rule(recipient=st.sampled_from([b"bob@example.org", b"eve@example.net"]))
    def send_recipient(self, recipient):
        code = self.say(b"RCPT TO:<%b>" % recipient)

        if self.state == "outside":
            assert code in {503, 421}
        elif code == 250:
            self.recipients.append(recipient)

    @rule(again=st.booleans(), text=st.sampled_from([b"", b"..dots\r\n", b"x" * 3000 + b"\r\n", b"\xff\0\r\n"]))
    def send_content(self, again, text):
        code = self.say(b"DATA")
        if code != 354:
            assert code >= 400
            if code == 451:
                self.begin_anew(b"RSET")
            return
        assert self.recipients
        content = self.content(text, again=again)
        self.talk.writer.write(content)
        code = self.say(b".")
        self.state, self.sender, self.recipients = "outside", b"", []
        if code == 250:
            self.accepted.add(content)

    def content(self, text, *, again):
        """The same again only for the same people: to others it is another message."""
        envelope = (self.sender, *sorted(self.recipients))
        if not (again and envelope in self.sent):
            self.number += 1
            self.sent[envelope] = b"Message-ID: <%d@example.com>\r\n\r\n%b" % (self.number, text)
        return self.sent[envelope]

    @rule(count=st.integers(1, 3), again=st.booleans(), text=st.sampled_from([b"", b"text\r\n"]))
    def send_whole_message(self, count, again, text):
        self.begin_anew(b"RSET")
        self.send_mail(b"ann@example.com")
        for number in range(count):
            self.send_recipient(b"bob%d@example.org" % number)
        self.send_content(again, text)

    @rule(side=st.sampled_from(["old", "new"]), step=st.sampled_from(STEPS), way=st.sampled_from(TROUBLES))
    def break_a_backend(self, side, step, way):
        """For the next time it is asked that."""
        usual = {"DATA": b"354 go on\r\n"}.get(step, b"250 2.0.0 ok\r\n")
        getattr(self, side).script[step] = [way, usual]

    @rule(side=st.sampled_from(["old", "new"]))
    def lose_a_reply(self, side):
        """The next message is taken there, and nobody hears of it."""
        getattr(self, side).script["."] = [(CLOSE,), b"250 2.0.0 ok\r\n"]

    @precondition(lambda self: self.accepted)
    @invariant()
    def what_was_accepted_is_there(self):
        there = self.old.messages + self.new.messages
        assert self.accepted <= set(there)

    @invariant()
    def nothing_is_at_both_sides(self):
        if hasattr(self, "old"):
            assert not set(self.old.messages) & set(self.new.messages)

    @invariant()
    def no_content_is_cut_short(self):
        if hasattr(self, "old"):
            sent = set(self.old.messages + self.new.messages)
            assert all(message.startswith(b"Message-ID: <") for message in sent)

    def teardown(self):
        if hasattr(self, "stage"):
            self.talk.reset()
            self.await_(self.around.__aexit__(None, None, None))
            outcomes = [entry.outcome for entry in self.stage.entries()]
            assert "open" not in outcomes
            self.loop.close()
            rmtree(self.folder)


Conversation.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestConversation = Conversation.TestCase
