"""What people put into a draft beyond the rules, who has to approve it, and whether somebody did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.permissions import Permission, allowed, consultancy_role
from core.audit import digest_of
from core.wording import amount_text
from pricing.calculation.authority import NONE
from pricing.calculation.facts import points_from
from pricing.calculation.terms import Reduction, Terms, plain
from pricing.in_force import book_now
from pricing.models import Approval, Discount, Quote, TierChoice

if TYPE_CHECKING:
    from decimal import Decimal

    from accounts.models import User
    from pricing.calculation.authority import Authority
    from pricing.calculation.facts import DataPoints


@dataclass(frozen=True, slots=True)
class Given:
    """One thing beyond the rules. `covers` names it exactly as it is now: an approval of anything else says nothing."""

    subject: Approval.Subject
    words: str
    reason: str
    by: User
    covers: str
    approval: Approval | None
    needs_approval: bool = True

    @property
    def is_settled(self) -> bool:
        return not self.needs_approval or self.approval is not None

    @property
    def open_sentence(self) -> str:
        return f"{self.words} by {self.by} waits for a second person's approval."


def terms_of(quote: Quote) -> Terms:
    """The terms that a draft carries, as the calculation takes them."""
    discount, choice = discount_of(quote), tier_choice_of(quote)
    return Terms(
        reduction=Reduction(discount.percent, discount.amount) if discount else None,
        tier=choice.tier_key if choice else "",
        chosen_by=str(choice.chosen_by) if choice else "",
    )


def discount_of(quote: Quote) -> Discount | None:
    return Discount.objects.filter(quote=quote).select_related("given_by").first() if quote.pk else None


def tier_choice_of(quote: Quote) -> TierChoice | None:
    return TierChoice.objects.filter(quote=quote).select_related("chosen_by").first() if quote.pk else None


def points_in(quote: Quote) -> DataPoints:
    """The data points that the quote was made from."""
    return points_from(quote.snapshot["points"])


def is_behind(quote: Quote) -> bool:
    """Whether the data points of the request changed after this draft was made.

    An amendment is made from what discovery found, so it never is; nor is anything that was sent.
    """
    if quote.state != Quote.State.DRAFT or quote.amends_id:
        return False
    return points_in(quote) != quote.engagement.request.points


def given_in(quote: Quote) -> list[Given]:
    """Discount and tier of a quote that go beyond the rules, with whoever approved them."""
    approvals = {one.covers: one for one in _approvals(quote)}
    return [*_discount(quote, approvals), *_tier(quote, approvals)]


def unsettled(quote: Quote) -> list[str]:
    """Why a draft cannot be sent yet, in sentences; empty when everything has its approval."""
    return [given.open_sentence for given in given_in(quote) if not given.is_settled]


def why_not(given: Given, quote: Quote, actor: User) -> str:
    """Why this person may not approve it; empty when they may."""
    if actor.pk == given.by.pk:
        return f"{given.words} is yours: a second person approves it."
    if given.subject == Approval.Subject.TIER:
        return allowed(actor, Permission.OVERRIDE_TIER, quote.engagement.organization).reason
    if not limit_of(actor).covers(off_in(quote), quote.fee.amount):
        return f"You may approve up to {limit_text(actor, quote)}; {given.words} is more."
    return ""


def limit_of(person: User) -> Authority:
    """What this person may take off a fee alone, today."""
    return book_now().authority.get(consultancy_role(person), NONE)


def limit_text(person: User, quote: Quote) -> str:
    """USD 1,500, and no more than 5 % of the fee."""
    limit = limit_of(person)
    share = f"{plain(limit.percent)} % of the fee"
    if limit.amount is None:
        return share
    return f"{amount_text(limit.amount, quote.fee.currency.code)}, and no more than {share}"


def off_in(quote: Quote) -> Decimal:
    """What the lines of the quote take off its fee."""
    off: Decimal = quote.fee.amount - quote.total.amount
    return off


def _approvals(quote: Quote) -> list[Approval]:
    """Of any revision: what was approved once holds for the same thing in the next."""
    return list(Approval.objects.filter(quote__number=quote.number).select_related("approved_by").order_by("pk"))


def _discount(quote: Quote, approvals: dict[str, Approval]) -> list[Given]:
    discount = discount_of(quote)
    if discount is None:
        return []
    off, fee = off_in(quote), quote.fee.amount
    share = f" ({plain(discount.percent)} %)" if discount.percent is not None else ""
    words = f"A discount of {amount_text(off, quote.fee.currency.code)}{share} on {amount_text(quote.fee)}"
    covers = digest_of([quote.number, "discount", str(off), str(fee), discount.given_by_id, discount.reason])
    needs = not limit_of(discount.given_by).covers(off, fee)
    subject = Approval.Subject.DISCOUNT
    return [Given(subject, words, discount.reason, discount.given_by, covers, approvals.get(covers), needs)]


def _tier(quote: Quote, approvals: dict[str, Approval]) -> list[Given]:
    choice = tier_choice_of(quote)
    if choice is None or choice.tier_key == quote.snapshot["by_rule"]["key"]:
        return []
    rule = quote.snapshot["by_rule"]
    words = f"{quote.tier_label} instead of {rule['label']}"
    asked = [quote.number, "tier", choice.tier_key, rule["key"], quote.snapshot["points"]]
    covers = digest_of([*asked, choice.chosen_by_id, choice.reason])
    subject = Approval.Subject.TIER
    return [Given(subject, words, choice.reason, choice.chosen_by, covers, approvals.get(covers))]
