"""What several parts of one page ask for, read once while the page is put together."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
R = TypeVar("R")

_read: ContextVar[dict[Any, Any] | None] = ContextVar("what this page has read", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Around what writes nothing: in here each `read_once` function answers the same question with the same object."""
    before = _read.set({})
    try:
        yield
    finally:
        _read.reset(before)


def read_once(function: Callable[P, R]) -> Callable[P, R]:
    """For a function of records and plain values whose answer nobody changes. Outside of a reading it is as it was."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        kept = _read.get()
        if kept is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        answer: R = kept[key]
        return answer

    return asked
