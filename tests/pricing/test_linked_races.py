"""Two at the same moment before a link: real connections, one outcome, no fault of the database."""

import pytest

from accounts.models import Membership, User
from core.audit import verify_chain
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from pricing.domain.note_opening import note_opening
from pricing.domain.prove_contact import prove_contact
from pricing.domain.send_code import send_code
from tests.factories.pricing import CONTACT, accept_quote, consent, fetch, forward_quote, make_sent_quote
from tests.pricing.letters import code_for
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

INES = "ines@northlake.example"


@pytest.fixture
def sent(northlake, sam):
    """Before Carl, who has no account yet."""
    return make_sent_quote(northlake, actor=sam)


def test_two_contacts_who_accept_at_the_same_moment_make_one_acceptance(sent, sam):
    forward_quote(sent, actor=sam, email=INES, full_name="Ines Roth")
    people = []
    for contact in sent.contacts.select_related("quote__engagement__organization"):
        send_code(contact)
        people.append(prove_contact(contact, typed=code_for(contact.email)).person)

    said = at_once(
        *[lambda person=person: accept_quote(fetch(sent), actor=person, consent=consent(sent)) for person in people]
    )

    (refusal,) = [one for one in said if isinstance(one, Conflict)]
    quote = fetch(sent)
    assert len(said) == 2
    assert str(refusal).startswith(f"{quote.accepted_by} accepted {sent.reference} on ")
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1
    assert Membership.objects.filter(user__in=people).count() == 2
    assert list(verify_chain(quote.audit_chain)) == []


def test_a_double_click_at_the_same_moment_gives_one_receipt(sent):
    contact = sent.contacts.select_related("quote__engagement__organization").get()
    send_code(contact)
    person = prove_contact(contact, typed=code_for(contact.email)).person

    said = at_once(*[lambda: accept_quote(fetch(sent), actor=person, consent=consent(sent))] * 2)

    assert {one.receipt for one in said} == {fetch(sent).receipt}
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1


def test_a_new_code_and_the_old_one_entered_at_the_same_moment_end_in_a_sentence(sent):
    contact = sent.contacts.select_related("quote__engagement__organization").get()
    send_code(contact)
    code = code_for(contact.email)

    def enter():
        return prove_contact(contact, typed=code)

    said = at_once(enter, lambda: send_code(contact))

    assert len(said) == 2
    assert not any(isinstance(one, DomainError) and "latest mail" not in str(one) for one in said)
    assert contact.codes.live().count() == 1
    assert list(verify_chain(sent.audit_chain)) == []


def test_two_who_open_the_link_first_at_the_same_moment_are_one_first_opening(sent):
    seen = [sent.contacts.get(), sent.contacts.get()]

    at_once(*[lambda contact=contact: note_opening(contact) for contact in seen])

    contact = sent.contacts.get()
    assert (contact.open_count, contact.first_opened_at is not None) == (2, True)
    assert AuditEvent.objects.filter(action="quote.opened").count() == 1


def test_a_code_entered_twice_at_the_same_moment_begins_one_account(sent):
    contact = sent.contacts.select_related("quote__engagement__organization").get()
    send_code(contact)
    code = code_for(contact.email)

    def enter():
        try:
            return prove_contact(contact, typed=code)
        except DomainError as error:
            return error

    said = at_once(enter, enter)

    assert sum(isinstance(one, DomainError) for one in said) == 1
    assert User.objects.filter(email=CONTACT.email).count() == 1
