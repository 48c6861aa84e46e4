"""Cards: acknowledged, escalated to a named person, closed with a cause; one at a time, and none of what was known."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from delivery.domain.answer_card import acknowledge_card, close_card, escalate_card
from delivery.domain.judge_watch import judge_all
from delivery.models import Cutover, InsightCard, TriggerDecision
from delivery.watch_decisions import cards_open
from delivery.watch_gate import the_watch_has_run
from tests.factories.watch import opened_cards

pytestmark = pytest.mark.django_db


def test_both_sides_acknowledge_in_words_once(card, carl, vera):
    with pytest.raises(Refused):
        acknowledge_card(card, words="I see.", actor=vera)
    with pytest.raises(DomainError, match="both sides read it"):
        acknowledge_card(card, words=" ", actor=carl)

    acknowledge_card(card, words="Our new list.", actor=carl)

    with pytest.raises(Conflict, match="Carl"):
        acknowledge_card(card, words="Me too.", actor=carl)
    card.refresh_from_db()
    assert (card.acknowledged_by, card.acknowledgement, card.closed_at) == (carl, "Our new list.", None)
    assert AuditEvent.objects.filter(action="card.acknowledged").count() == 1


def test_an_escalation_mails_whom_it_names_and_opens_a_decision_while_one_can_go_back(card, engagement, ada, lea):
    escalate_card(card, to="lea@practice.example", words="Look at the pools.", actor=ada)

    card.refresh_from_db()
    mail = OutboxMessage.objects.get(kind="card_escalated")
    assert (mail.address, card.escalated_to) == ("lea@practice.example", lea)
    assert "Look at the pools." in mail.text
    assert "8.33 % of 576 recipients at Google" in mail.text
    assert card.decision.title == "Delivery failure, Google"
    assert card.decision.decided_at is None
    assert "Card 1 was escalated to Lea" in " ".join(the_watch_has_run(engagement))


def test_the_team_finds_open_cards_at_home_and_whoever_was_called_their_own(card, ada, carl, vera):
    before = {person.full_name: [each.title for each in cards_open(person)] for person in (ada, carl, vera)}
    escalate_card(card, to=carl.email, words="Is it your list?", actor=ada)
    after = {person.full_name: [each.title for each in cards_open(person)] for person in (ada, carl, vera)}
    close_card(card, cause="content", words="It was.", actor=ada)

    assert list(before.values()) == [["Delivery failure, Google"], [], []]
    assert list(after.values()) == [["Delivery failure, Google"], ["You were called: Delivery failure, Google"], []]
    assert list(cards_open(ada)) == []


def test_behind_the_window_an_escalation_opens_no_decision(card, ada):
    Cutover.objects.update(done_at=timezone.now() - timedelta(days=400))

    escalate_card(card, to="lea@practice.example", words="Look.", actor=ada)

    card.refresh_from_db()
    assert card.decision is None
    assert not TriggerDecision.objects.filter(key__startswith="card-").exists()
    assert OutboxMessage.objects.filter(kind="card_escalated").count() == 1


@pytest.mark.parametrize("to", ["", "nobody@x.example", "otto@other.example"])
def test_nobody_is_called_who_is_not_on_the_engagement(card, ada, otto, to):
    with pytest.raises(DomainError, match="Choose who is called"):
        escalate_card(card, to=to, words="Look.", actor=ada)

    assert OutboxMessage.objects.filter(kind="card_escalated").count() == 0


def test_the_consultancy_closes_with_a_cause_and_what_was_known_opens_no_other(card, engagement, ada, carl):
    with pytest.raises(Refused):
        close_card(card, cause="configuration", words="Done.", actor=carl)
    with pytest.raises(DomainError, match="Choose the cause"):
        close_card(card, cause="weather", words="Done.", actor=ada)
    escalate_card(card, to="lea@practice.example", words="Look.", actor=ada)
    close_card(card, cause="configuration", words="The pool had no PTR.", actor=ada)

    again = judge_all()

    card.refresh_from_db()
    assert (again, card.cause, card.closed_by) == (0, "configuration", ada)
    assert opened_cards() == [("failure", "Google", "")]
    assert "Card 1" not in " ".join(the_watch_has_run(engagement))
    with pytest.raises(Conflict, match="closed Card 1"):
        acknowledge_card(card, words="Late.", actor=carl)


def test_one_card_is_open_at_a_time_whoever_writes_it(card):
    card.pk, card.number = None, 2

    with pytest.raises(IntegrityError), transaction.atomic():
        card.save(force_insert=True)
    assert InsightCard.objects.count() == 1


def test_the_page_of_the_watch_leads_to_the_card_and_the_card_takes_all_three_acts(client, card, engagement, ada):
    client.force_login(ada)
    home = client.get(reverse("watch:home", args=[engagement.code])).content.decode()
    address = reverse("watch:card", args=[engagement.code, 1])
    empty = client.post(f"{address}acknowledge/", {})
    client.post(f"{address}acknowledge/", {"own-words": "Seen."})
    client.post(f"{address}escalate/", {"call-to": "lea@practice.example", "call-words": "Look."})
    refused = client.post(f"{address}close/", {"close-cause": "", "close-words": "The pool had no PTR."})
    client.post(f"{address}close/", {"close-cause": "receiver", "close-words": "It calmed down."})
    shown = client.get(address).content.decode()

    assert "Card 1: Delivery failure, Google" in home
    assert "Card 1 is open" in home
    assert "baseline" in home
    assert empty.status_code == refused.status_code == 422
    assert "The pool had no PTR." in refused.content.decode()  # what was typed stays
    assert "The receiver changed something" in shown
    assert "Acknowledge the card" not in shown
    actions = AuditEvent.objects.filter(action__startswith="card.").values_list("action", flat=True)
    assert sorted(actions) == ["card.acknowledged", "card.closed", "card.escalated", "card.opened"]


def test_a_card_that_was_closed_is_followed_by_another_when_it_goes_on(card, engagement, ada):
    close_card(card, cause="chance", words="Nothing.", actor=ada)
    InsightCard.objects.update(judged_through=card.watch.begins_at.date())  # as if closed before those days

    assert judge_all() == 1
    assert opened_cards() == [("failure", "Google", ""), ("failure", "Google", "")]
