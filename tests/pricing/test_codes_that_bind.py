"""By a link the code is the proof: fresh enough it is asked for once, and for what binds once more when it is older."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent
from tests.factories.pricing import CONTACT, fetch, make_sent_quote
from tests.kept import kept
from tests.pricing.letters import link, prove, token_for
from tests.pricing.pages import text_of, typed_consent

pytestmark = pytest.mark.django_db


@kept
def sent(northlake, sam):
    """Before Carl, who has no account yet."""
    return make_sent_quote(northlake, actor=sam)


@pytest.fixture
def token(sent):
    return token_for(CONTACT.email)


def test_whoever_entered_the_code_a_while_ago_accepts_without_another_proof(client, sent, token, time_machine):
    prove(client, token, CONTACT.email)
    time_machine.move_to(timezone.now() + timedelta(minutes=14))

    answer = client.post(link("accept", token), typed_consent(sent))

    assert answer.url == link("receipt", token)
    assert fetch(sent).state == "accepted"


def test_an_older_code_accepts_nothing_and_what_was_typed_waits_for_the_next(client, sent, token, time_machine):
    prove(client, token, CONTACT.email)
    time_machine.move_to(timezone.now() + timedelta(minutes=16))

    answer = client.post(link("accept", token), typed_consent(sent))
    asked = client.get(answer.url)
    before = fetch(sent).state
    prove(client, token, CONTACT.email)
    form = text_of(client.get(link("accept", token)))
    done = client.post(link("accept", token), typed_consent(sent))

    assert answer.url == f"{link('code', token)}?to=accept"
    assert (asked.status_code, before) == (200, "sent")
    assert 'value="PO-77"' in form
    assert "checked" not in form
    assert done.url == link("receipt", token)
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1


def test_the_same_code_still_declines(client, sent, token, time_machine):
    prove(client, token, CONTACT.email, to="decline")
    time_machine.move_to(timezone.now() + timedelta(minutes=16))

    client.post(link("decline", token), {"reason": "price"})

    assert fetch(sent).state == "declined"


def test_the_second_click_leads_to_the_receipt_whatever_the_age_of_the_code(client, sent, token, time_machine):
    prove(client, token, CONTACT.email)
    client.post(link("accept", token), typed_consent(sent))
    time_machine.move_to(timezone.now() + timedelta(minutes=16))

    answer = client.post(link("accept", token), typed_consent(sent))

    assert answer.url == link("receipt", token)
