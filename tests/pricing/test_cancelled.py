"""A cancelled engagement leaves no quote behind that looks open."""

from datetime import timedelta

import pytest

from core.errors import Conflict
from core.models import OutboxMessage
from engagements.domain.perform import perform
from pricing.decisions import quotes_to_answer
from pricing.domain.remind_contacts import remind_contacts
from pricing.models import ContactCode
from pricing.tasks import expire_quotes_task
from tests.factories.pricing import accept_quote, consent, fetch
from tests.kept import kept
from tests.pricing.letters import link, token_for
from tests.pricing.pages import text_of, typed_consent, url_of

pytestmark = pytest.mark.django_db


@kept
def cancelled(sent, lea):
    perform("cancel", engagement=sent.engagement, actor=lea, note="The budget is gone.")
    return fetch(sent)


def test_a_quote_of_a_cancelled_engagement_waits_for_nobody(cancelled, carl):
    assert list(quotes_to_answer(carl)) == []


def test_a_quote_of_a_cancelled_engagement_is_not_accepted_and_the_reason_is_told(cancelled, carl):
    with pytest.raises(Conflict, match=r"Lea Moser cancelled this engagement on .*: The budget is gone\."):
        accept_quote(cancelled, actor=carl, consent=consent(cancelled))

    assert fetch(cancelled).state == "sent"


def test_the_pages_of_a_quote_say_that_the_engagement_was_cancelled(client, cancelled, carl):
    client.force_login(carl)

    quote = client.get(url_of("quote", cancelled.reference))
    decline = client.get(url_of("decline", cancelled.reference))
    posted = client.post(url_of("decline", cancelled.reference), {"reason": "other", "text": "No budget."})
    accept = client.post(url_of("accept", cancelled.reference), typed_consent(cancelled))

    assert [page.status_code for page in (quote, decline, posted, accept)] == [200, 409, 409, 409]
    assert all("The budget is gone." in text_of(page) for page in (quote, decline, posted, accept))
    assert "Accept quote" not in text_of(quote)


@kept
def held(sent, lea):
    perform("hold", engagement=sent.engagement, actor=lea, note="Their auditors are in.")
    return fetch(sent)


def test_no_page_of_a_held_engagement_offers_what_cannot_be_done(client, held, carl):
    client.force_login(carl)
    token = token_for(carl.email)

    quote, linked = client.get(url_of("quote", held.reference)), client.get(link("quote", token))
    refused = [client.get(link("code", token)), client.post(link("code_send", token))]
    refused += [client.post(url_of("accept", held.reference), typed_consent(held))]

    assert [page.status_code for page in (quote, linked, *refused)] == [200, 200, 409, 409, 409]
    assert all("Lea Moser put this engagement on hold on" in text_of(page) for page in (quote, linked, *refused))
    assert not any("Accept quote" in text_of(page) for page in (quote, linked))
    assert not ContactCode.objects.exists()
    assert fetch(held).state == "sent"


def test_nobody_is_reminded_of_a_quote_that_is_held_until_it_goes_on(held, lea, time_machine):
    OutboxMessage.objects.all().delete()
    time_machine.move_to(held.valid_until - timedelta(days=1))

    while_held = remind_contacts()
    perform("resume", engagement=held.engagement, actor=lea, note="They are through.")

    assert while_held == 0
    assert remind_contacts() > 0


def test_the_hourly_task_takes_back_the_quotes_of_cancelled_engagements(cancelled):
    expire_quotes_task()
    expire_quotes_task()

    assert fetch(cancelled).state == "withdrawn"
