"""From where the person acts: set by the middleware for the length of a request, read by the audit ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Origin:
    """Circumstances of an act. `authentication` names the proof that counts, for example "password, totp"."""

    ip_address: str | None = None
    user_agent: str = ""
    session_digest: str = ""
    authentication: str = ""
    time_zone: str = ""


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin | None:
    """The origin of the act in progress; None for work the system does by itself."""
    return _current.get()


@contextmanager
def acting_from(origin: Origin) -> Iterator[None]:
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


def add_proof(proof: str) -> None:
    """Say what proved who acts, where that is known only after the middleware: an access token has no session.

    It holds until the enclosing `acting_from` ends.
    """
    if origin := _current.get():
        _current.set(replace(origin, authentication=proof))
