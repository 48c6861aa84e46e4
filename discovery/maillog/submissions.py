"""Who hands mail in: how many systems and logins, and how they sign in. Names are kept as keyed hashes only."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter

CLIENT = re.compile(rb"[^\s\[]*\[([^\]]*)\]")
METHOD = re.compile(rb", sasl_method=([^,\s]+)")
LOGIN = re.compile(rb", sasl_username=([^,\s]+)")
MOST_KEPT = 20_000
MOST_UNREAD = 5_000
HASH_LENGTH = 12


class Submissions:
    """Counts of what smtpd says about clients."""

    def __init__(self, key: bytes) -> None:
        """Hash with `key`."""
        self.key = key
        self.clients: Counter[str] = Counter()
        self.logins: Counter[str] = Counter()
        self.methods: Counter[str] = Counter()
        self.unread: Counter[bytes] = Counter()

    def add(self, client: bytes, times: int) -> None:
        """Most clients come again and again with the same words: they are read once."""
        self.unread[client] += times
        if len(self.unread) > MOST_UNREAD:
            self.settle()

    def settle(self) -> None:
        for client, count in self.unread.items():
            if address := CLIENT.match(client):
                self._count(self.clients, address[1], count)
            if method := METHOD.search(client):
                self.methods[method[1].decode("ascii", "replace").upper()[:20]] += count
            if login := LOGIN.search(client):
                self._count(self.logins, login[1], count)
        self.unread.clear()

    def merge(self, other: Submissions) -> None:
        other.settle()
        for mine, theirs in (
            (self.clients, other.clients),
            (self.logins, other.logins),
            (self.methods, other.methods),
        ):
            mine.update(theirs)

    def _count(self, counter: Counter[str], name: bytes, times: int) -> None:
        hashed = hmac.new(self.key, name, hashlib.sha256).hexdigest()[:HASH_LENGTH]
        if hashed in counter or len(counter) < MOST_KEPT:
            counter[hashed] += times
