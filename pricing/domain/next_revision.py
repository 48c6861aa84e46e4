from django.db.models import Max

from accounts.models import User
from pricing.given_terms import discount_of, tier_choice_of
from pricing.models import Quote


def next_revision(quote: Quote, *, actor: User) -> Quote:
    """An unsaved revision after every other of the number, also after drafts that were discarded."""
    last = Quote.objects.filter(number=quote.number).aggregate(last=Max("revision"))["last"]
    revision: Quote = Quote(
        engagement=quote.engagement, number=quote.number, revision=last + 1, amends=quote.amends, created_by=actor
    )
    return revision


def carry_terms(quote: Quote, revision: Quote) -> None:
    """Discount and tier go over to a saved revision, with who gave them and when; approvals hold by themselves."""
    for row in (discount_of(quote), tier_choice_of(quote)):
        if row is not None:
            row.pk, row.quote = None, revision
            row.save(force_insert=True)
