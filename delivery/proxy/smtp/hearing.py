"""Whether a client got the reply to its message, as far as that can be seen from what it does next.

`session.unheard` is the transaction whose reply it was given last, and the key of its message. docs/proxy-journal.md
says what each of the three answers proves.
"""

from __future__ import annotations

import fcntl
from termios import TIOCOUTQ
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from delivery.proxy.journal import Key
    from delivery.proxy.smtp.front import Session

QUIT = b"quit\r\n"
NONE_LEFT = b"\0" * 4


def expect(session: Session, name: str, key: Key) -> None:
    """The reply is about to be given."""
    leave_open(session)
    if session.transport is None or (session.has_ended and not says_farewell(session)):
        session.proxy.journal.miss(name, key, "broken")
    else:
        session.unheard = (name, key)


def says_farewell(session: Session) -> bool:
    """Whether QUIT waits among what the client has sent ahead: it has ended because it has said everything."""
    return QUIT in session.buffer[session.at :].lower()


def came_more(session: Session) -> None:
    """Bytes or the end of the client, which had been answered everything."""
    if session.unheard is None or session.transport is None or session.said_in == session.proxy.outgoing.turn:
        return
    if is_acknowledged(session.transport):
        name, key = session.unheard
        session.unheard = None
        session.proxy.journal.hear(name, key)


def leave_open(session: Session) -> None:
    """The session ends in good order without another word, so that nobody can tell."""
    _miss(session, broke=False)


def closed(session: Session, *, was_silent: bool) -> None:
    """By the proxy; a client that was silent up to the deadline may be gone."""
    is_gone = was_silent and session.transport is not None and not is_acknowledged(session.transport)
    _miss(session, broke=is_gone)


def broke(session: Session) -> None:
    _miss(session, broke=True)


def _miss(session: Session, *, broke: bool) -> None:
    if session.unheard is not None:
        name, key = session.unheard
        session.unheard = None
        session.proxy.journal.miss(name, key, "broken" if broke else "left")


def is_acknowledged(transport: asyncio.Transport) -> bool:
    """Whether the client's system has everything that was written so far."""
    if transport.get_write_buffer_size():
        return False
    try:
        descriptor = transport.get_extra_info("socket").fileno()
        return fcntl.ioctl(descriptor, TIOCOUTQ, NONE_LEFT) == NONE_LEFT
    except (OSError, AttributeError):
        return False
