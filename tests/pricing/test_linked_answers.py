"""Answers of somebody without an account: one acceptance at most, each refusal with its reason."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.domain.give_membership import give_membership
from accounts.models import Invitation, User
from core.audit import verify_chain
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from engagements.models import Engagement, Question
from pricing.domain.forward_quote import CONTACTS_AT_MOST
from pricing.domain.revise_quote import revise_quote
from tests.factories.accounts import UserFactory, invite_person
from tests.factories.pricing import CONTACT, accept_quote, consent, fetch, forward_quote, make_sent_quote
from tests.kept import kept
from tests.pricing.letters import code_for, letter_to, link, prove, token_for
from tests.pricing.pages import text_of, typed_consent

pytestmark = pytest.mark.django_db

INES = "ines@northlake.example"


@kept
def sent(northlake, sam):
    """Before Carl, who has no account yet."""
    return make_sent_quote(northlake, actor=sam)


@pytest.fixture
def token(sent):
    return token_for(CONTACT.email)


@pytest.fixture
def proved(client, token):
    """A browser in which Carl entered his code."""
    prove(client, token, CONTACT.email)
    return client


def test_accepting_by_code_keeps_who_when_from_where_and_of_what(proved, sent, token, sam):
    page = proved.post(
        link("accept", token), typed_consent(sent), headers={"user-agent": "Phone 1.0"}, REMOTE_ADDR="192.0.2.44"
    )

    quote, person = fetch(sent), User.objects.get(email=CONTACT.email)
    assert (page.status_code, page.url) == (302, link("receipt", token))
    assert (quote.state, quote.accepted_by, quote.po_number) == ("accepted", person, "PO-77")
    assert quote.accepted_digest == sent.document.digest
    assert (quote.ip_address, quote.user_agent) == ("192.0.2.44", "Phone 1.0")
    assert quote.authentication == "one-time code to c***@northlake.example"
    assert quote.consent_version == "2026-01"
    assert Engagement.objects.get(pk=sent.engagement_id).phase == "discovery"
    assert list(verify_chain(quote.audit_chain)) == []
    mails = OutboxMessage.objects.filter(kind="quote_accepted")
    assert sorted(mails.values_list("address", flat=True)) == [CONTACT.email, sam.email]
    assert link("receipt", token) in letter_to(CONTACT.email, "quote_accepted")


def test_without_the_code_nothing_is_accepted_and_what_was_typed_is_kept(client, sent, token):
    page = client.post(link("accept", token), typed_consent(sent))
    before = fetch(sent).state
    prove(client, token, CONTACT.email)

    form = text_of(client.get(link("accept", token)))

    assert (page.status_code, page.url, before) == (302, f"{link('code', token)}?to=accept", "sent")
    assert 'value="PO-77"' in form
    assert "checked" not in form


def test_nothing_but_the_forms_own_fields_is_kept(client, sent, token):
    client.post(link("accept", token), {**typed_consent(sent), "password": "hunter2"})

    assert "PO-77" in str(dict(client.session))
    assert "hunter2" not in str(dict(client.session))


def test_the_declaration_has_to_be_made(proved, sent, token):
    page = proved.post(link("accept", token), {"po_number": "PO-77", "shown_digest": sent.document.digest})

    assert page.status_code == 422
    assert "Confirm that you may accept this quote." in text_of(page)
    assert 'value="PO-77"' in text_of(page)
    assert fetch(sent).state == "sent"


def test_an_amount_in_the_post_changes_nothing(proved, sent, token):
    proved.post(link("accept", token), typed_consent(sent, total="1", fee="1.00", quote_total_0="1"))

    assert (fetch(sent).state, fetch(sent).total.amount) == ("accepted", 28500)
    assert "USD 28,500" in fetch(sent).consent_text


def test_another_text_than_the_one_on_screen_is_not_accepted(proved, sent, token):
    page = proved.post(link("accept", token), typed_consent(sent, shown_digest="0" * 64))

    assert page.status_code == 409
    assert "The text you were reading is not this quote" in text_of(page)
    assert fetch(sent).state == "sent"


def test_a_double_click_leads_to_the_same_receipt(proved, sent, token):
    first = proved.post(link("accept", token), typed_consent(sent))
    second = proved.post(link("accept", token), typed_consent(sent))

    assert first.url == second.url == link("receipt", token)
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1


def test_who_comes_second_is_told_who_accepted_and_when(proved, sent, token, northlake, olga):
    peter = UserFactory(full_name="Peter Lang", email="peter@northlake.example")
    give_membership(peter, organization=northlake, role="finance", duties=[("accept_quotes", None)], actor=olga)
    accept_quote(sent, actor=peter, consent=consent(sent))

    page = proved.post(link("accept", token), typed_consent(sent))

    assert page.status_code == 409
    assert f"Peter Lang accepted {sent.reference} on" in text_of(page)
    assert fetch(sent).accepted_by == peter


def test_while_it_is_being_revised_it_is_not_accepted(proved, sent, token, sam):
    revise_quote(sent, actor=sam)

    page = proved.post(link("accept", token), typed_consent(sent))

    assert page.status_code == 409
    assert f"A newer revision replaced {sent.reference}" in text_of(page)
    assert fetch(sent).state == "superseded"


def test_the_last_moment_where_the_customer_is_counts_even_before_the_nightly_task(
    northlake, sam, client, time_machine
):
    northlake.time_zone = "Asia/Kolkata"
    northlake.save()
    sent = make_sent_quote(northlake, actor=sam)
    token = token_for(CONTACT.email)
    time_machine.move_to(sent.valid_until - timedelta(minutes=2))
    prove(client, token, CONTACT.email)
    time_machine.move_to(sent.valid_until + timedelta(seconds=1))

    page = client.post(link("accept", token), typed_consent(sent))

    assert page.status_code == 422
    assert f"{sent.reference} expired on" in text_of(page)
    assert "23:59 GMT+5:30" in text_of(page)
    assert fetch(sent).state == "sent"


def test_a_forwarded_link_accepts_nothing_because_the_code_goes_to_its_owner(sent, token):
    stranger = Client()
    stranger.post(link("code_send", token), {"to": "accept"})

    accepted = stranger.post(link("accept", token), typed_consent(sent))
    guessed = stranger.post(
        link("code", token), {"code": "0000 0000" if code_for(CONTACT.email) != "0000 0000" else "1"}
    )

    assert OutboxMessage.objects.get(kind="quote_code").address == CONTACT.email
    assert (accepted.status_code, guessed.status_code) == (302, 422)
    assert fetch(sent).state == "sent"
    assert not User.objects.filter(email=CONTACT.email).exists()


def test_the_proof_of_one_link_is_none_of_another(proved, sent, sam):
    forward_quote(fetch(sent), actor=sam, email=INES, full_name="Ines Roth")

    page = proved.post(link("accept", token_for(INES)), typed_consent(sent))

    assert (page.status_code, page.url) == (302, f"{link('code', token_for(INES))}?to=accept")
    assert fetch(sent).state == "sent"


def test_declining_keeps_the_reason_and_tells_sales(proved, sent, token, sam):
    page = proved.post(link("decline", token), {"reason": "other", "text": "We merge."}, follow=True)

    assert "declined this quote" in text_of(page)
    assert (fetch(sent).state, fetch(sent).decline_text) == ("declined", "We merge.")
    assert fetch(sent).authentication == "one-time code to c***@northlake.example"
    assert OutboxMessage.objects.get(kind="quote_declined").address == sam.email


def test_declining_without_a_reason_is_asked_again(proved, sent, token):
    page = proved.post(link("decline", token), {"text": "Peak season"})

    assert page.status_code == 422
    assert "Peak season" in text_of(page)
    assert fetch(sent).state == "sent"


def test_something_changed_is_a_question_and_no_answer(proved, sent, token, sam):
    page = proved.post(link("changed", token), {"text": "9 IPs since May"}, follow=True)

    question = Question.objects.get()
    assert (question.text, question.about, question.asked_by.email) == ("9 IPs since May", str(sent), CONTACT.email)
    assert "Nothing was accepted or declined" in text_of(page)
    assert OutboxMessage.objects.get(kind="quote_question").address == sam.email
    assert fetch(sent).state == "sent"


def test_forwarding_gives_a_colleague_a_link_a_seat_and_a_code_of_their_own(proved, sent, token):
    page = proved.post(
        link("forward", token), {"full_name": "Ines Roth", "email": "Ines@Northlake.example"}, follow=True
    )

    contact, seat = sent.contacts.get(email=INES), Invitation.objects.get(email=INES)
    assert "Ines Roth has mail with a link of their own." in text_of(page)
    assert (contact.origin, contact.added_by.email) == ("forward", CONTACT.email)
    assert (seat.role, seat.duties, seat.invited_by.email) == ("finance", [["accept_quotes", None]], CONTACT.email)
    assert token_for(INES) != token
    assert token not in letter_to(INES, "quote_sent")
    assert AuditEvent.objects.get(action="quote.forwarded").data["contact"] == f"Ines Roth <{INES}>"


def test_the_colleague_accepts_with_their_own_code(proved, sent, token):
    proved.post(link("forward", token), {"full_name": "Ines Roth", "email": INES})
    phone, own = Client(), token_for(INES)
    prove(phone, own, INES)

    page = phone.post(link("accept", own), typed_consent(sent))

    assert page.url == link("receipt", own)
    assert (fetch(sent).accepted_by.email, fetch(sent).accepted_by.memberships.get().role) == (INES, "finance")


def test_who_may_accept_forwards_to_whom_they_want_though_their_role_invites_nobody(northlake, sam, olga):
    peter = UserFactory(full_name="Peter Lang", email="peter@northlake.example")
    give_membership(peter, organization=northlake, role="finance", duties=[("accept_quotes", None)], actor=olga)
    sent = make_sent_quote(northlake, actor=sam)

    forward_quote(sent, actor=peter, email=INES, full_name="Ines Roth")

    seat = Invitation.objects.get(email=INES)
    assert sent.contacts.get(email=INES).added_by == peter
    assert (seat.role, seat.duties, seat.invited_by) == ("finance", [["accept_quotes", None]], peter)
    with pytest.raises(Refused, match="may not invite people"):
        invite_person("else@northlake.example", organization=northlake, role="finance", actor=peter)


def test_a_member_without_the_duty_gets_no_second_way_in(northlake, sam, carl, vera):
    sent = make_sent_quote(northlake, actor=sam)

    with pytest.raises(DomainError, match="without the duty to accept quotes"):
        forward_quote(sent, actor=carl, email=vera.email, full_name="Vera Holm")

    assert not sent.contacts.filter(email=vera.email).exists()


def test_forwarding_to_who_has_it_sends_nothing_again(northlake, sam, carl):
    sent = make_sent_quote(northlake, actor=sam)

    with pytest.raises(Conflict, match="Carl Brandt got"):
        forward_quote(sent, actor=carl, email="CARL@northlake.example", full_name="Carl")

    assert sent.contacts.count() == 1


def test_forwarding_has_an_end(northlake, sam, carl):
    sent = make_sent_quote(northlake, actor=sam)
    for number in range(CONTACTS_AT_MOST - 1):
        forward_quote(sent, actor=carl, email=f"p{number}@northlake.example", full_name=f"P {number}")

    with pytest.raises(DomainError, match="went to 20 people already"):
        forward_quote(sent, actor=carl, email=INES, full_name="Ines Roth")

    assert sent.contacts.count() == CONTACTS_AT_MOST


def test_who_neither_accepts_nor_sends_forwards_nothing(northlake, sam, carl, ada, otto):
    sent = make_sent_quote(northlake, actor=sam)

    for person in (ada, otto):
        with pytest.raises(Refused):
            forward_quote(sent, actor=person, email=INES, full_name="Ines Roth")

    assert sent.contacts.count() == 1


@pytest.mark.parametrize("name", ["accept", "decline", "changed", "forward"])
def test_every_answer_of_a_quote_that_is_over_says_why(proved, sent, token, sam, name):
    revise_quote(sent, actor=sam)

    page = proved.get(link(name, token))

    assert page.status_code == 409
    assert "A newer revision replaced" in text_of(page)
    assert f'href="{link("quote", token)}"' in text_of(page)
