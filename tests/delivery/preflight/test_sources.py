"""A name server on this machine and a zone file give the same answers; silence is not an answer."""

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from delivery.preflight import sources
from delivery.preflight.answers import Found
from delivery.preflight.sources import NameServer, Silent, ZoneFile, source_of

ZONE = """\
$TTL 300
a.example. IN TXT "one " "two"
a.example. IN MX 10 MX.a.example.
w.example. IN CNAME a.example.
loop.example. IN CNAME loop.example.
"""


@pytest.fixture
def zone(tmp_path):
    path = tmp_path / "zone"
    path.write_text(ZONE)
    return ZoneFile(path)


@pytest.fixture
def server():
    """A name server that knows a.example, fails for fail.example and never answers for late.example."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))

    def serve():
        while True:
            wire, peer = sock.recvfrom(4096)
            if not wire:
                return
            query = dns.message.from_wire(wire)
            name = str(query.question[0].name)
            if name == "late.example.":
                continue
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            if name == "fail.example.":
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif name != "a.example.":
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif query.question[0].rdtype == dns.rdatatype.TXT:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"one " "two"'))
            sock.sendto(answer.to_wire(), peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield NameServer("127.0.0.1", sock.getsockname()[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", sock.getsockname())
    thread.join(5)
    sock.close()


def test_a_zone_file_answers_as_a_server_would(zone):
    assert zone.ask("a.example", "TXT").values == ("one two",)
    assert zone.ask("A.EXAMPLE.", "MX").values == ("10 mx.a.example",)
    assert zone.ask("w.example", "TXT").values == ("one two",)
    assert [zone.ask(name, "A").found for name in ("a.example", "b.example")] == [Found.NONE, Found.NONE]
    assert [zone.ask(name, "A").found for name in ("loop.example", "x" * 70, "a..b")] == [Found.UNKNOWN] * 3


def test_a_server_answers_or_says_that_there_is_nothing(server):
    assert server.ask("a.example", "TXT").values == ("one two",)
    assert server.ask("a.example", "A").why == "Nothing of this kind."
    assert server.ask("b.example", "TXT").why == "There is no such name."
    assert {server.ask(name, kind).found for name, kind in (("a.example", "A"), ("b.example", "TXT"))} == {Found.NONE}


def test_a_failure_a_silence_and_a_name_that_is_none_are_not_known(server, monkeypatch):
    monkeypatch.setattr(sources, "SECONDS", 0.3)

    answers = [server.ask(name, "TXT") for name in ("fail.example", "late.example", "x" * 70, "a..b")]

    assert {answer.found for answer in answers} == {Found.UNKNOWN}
    assert answers[1].why == "No answer within 0.3 seconds."


@pytest.mark.parametrize(
    ("setting", "source"),
    [
        ("", Silent()),
        ("192.0.2.53", NameServer("192.0.2.53")),
        ("192.0.2.53:5353", NameServer("192.0.2.53", 5353)),
        ("2001:db8::53", NameServer("2001:db8::53")),
        ("[2001:db8::53]:5353", NameServer("2001:db8::53", 5353)),
    ],
)
def test_the_setting_names_whom_to_ask(setting, source):
    assert source_of(setting) == source


@pytest.mark.parametrize("setting", ["resolver.example", "192.0.2.53:x", "zone"])
def test_a_setting_that_names_nobody_is_refused(setting):
    with pytest.raises(ValueError, match=r"does not appear to be|invalid literal"):
        source_of(setting)


@pytest.mark.parametrize("text", [b"a.example. IN A here\n", b"\xff\n", None])
def test_a_zone_file_that_cannot_be_read_is_refused_at_once(tmp_path, text):
    path = tmp_path / "zone"
    if text is not None:
        path.write_bytes(text)

    with pytest.raises(ValueError, match="no zone file that can be read"):
        source_of(str(path))


def test_a_zone_file_that_can_be_read_is_asked(zone):
    assert source_of(str(zone.path)) == zone
