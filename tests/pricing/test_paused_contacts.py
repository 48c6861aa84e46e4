"""A contact of a quote to whom mail came back: sales sees it and sends again, the link proves the address."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.domain.note_failure import note_failure
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, FailingAddress, OutboxMessage
from core.outbox import deliver_all
from pricing.domain.follow_contact import mail_again, resume_mail
from pricing.domain.keep_intake import begin_intake, mail_link
from pricing.models import QuoteContact
from pricing.tracking import BOUNCED, contacts_of, with_delivery
from tests.kept import kept
from tests.outbox import delivered
from tests.pricing.letters import link, prove
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db
SAID = "They told us on the telephone."


@kept
def contact(sent):
    return sent.contacts.get()


def pause(address):
    note_failure(address, said="5.1.1 unknown", is_dead=True, came_back=True)


def come_back(contact):
    OutboxMessage.objects.about(contact).update(came_back_at=timezone.now())


def letters_with(token):
    return [letter for letter in mail.outbox if token in letter.body]


@pytest.fixture
def held(contact):
    pause(contact.email)
    deliver_all()
    mail.outbox.clear()
    return contact


def test_a_quote_that_came_back_is_a_bounce_and_is_not_reminded_of(client, sent, contact, sam):
    deliver_all()
    come_back(contact)
    client.force_login(sam)

    (row,) = contacts_of(sent)
    shown = text_of(client.get(url_of("contacts", sent.reference)))

    assert row.status.text == "Bounced"
    assert "The mail came back" in shown
    assert "Sent, not opened" not in shown
    assert with_delivery(QuoteContact.objects.all()).filter(BOUNCED).count() == 1


def test_a_bounce_is_over_once_the_quote_is_mailed_again(sent, contact, sam):
    deliver_all()
    come_back(contact)

    mail_again(contact, actor=sam)
    deliver_all()

    assert contacts_of(sent)[0].status.text == "Sent, not opened"


def test_a_quote_is_not_mailed_again_where_it_would_be_held(held, sam):
    with pytest.raises(Conflict, match="nothing is sent there"):
        mail_again(held, actor=sam)

    assert OutboxMessage.objects.about(held).count() == 1


def test_sales_sends_what_was_held_with_a_reason_that_the_ledger_keeps(client, sent, held, sam):
    client.force_login(sam)
    page = text_of(client.get(url_of("contacts", sent.reference)))
    place = reverse("pricing:contact_resume", args=[sent.reference, held.pk])

    empty = client.post(place, {"reason": " "})
    answer = client.post(place, {"reason": SAID})
    deliver_all()

    assert "Nothing is sent to this address" in page
    assert (empty.status_code, "Write how you know that mail arrives." in text_of(empty)) == (422, True)
    assert answer.status_code == 302
    assert len(letters_with(held.token)) == 1
    assert FailingAddress.objects.get().paused_at is None, "the mark stays until the address is proved"
    assert AuditEvent.objects.get(action="quote.mail_resumed").data["reason"] == SAID
    assert AuditEvent.objects.get(action="address.resumed").data["released"] == 1


def test_a_quote_that_itself_came_back_is_mailed_anew(contact, sam):
    deliver_all()
    come_back(contact)
    pause(contact.email)
    mail.outbox.clear()

    resume_mail(contact, actor=sam, reason=SAID)
    deliver_all()

    assert len(letters_with(contact.token)) == 1


def test_the_api_does_the_same_and_says_who_is_held(client, sent, held, sam):
    client.force_login(sam)
    (before,) = client.get(reverse("api:quotes:contacts", args=[sent.reference])).json()

    place = reverse("api:quotes:contact_resume", args=[sent.reference, held.pk])
    answer = client.post(place, {"reason": SAID}, content_type="application/json")

    assert (before["is_paused"], answer.status_code, answer.json()["is_paused"]) == (True, 200, False)


def test_nothing_is_sent_again_without_a_reason_or_where_nothing_is_held(held, sam):
    with pytest.raises(DomainError, match="Write how you know"):
        resume_mail(held, actor=sam, reason="  ")
    FailingAddress.objects.update(paused_at=None)
    with pytest.raises(Conflict, match="is not held back"):
        resume_mail(held, actor=sam, reason=SAID)

    assert not AuditEvent.objects.filter(action__endswith="resumed").exists()


@pytest.mark.parametrize("person", ["carl", "ada", "otto"])
def test_only_who_sends_quotes_has_mail_sent_again(held, person, request):
    with pytest.raises(Refused):
        resume_mail(held, actor=request.getfixturevalue(person), reason=SAID)

    assert FailingAddress.objects.get().paused_at is not None


def test_opening_the_link_of_a_mail_sent_since_proves_the_address(held, sam):
    resume_mail(held, actor=sam, reason=SAID)
    deliver_all()

    Client().get(link("quote", held.token))

    assert not FailingAddress.objects.exists()


def test_a_link_whose_mail_came_back_proves_nothing(contact):
    deliver_all()
    come_back(contact)
    pause(contact.email)

    Client().get(link("quote", contact.token))

    assert FailingAddress.objects.exists()


def test_a_link_that_the_practice_tries_proves_nothing(client, contact, sam):
    deliver_all()
    pause(contact.email)
    client.force_login(sam)

    client.get(link("quote", contact.token))

    assert FailingAddress.objects.exists()


def test_the_code_of_a_quote_proves_the_address(client, contact):
    deliver_all()
    come_back(contact)
    pause(contact.email)

    prove(client, contact.token, contact.email)

    assert not FailingAddress.objects.exists()


def test_the_mailed_link_of_a_request_proves_the_address_and_the_one_of_the_page_does_not():
    token = begin_intake(step="about", typed={"company": "Fjordline"})
    pause("mia@fjordline.example")
    mail_link(token, to="mia@fjordline.example")
    (letter,) = [letter for letter in delivered() if letter.to == ["mia@fjordline.example"]]
    mailed = re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]

    Client().get(reverse("start:request", args=[token]))
    Client().get(reverse("start:request", args=[token]) + "?mailed=" + "0" * 32)
    still = FailingAddress.objects.count()
    Client().get(mailed)

    assert (still, FailingAddress.objects.count()) == (1, 0)
