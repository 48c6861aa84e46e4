"""From where the person acts: set by the middleware for the length of a request, read by the audit ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Circumstances of an act. `authentication` names the proofs in order, for example "password, totp"."""

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
