"""AUTH: what a client says of itself, and whether it is true by a file of hashes or by the word of a backend.

A line of the file is `name:scrypt$n$r$p$salt$hash`, salt and hash in base64; `./gatepost proxy --hash` writes one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Generator
from typing import TYPE_CHECKING

from delivery.proxy.smtp.client import Credentials
from delivery.proxy.smtp.commands import Refused
from delivery.proxy.smtp.replies import CANCELLED, NO_SUCH_MECHANISM, NOT_BASE64, Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COST, BLOCK, LANES, LENGTH = 16_384, 8, 1, 32
MEMORY = 67_108_864
FIELDS = 6

Steps = Generator[Reply, bytes, Credentials]


def read_line(line: bytes) -> bytes:
    """Raises Refused."""
    if line == b"*":
        raise Refused(CANCELLED)
    try:
        return b64decode(line, validate=True)
    except Error as error:
        raise Refused(NOT_BASE64) from error


def ask(prompt: bytes) -> Reply:
    return Reply(334, b"334 %b\r\n" % b64encode(prompt))


def steps_of(argument: bytes) -> Steps:
    """Yields prompts, is sent the client's lines, returns what they said. Raises Refused."""
    mechanism, _, initial = argument.partition(b" ")
    first = b"" if initial.strip() == b"=" else initial.strip()
    match mechanism.upper():
        case b"PLAIN":
            return _plain(first)
        case b"LOGIN":
            return _login(first)
    raise Refused(NO_SUCH_MECHANISM)


def _plain(first: bytes) -> Steps:
    said = read_line(first or (yield ask(b"")))
    _, name, password = (*said.split(b"\0"), b"", b"", b"")[:3]
    return _credentials(name, password)


def _login(first: bytes) -> Steps:
    name = read_line(first or (yield ask(b"Username:")))
    return _credentials(name, read_line((yield ask(b"Password:"))))


def _credentials(name: bytes, password: bytes) -> Credentials:
    try:
        return Credentials(name.decode(), password.decode())
    except UnicodeDecodeError as error:
        raise Refused(NOT_BASE64) from error


def make_hash(password: str, salt: bytes = b"") -> str:
    salt = salt or secrets.token_bytes(16)
    made = _scrypt(password, salt, COST, BLOCK, LANES)
    return f"scrypt${COST}${BLOCK}${LANES}${b64encode(salt).decode()}${b64encode(made).decode()}"


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, dklen=LENGTH, maxmem=MEMORY)


class Users:
    """Of a file. Raises OSError and ValueError, naming the line."""

    def __init__(self, path: Path) -> None:
        self.secret = secrets.token_bytes(32)
        # A hash is slow by design: of those that were right, a quick one is remembered.
        self.known: dict[str, bytes] = {}
        self.hashes: dict[str, Callable[[str], bool]] = {}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, told = line.strip().rpartition(":")
            try:
                self.hashes[name] = _checker(told)
            except (ValueError, Error) as error:
                raise ValueError(f"{path} line {number}: is not name:scrypt$n$r$p$salt$hash") from error

    def quick(self, credentials: Credentials) -> bytes:
        return hmac.digest(self.secret, f"{credentials.user}\0{credentials.password}".encode(), "sha256")

    def remember(self, credentials: Credentials) -> bool:
        """Whether these were right before."""
        return hmac.compare_digest(self.known.get(credentials.user, b""), self.quick(credentials))

    def check(self, credentials: Credentials) -> bool:
        """Takes tens of milliseconds: not for the loop's thread. Unknown names take as long as known ones."""
        checker = self.hashes.get(credentials.user)
        if checker is None:
            _scrypt(credentials.password, self.secret, COST, BLOCK, LANES)
            return False
        if checker(credentials.password):
            self.known[credentials.user] = self.quick(credentials)
            return True
        return False


def _checker(told: str) -> Callable[[str], bool]:
    words = told.split("$")
    if len(words) != FIELDS or words[0] != "scrypt":
        raise ValueError(told)
    cost, block, lanes = (int(word) for word in words[1:4])
    salt, made = b64decode(words[4], validate=True), b64decode(words[5], validate=True)
    return lambda password: hmac.compare_digest(_scrypt(password, salt, cost, block, lanes), made)
