"""Sent, opened, bounced: what sales sees of each contact, and what it does about it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from core.outbox import MAX_ATTEMPTS, deliver_all
from pricing.domain.follow_contact import mail_again, record_bounce
from pricing.domain.note_opening import note_opening
from pricing.domain.revise_quote import withdraw_quote
from pricing.models import Quote
from pricing.pipeline import pipeline
from pricing.tracking import contacts_of, with_tracking
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import CONTACT, make_sent_quote
from tests.kept import kept
from tests.pricing.letters import letter_to, link, token_for
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db


@kept
def contact(sent):
    return sent.contacts.get()


def refuse_mail(monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError("550 5.1.1 no such user")

    monkeypatch.setattr("core.outbox.EmailMultiAlternatives.send", refuse)
    for _ in range(MAX_ATTEMPTS):
        OutboxMessage.objects.update(available_at=timezone.now())
        deliver_all()


def words_about(sent):
    (row,) = contacts_of(sent)
    return row.status.text


def test_a_mail_waits_is_sent_and_is_opened(sent, contact):
    waiting = words_about(sent)
    deliver_all()
    mailed = words_about(sent)
    note_opening(contact)

    assert (waiting, mailed, words_about(sent)) == ("Waiting to be sent", "Sent, not opened", "Opened")
    assert contacts_of(sent)[0].mailed_at is not None


def test_what_the_mail_server_refuses_for_good_is_a_bounce_with_its_words(sent, monkeypatch):
    refuse_mail(monkeypatch)

    (row,) = contacts_of(sent)
    assert (row.status.text, row.mailed_at) == ("Bounced", None)
    assert "550 5.1.1 no such user" in row.refusal


def test_a_bounce_that_somebody_read_is_noted_with_who_and_what(sent, contact, sam):
    record_bounce(contact, actor=sam, note=" 550  no such user ")

    (row,) = contacts_of(sent)
    assert (row.status.text, row.bounced_by, row.bounce_note) == ("Bounced", sam, "550 no such user")
    assert AuditEvent.objects.get(action="quote.bounced").data["note"] == "550 no such user"


def test_a_bounce_without_a_note_is_refused(contact, sam):
    with pytest.raises(DomainError, match="Write what came back"):
        record_bounce(contact, actor=sam, note="  ")

    contact.refresh_from_db()
    assert contact.bounced_at is None


def test_mailing_again_repeats_the_link_and_ends_the_bounce(sent, contact, sam, monkeypatch):
    record_bounce(contact, actor=sam, note="550")
    refuse_mail(monkeypatch)
    monkeypatch.undo()
    token = contact.token

    mail_again(contact, actor=sam)

    assert words_about(sent) == "Waiting to be sent"
    assert token in letter_to(CONTACT.email, "quote_sent")
    assert AuditEvent.objects.filter(action="quote.mailed_again").count() == 1


def test_a_quote_that_is_over_is_not_mailed_again(sent, contact, sam):
    withdraw_quote(sent, actor=sam, reason="Wrong estate")

    with pytest.raises(DomainError, match="only an open quote"):
        mail_again(contact, actor=sam)

    assert OutboxMessage.objects.filter(kind="quote_sent").count() == 1


@pytest.mark.parametrize("person", ["carl", "ada", "otto"])
def test_only_who_sends_quotes_follows_them(contact, person, request):
    actor = request.getfixturevalue(person)

    for act in (lambda: record_bounce(contact, actor=actor, note="550"), lambda: mail_again(contact, actor=actor)):
        with pytest.raises(Refused):
            act()

    contact.refresh_from_db()
    assert contact.bounced_at is None


def test_the_quote_shows_the_practice_what_became_of_the_mail_and_the_customer_not(client, sent, contact, sam, carl):
    note_opening(contact)
    client.force_login(sam)
    seen = text_of(client.get(url_of("quote", sent.reference)))
    client.force_login(carl)

    own = text_of(client.get(url_of("quote", sent.reference)))

    assert "Before whom it lies" in seen
    assert "Opened" in seen
    assert "1 time," in seen
    assert "Before whom it lies" not in own


def test_sales_notes_a_bounce_mails_again_and_puts_it_before_somebody_else(client, sent, contact, sam):
    client.force_login(sam)
    page = url_of("contacts", sent.reference)

    empty = client.post(reverse("pricing:contact_bounced", args=[sent.reference, contact.pk]), {"note": ""})
    client.post(reverse("pricing:contact_bounced", args=[sent.reference, contact.pk]), {"note": "550 unknown"})
    noted = text_of(client.get(page))
    client.post(reverse("pricing:contact_mail", args=[sent.reference, contact.pk]))
    added = client.post(page, {"full_name": "Ines Roth", "email": "ines@northlake.example"}, follow=True)

    assert (empty.status_code, "Write what the report says." in text_of(empty)) == (422, True)
    assert "Sam Ortiz noted" in noted
    assert "550 unknown" in noted
    assert "Ines Roth has mail with a link of their own." in text_of(added)
    assert contact.token not in text_of(added)
    assert client.get(link("quote", token_for("ines@northlake.example"))).status_code == 200


def test_a_contact_of_another_quote_is_not_found_under_this_one(client, sent, sam):
    other = make_sent_quote(CustomerFactory(), actor=sam)
    client.force_login(sam)

    answer = client.post(reverse("pricing:contact_mail", args=[sent.reference, other.contacts.get().pk]))

    assert answer.status_code == 404


def test_the_api_lists_contacts_without_their_links(client, sent, contact, sam):
    client.force_login(sam)

    answer = client.get(reverse("api:quotes:contacts", args=[sent.reference]))

    (row,) = answer.json()
    assert (row["email"], row["origin"], row["open_count"], row["refused_at"]) == (CONTACT.email, "duty", 0, None)
    assert contact.token not in answer.content.decode()
    assert contact.seed not in answer.content.decode()


def test_who_opens_it_twice_has_opened_it_on_the_pipeline_as_on_the_list_of_quotes(client, sent, contact, sam):
    note_opening(contact)
    note_opening(contact)
    client.force_login(sam)

    (row,) = [row for group in pipeline(sam).groups for row in group.rows]

    assert row.opened == with_tracking(Quote.objects.all()).get().opened_count == 1
    assert "opened by 1 of 1" in text_of(client.get(reverse("pricing:pipeline")))


def test_lists_know_how_many_opened_and_bounced_for_one_query(
    sent, contact, sam, django_assert_num_queries, monkeypatch
):
    note_opening(contact)
    for _ in range(3):
        make_sent_quote(CustomerFactory(), actor=sam)
    refused = Quote.objects.latest("pk")
    record_bounce(refused.contacts.get(), actor=sam, note="550")

    with django_assert_num_queries(1):
        rows = {quote.pk: quote for quote in with_tracking(Quote.objects.all())}

    opened = rows[sent.pk]
    assert (opened.contact_count, opened.opened_count, opened.bounced_count) == (1, 1, 0)
    assert opened.last_opened_at is not None
    assert (rows[refused.pk].opened_count, rows[refused.pk].bounced_count) == (0, 1)
    assert len(rows) == 4


def test_the_draft_says_before_it_is_sent_to_whom_it_goes(client, draft, sam, carl):
    client.force_login(sam)

    shown = text_of(client.get(url_of("send", draft.reference)))

    assert f"{carl.full_name}, {carl.email}" in shown
    assert "Each gets a link of their own." in shown


def test_a_conflict_names_who_had_it(client, sent, sam):
    client.force_login(sam)

    answer = client.post(url_of("contacts", sent.reference), {"full_name": "C", "email": CONTACT.email})

    assert answer.status_code == Conflict.status_code
    assert "Carl Brandt got" in text_of(answer)
