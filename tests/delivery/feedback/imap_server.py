"""A mailbox that speaks what imaplib asks of an IMAP server, over TLS, and keeps every command it heard."""

import base64
import re
import socket
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.delivery.proxy.smtp.test_trust import make_certificate

NAME, USER, PASSWORD = "imap.example.com", "bounces@example.com", 'top "secret" ü'


@dataclass
class Shelf:
    """`messages` by UID. `sizes` is what the server says instead of the truth; `dies_at` the UID that ends the line."""

    messages: dict[int, bytes] = field(default_factory=dict)
    validity: int = 1
    capabilities: str = "IMAP4rev1 AUTH=PLAIN"
    sizes: dict[int, int] = field(default_factory=dict)
    dies_at: int | None = None
    heard: list[str] = field(default_factory=list)

    def uids(self):
        return sorted(self.messages)


class _Line(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def setup(self):
        self.shelf, self.is_secure = self.server.shelf, not self.server.is_starttls
        if self.is_secure:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self):
        self.say("* OK ready")
        while line := self.rfile.readline().decode():
            self.tag, _, rest = line.rstrip("\r\n").partition(" ")
            self.shelf.heard.append(rest)
            verb, _, self.told = rest.partition(" ")
            if not getattr(self, f"on_{verb.lower()}")():
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        return True

    def on_capability(self):
        offers = self.shelf.capabilities if self.is_secure else "IMAP4rev1 STARTTLS LOGINDISABLED"
        self.say(f"* CAPABILITY {offers}")
        return self.say(f"{self.tag} OK done")

    def on_starttls(self):
        self.say(f"{self.tag} OK begin")
        self.request = self.connection = self.server.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        self.is_secure = True
        return True

    def on_authenticate(self):
        self.say("+ ")
        sent = self.rfile.readline().strip().decode()
        if base64.b64decode(sent).decode() == f"\0{USER}\0{PASSWORD}":
            return self.say(f"{self.tag} OK welcome")
        return self.say(f"{self.tag} NO [AUTHENTICATIONFAILED] {sent} is wrong")

    def on_login(self):
        return self.say(
            f"{self.tag} OK welcome"
            if self.told == '"bounces@example.com" "plain"'
            else f"{self.tag} NO you said {self.told}"
        )

    def on_examine(self):
        if self.told != '"INBOX"':
            return self.say(f"{self.tag} NO there is no {self.told}")
        self.say(f"* {len(self.shelf.messages)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.shelf.validity}] valid")
        return self.say(f"{self.tag} OK [READ-ONLY] done")

    def on_fetch(self):
        wanted = re.match(r"(\d+)(?::(\d+))? \(UID RFC822\.SIZE\)", self.told)
        first, last = int(wanted[1]), int(wanted[2] or wanted[1])
        for number in range(first, last + 1):
            uid = self.shelf.uids()[number - 1]
            size = self.shelf.sizes.get(uid, len(self.shelf.messages[uid]))
            self.say(f"* {number} FETCH (UID {uid} RFC822.SIZE {size})")
        return self.say(f"{self.tag} OK done")

    def on_uid(self):
        uid = int(re.match(r"FETCH (\d+) \(BODY\.PEEK\[\]\)", self.told)[1])
        if uid == self.shelf.dies_at:
            return False
        if content := self.shelf.messages.get(uid):
            number = self.shelf.uids().index(uid) + 1
            self.say(f"* {number} FETCH (UID {uid} BODY[] {{{len(content)}}}")
            self.wfile.write(content + b")\r\n")
        return self.say(f"{self.tag} OK done")

    def on_logout(self):
        self.say("* BYE good-bye")
        self.say(f"{self.tag} OK done")
        return False


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that refuses the certificate is no error of the server."""


@contextmanager
def imap_server(folder, shelf, *, is_starttls=False):
    """How to reach it instead of the public address that the account names, and a trust that knows its certificate."""
    trust = make_certificate(folder, NAME)
    with _Server(("127.0.0.1", 0), _Line) as server:
        server.shelf, server.is_starttls = shelf, is_starttls
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        try:
            yield lambda host, port: socket.create_connection(server.server_address, 5), trust
        finally:
            server.shutdown()
            thread.join()
