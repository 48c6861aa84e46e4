"""Webhooks are signed as Standard Webhooks says, and go to the address that was looked at and nowhere else."""

import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic

import pytest

from core.webhooks import posting
from core.webhooks.posting import (
    AddressRefused,
    checked_url,
    is_public,
    load_plan,
    new_secret,
    post,
    public_address,
    signed_headers,
)
from tests.delivery.proxy.smtp.test_trust import make_certificate

# The example of the specification's libraries.
SECRET, EVENT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT, BODY = 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


class Receiver(BaseHTTPRequestHandler):
    status, headers_out, said = 204, {}, b""

    def do_POST(self):
        self.server.heard.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.status)
        for name, value in self.headers_out.items():
            self.send_header(name, value)
        self.send_header("content-length", f"{len(self.said)}")
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *arguments):
        pass


@contextmanager
def receiver(folder, *, status=204, headers=None, said=b""):
    """An HTTPS server called hooks.example, and a trust that knows its certificate."""
    trust = make_certificate(folder, "hooks.example")
    asked = {"status": status, "headers_out": headers or {}, "said": said}
    server = HTTPServer(("127.0.0.1", 0), type("Asked", (Receiver,), asked))
    server.heard = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server, trust, f"https://hooks.example:{server.server_port}/in?a=1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def here(host, port):
    return ["127.0.0.1"]


def test_the_signature_is_that_of_the_specification():
    assert signed_headers(SECRET, event_id=EVENT, at=AT, body=BODY)["webhook-signature"] == SIGNED


def test_a_body_goes_to_the_address_that_was_looked_at_under_the_name_that_was_set(tmp_path):
    with receiver(tmp_path) as (server, trust, url):
        answer = post(url, BODY, {"webhook-id": EVENT}, find=here, context=trust)

    path, headers, body = server.heard[0]
    assert answer.is_taken
    assert (path, body, headers["webhook-id"]) == ("/in?a=1", BODY, EVENT)
    assert headers["Host"].startswith("hooks.example")


def test_a_redirect_is_not_followed_and_a_strange_certificate_not_trusted(tmp_path):
    with receiver(tmp_path, status=307, headers={"location": "https://127.0.0.1/"}) as (server, trust, url):
        redirected = post(url, BODY, {}, find=here, context=trust)
        untrusted = post(url, BODY, {}, find=here)

    assert (redirected.status, redirected.is_taken) == (307, False)
    assert "not followed" in redirected.said
    assert (untrusted.status, "certificate" in untrusted.said) == (None, True)
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1%eth0",
     "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "255.255.255.255", "64:ff9b:1::a00:1", "fec0::1",
     "::10.0.0.1", "::8.8.8.8", "192.88.99.1", "2001:0:a00:1::"],
)  # fmt: skip
def test_what_is_not_public_is_refused(address):
    assert not is_public(address)


def test_a_name_of_which_one_address_is_private_is_refused(monkeypatch):
    rows = [(0, 0, 0, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.5")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: rows)

    with pytest.raises(AddressRefused, match=r"10\.0\.0\.5"):
        public_address("hooks.example", 443)
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    assert is_public("::ffff:93.184.216.34")
    assert not is_public("::ffff:192.88.99.1")


def test_an_address_that_takes_no_connection_is_passed_over(tmp_path):
    with receiver(tmp_path) as (server, trust, url):
        answer = post(url, BODY, {}, find=lambda host, port: ["127.0.0.2", "127.0.0.1"], context=trust)
        nowhere = post(url, BODY, {}, find=lambda host, port: ["127.0.0.2", "127.0.0.3"], context=trust)

    assert answer.is_taken
    assert nowhere.status is None
    assert "does not answer" in nowhere.said
    assert len(server.heard) == 1


def test_localhost_is_never_reached():
    answer = post("https://localhost:1/", BODY, {})

    assert answer.status is None
    assert "no public address" in answer.said


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "https://",
        "https://u:p@a.example/",
        "ftp://a",
        "https://a.example/#x",
        "https://a b/",
        "https://a:x/",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(url):
    with pytest.raises(AddressRefused):
        checked_url(url)


@pytest.mark.parametrize("host", ["10.0.0.5", "169.254.169.254", "127.0.0.1:8443", "[::1]", "[::ffff:10.0.0.5]"])
def test_numbers_of_a_network_inside_are_refused_before_anything_is_kept(host):
    with pytest.raises(AddressRefused, match="no public address"):
        checked_url(f"https://{host}/in")


def test_public_numbers_are_taken():
    assert checked_url("https://93.184.216.34/in") == "https://93.184.216.34/in"
    assert checked_url("https://[2606:2800:220:1:248:1893:25c8:1946]/in")


def test_a_receiver_that_never_ends_its_answer_is_left(monkeypatch):
    monkeypatch.setattr(
        posting,
        "load_plan",
        lambda: posting.Plan(retries=(1,), jitter=0, rows=1, batches=1, patience=60, whole=1, turn=1),
    )
    began = monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = post(f"https://hooks.example:{silent.getsockname()[1]}/", BODY, {}, find=here)

    assert (answer.status, answer.is_taken) == (None, False)
    assert "took too long" in answer.said
    assert monotonic() - began < 30


def test_while_secrets_change_either_verifies():
    headers = signed_headers(SECRET, new_secret(), event_id=EVENT, at=AT, body=BODY)

    signatures = headers["webhook-signature"].split(" ")
    assert signatures[0] == SIGNED
    assert signatures[1].startswith("v1,")
    assert len(set(signatures)) == 2


def test_an_answer_is_kept_in_one_line_and_the_pause_it_asks_for_is_bounded(tmp_path):
    with receiver(tmp_path, status=503, headers={"retry-after": "120"}, said=b"Too\x00 much\r\nnow") as (_, trust, url):
        busy = post(url, BODY, {}, find=here, context=trust)
    with receiver(tmp_path, status=410, headers={"retry-after": "999999"}) as (_, trust, url):
        gone = post(url, BODY, {}, find=here, context=trust)
    with receiver(tmp_path, status=503, headers={"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}) as (_, trust, url):
        dated = post(url, BODY, {}, find=here, context=trust)

    assert (busy.status, busy.said, busy.pause) == (503, "Too much now", 120)
    assert (gone.is_unwanted, gone.is_taken, gone.pause) == (True, False, max(load_plan().retries))
    assert (dated.pause, dated.is_unwanted) == (0, False)


def test_a_name_that_means_another_address_a_moment_later_is_not_asked_again(tmp_path, monkeypatch):
    asked, real = [], socket.getaddrinfo

    def rebound(host, port, *more, **words):
        if host != "hooks.example":
            return real(host, port, *more, **words)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5" if len(asked) > 1 else "127.0.0.1", port))]

    with receiver(tmp_path) as (server, trust, url):
        monkeypatch.setattr(socket, "getaddrinfo", rebound)
        monkeypatch.setattr(posting, "is_public", lambda address: address == "127.0.0.1")
        answer = post(url, BODY, {}, context=trust)

    assert answer.is_taken
    assert asked == ["hooks.example"]
    assert len(server.heard) == 1
