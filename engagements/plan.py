"""Which migration plan holds."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from engagements.models import Engagement, FrozenDocument, RequiredSigner, SignOff


def signed_plan(engagement: Engagement) -> FrozenDocument | None:
    """The latest plan that has every signature it needs and none revoked, also when the records moved since."""
    required = RequiredSigner.objects.filter(document=OuterRef("pk"))
    signed = SignOff.objects.filter(document=OuterRef("document"), signed_by=OuterRef("user"))
    waiting = required.filter(~Exists(signed))
    plans = engagement.documents.filter(Exists(required), ~Exists(waiting), kind=FrozenDocument.Kind.PLAN)
    plans = plans.exclude(signoffs__in=SignOff.objects.filter(revocation__isnull=False))
    return plans.defer("pdf", "snapshot").order_by("-version").first()
