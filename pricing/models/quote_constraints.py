"""What can never be true of a quote, as the database holds it."""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.constraints import together
from pricing.moves import OPEN, legal_moves

# What the customer was shown. Once sent, not even our own code changes it.
_FIGURES = (
    "engagement_id",
    "number",
    "revision",
    "reference",
    "amends_id",
    "tier_key",
    "tier_label",
    "fee",
    "fee_currency",
    "total",
    "total_currency",
    "calculation",
    "snapshot",
    "valid_until",
    "document_id",
    "sent_at",
    "sent_by_id",
    "sent_to",
)


# Who accepted it and how. Declaring it void leaves all of that as it was.
_ANSWER = (
    "accepted_by_id",
    "accepted_at",
    "accepted_digest",
    "acceptor_label",
    "receipt",
    "po_number",
    "consent_text",
    "consent_version",
    "declined_by_id",
    "declined_at",
    "decline_reason",
    "decline_text",
    "ip_address",
    "user_agent",
    "authentication",
    "time_zone",
)


def _row(record: str, columns: tuple[str, ...] = _FIGURES) -> str:
    return ", ".join(f"{record}.{column}" for column in columns)


CONSTRAINTS: list[models.BaseConstraint] = [
    models.UniqueConstraint(fields=["number", "revision"], name="quote_revision_once"),
    models.UniqueConstraint(fields=["engagement"], condition=Q(state__in=OPEN), name="quote_one_open_an_engagement"),
    models.UniqueConstraint(
        fields=["engagement"], condition=Q(state="accepted", amends=None), name="quote_accepted_once_an_engagement"
    ),
    models.UniqueConstraint(fields=["amends"], condition=Q(state="accepted"), name="quote_amended_once"),
    models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="quote_receipt_once"),
    together("sent_at", "sent_by", "valid_until", "document", name="quote_sent_whole"),
    together("accepted_by", "accepted_at", name="quote_accepted_whole"),
    together("declined_by", "declined_at", name="quote_declined_whole"),
    models.CheckConstraint(
        condition=~Q(state__in=["sent", "accepted", "declined", "expired", "superseded"]) | Q(sent_at__isnull=False),
        name="quote_is_answered_only_once_sent",
    ),
    models.CheckConstraint(
        condition=Q(state__in=["accepted", "voided"], accepted_at__isnull=False)
        & ~Q(receipt="")
        & ~Q(consent_text="")
        & ~Q(accepted_digest="")
        | ~Q(state__in=["accepted", "voided"]) & Q(accepted_at__isnull=True, receipt=""),
        name="quote_accepted_with_its_evidence",
    ),
    models.CheckConstraint(
        condition=Q(state="declined", declined_at__isnull=False) & ~Q(decline_reason="")
        | ~Q(state="declined") & Q(declined_at__isnull=True),
        name="quote_declined_with_its_reason",
    ),
    together("voided_by", "voided_at", name="quote_voided_whole"),
    models.CheckConstraint(
        condition=Q(renewal_asked_at__isnull=True, renewal_asked_by="")
        | Q(renewal_asked_at__isnull=False, state__in=["sent", "expired", "superseded", "withdrawn"])
        & ~Q(renewal_asked_by=""),
        name="quote_renewal_asked_by_somebody",
    ),
    models.CheckConstraint(
        condition=Q(state="voided", voided_at__isnull=False) & ~Q(end_reason="")
        | ~Q(state="voided") & Q(voided_at__isnull=True),
        name="quote_voided_with_its_reason",
    ),
    models.CheckConstraint(condition=Q(fee__gte=0, total__gte=0), name="quote_is_never_negative"),
]

TRIGGERS: list[pgtrigger.Trigger] = [
    pgtrigger.FSM(name="quote_legal_moves", field="state", transitions=legal_moves()),
    pgtrigger.Trigger(
        name="quote_figures_stay_as_sent",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=(
            f"IF OLD.state <> 'draft' AND ({_row('OLD')}) IS DISTINCT FROM ({_row('NEW')})"
            " THEN RAISE EXCEPTION 'Quote % was sent: its figures stay', OLD.reference; END IF; RETURN NEW;"
        ),
    ),
    pgtrigger.Protect(
        name="quote_answer_stays",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state__in=["declined", "superseded", "withdrawn", "voided"]),
    ),
    pgtrigger.Trigger(
        name="quote_acceptance_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=(
            "IF OLD.state = 'accepted' AND (NEW.state <> 'voided'"
            f" OR ({_row('OLD', _ANSWER)}) IS DISTINCT FROM ({_row('NEW', _ANSWER)}))"
            " THEN RAISE EXCEPTION 'pgtrigger: Cannot update rows: the acceptance of % stays', OLD.reference; END IF;"
            " RETURN NEW;"
        ),
    ),
    pgtrigger.Protect(name="quote_is_kept", operation=pgtrigger.Delete, condition=~pgtrigger.Q(old__state="draft")),
]
