"""What the search finds of quotes, for whoever may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.search import MOST_HITS, Hit, register_search
from engagements.search import place_of
from pricing.queries import quotes_read_by
from pricing.quote_list import state_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from accounts.search import Asked


def find_quotes(reader: User, asked: Asked) -> Iterator[Hit]:
    """By the beginning of the number, which has no blank: no amount is told here."""
    if len(asked.words) > 1:
        return
    found = quotes_read_by(reader).filter(reference__istartswith=asked.text).defer("snapshot").order_by("-pk")
    for quote in found.select_related("engagement__organization")[: MOST_HITS + 1]:
        url = reverse("pricing:quote", args=[quote.reference])
        yield Hit(str(quote), place_of(quote.engagement), url, state_text(quote))


register_search("quotes", "Quotes", find_quotes)
