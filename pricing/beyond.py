"""What the practice reads beside a quote: what goes beyond the rules, and what can still be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.permissions import Permission, allowed, is_staff
from engagements.models import Engagement
from pricing.domain.void_quote import why_not_void
from pricing.given_terms import given_in, limit_text, why_not
from pricing.models import Quote
from pricing.moves import OPEN
from pricing.scope import exceeded_by

if TYPE_CHECKING:
    from accounts.models import User
    from pricing.given_terms import Given


@dataclass(frozen=True, slots=True)
class GivenRow:
    """`refusal` says why the reader may not approve it; empty when they may, or when nobody has to."""

    given: Given
    refusal: str


@dataclass(frozen=True, slots=True)
class BeyondTheRules:
    """For a reader of the practice. `limit` says what they may take off alone."""

    rows: tuple[GivenRow, ...]
    limit: str
    is_draft: bool
    may_send: bool
    may_redate: bool
    may_void: bool
    may_amend: bool
    exceeded: tuple[str, ...]

    @property
    def waits(self) -> bool:
        return any(not row.given.is_settled for row in self.rows)

    @property
    def waits_for_reader(self) -> bool:
        """Whether something of a draft waits for this reader's yes."""
        return self.is_draft and any(not row.given.is_settled and not row.refusal for row in self.rows)


def beyond_the_rules(quote: Quote, reader: User) -> BeyondTheRules | None:
    """None for customers: they read the offer."""
    if not is_staff(reader):
        return None
    organization = quote.engagement.organization
    may_send = bool(allowed(reader, Permission.SEND_QUOTE, organization))
    is_agreed = is_in_force(quote)
    return BeyondTheRules(
        rows=tuple(_row(given, quote, reader) for given in given_in(quote)),
        limit=limit_text(reader, quote),
        is_draft=quote.state == Quote.State.DRAFT,
        may_send=may_send,
        may_redate=bool(allowed(reader, Permission.REDATE_QUOTE, organization)) and quote.has_run_out,
        may_void=bool(allowed(reader, Permission.VOID_QUOTE, organization)) and not why_not_void(quote),
        may_amend=may_send and is_agreed and not _is_offered(quote),
        exceeded=tuple(one.sentence for one in exceeded_by(quote)) if is_agreed else (),
    )


def _row(given: Given, quote: Quote, reader: User) -> GivenRow:
    return GivenRow(given, "" if given.is_settled else why_not(given, quote, reader))


def is_in_force(quote: Quote) -> bool:
    """Whether it is what was agreed last, and the plan is not signed yet."""
    if quote.state != Quote.State.ACCEPTED or quote.engagement.phase != Engagement.Phase.DISCOVERY:
        return False
    is_amended: bool = quote.amendments.filter(state=Quote.State.ACCEPTED).exists()
    return not is_amended


def _is_offered(quote: Quote) -> bool:
    is_offered: bool = Quote.objects.filter(engagement=quote.engagement_id, state__in=OPEN).exists()
    return is_offered
