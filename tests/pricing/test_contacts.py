"""Whom a quote lies before, and what the database keeps of their links."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.domain.give_membership import give_membership
from accounts.models import Invitation
from core.models import AuditEvent, OutboxMessage
from pricing.domain.note_opening import note_opening
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest
from pricing.links import code_digest, digits_of, token_of
from pricing.models import QuoteContact
from tests.factories.accounts import UserFactory
from tests.factories.pricing import CONTACT, fetch, make_draft, make_sent_quote, send_quote
from tests.pricing.letters import letter_to, token_for

pytestmark = pytest.mark.django_db

PETER = "peter@northlake.example"


@pytest.fixture
def peter(northlake, olga):
    """The one at Northlake who may accept quotes; Carl, the contact of the request, is nobody yet."""
    user = UserFactory(full_name="Peter Lang", email=PETER)
    give_membership(user, organization=northlake, role="finance", duties=[("accept_quotes", None)], actor=olga)
    return user


def test_who_may_accept_and_the_contact_of_the_request_each_get_a_link_of_their_own(northlake, sam, peter):
    sent = make_sent_quote(northlake, actor=sam)

    rows = list(sent.contacts.values_list("email", "origin", "full_name"))
    assert rows == [(PETER, "duty", "Peter Lang"), (CONTACT.email, "request", CONTACT.name)]
    assert token_for(PETER) != token_for(CONTACT.email)
    assert sent.sent_to == f"{PETER}, {CONTACT.email}"
    assert not Invitation.objects.exists()


def test_who_may_only_read_is_told_so_in_the_mail(northlake, sam, peter):
    make_sent_quote(northlake, actor=sam)

    assert "Somebody else at Northlake Logistics accepts or declines it." in letter_to(CONTACT.email, "quote_sent")
    assert "a code comes to this address" in letter_to(PETER, "quote_sent")


def test_the_contact_who_may_accept_is_one_contact(northlake, sam, carl):
    sent = make_sent_quote(northlake, actor=sam)

    assert list(sent.contacts.values_list("email", "origin")) == [(carl.email, "duty")]


def test_where_nobody_may_accept_the_seat_of_the_contact_lasts_as_long_as_the_quote(northlake, sam):
    sent = make_sent_quote(northlake, actor=sam)

    seat = Invitation.objects.get()
    assert (seat.email, seat.duties, seat.expires_at) == (CONTACT.email, [["accept_quotes", None]], sent.valid_until)


def test_a_link_stands_neither_in_the_database_nor_in_the_mail_that_waits(northlake, sam):
    sent = make_sent_quote(northlake, actor=sam)
    token, contact = token_for(CONTACT.email), sent.contacts.get()

    stored = [str(value) for value in QuoteContact.objects.filter(pk=contact.pk).values_list()[0]]
    assert contact.token == token
    assert all(token not in value for value in stored)
    assert token not in OutboxMessage.objects.get(kind="quote_sent").text
    assert list(QuoteContact.objects.for_token(token)) == [contact]
    assert not QuoteContact.objects.for_token(contact.seed).exists()
    assert not QuoteContact.objects.for_token(contact.token_digest).exists()


def test_a_link_and_a_code_cannot_be_worked_out_without_the_key(settings):
    token, digest = token_of("seed"), code_digest(1, "12345678")

    settings.SECRET_KEY = "another-key-of-the-tests-alone"

    assert token_of("seed") != token
    assert code_digest(1, "12345678") != digest


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", " 1234-5678 "])
def test_a_code_may_be_typed_with_or_without_its_gap(typed):
    assert digits_of(typed) == "12345678"


def test_an_address_is_a_contact_of_a_quote_once_whatever_the_case(sent, sam):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteContact.objects.create(
            quote=sent, email="CARL@northlake.example", full_name="C", origin="forward", token_digest="x", added_by=sam
        )

    assert sent.contacts.count() == 1


def test_opening_is_counted_with_its_first_and_last_time(sent, time_machine):
    contact = sent.contacts.get()
    note_opening(contact)
    first = QuoteContact.objects.get(pk=contact.pk)
    time_machine.move_to(first.first_opened_at + timedelta(hours=1))

    note_opening(first)

    again = QuoteContact.objects.get(pk=contact.pk)
    assert (first.open_count, again.open_count) == (1, 2)
    assert again.first_opened_at == first.first_opened_at == first.last_opened_at
    assert (again.last_opened_at - again.first_opened_at).seconds >= 3600
    event = AuditEvent.objects.get(action="quote.opened")
    assert (event.actor_label, event.data["contact"]) == ("Gatepost", f"{CONTACT.name} <{CONTACT.email}>")


def test_a_new_revision_goes_to_the_same_people_with_new_links(sent, sam, carl):
    revision = fetch(revise_quote(sent, actor=sam))
    old = token_for(carl.email)

    send_quote(revision, actor=sam, shown_digest=draft_digest(revision))

    assert list(revision.contacts.values_list("email", flat=True)) == [carl.email]
    assert token_for(carl.email) != old


def test_a_withdrawal_reaches_everybody_whom_the_quote_went_to(northlake, sam, peter):
    sent = make_sent_quote(northlake, actor=sam)

    withdraw_quote(sent, actor=sam, reason="Sized on the wrong estate")

    told = OutboxMessage.objects.filter(kind="quote_withdrawn")
    assert sorted(told.values_list("address", flat=True)) == [CONTACT.email, PETER]


def test_a_draft_lies_before_nobody(northlake, sam, carl):
    make_draft(northlake, actor=sam)

    assert not QuoteContact.objects.exists()


def test_contacts_are_the_practices_own_note(sent, sam, carl, otto):
    assert list(QuoteContact.objects.visible_to(sam)) == [sent.contacts.get()]
    assert not QuoteContact.objects.visible_to(carl).exists()
    assert not QuoteContact.objects.visible_to(otto).exists()
