"""Quotes that wait for the reader's answer, on their home page. Loaded by PricingConfig.ready()."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts.models import Duty, User
from accounts.permissions import Permission, allowed, consultancy_role
from core.wording import amount_text, span_text, told
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement
from engagements.steps import PHASES
from pricing.approvals import waiting_in
from pricing.content import valid_until_text
from pricing.models import Call, Discount, Quote, TierChoice
from pricing.pipeline import running_for

IS_AMENDMENT = Q(amends__isnull=False, engagement__phase=Engagement.Phase.DISCOVERY)


@register_decisions(Permission.ACCEPT_QUOTE)
def quotes_to_answer(user: User) -> Iterable[Decision]:
    """Open quotes of organizations for which this person accepts."""
    duty = {"memberships__user": user, "memberships__duties__kind": Duty.Kind.ACCEPT_QUOTES}
    waiting = (
        Quote.objects.visible_to(user)
        .open()
        .filter(Q(engagement__phase=Engagement.Phase.INTAKE) | IS_AMENDMENT)
        .filter(**{f"engagement__organization__{path}": value for path, value in duty.items()})
    )
    for quote in waiting.select_related("engagement__organization"):
        until = valid_until_text(quote.valid_until, quote.engagement.organization) if quote.valid_until else ""
        yield Decision(
            title=f"Accept or decline quote {quote.reference}",
            text=f"{quote.tier_label}, {amount_text(quote.total)} fixed fee. It is valid until {until}.",
            action="Read the quote",
            url=reverse("pricing:quote", args=[quote.reference]),
            engagement=quote.engagement,
            due_at=quote.valid_until,
        )


@register_decisions(Permission.SEND_QUOTE)
def quotes_to_send(user: User) -> Iterable[Decision]:
    """Requests of this person that are promised an answer."""
    for request, clock in running_for(user):
        engagement = request.engagement
        if allowed(user, Permission.SEND_QUOTE, engagement.organization):
            left = f"{span_text(-clock.left)} late" if clock.is_late else f"{span_text(clock.left)} left"
            yield Decision(
                title=f"Send the quote for {engagement.organization}",
                text=f"The clock of the quote runs: {left}.",
                action="Open the request",
                url=reverse("pricing:request", args=[engagement.code]),
                engagement=engagement,
                due_at=clock.due_at,
            )


@register_decisions(Permission.STAFF)
def teams_to_set(user: User) -> Iterable[Decision]:
    """What is won and has no lead: to whoever sold it, and to those who lead."""
    won = Engagement.objects.visible_to(user).filter(phase__in=PHASES, lead=None)
    if consultancy_role(user) == "sales":
        won = won.filter(request__owner=user)
    shown = ("code", "title", "phase", "organization__name", "organization__kind")
    for engagement in won.select_related("organization").only(*shown):
        if allowed(user, Permission.STAFF, engagement.organization):
            yield Decision(
                title=f"Set the team for {engagement.organization}",
                text="The quote is accepted, and nobody leads the engagement yet.",
                action="Set the team",
                url=reverse_lazy("engagements:team", args=[engagement.code]),  # of many, a page shows few
                engagement=engagement,
                opens=True,
            )


@register_decisions()
def calls_of_today(user: User) -> Iterable[Decision]:
    """Calls of this person that are still to come today."""
    to_come = Call.objects.visible_to(user).to_come().filter(person=user)
    for call in to_come.select_related("request__engagement__organization"):
        if timezone.localdate(call.starts_at) > timezone.localdate():
            return
        engagement = call.request.engagement
        yield Decision(
            title=f"Call {call.request.contact_name}, {engagement.organization}",
            text=f"{told(call.starts_at)}, {call.minutes} minutes. {_reached_at(call)}",
            action="Open the request",
            url=reverse("pricing:request", args=[engagement.code]),
            engagement=engagement,
            due_at=call.starts_at,
        )


def _reached_at(call: Call) -> str:
    if call.telephone:
        return f"Their number is {call.telephone}."
    return f"They gave no number; write to {call.request.contact_email}."


@register_decisions(Permission.SEND_QUOTE)
def approvals_asked(user: User) -> Iterable[Decision]:
    """Discounts and tiers of drafts that wait for a second person, for those who may be it."""
    drafts = Quote.objects.visible_to(user).filter(state=Quote.State.DRAFT)
    beyond = drafts.filter(Q(pk__in=Discount.objects.values("quote")) | Q(pk__in=TierChoice.objects.values("quote")))
    for quote in beyond.select_related("engagement__organization"):
        for waiting in waiting_in(quote):
            if user in waiting.approvers:
                yield Decision(
                    title=f"Approve a {waiting.given.subject.label.lower()} in quote {quote.reference}",
                    text=waiting.given.open_sentence,
                    action="Read the draft",
                    url=f"{reverse('pricing:quote', args=[quote.reference])}#terms",
                    engagement=quote.engagement,
                )
