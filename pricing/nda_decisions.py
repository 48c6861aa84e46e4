"""The NDA on other pages: what waits on the home page and in the pipeline, beside the first gate, under a fingerprint.

Loaded by PricingConfig.ready().
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission, allowed, is_staff
from engagements.beside import Beside, beside
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement, FrozenDocument
from engagements.steps import OVER, PHASES
from engagements.verification import register_signatures
from pricing.domain.sign_nda import side_of
from pricing.holds import with_holds
from pricing.models import Nda, NdaSignature
from pricing.nda_standing import standing_of, with_signatures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from accounts.models import User
    from pricing.nda_standing import Standing

AT_REST = [*OVER, "on_hold"]


@dataclass(frozen=True, slots=True)
class NdaRow:
    """An NDA that is not signed by both sides yet, as the pipeline shows it."""

    standing: Standing

    @property
    def engagement(self) -> Engagement:
        return self.standing.engagement

    @property
    def due_at(self) -> datetime | None:
        """None when the practice has nothing to do, or no promise runs."""
        return self.standing.due_at if self.standing.waits_for_practice else None


def pending_ndas(user: User) -> list[NdaRow]:
    """What the practice owes first, by time left; then what waits for customers."""
    found = Nda.objects.visible_to(user).pending().exclude(engagement__phase__in=AT_REST)
    related = found.select_related("engagement__organization", "asked_by").prefetch_related(
        "signatures", with_holds("engagement__transitions")
    )
    rows = [NdaRow(with_signatures(nda, nda.engagement, nda.signatures.all())) for nda in related]
    return sorted(rows, key=lambda row: (row.due_at is None, row.due_at or timezone.now(), row.engagement.code))


@register_decisions(Permission.SIGN_NDA)
def ndas_to_sign(user: User) -> Iterable[Decision]:
    """NDAs that wait for this person's review or signature."""
    for row in pending_ndas(user):
        standing, engagement = row.standing, row.engagement
        is_asked = standing.waits_for(side_of(user))
        if is_asked and allowed(user, Permission.SIGN_NDA, engagement.organization):
            yield _to_sign(standing, is_review=standing.is_in_review)


def _to_sign(standing: Standing, *, is_review: bool) -> Decision:
    act, page = ("Review", "nda_review") if is_review else ("Sign", "nda_sign")
    return Decision(
        title=f"{act} the NDA of {standing.engagement.organization}",
        text=f"{standing.whose_turn} Configurations open for upload after that.",
        action="Read and review" if is_review else "Read and sign the NDA",
        url=reverse(f"pricing:{page}", args=[standing.engagement.code]),
        engagement=standing.engagement,
        due_at=standing.due_at if standing.waits_for_practice else None,
        opens=True,
    )


@register_decisions(Permission.SIGN_NDA)
def ndas_to_choose(user: User) -> Iterable[Decision]:
    """Customers past the quote that have no NDA yet."""
    if is_staff(user):
        return
    without = Engagement.objects.visible_to(user).filter(phase__in=PHASES)
    for engagement in without.exclude(ndas__in=Nda.objects.current()).select_related("organization"):
        if allowed(user, Permission.SIGN_NDA, engagement.organization):
            yield Decision(
                title="Choose and sign the NDA",
                text=f"Use {settings.CONSULTANCY['short_name']}'s or yours. Configurations open for upload after it.",
                action="Open the NDA",
                url=reverse("pricing:nda", args=[engagement.code]),
                engagement=engagement,
                opens=True,
            )


@register_signatures
def nda_signatures(document: FrozenDocument) -> Iterable[datetime]:
    return NdaSignature.objects.filter(nda__document=document).values_list("signed_at", flat=True)


@beside(gate=1)
def nda_beside(engagement: Engagement, reader: User) -> Iterator[Beside]:  # noqa: ARG001 (its signature)
    standing = standing_of(engagement)
    text = standing.whose_turn or _signed_text(standing)
    yield Beside("nda", "NDA", text, "Open the NDA", reverse("pricing:nda", args=[engagement.code]))


def _signed_text(standing: Standing) -> str:
    is_on_paper = standing.nda is not None and standing.nda.kind == Nda.Kind.PAPER
    return "Signed outside the portal, on record." if is_on_paper else "Signed by both sides."
