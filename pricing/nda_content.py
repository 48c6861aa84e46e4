"""What the practice's NDA says, in words: strings ready for page and paper, JSON-ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.models import Organization
from core.audit import digest_of
from core.wording import day_text
from engagements.statements import Statement
from pricing.calculation.books import in_force, read_file
from pricing.content import zone_of
from pricing.in_force import book_at, book_now

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import Engagement

Content = dict[str, Any]


def text_in_force(at: datetime) -> dict[str, Any]:
    """The practice's text of that day, where the practice is, with its version and its clauses."""
    return in_force(read_file("nda.yaml"), book_at(at).day)[0]


def nda_snapshot(engagement: Engagement, *, number: int, at: datetime) -> Content:
    """Everything that stands on the paper of the practice's text for this customer."""
    row, customer = text_in_force(at), engagement.organization
    names = {"practice": Organization.objects.consultancy().name, "customer": customer.name}
    content = {
        "reference": reference_of(engagement),
        "number": number,
        "title": row["title"],
        "text_version": row["version"],
        **names,
        "drawn_on": day_text(at.astimezone(zone_of(customer)).date()),
        "parties": row["parties"].format(**names),
        "clauses": [
            {"title": clause["title"], "texts": [text.format(**names) for text in clause["texts"]]}
            for clause in row["clauses"]
        ],
    }
    return {**content, "content_digest": digest_of(content)}


def reference_of(engagement: Engagement) -> str:
    return f"{engagement.code}-NDA"


def nda_statement(organization: Organization) -> Statement:
    """What somebody declares who signs for this organization."""
    row = book_now().texts["nda_statement"]
    return Statement(row["text"].format(organization=organization), row["version"])
