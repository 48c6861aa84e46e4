"""One round over a mailbox: what came after the last UID, bounded, oldest first."""

from __future__ import annotations

import base64
import imaplib
import ssl
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from core.webhooks.posting import AddressRefused
from delivery.feedback.files import FileForm, FileReading, in_messages
from delivery.feedback.imap import Stopped, connect, opened, quoted
from delivery.feedback.limits import load_limits
from delivery.feedback.mailboxes import too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from delivery.feedback.imap import Account, Connect, Folder, Session
    from delivery.feedback.records import Strange

LONGEST_SAID = 700  # characters of what a server says, once nothing secret is in it


@dataclass(slots=True)
class Look:
    """How far a round came. `said` is why it went no further, and empty when nothing was in its way.

    Whatever the reason, `reading` holds everything up to `last_uid` and nothing after it.
    """

    validity: int | None
    last_uid: int
    said: str = ""
    held: int = 0
    count: int = 0
    is_anew: bool = False
    is_more: bool = False
    reading: FileReading = field(default_factory=lambda: FileReading(FileForm.MAIL))


def look_into(
    account: Account,
    *,
    validity: int | None,
    last_uid: int,
    is_test: bool = False,
    reach: Connect = connect,
    trust: ssl.SSLContext | None = None,
) -> Look:
    """Never raises for what the server does. A test goes as far as the folder and reads nothing."""
    look = Look(validity, last_uid)
    try:
        with opened(account, trust or ssl.create_default_context(), reach) as session:
            folder = session.look_at_folder()
            look.held = folder.held
            if not is_test:
                _read(session, folder, look)
    except (AddressRefused, Stopped) as refused:
        look.said = str(refused)
    except ssl.SSLError as error:
        look.said = f"The certificate or encryption of {account.host} is not accepted ({error.reason or error})."
    except (OSError, ValueError) as error:
        look.said = f"{account.host} does not answer as it should ({error or type(error).__name__})."
    except imaplib.IMAP4.error as error:
        look.said = f"{account.host} refused, or broke off: {_told(error)}."
    look.said = _without_secrets(look.said, account)[:LONGEST_SAID]
    return look


def _told(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.rstrip(".") or "no reason given"


def _without_secrets(said: str, account: Account) -> str:
    """Some servers say the command over that they did not take."""
    password = account.password
    sent = base64.b64encode(f"\0{account.username}\0{password}".encode()).decode()
    for secret in (sent, quoted(password)[1:-1], password):
        said = said.replace(secret, "(password)") if secret else said
    return said


def _read(session: Session, folder: Folder, look: Look) -> None:
    if folder.validity != look.validity:
        look.is_anew = look.validity is not None
        look.validity, look.last_uid = folder.validity, 0
    first, limits = _first_after(session, folder.held, look.last_uid), load_limits()
    if first > folder.held:
        return
    last = min(folder.held, first + limits.mailbox_messages - 1)
    look.is_more = last < folder.held
    rows = [(uid, size) for uid, size in session.sizes(f"{first}:{last}") if uid > look.last_uid]
    if not rows:
        raise Stopped(f"{session.host} does not list what it says is new.")
    for one in in_messages(_fetched(session, rows, look), look.reading):
        look.reading.take(one)


def _first_after(session: Session, held: int, last_uid: int) -> int:
    """The number of the first message beyond a UID: numbers and UIDs rise together (RFC 9051, 2.3.1.1).

    By halves, because the list of all UIDs of a large mailbox is longer than an answer may be.
    """
    low, high = 1, held + 1
    while last_uid and low < high:
        middle = (low + high) // 2
        found = session.sizes(str(middle))
        if not found:
            raise Stopped(f"{session.host} does not say which UID its message {middle} has.")
        if found[0][0] > last_uid:
            high = middle
        else:
            low = middle + 1
    return low


def _fetched(session: Session, rows: list[tuple[int, int]], look: Look) -> Iterator[tuple[int, bytes | Strange]]:
    limits, spent, end = load_limits(), 0, monotonic() + load_limits().mailbox_seconds
    for uid, size in rows:
        is_large = size > limits.message_bytes
        spent += 0 if is_large else size
        is_full = spent > limits.mailbox_bytes or len(look.reading.items) > limits.items_of_file
        if monotonic() > end or is_full:
            look.is_more = True
            return
        raw = too_large(uid) if is_large else session.message(uid)
        if raw is not None:
            look.count += 1
            yield uid, raw
        look.last_uid = uid  # only now: what it says was taken
