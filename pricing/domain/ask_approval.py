from collections.abc import Collection

from pricing.approvals import waiting_in
from pricing.domain.announce import facts_of, post_mail
from pricing.models import Quote


def ask_approval(quote: Quote, *, asked: Collection[str] = ()) -> None:
    """Mail whoever may approve what waits in a draft. Part of a larger act, in its transaction.

    `asked` has the `covers` of what waited before the act: nobody is asked for the same thing again.
    """
    kept = Quote.objects.select_related("engagement__organization").get(pk=quote.pk)  # amounts as they are stored
    for waiting in waiting_in(kept):
        given = waiting.given
        if given.covers in asked:
            continue
        for person in waiting.approvers:
            post_mail("quote_approval", person, kept, name=person.full_name, given=given, **facts_of(kept))


def asked_in(quote: Quote) -> set[str]:
    """What waits now, by its `covers`."""
    return {waiting.given.covers for waiting in waiting_in(quote)} if quote.pk else set()
