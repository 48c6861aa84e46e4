"""What can never be true of an NDA and of the signatures under it."""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.constraints import together
from core.triggers import append_only
from pricing.nda_moves import BEGINS, CURRENT, OVER, legal_moves

# What both sides read. Not even our own code changes it.
_FIGURES = (
    "engagement_id",
    "number",
    "kind",
    "digest",
    "byte_count",
    "filename",
    "document_id",
    "asked_by_id",
    "asked_at",
    "signed_on",
)


def _row(record: str) -> str:
    return ", ".join(f"{record}.{column}" for column in _FIGURES)


def _begins_elsewhere() -> str:
    pairs = ", ".join(f"('{kind}', '{state}')" for kind, state in BEGINS.items())
    return f"(NEW.kind, NEW.state) NOT IN ({pairs})"


NDA_CONSTRAINTS: list[models.BaseConstraint] = [
    models.UniqueConstraint(fields=["engagement", "number"], name="nda_number_once"),
    models.UniqueConstraint(fields=["engagement"], condition=Q(state__in=CURRENT), name="nda_one_an_engagement"),
    together("reviewed_by", "reviewed_at", name="nda_reviewed_whole"),
    models.CheckConstraint(
        condition=Q(kind="ours", document__isnull=False) | (~Q(kind="ours") & Q(document__isnull=True)),
        name="nda_ours_is_a_frozen_document",
    ),
    models.CheckConstraint(
        condition=(Q(kind="paper", signed_on__isnull=False) & ~Q(note=""))
        | (~Q(kind="paper") & Q(signed_on__isnull=True)),
        name="nda_on_paper_says_when_and_why",
    ),
    models.CheckConstraint(
        condition=~Q(state="sent_back") | (Q(reviewed_at__isnull=False) & ~Q(note="")),
        name="nda_sent_back_says_why",
    ),
    models.CheckConstraint(
        condition=Q(clock_stopped_at__isnull=True) | Q(clock_started_at__isnull=False),
        name="nda_clock_stops_once_started",
    ),
    models.CheckConstraint(condition=Q(byte_count__gt=0), name="nda_is_not_empty"),
]

NDA_TRIGGERS = [
    pgtrigger.FSM(name="nda_legal_moves", field="state", transitions=legal_moves()),
    pgtrigger.Trigger(
        name="nda_begins",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=(
            f"IF {_begins_elsewhere()} THEN"
            " RAISE EXCEPTION 'An NDA of kind % does not begin as %', NEW.kind, NEW.state; END IF; RETURN NEW;"
        ),
    ),
    pgtrigger.Trigger(
        name="nda_text_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=(
            f"IF ({_row('OLD')}) IS DISTINCT FROM ({_row('NEW')})"
            " THEN RAISE EXCEPTION 'What an NDA is about stays as it was put up'; END IF; RETURN NEW;"
        ),
    ),
    pgtrigger.Trigger(
        name="nda_signed_by_both_sides",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(new__state="signed"),
        func=(
            "IF (SELECT count(DISTINCT s.side) FROM pricing_ndasignature s WHERE s.nda_id = NEW.id) < 2"
            " THEN RAISE EXCEPTION 'An NDA is signed by both sides'; END IF; RETURN NEW;"
        ),
    ),
    pgtrigger.Protect(
        name="nda_outcome_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state__in=list(OVER))
    ),
    pgtrigger.Protect(name="nda_is_kept", operation=pgtrigger.Delete),
]

SIGNATURE_CONSTRAINTS: list[models.BaseConstraint] = [
    models.UniqueConstraint(fields=["nda", "side"], name="nda_signature_once_a_side")
]

SIGNATURE_TRIGGERS = {
    "file": append_only("nda_file_append_only"),
    "signature": [
        *append_only("nda_signature_append_only"),
        pgtrigger.Trigger(
            name="nda_signature_over_its_bytes",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=(
                "IF NOT EXISTS (SELECT 1 FROM pricing_nda n WHERE n.id = NEW.nda_id AND n.state = 'open'"
                " AND n.digest = NEW.document_digest)"
                " THEN RAISE EXCEPTION 'Only an open NDA is signed, over its own bytes'; END IF; RETURN NEW;"
            ),
        ),
    ],
}
