from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import AuditEvent
from engagements.models import Engagement, Question
from pricing.calculation.terms import Reduction
from pricing.domain.give_terms import Seen, give_discount
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest
from pricing.models import Quote
from tests.factories.pricing import fetch, make_draft, make_sent_quote, send_quote, work_off
from tests.pricing.letters import link, token_for
from tests.pricing.pages import text_of, typed_consent, url_of

pytestmark = pytest.mark.django_db


def test_from_request_to_receipt(client, request_of_northlake, sam, carl):
    client.force_login(sam)
    code = request_of_northlake.engagement.code

    drafted = client.post(url_of("draft", code))
    quote = Quote.objects.get()
    review = client.get(url_of("send", quote.reference))
    sent = client.post(
        url_of("send", quote.reference), {"shown_digest": review.context["form"]["shown_digest"].value()}
    )
    waiting = client.get(sent.url)
    work_off()
    followed = client.get(sent.url, headers={"X-Requested-With": "poll"})
    client.force_login(carl)
    page = client.get(url_of("quote", quote.reference))
    answer = client.post(url_of("accept", quote.reference), typed_consent(fetch(quote)))
    receipt = client.get(answer.url)

    assert drafted.url == sent.url == url_of("quote", quote.reference)
    assert "Send quote" in text_of(review)
    assert "The PDF is being made" in text_of(waiting)
    assert f'data-poll="{sent.url}"' in text_of(waiting)
    assert f"Quote {quote.reference} is sent." in text_of(followed)
    assert "data-poll" not in text_of(followed)
    assert "The PDF is being made" not in text_of(page)
    assert "I may accept this quote for Northlake Logistics." in text_of(page)
    assert answer.url == url_of("receipt", quote.reference)
    assert fetch(quote).receipt in text_of(receipt)
    assert Engagement.objects.get(code=code).phase == "discovery"


def test_the_quote_page_says_everything_one_needs_to_decide(client, sent, carl):
    client.force_login(carl)

    shown = text_of(client.get(url_of("quote", sent.reference)))

    for sentence in (
        "USD 28,500",
        "The licence of the target MTA. It is contracted with the vendor, in your name.",
        "USD 60,000 to 80,000 a year",
        "USD 26,100 of USD 28,500",
        "9,400,000 a month, 410,000 on the busiest day",
        "No tenants; one domain; 6 IPs, not more than 8.",
        "Accepting as Carl Brandt",
    ):
        assert sentence in shown


def test_the_customer_reads_the_lines_of_the_fee_as_on_paper(client, northlake, sam, carl):
    draft = fetch(make_draft(northlake, actor=sam))
    five = Reduction(percent=Decimal(5))
    draft = fetch(give_discount(draft, actor=sam, reduction=five, seen=Seen("Second one", draft_digest(draft))))
    quote = fetch(send_quote(draft, actor=sam, shown_digest=draft_digest(draft)))
    pages = [url_of("quote", quote.reference), link("quote", token_for(carl.email))]
    client.force_login(carl)

    shown = [text_of(client.get(page)) for page in pages]

    for page in shown:
        for line in quote.document.snapshot["lines"]:
            assert line["description"] in page
            assert line["amount"] in page
        assert "Discount of 5 %" in page
        assert "USD 27,075" in page
        assert "Second one" not in page


def test_an_amount_in_the_post_changes_nothing(client, sent, carl):
    client.force_login(carl)

    client.post(url_of("accept", sent.reference), typed_consent(sent, total="1", fee="1"))

    assert (fetch(sent).state, fetch(sent).total.amount) == ("accepted", 28500)


def test_accepting_without_the_declaration_keeps_the_po_number(client, sent, carl):
    client.force_login(carl)

    page = client.post(url_of("accept", sent.reference), {"po_number": "PO-77", "shown_digest": sent.document.digest})

    assert page.status_code == 422
    assert "Confirm that you may accept this quote." in text_of(page)
    assert 'value="PO-77"' in text_of(page)
    assert fetch(sent).state == "sent"


def test_a_viewer_cannot_accept_and_is_told_why(client, sent, vera):
    client.force_login(vera)

    page = client.post(url_of("accept", sent.reference), typed_consent(sent))

    assert page.status_code == 403
    assert "you may not read quotes" in text_of(page)
    assert fetch(sent).state == "sent"


def test_who_may_read_but_not_accept_is_told_who_can(client, sent, sam, carl):
    client.force_login(sam)

    shown = text_of(client.get(url_of("quote", sent.reference)))

    assert "Carl Brandt can accept or decline it." in shown
    assert "that duty" not in shown
    assert "Accept quote" not in shown


def test_accepting_twice_shows_the_same_receipt(client, sent, carl):
    client.force_login(carl)

    first = client.post(url_of("accept", sent.reference), typed_consent(sent))
    second = client.post(url_of("accept", sent.reference), typed_consent(sent))

    assert first.url == second.url
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1


def test_declining_without_a_reason_is_asked_again(client, sent, carl):
    client.force_login(carl)

    page = client.post(url_of("decline", sent.reference), {"text": "Peak season"})

    assert page.status_code == 422
    assert "Peak season" in text_of(page)
    assert fetch(sent).state == "sent"


def test_declining_says_thank_you_and_closes(client, sent, carl):
    client.force_login(carl)

    page = client.post(url_of("decline", sent.reference), {"reason": "other", "text": "We merge."}, follow=True)

    assert "Carl Brandt declined this quote" in text_of(page)
    assert fetch(sent).state == "declined"


def test_something_changed_becomes_a_question(client, sent, carl):
    client.force_login(carl)

    page = client.post(url_of("changed", sent.reference), {"text": "9 IPs since May"})

    question = Question.objects.get()
    assert page.url == reverse("engagements:question", args=[sent.engagement.code, question.number])
    assert fetch(sent).state == "sent"


def test_an_expired_quote_offers_one_button_and_no_acceptance(client, sent, carl, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(hours=1))
    client.force_login(carl)

    shown = text_of(client.get(url_of("quote", sent.reference)))
    client.post(url_of("renew", sent.reference))
    client.post(url_of("renew", sent.reference))
    after = text_of(client.get(url_of("quote", sent.reference)))

    assert "Carl Brandt asked for a new one" in after
    assert "Ask for a new quote" not in after
    assert "This quote expired on" in shown
    assert "Ask for a new quote" in shown
    assert "Accept quote" not in shown
    assert Question.objects.get().text.startswith(f"Quote {sent.reference} expired on")


def test_no_new_quote_is_asked_for_while_the_old_one_holds(client, sent, carl):
    client.force_login(carl)

    page = client.post(url_of("renew", sent.reference))
    sent_over_api = client.post(reverse("api:quotes:renew", args=[sent.reference]))

    assert (page.status_code, sent_over_api.status_code) == (409, 409)
    assert not Question.objects.exists()


def test_a_replaced_quote_says_so_and_cannot_be_accepted(client, sent, sam, carl):
    revision = revise_quote(sent, actor=sam)
    client.force_login(carl)

    shown = text_of(client.get(url_of("quote", sent.reference)))
    answer = client.post(url_of("accept", sent.reference), typed_consent(sent))

    assert "A new revision is being prepared" in shown
    assert revision.reference not in shown
    assert answer.status_code == 409


def test_when_the_revision_was_dropped_nothing_is_promised(client, sent, sam, carl):
    withdraw_quote(revise_quote(sent, actor=sam), actor=sam, reason="No longer asked for")
    client.force_login(carl)

    shown = text_of(client.get(url_of("quote", sent.reference)))

    assert "no other revision is open" in shown
    assert "being prepared" not in shown


def test_the_history_of_the_engagement_names_no_amounts_and_quotes_to_their_readers(client, accepted, carl, vera):
    shown = {}
    for person in (carl, vera):
        client.force_login(person)
        shown[person] = text_of(client.get(reverse("engagements:history", args=[accepted.engagement.code])))

    assert f"accepted {accepted.reference}" in shown[carl]
    assert accepted.reference not in shown[vera]
    assert "28,500" not in shown[carl] + shown[vera]


def test_the_pdf_is_the_bytes_that_were_frozen(client, sent, carl):
    client.force_login(carl)

    page = client.get(url_of("quote_pdf", sent.reference))

    assert page.content == bytes(sent.document.pdf)
    assert page["ETag"] == f'"{sent.document.digest}"'


def test_revising_and_withdrawing_ask_first(client, northlake, sam, carl):
    sent = make_sent_quote(northlake, actor=sam)
    client.force_login(sam)

    asked = client.get(url_of("revise", sent.reference))
    before = fetch(sent).state
    revised = client.post(url_of("revise", sent.reference))
    revision = Quote.objects.get(state="draft")
    withdrawn = client.post(url_of("withdraw", revision.reference), {"reason": "No longer asked for"})

    assert (asked.status_code, before) == (200, "sent")
    assert revised.url == url_of("quote", revision.reference)
    assert withdrawn.url == url_of("request", sent.engagement.code)
    assert list(Quote.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "withdrawn"]


def test_without_an_acceptor_the_practice_reads_for_whom_the_quote_waits(client, northlake, sam):
    quote = make_sent_quote(northlake, actor=sam)
    client.force_login(sam)

    shown = text_of(client.get(url_of("quote", quote.reference)))

    assert f"It waits for {quote.sent_to}." in shown
    assert "that duty" not in shown


def test_no_mark_stands_after_a_blank(client, accepted, carl):
    client.force_login(carl)

    shown = text_of(client.get(url_of("quote", accepted.reference)))

    assert "</time>." in shown
    assert "</time> ." not in shown


def test_a_refusal_says_once_that_nothing_was_changed(client, sent, sam, carl):
    revise_quote(sent, actor=sam)
    client.force_login(carl)

    page = client.post(url_of("accept", sent.reference), typed_consent(sent))

    assert page.status_code == 409
    assert text_of(page).count("Nothing was changed.") == 1


def title_of(page):
    return text_of(page).split("<title>")[1].split("</title>")[0]


def test_titles_name_customer_and_product_once(client, sent, sam):
    nowhere = client.get(link("quote", "x" * 43))
    client.force_login(sam)
    clock = client.get(url_of("clock", sent.engagement.code))

    assert title_of(nowhere).count("Gatepost") == 1
    assert title_of(clock).count("Northlake Logistics") == 1
