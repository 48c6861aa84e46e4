"""People about a card: acknowledge it, call somebody for it, close it with its cause.

Both sides acknowledge and escalate: it is the customer's mail, and whoever sees a trigger reports it already. The
consultancy closes, since it answers for the cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.permissions import EITHER_SIDE, Permission, allowed, require, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from delivery.domain.announce import announce_card
from delivery.domain.person_words import words_of
from delivery.domain.watch_triggers import open_decision
from delivery.models import InsightCard
from delivery.watch.book import load_watch
from delivery.watch_figures import material_of
from delivery.watch_state import standings_of
from engagements.domain.announce import team_of
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from delivery.models import TriggerDecision
    from engagements.models import Engagement


def people_to_call(engagement: Engagement) -> list[User]:
    """The team, and whoever at the customer may read what the watch finds."""
    members = Membership.objects.working().filter(organization=engagement.organization)
    customers = [each.user for each in members.select_related("user").order_by("user__full_name")]
    readers = [user for user in customers if allowed(user, Permission.VIEW_EVIDENCE, engagement.organization)]
    return list(dict.fromkeys([*team_of(engagement), *readers]))


@transaction.atomic
def acknowledge_card(card: InsightCard, *, words: str, actor: User) -> InsightCard:
    _, card = _locked(card, EITHER_SIDE, actor)
    if card.acknowledged_at:
        raise Conflict(f"{card.acknowledged_by} acknowledged {card} on {told(card.acknowledged_at)}.")
    card.acknowledged_at, card.acknowledged_by = timezone.now(), actor
    card.acknowledgement = words_of(words, "Say what you make of it: both sides read it.")
    card.save()
    record("card.acknowledged", subject=card, actor=actor, title=card.title, words=card.acknowledgement)
    return card


@transaction.atomic
def escalate_card(card: InsightCard, *, to: str, words: str, actor: User) -> InsightCard:
    """`to` is the address of somebody on the engagement, who is mailed.

    While one can still go back, a decision to go back or to stay is opened beside it.
    """
    engagement, card = _locked(card, EITHER_SIDE, actor)
    if card.escalated_at:
        raise Conflict(f"{card} was escalated to {card.escalated_to} on {told(card.escalated_at)}.")
    person = next((each for each in people_to_call(engagement) if each.email == to.strip().lower()), None)
    if person is None:
        raise DomainError("Choose who is called: somebody of the team, or of the customer who may read this.")
    card.escalation = words_of(words, "Say what is asked of them.")
    card.escalated_at, card.escalated_by, card.escalated_to = timezone.now(), actor, person
    card.decision = _decision(engagement, card, actor)
    card.save()
    record("card.escalated", subject=card, actor=actor, title=card.title, to=str(person), words=card.escalation)
    announce_card(card)
    return card


def _decision(engagement: Engagement, card: InsightCard, actor: User) -> TriggerDecision | None:
    """None where the window is over or closed."""
    cutover = card.watch.cutover
    ends = cutover.window_ends
    if ends is None or cutover.closed_at or cutover.fallen_back_at or timezone.now() >= ends:
        return None
    title = f"{card.title}, {card.about}"[:120]
    return open_decision(engagement, (f"card-{card.number}", title, f"{card} of the watch: {card.said}"), actor=actor)


@transaction.atomic
def close_card(card: InsightCard, *, cause: str, words: str, actor: User) -> InsightCard:
    """What was known until now opens no other card: a new one takes days that come after it."""
    _, card = _locked(card, [Permission.WORK_TASK], actor)
    try:
        title = load_watch().cause(cause).title
    except KeyError:
        raise DomainError("Choose the cause.") from None
    card.closing = words_of(words, "Say what was found, and what was done about it.")
    card.closed_at, card.closed_by, card.cause = timezone.now(), actor, cause
    through = {each.key: each.through for each in standings_of(material_of(card.watch))}
    mine, whole = (card.rule, card.provider, card.stream), (card.rule, card.provider, "")
    card.judged_through = through.get(mine) or through.get(whole)
    card.save()
    record("card.closed", subject=card, actor=actor, title=card.title, cause=title, words=card.closing)
    return card


def _locked(card: InsightCard, permissions: Sequence[Permission], actor: User) -> tuple[Engagement, InsightCard]:
    engagement = lock_living(card.engagement_id)
    if len(permissions) == 1:
        require(actor, permissions[0], engagement.organization)
    require_any(actor, permissions, engagement.organization)
    rows = InsightCard.objects.select_for_update(of=("self",))
    related = ("watch__cutover", "watch__baseline", "acknowledged_by", "escalated_to", "closed_by")
    card = rows.select_related(*related).get(pk=card.pk)
    card.engagement = engagement
    if card.closed_at:
        raise Conflict(f"{card.closed_by} closed {card} on {told(card.closed_at)}.")
    return engagement, card
