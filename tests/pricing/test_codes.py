"""The one-time code: to the contact's own address, once, for ten minutes, a few attempts."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.domain.withdraw_invitation import withdraw_invitation
from accounts.models import Invitation, Membership, User
from core.domain.note_failure import note_failure
from core.errors import DomainError, Refused, TooMany
from core.models import AuditEvent, FailingAddress, OutboxMessage
from core.origin import Origin, acting_from
from pricing.domain.prove_contact import WRONG_AT_MOST, prove_contact
from pricing.domain.revise_quote import revise_quote
from pricing.domain.send_code import CODES_A_CONTACT, CODES_AN_ADDRESS, send_code
from pricing.models import ContactCode
from tests.factories.pricing import CONTACT, forward_quote, make_sent_quote
from tests.kept import kept
from tests.pricing.letters import code_for, link, prove, token_for
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


@kept
def contact(northlake, sam):
    """Carl, before whom a quote lies and who has no account yet."""
    return make_sent_quote(northlake, actor=sam).contacts.select_related("quote__engagement__organization").get()


def wrong(code):
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"


def test_the_code_goes_to_the_contacts_own_address_and_is_stored_as_a_digest(contact):
    made = send_code(contact)

    code = code_for(CONTACT.email)
    stored = " ".join(str(value) for value in ContactCode.objects.filter(pk=made.pk).values_list()[0])
    mail = OutboxMessage.objects.get(kind="quote_code")
    assert (mail.address, mail.is_sealed, code in mail.text, code in mail.subject) == (
        CONTACT.email,
        True,
        False,
        False,
    )
    assert code not in stored
    assert code.replace(" ", "") not in stored
    assert (made.expires_at - made.made_at) == timedelta(minutes=10)
    assert AuditEvent.objects.get(action="quote.code_sent").data["to"] == "c***@northlake.example"


def test_the_right_code_begins_an_account_without_a_password_and_takes_the_seat(contact, northlake, sam):
    send_code(contact)

    proved = prove_contact(contact, typed=code_for(CONTACT.email))

    person = User.objects.get(email=CONTACT.email)
    membership = Membership.objects.get(user=person)
    assert (proved.person, person.full_name, person.has_usable_password()) == (person, CONTACT.name, False)
    assert (membership.organization, membership.role) == (northlake, "signatory")
    assert [duty.kind for duty in membership.duties.all()] == ["accept_quotes"]
    assert EmailAddress.objects.get(user=person).verified
    assert Invitation.objects.get().accepted_by == person
    assert AuditEvent.objects.get(action="quote.contact_proved").actor_label == f"{CONTACT.name} <{CONTACT.email}>"


def test_a_prepared_account_keeps_its_name_whatever_another_seat_calls_it(contact):
    person = User(email=CONTACT.email, full_name="Carl B. Brandt")
    person.set_unusable_password()
    person.save()
    send_code(contact)

    prove_contact(contact, typed=code_for(CONTACT.email))

    assert User.objects.get(email=CONTACT.email).full_name == "Carl B. Brandt"
    assert Membership.objects.get(user=person).role == "signatory"


def test_the_right_code_proves_that_mail_arrives_there(contact):
    note_failure(CONTACT.email, said="5.1.1 unknown", is_dead=True, came_back=True)

    send_code(contact)
    prove_contact(contact, typed=code_for(CONTACT.email))

    assert not FailingAddress.objects.exists()


def test_a_code_works_once(contact):
    send_code(contact)
    code = code_for(CONTACT.email)
    prove_contact(contact, typed=code)

    with pytest.raises(DomainError, match="no code that still holds"):
        prove_contact(contact, typed=code)

    assert AuditEvent.objects.filter(action="quote.contact_proved").count() == 1


def test_a_code_holds_for_ten_minutes(contact, time_machine):
    made = send_code(contact)
    time_machine.move_to(made.expires_at)

    with pytest.raises(DomainError, match="no code that still holds"):
        prove_contact(contact, typed=code_for(CONTACT.email))

    assert not User.objects.filter(email=CONTACT.email).exists()


def test_a_new_code_ends_the_one_before(contact):
    send_code(contact)
    old = code_for(CONTACT.email)
    send_code(contact)

    with pytest.raises(DomainError, match="not the code of our latest mail"):
        prove_contact(contact, typed=old)

    assert prove_contact(contact, typed=code_for(CONTACT.email)).person is not None


def test_wrong_attempts_are_counted_although_nothing_else_is_kept(contact):
    send_code(contact)
    code = code_for(CONTACT.email)

    for _ in range(WRONG_AT_MOST - 1):
        with pytest.raises(DomainError, match="not the code"):
            prove_contact(contact, typed=wrong(code))
    with pytest.raises(TooMany, match="last attempt"):
        prove_contact(contact, typed=wrong(code))
    with pytest.raises(TooMany, match="tried too often"):
        prove_contact(contact, typed=code)

    assert ContactCode.objects.get().wrong_attempts == WRONG_AT_MOST
    assert not User.objects.filter(email=CONTACT.email).exists()


def test_a_contact_gets_so_many_codes_an_hour(contact, time_machine):
    for _ in range(CODES_A_CONTACT):
        made = send_code(contact)

    with pytest.raises(TooMany, match=r"5 codes were mailed to c\*\*\*@northlake.example within the hour"):
        send_code(contact)

    assert OutboxMessage.objects.filter(kind="quote_code").count() == CODES_A_CONTACT
    time_machine.move_to(made.made_at + timedelta(hours=1, seconds=1))
    assert send_code(contact).pk != made.pk


def test_a_network_asks_for_so_many_codes_an_hour(contact, sam):
    made = send_code(contact)
    rows = [
        ContactCode(
            contact=contact,
            digest=f"{number}",
            made_at=made.made_at - timedelta(minutes=number + 1, hours=2 if number % 4 == 0 else 0),
            expires_at=made.expires_at,
            replaced_at=made.made_at,
            ip_address="192.0.2.7",
        )
        for number in range(CODES_AN_ADDRESS)
    ]
    other = make_sent_quote_to_somebody_else(contact, sam)
    ContactCode.objects.bulk_create(rows)
    with acting_from(Origin(ip_address="192.0.2.7")):
        send_code(other)
    ContactCode.objects.filter(ip_address="192.0.2.7").update(made_at=made.made_at)

    with acting_from(Origin(ip_address="192.0.2.7")), pytest.raises(TooMany, match="from your network"):
        send_code(other)
    with acting_from(Origin(ip_address="192.0.2.8")):
        assert send_code(other).ip_address == "192.0.2.8"


def make_sent_quote_to_somebody_else(contact, sam):

    return forward_quote(contact.quote, actor=sam, email="ines@northlake.example", full_name="Ines Roth")


def test_no_code_goes_to_an_address_that_may_not_answer(northlake, sam, contact):
    withdraw_invitation(Invitation.objects.get(), actor=sam)

    with pytest.raises(Refused, match=r"has not given carl@northlake.example the duty to accept quotes"):
        send_code(contact)

    assert not ContactCode.objects.exists()


def test_a_seat_withdrawn_after_the_code_went_out_is_not_taken(sam, contact):
    send_code(contact)
    withdraw_invitation(Invitation.objects.get(), actor=sam)

    with pytest.raises(Refused, match=r"keeps no seat for carl@northlake.example"):
        prove_contact(contact, typed=code_for(CONTACT.email))

    assert not User.objects.filter(email=CONTACT.email).exists()


def test_an_account_that_is_switched_off_stays_so(northlake, sam, carl):
    contact = make_sent_quote(northlake, actor=sam).contacts.get()
    send_code(contact)
    User.objects.filter(pk=carl.pk).update(is_active=False)

    with pytest.raises(Refused, match="switched off"):
        prove_contact(contact, typed=code_for(CONTACT.email))


def test_a_quote_that_is_not_open_sends_no_code(contact, sam):
    revise_quote(contact.quote, actor=sam)

    with pytest.raises(DomainError, match="newer revision replaced"):
        send_code(contact)

    assert not ContactCode.objects.exists()


def test_the_page_says_where_the_code_went_and_how_long_it_holds(client, contact):
    token = token_for(CONTACT.email)
    before = text_of(client.get(link("code", token)))

    sent = client.post(link("code_send", token), {"to": "decline"}, follow=True)

    assert "c***@northlake.example" in before
    assert "carl@northlake.example" not in before
    assert "Enter the code from your mail" in text_of(sent)
    assert 'name="to" value="decline"' in text_of(sent)
    assert 'autocomplete="one-time-code"' in text_of(sent)


def test_a_wrong_code_is_told_on_the_page_and_opens_nothing(client, contact):
    token = token_for(CONTACT.email)
    client.post(link("code_send", token))

    answer = client.post(link("code", token), {"code": wrong(code_for(CONTACT.email))})

    assert answer.status_code == 422
    assert "4 attempts are left." in text_of(answer)
    assert client.get(link("accept", token)).status_code == 302


def test_opening_the_code_page_mails_nothing(client, contact):
    client.get(link("code", token_for(CONTACT.email)))

    assert not ContactCode.objects.exists()


def test_the_code_opens_the_answer_and_no_other_page(client, contact):
    token = token_for(CONTACT.email)

    answer = prove(client, token, CONTACT.email)

    assert (answer.status_code, answer.url) == (302, link("accept", token))
    assert client.get(link("accept", token)).status_code == 200
    home = client.get(reverse("home"))
    assert (home.status_code, home.url.split("?")[0]) == (302, reverse("account_login"))


def test_the_proof_holds_for_half_an_hour(client, contact, time_machine):
    token = token_for(CONTACT.email)
    prove(client, token, CONTACT.email)
    proved_at = contact.__class__.objects.get(pk=contact.pk).proved_at
    time_machine.move_to(proved_at + timedelta(minutes=31))

    answer = client.get(link("accept", token))

    assert (answer.status_code, answer.url) == (302, f"{link('code', token)}?to=accept")


def test_the_proof_is_of_this_browser_alone(client, contact):
    token = token_for(CONTACT.email)
    prove(client, token, CONTACT.email)
    client.cookies.clear()

    answer = client.get(link("accept", token))

    assert answer.status_code == 302


def test_where_the_code_leads_is_one_of_the_answers(client, contact):
    token = token_for(CONTACT.email)
    client.post(link("code_send", token))

    answer = client.post(link("code", token), {"code": code_for(CONTACT.email), "to": "//elsewhere.example"})

    assert answer.url == link("accept", token)
