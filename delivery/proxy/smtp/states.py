"""Where a transaction stands with its backend, and which moves there are: any other is a fault of the proxy."""

from __future__ import annotations

from typing import Final, Literal

State = Literal["idle", "opening", "mail", "rcpt", "replay", "ready", "data", "flowing", "dot", "refused", "over"]

IDLE: Final = "idle"  # there is no connection, and none is asked for
OPENING: Final = "opening"  # the pool of `side` is asked for one
MAIL: Final = "mail"  # the client's MAIL is asked
RCPT: Final = "rcpt"  # the client's RCPT is asked
REPLAY: Final = "replay"  # the envelope is asked again, once the header is known with DATA behind it
READY: Final = "ready"  # the backend has the envelope as the client knows it
DATA: Final = "data"
FLOWING: Final = "flowing"  # the backend said 354
DOT: Final = "dot"  # the dot is out: only a reply or its loss ends that
REFUSED: Final = "refused"  # whatever the client still says, the verdict answers
OVER: Final = "over"

# What may always happen before the dot: the connection is lost or left, the transaction refused or given up.
ALWAYS: Final[frozenset[State]] = frozenset({IDLE, REFUSED, OVER})
MOVES: Final[dict[State, frozenset[State]]] = {
    IDLE: frozenset({OPENING, READY, REFUSED, OVER}),
    OPENING: ALWAYS | {MAIL, REPLAY},
    MAIL: ALWAYS | {READY},
    RCPT: ALWAYS | {READY},
    REPLAY: ALWAYS | {READY, FLOWING},
    READY: ALWAYS | {RCPT, DATA},
    DATA: ALWAYS | {FLOWING},
    FLOWING: ALWAYS | {DOT},
    DOT: frozenset({OVER}),
    REFUSED: frozenset({OVER}),
    OVER: frozenset(),
}


class IllegalMoveError(Exception):
    """The text names both states."""
