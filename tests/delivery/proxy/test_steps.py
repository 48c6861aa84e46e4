"""What happens at each step of a transaction, and what the journal says of it: one fault at a time."""

import asyncio
import resource

import pytest

from tests.delivery.proxy.messages import Message
from tests.delivery.proxy.running import Proxy, Sink, free_ports, wait_until
from tests.delivery.proxy.sending import Line, Sender

LIMITS = "\n[limits]\ndot = 4\n"
# Fault at the backend: how often it takes the message, and what the journal says of the attempts at the dot, in order.
FAULTS = {
    "mail.451": (1, ["accepted"]),
    "mail.421": (1, ["accepted"]),
    "mail.drop": (1, ["accepted"]),
    "mail.leave": (1, ["accepted"]),
    "rcpt.450": (1, ["accepted"]),
    "rcpt.drop": (1, ["accepted"]),
    "rcpt.leave": (1, ["accepted"]),
    "data.451": (1, ["accepted"]),
    "data.drop": (1, ["accepted"]),
    "data.leave": (1, ["accepted"]),
    "body.drop": (1, ["accepted"]),
    "dot.451": (1, ["refused", "accepted"]),
    "dot.421": (1, ["refused", "accepted"]),
    "dot.late": (1, ["accepted"]),
    "dot.drop": (1, ["unknown", "accepted"]),
    "dot.lose": (2, ["unknown", "accepted"]),
    "dot.hang": (2, ["unknown", "accepted"]),
}
STEPS = ("greeting", "ehlo", "mail", "rcpt", "data", "body", "dot")


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("steps")
    ports = free_ports(2)
    old, new = (Sink(folder, name, port) for name, port in zip(("old", "new"), ports, strict=True))
    proxy = Proxy(folder, *ports, share=50, tables=LIMITS)
    for part in (old, new, proxy):
        part.start()
    yield old, new, proxy
    for part in (proxy, new, old):
        part.kill()


def message_with(fault, number=1):
    sender = f"a{number}+{fault}@client.example" if fault else "a@client.example"
    return Message(number, sender, ("b@mail.example",), f"<{fault}.{number}@client.example>", 2_000)


def send(proxy, message, **told):
    sender = Sender(proxy.port, [message], sessions=1, **told)
    asyncio.run(sender.run(20))
    return sender.ended[message.number, "b@mail.example"]


def attempts(proxy, message):
    """What the journal says became of its transactions, but for those that were answered from the journal."""
    mine = [one["outcome"] for one in proxy.entries() if one["message_id"] == message.message_id]
    return [outcome for outcome in mine if outcome != "repeated"]


def taken(message, *sinks):
    """What the backends have of it, each naming its side."""
    return [
        one | {"side": sink.records.stem}
        for sink in sinks
        for one in sink.taken()
        if one["message_id"] == message.message_id
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_backend_ends_in_one_delivery_or_in_a_second_that_the_journal_names(fault, stage):
    old, new, proxy = stage
    message = message_with(fault)
    times, outcomes = FAULTS[fault]

    reply = send(proxy, message)

    records = taken(message, old, new)
    assert reply.startswith("250")
    assert len(records) == times
    assert {one["digest"] for one in records} == {message.digest}
    assert len({one["side"] for one in records}) == 1
    assert attempts(proxy, message)[-len(outcomes) :] == outcomes


@pytest.mark.parametrize("fault", ["mail.550", "rcpt.550", "data.554", "dot.554"])
def test_a_refusal_for_good_is_passed_on_word_for_word_and_nothing_is_delivered(fault, stage):
    old, new, proxy = stage

    message = message_with(fault)

    reply = send(proxy, message)

    assert reply == f"{fault[-3:]} 5.3.0 as you asked"
    assert taken(message, old, new) == []


async def reach(port, step, message):
    """A session that stands at this step, the server having answered what came before."""
    line = Line(port, 5)
    line.reader, line.writer = await asyncio.open_connection("127.0.0.1", port)
    wire = message.wire
    said = {
        "greeting": (b"", True),
        "ehlo": (b"EHLO client.example\r\n", True),
        "mail": (f"MAIL FROM:<{message.sender}>\r\n".encode(), True),
        "rcpt": (b"RCPT TO:<b@mail.example>\r\n", True),
        "data": (b"DATA\r\n", True),
        "body": (wire[:1000], False),
        "dot": (wire[1000:] + b".\r\n", False),
    }
    for name, (words, is_answered) in said.items():
        line.writer.write(words)
        await line.writer.drain()
        if is_answered:
            await line.reply()
        if name == step:
            return line
    raise AssertionError(step)


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_of_the_proxy_at_a_step_loses_nothing_and_doubles_nothing_in_silence(step, stage):
    old, new, proxy = stage
    message = message_with("dot.hang" if step == "dot" else "", 100 + STEPS.index(step))

    async def be_killed_there():
        line = await reach(proxy.port, step, message)
        await asyncio.sleep(0.3)
        taken_before = len(taken(message, old, new))
        proxy.kill()
        line.close()
        return taken_before

    taken_before = asyncio.run(be_killed_there())
    proxy.start()
    reply = send(proxy, message)

    records = taken(message, old, new)
    assert taken_before == (1 if step == "dot" else 0)
    assert reply.startswith("250")
    assert len(records) == 1 + taken_before
    assert len({one["side"] for one in records}) == 1
    assert attempts(proxy, message) == ["unknown", "accepted"][1 - taken_before :]


@pytest.mark.parametrize("step", STEPS)
def test_a_client_that_goes_away_at_a_step_and_comes_back_is_served_once(step, stage):
    old, new, proxy = stage
    message = message_with("dot.late" if step == "dot" else "", 200 + STEPS.index(step))

    async def go_away_there():
        line = await reach(proxy.port, step, message)
        await asyncio.sleep(0.2)
        line.close()

    asyncio.run(go_away_there())
    reply = send(proxy, message)

    records = taken(message, old, new)
    assert reply.startswith("250")
    assert [one["digest"] for one in records] == [message.digest]


@pytest.mark.parametrize("side", ["old", "new"])
def test_a_backend_that_is_gone_is_stood_in_for_and_serves_again_when_it_is_back(side, stage):
    *sinks, proxy = stage
    gone, other = sinks if side == "old" else reversed(sinks)
    numbers = iter(range(300 if side == "old" else 400, 10_000))
    before, before_other = len(gone.taken()), len(other.taken())

    gone.kill()
    replies = [send(proxy, message_with("", next(numbers))) for _ in range(12)]
    during = len(other.taken())
    gone.start()
    wait_until(lambda: send_another(proxy, gone, numbers) > before, patience=20, pause=0.2)

    assert {one[:3] for one in replies} == {"250"}
    assert during == before_other + 12


def send_another(proxy, sink, numbers):
    send(proxy, message_with("", next(numbers)))
    return len(sink.taken())


def test_nothing_is_taken_that_cannot_be_journalled_and_it_goes_on_when_it_can(stage):
    old, new, proxy = stage
    send(proxy, message_with("", 30))
    number = proxy.process.pid
    _, hard = resource.prlimit(number, resource.RLIMIT_FSIZE)

    resource.prlimit(number, resource.RLIMIT_FSIZE, (1, hard))
    full = asyncio.run(one_try(proxy.port, message_with("", 31)))
    later = asyncio.run(one_try(proxy.port, message_with("", 32)))
    resource.prlimit(number, resource.RLIMIT_FSIZE, (hard, hard))
    wait_until(lambda: asyncio.run(one_try(proxy.port, message_with("", 31)))[:1] == "2", patience=30)

    assert full[:3] == later[:3] == "451"
    assert [len(taken(message_with("", number), old, new)) for number in (30, 31, 32)] == [1, 1, 0]


async def one_try(port, message):
    """The reply that ended a single attempt."""
    line = Line(port, 10)
    await line.open()
    for words in (f"MAIL FROM:<{message.sender}>", "RCPT TO:<b@mail.example>", "DATA"):
        code, text = await line.say(words.encode() + b"\r\n")
        if code >= 400:
            line.close()
            return text
    _, text = await line.say(message.wire + b".\r\n")
    line.close()
    return text
