"""How often something may go wrong before it is refused for a while. Counted in the cache, so soft at the edges.

What must hold to the last attempt is counted in the database, under a lock.
"""

import hashlib

from django.core.cache import cache

from core.errors import TooMany


def refuse_over(name: str, whose: str, *, most: int, sentence: str) -> None:
    """Raise TooMany when `note_failure` was called that often within its span."""
    if cache.get(_key(name, whose), 0) >= most:
        raise TooMany(sentence)


def note_failure(name: str, whose: str, *, seconds: int) -> None:
    """One more; the span begins with the first."""
    key = _key(name, whose)
    if not cache.add(key, 1, seconds):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.add(key, 1, seconds)


def _key(name: str, whose: str) -> str:
    return f"limit:{name}:{hashlib.sha256(whose.encode()).hexdigest()}"
