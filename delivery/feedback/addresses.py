"""Addresses, status codes and times, as fields of reports hold them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 320  # a local part of 64 and a domain of 255 octets (RFC 5321)
ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]+@[^\s<>,;:\"()\[\]@]+|\"[^\"\n]{1,64}\"@[^\s<>,;:\"()\[\]@]+")
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
REPLY = re.compile(r"(?:^|said:? |[:;(\s])([245][0-5]\d)(?=[ -]|$)")
# A sender's address with the recipient in it, as Postfix writes it: news+anna=example.org@bounces.example.com. A hyphen
# instead of the plus could as well be part of the recipient's name.
TOKEN = re.compile(r"[^@+]+\+(?P<local>[^@=]+)=(?P<domain>[a-z0-9-]+(?:\.[a-z0-9-]+)+)@", re.IGNORECASE)


def address_in(text: str) -> str:
    """The first address of a field such as `rfc822; <Anna@Example.org>`, its domain in small letters, or ""."""
    found = ADDRESS.search(text.partition(";")[2] if ";" in text else text) or ADDRESS.search(text)
    if found is None or len(found[0]) > LONGEST:
        return ""
    local, _, domain = found[0].rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def in_token(sender: str) -> str:
    """The recipient that a sender's address of its own carries; "" where it carries none."""
    found = TOKEN.match(sender)
    return f"{found['local']}@{found['domain'].lower()}" if found else ""


def host_in(text: str) -> str:
    """The name in a field such as `dns; mx.example.org (192.0.2.1)`."""
    name = text.rpartition(";")[2] if ";" in text else text
    return name.split()[0].strip("[]").lower()[:255] if name.split() else ""


def status_in(text: str) -> str:
    found = STATUS.search(text)
    return ".".join(found.groups()) if found else ""


def reply_in(text: str) -> str:
    found = REPLY.search(text)
    return found[1] if found else ""


def best_status(said: str, diagnostic: str) -> str:
    """What the field says, or the other server's own code where the field says nothing in particular."""
    field, answered = status_in(said), status_in(diagnostic)
    is_vague = not field or field.endswith(".0.0")
    return answered if is_vague and answered and answered[0] != "2" else field


def moment_in(text: str) -> datetime | None:
    """A time as mail writes it, or as accounting files do; taken for UTC where it names no zone."""
    if not text.strip():
        return None
    for read in (_of_mail, datetime.fromisoformat):
        try:
            found = read(text.strip())
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _of_mail(text: str) -> datetime:
    return parsedate_to_datetime(text)


def moment_of_seconds(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
