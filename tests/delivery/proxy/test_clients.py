"""What people send with delivers through the proxy what it delivers to a backend without it."""

import subprocess

import pytest

from tests.delivery.proxy.bodies import BODIES, file_of
from tests.delivery.proxy.clients import CLIENTS, READS_UNIX_LINES, RECIPIENT, SENDER
from tests.delivery.proxy.running import Proxy, Sink, free_ports


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """A sink to send to directly, and a proxy before a sink on either side."""
    folder = tmp_path_factory.mktemp("clients")
    ports = free_ports(3)
    sinks = [
        Sink(folder, name, port, keeps_bodies=True) for name, port in zip(("direct", "old", "new"), ports, strict=True)
    ]
    proxy = Proxy(folder, ports[1], ports[2], share=50)
    for part in (*sinks, proxy):
        part.start()
    yield *sinks, proxy
    for part in (proxy, *sinks):
        part.end()


def send(client, port, path):
    done = subprocess.run(client(port, path), capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda one: one.__name__)
def test_a_message_arrives_through_the_proxy_as_it_would_without(client, name, stage, tmp_path):
    direct, old, new, proxy = stage
    path = tmp_path / "message.eml"
    text = file_of(name, client.__name__)
    path.write_bytes(text.replace(b"\r\n", b"\n") if client.__name__ in READS_UNIX_LINES else text)
    before = len(old.taken()) + len(new.taken())

    send(client, direct.port, path)
    send(client, proxy.port, path)

    without, *_ = reversed(direct.taken())
    passed = [(sink, one) for sink in (old, new) for one in sink.taken() if one["message_id"] == without["message_id"]]
    sink, record = passed[-1]
    assert sink.body(record) == direct.body(without)
    assert len(without["message_id"]) > 12
    assert (record["sender"], record["recipients"]) == (SENDER, [RECIPIENT])
    assert len(old.taken()) + len(new.taken()) == before + 1
