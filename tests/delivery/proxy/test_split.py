"""The split as its backends see it, and the way back."""

import asyncio
import threading
import time

import pytest

from tests.delivery.proxy.messages import Message, made
from tests.delivery.proxy.running import Proxy, Sink, free_ports, wait_until
from tests.delivery.proxy.sending import Sender


@pytest.fixture
def stage(tmp_path):
    ports = free_ports(2)
    old, new = (Sink(tmp_path, name, port) for name, port in zip(("old", "new"), ports, strict=True))
    proxy = Proxy(tmp_path, *ports, share=25)
    for part in (old, new, proxy):
        part.start()
    yield old, new, proxy
    for part in (proxy, new, old):
        part.end()


def send(proxy, messages):
    sender = Sender(proxy.port, messages)
    asyncio.run(sender.run(60))
    assert sender.is_done()
    return sender


def sides(old, new):
    return {one["message_id"]: sink.records.stem for sink in (old, new) for one in sink.taken()}


def test_a_quarter_goes_to_the_new_side(stage):
    old, new, proxy = stage
    messages = made(3_000, 5, 300)

    send(proxy, messages)

    assert len(old.taken()) + len(new.taken()) == 3_000
    assert 0.23 < len(new.taken()) / 3_000 < 0.27


def test_a_message_goes_to_the_same_side_whoever_it_is_for_and_after_a_restart(stage):
    old, new, proxy = stage
    first = made(400, 6, 300)
    again = [Message(one.number, one.sender, (f"other{one.number}@x.example",), one.message_id, 300) for one in first]

    send(proxy, first)
    before = sides(old, new)
    proxy.end()
    proxy.start()
    send(proxy, again)

    assert len(old.taken()) + len(new.taken()) == 800
    assert sides(old, new) == before
    assert sum(sides(old, new)[one["message_id"]] == "new" for one in new.taken()) == len(new.taken())
    assert set(before.values()) == {"old", "new"}


def test_after_a_rollback_no_transaction_begins_on_the_new_side(stage):
    old, new, proxy = stage
    sender = Sender(proxy.port, made(3_000, 8, 2_000))
    load = threading.Thread(target=lambda: asyncio.run(sender.run(60)))

    load.start()
    wait_until(lambda: len(new.taken()) > 100)
    proxy.ask("rollback")
    told = time.monotonic()
    load.join()

    later = {one.message_id for one in sender.messages if sender.begun[one.number] > told}
    assert len(later) > 300
    assert {side for message, side in sides(old, new).items() if message in later} == {"old"}
    assert sender.is_done()
    assert len(new.taken()) > 100


def test_a_rollback_outlives_a_kill_and_ends_when_a_weight_is_set(stage):
    old, new, proxy = stage

    proxy.ask("rollback")
    proxy.kill()
    proxy.start()
    send(proxy, made(60, 9, 300))
    during = len(new.taken())
    proxy.ask("set", "new=100")
    send(proxy, made(60, 10, 300))

    assert during == 0
    assert (len(old.taken()), len(new.taken())) == (60, 60)
