"""Addresses of many rows of one page."""

from collections.abc import Callable
from urllib.parse import quote

from django.urls import reverse
from django.utils.http import RFC3986_SUBDELIMS

_KEY = "987654321"  # fits a part that is a word and one that is a number


def addresses_of(name: str, *before: object) -> Callable[[object], str]:
    """`reverse()` for any last part of an address, at the price of one; `before` are the parts before it."""
    head, _, tail = reverse(name, args=[*before, _KEY]).rpartition(_KEY)
    return lambda key: f"{head}{quote(str(key), safe=RFC3986_SUBDELIMS + '/~:@')}{tail}"
