"""Lines read in sweeps give the figures that reading each line by the grammar gives, and that plain counting gives."""

import random
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from discovery.maillog.figures import figures_of
from discovery.maillog.reading import put_together, read_stream

KEY = b"k" * 32
NOW = datetime(2026, 6, 1, tzinfo=UTC)
REAL = Path(__file__).with_name("postfix_3_7.log").read_text().splitlines()
STAMPS = {
    "rfc3164": "May {day:2d} {hour:02d}:10:26 {host} ",
    "rfc3339": "2026-05-{day:02d}T{hour:02d}:10:26.396352+02:00 {host} ",
    "year first": "2026 May {day:2d} {hour:02d}:10:26.123 {host} ",
}
RELAYS = (
    "gmail-smtp-in.l.google.com[142.250.1.27]:25",
    "filter.corp.example[10.1.2.3]:25",
    "127.0.0.1[127.0.0.1]:10025",
    "none",
    "mx.firm.example[198.51.100.2]:25, conn_use=3",
)
ENDS = (
    "dsn=2.0.0, status=sent (250 2.0.0 OK)",
    "tls=TLS, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10026): 250 2.0.0 Ok: queued as {other})",
    "dsn=2.0.0, status=sent (forwarded as {other})",
    "dsn=5.1.1, status=bounced (host said: 550 5.1.1 no such user (in reply to RCPT TO command))",
    "dsn=4.7.0, status=deferred (host said: 421 4.7.0 [TSS04] deferred)",
    "dsn=4.2.0, status=SOFTBOUNCE (host said: 550 5.2.2 mailbox full)",
    "dsn=2.1.5, status=deliverable (250 2.1.5 Ok)",
)
# All attempts for one recipient have one shape: within a block, what only the grammar reads is counted last.
RECIPIENTS = {
    "<a@gmail.com>": "1.5, delays=0.1/0/0.4/1",
    "<b@firm.example>, orig_to=<list@corp.example>": "0.02, delays=0.01/0/0/0.01",
    '<"a@b,c"@odd.example>': "12, delays=1/0/10/1",
    "<root>": "1, delays=1/0/0/0",
    "<c@yahoo.com>": "3",
}
OTHERS = (
    "smtpd[1]: connect from app.example[203.0.113.9]",
    "smtpd[1]: disconnect from app.example[203.0.113.9] ehlo=1 mail=1 quit=1 commands=3",
    "smtp[1]: Trusted TLS connection established to mx.firm.example[198.51.100.2]:25: TLSv1.3 with cipher X",
    "smtpd[1]: NOQUEUE: reject: RCPT from unknown[203.0.113.77]: 554 5.7.1 <x@y.example>: Relay access denied; x",
    "bounce[1]: {queue_id}: sender non-delivery notification: {other}",
    "smtp[1]: {queue_id}: to=<cut@firm.example>, relay=none, del",
    "smtp[1]: {queue_id}: gnarly",
    "smtpd[1]: NOQUEUE: client=app.example[203.0.113.9]",
    "smtpd[1]: warning: to=<a@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (ok)",
    "smtpd[1]: Anonymous TLS connection established from app.example[203.0.113.9]: TLSv1.2 with cipher Y",
)


def life(dice, number):
    """Texts of one message, from its beginning, sometimes without it, to its end, sometimes without that."""
    queue_id, other = f"4104E3D{number:03X}", f"4104E3D{dice.randrange(400):03X}"
    login = dice.choice(["", ", sasl_method=LOGIN, sasl_username=shop", ", orig_queue_id=ABCDEF01"])
    queued = f"qmgr[1]: {queue_id}: from=<{dice.choice(['n@Corp.example', '', 'bare'])}>, size={number}, nrcpt=1"
    message_id = dice.choice([f"<{number}@corp.example>", "<again@corp.example>", "<>", ""])
    texts = [
        f"{dice.choice(['', 'submission/'])}smtpd[1]: {queue_id}: client=app[203.0.113.{number % 5}]{login}",
        f"cleanup[1]: {queue_id}: message-id={message_id}",
        f"{queued} (queue active)",
    ][dice.choice([0, 0, 0, 1, 2]) :]
    for _ in range(dice.randrange(4)):
        program = dice.choice(["smtp", "smtp", "out/smtp", "local", "qmgr"])
        recipient, took = dice.choice(list(RECIPIENTS.items()))
        to = f"to={recipient}, relay={dice.choice(RELAYS)}, delay={took}, "
        texts.append(f"{program}[1]: {queue_id}: {to}{dice.choice(ENDS)}".replace("{other}", other))
        texts.append(dice.choice(OTHERS).format(queue_id=queue_id, other=other))
    ends = ("qmgr[1]: {0}: removed", "qmgr[1]: {0}: from=<a@b.example>, status=expired, returned to sender", "")
    return [*texts, dice.choice(ends[:2] * 3 + ends).format(queue_id)]


def written(seed, stamp, *, messages=400):
    dice = random.Random(seed)
    lines = []
    for number in range(messages):
        host = dice.choice(["mta1", "mta1", "mta2"]) if seed % 2 else "mta1"
        head = STAMPS[stamp].format(day=10 + number // 100, hour=number // 10 % 24, host=host)
        feed = dice.choice(["\n", "\n", "\n", "\r\n"])
        lines += [f"{head}postfix/{text}{feed}" for text in life(dice, number) if text]
        lines += [f"{line}\n" for line in (*dice.sample(REAL, 2), f"{head}kernel[1]: 4104E3D0AB: removed")]
    return "".join(lines).encode()


def measured(text):
    part = read_stream("mail.log", BytesIO(text), key=KEY)
    return figures_of(put_together([[part]], key=KEY, until=NOW, zone=None))


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("seed", range(4))
def test_sweeps_say_what_the_grammar_says_line_by_line(stamp, seed, monkeypatch):
    text = written(seed, stamp)
    swept = measured(text)
    monkeypatch.setattr("discovery.maillog.rows.FEWEST_LINES", len(text))

    by_line = measured(text)

    assert swept.as_json() == by_line.as_json()
    assert min(swept.passed_through, swept.expired, swept.put_off, swept.ids_repeated, swept.not_understood) > 0


def test_sweeps_say_what_plain_counting_says():
    heads = "May 16 10:10:26 mta1 postfix/"
    attempts = [text for number in range(400) for text in life(random.Random(number), number) if "relay=mx.f" in text]
    text = "".join(f"{heads}{line}\n" for line in attempts if "smtp[1]" in line and "forwarded" not in line).encode()

    figures = measured(text)

    assert figures.lines == text.count(b"\n") > 50
    assert figures.sent == text.count(b"status=sent")
    assert figures.bounced == text.count(b"status=bounced")
    assert figures.deferrals == text.count(b"status=deferred") + text.count(b"status=SOFTBOUNCE")
    assert figures.recipient_domains["gmail.com"] == text.count(b"to=<a@gmail.com>")


def interleaved(seed, *, messages=400):
    """Messages that are under way side by side, as long as fifty others begin; no queue id comes a second time."""
    dice, lines = random.Random(seed), []
    for number in range(messages):
        texts = [text for text in life(dice, number) if text and "queued as" not in text]
        times = sorted(number + dice.random() * 50 for _ in texts)
        lines += [(time, f"May 16 10:10:26 mta1 postfix/{text}\n") for time, text in zip(times, texts, strict=True)]
    return "".join(line for _, line in sorted(lines)).encode()


@pytest.mark.parametrize("seed", range(4))
def test_messages_that_span_blocks_are_the_messages_of_one_block(seed, monkeypatch):
    text = interleaved(seed)
    at_once = measured(text)
    monkeypatch.setattr("discovery.maillog.files.BLOCK", len(text) // 9)
    monkeypatch.setattr("discovery.maillog.files.PIECE", len(text) // 9)

    in_blocks = measured(text)

    assert in_blocks.as_json() == at_once.as_json()
    assert min(at_once.expired, at_once.put_off, at_once.bytes_received, at_once.ids_repeated) > 0


def test_figures_of_many_programs_are_those_of_each(monkeypatch):
    tags = [f"mta{number % 9} out-{number}/smtpd" for number in range(90)] + ["x" * 70 + " postfix/smtpd"]
    lines = [
        f"May 16 10:10:26 {tag}[1]: 4104E3D{place:03X}: client=app[203.0.113.5]\n" for place, tag in enumerate(tags)
    ]
    text = "".join(lines).encode() * 8
    monkeypatch.setattr("discovery.maillog.sources.MOST_REMEMBERED", 60)
    monkeypatch.setattr("discovery.maillog.files.BLOCK", len(text) // 4)
    monkeypatch.setattr("discovery.maillog.files.PIECE", len(text) // 4)

    figures = measured(text)

    assert figures.listeners == {"postfix": 8, **{f"out-{number}": 8 for number in range(90)}}
    assert figures.accepted == figures.understood == 8 * 91
    assert len(figures.hosts) == 10
