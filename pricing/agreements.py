"""Who agreed to quotes and NDAs, for the list of documents and the evidence pack. Loaded by PricingConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from engagements.models import FrozenDocument
from engagements.signed_elsewhere import Agreement, SignedAct, register_acts, register_agreements
from pricing.models import Nda, NdaSignature, Quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engagements.models import Engagement


@register_agreements
def answers_to_quotes(documents: Sequence[FrozenDocument]) -> dict[int, Agreement]:
    found = Quote.objects.filter(document__in=[document.pk for document in documents]).select_related("accepted_by")
    quotes = [quote for quote in found.defer("snapshot") if quote.document_id]
    revisions = {(quote.number, quote.revision): quote.reference for quote in quotes}
    return {
        quote.document_id: _answer(quote, newer=revisions.get((quote.number, quote.revision + 1), ""))
        for quote in quotes
        if quote.document_id
    }


def _answer(quote: Quote, *, newer: str) -> Agreement:
    if quote.receipt:
        void = ", declared void" if quote.voided_at else ""
        return Agreement(f"Accepted by {quote.accepted_by}{void}", reverse("pricing:receipt", args=[quote.reference]))
    is_replaced = newer and quote.state == Quote.State.SUPERSEDED
    why = f"replaced by {newer}" if is_replaced else quote.get_state_display().lower()
    return Agreement(f"Not accepted: {why}", reverse("pricing:quote", args=[quote.reference]))


@register_agreements
def signatures_under_ndas(documents: Sequence[FrozenDocument]) -> dict[int, Agreement]:
    found = Nda.objects.filter(document__in=[document.pk for document in documents])
    ndas = found.select_related("engagement").prefetch_related("signatures")
    return {nda.document_id: _signed(nda) for nda in ndas if nda.document_id}


def _signed(nda: Nda) -> Agreement:
    names = ", ".join(signature.typed_name for signature in nda.signatures.all())
    text = names or "Not signed yet"
    if nda.state == Nda.State.REPLACED:
        text = f"Another text took its place; signed by {names or 'nobody'}"
    return Agreement(text, reverse("pricing:nda", args=[nda.engagement.code]))


@register_agreements
def papers_nobody_signs(documents: Sequence[FrozenDocument]) -> dict[int, Agreement]:
    advice = FrozenDocument.Kind.STAY_ADVICE
    return {document.pk: Agreement("Needs none") for document in documents if document.kind == advice}


@register_acts
def signatures_of_ndas(engagement: Engagement) -> Iterable[SignedAct]:
    for signature in NdaSignature.objects.filter(nda__engagement=engagement):
        yield SignedAct(signature, "nda.signed")
