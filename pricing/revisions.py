"""A revision beside the one before it: what the customer was shown, and what is different now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from core.audit import digest_of
from engagements.languages import language_of_plan
from pricing.calculation.changes import changes_between
from pricing.content import dated_content
from pricing.models import Quote

if TYPE_CHECKING:
    from pricing.content import Content


def quote_snapshot(quote: Quote) -> Content:
    """Everything that stands on the paper of a quote that has its dates (sent, or about to be)."""
    said = dated_content(quote) | {"language": language_of_plan(quote.engagement)}
    content = {**said, "changes": changes_against_last(quote, said)}
    return {**content, "content_digest": digest_of(content)}


def changes_in(quote: Quote) -> Content | None:
    """What this revision changes against the last one that was sent before it; None for the first.

    Of a sent revision it is what stands on its paper.
    """
    return changes_against_last(quote, quote.document.snapshot if quote.document else quote.snapshot)


def changes_against_last(quote: Quote, content: Content) -> Content | None:
    """The same for content that is about to be printed."""
    before = last_sent_before(quote)
    if before is None or before.document is None:
        return None
    changes = changes_between(before.document.snapshot, content)
    return {
        "against": before.letter,
        "reference": before.reference,
        "rows": [asdict(change) for change in changes],
    }


def last_sent_before(quote: Quote) -> Quote | None:
    """A draft that was discarded never was a text to compare with."""
    earlier = Quote.objects.filter(number=quote.number, revision__lt=quote.revision, sent_at__isnull=False)
    return earlier.select_related("document").order_by("-revision").first() if quote.revision > 1 else None
