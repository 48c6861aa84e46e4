"""A draft whose request got other data points meanwhile goes out with the new ones, or not at all."""

from dataclasses import replace

import pytest
from django.urls import reverse

from core import documents
from core.errors import Conflict
from core.models import OutboxMessage
from pricing.domain.record_request import change_request
from pricing.domain.revise_quote import revise_quote
from pricing.domain.send_quote import draft_digest
from tests.factories.pricing import CONTACT, MULTI_IP, fetch, finish, request_sending, send_quote, work_off
from tests.kept import kept
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db

BUTTON = "Bring the draft up to date"


def change(quote, *, actor, points=None):
    request = fetch(quote).engagement.request
    points = points or replace(MULTI_IP, month=12_000_000, peak=500_000)
    change_request(request, actor=actor, contact=CONTACT, points=points, shown_version=request.version)


@kept
def behind(sent, sam):
    revision = revise_quote(sent, actor=sam)
    change(revision, actor=sam)
    return fetch(revision)


def test_a_draft_with_old_numbers_is_not_sent(behind, sam):
    mails = OutboxMessage.objects.count()

    with pytest.raises(Conflict, match=r"The data points changed after this draft of .* bring it up to date first"):
        send_quote(behind, actor=sam, shown_digest=draft_digest(behind))

    assert (fetch(behind).state, fetch(behind).document) == ("draft", None)
    assert OutboxMessage.objects.count() == mails


def test_numbers_that_change_while_the_paper_is_drawn_are_found_under_the_lock(draft, sam, monkeypatch):
    draw = documents._renderers["quote"]

    def draw_slowly(snapshot):
        change(draft, actor=sam)
        return draw(snapshot)

    monkeypatch.setitem(documents._renderers, "quote", draw_slowly)
    prepared = fetch(draft)

    job = finish(request_sending(prepared, actor=sam, shown_digest=draft_digest(prepared)))

    assert job.state == "failed"
    assert "bring it up to date first" in job.error_sentence
    assert fetch(draft).state == "draft"


@pytest.mark.parametrize("page", ["quote", "send"])
def test_the_pages_offer_to_bring_it_up_to_date_in_place_of_sending(client, behind, sam, page):
    client.force_login(sam)

    shown = text_of(client.get(url_of(page, behind.reference)))
    client.post(url_of("draft", behind.engagement.code))
    after = text_of(client.get(url_of(page, behind.reference)))

    assert BUTTON in shown
    assert "The data points changed" in shown
    assert 'type="submit">Send quote' not in shown
    assert ">Review and send" not in shown
    assert BUTTON not in after
    assert "12,000,000 a month" in after


def test_once_up_to_date_it_goes_out_with_the_new_numbers(client, behind, sam):
    client.force_login(sam)
    client.post(url_of("draft", behind.engagement.code))

    send_quote(fetch(behind), actor=sam, shown_digest=draft_digest(fetch(behind)))

    assert fetch(behind).document.snapshot["points"]["month"] == 12_000_000


def test_a_change_of_the_contact_alone_leaves_the_draft_as_it_is(draft, sam):
    change(draft, actor=sam, points=MULTI_IP)

    send_quote(fetch(draft), actor=sam, shown_digest=draft_digest(fetch(draft)))

    assert fetch(draft).state == "sent"


def test_the_api_says_it_and_refuses(client, behind, sam):
    client.force_login(sam)
    read = client.get(reverse("api:quotes:quote", args=[behind.reference])).json()

    sent = client.post(
        reverse("api:quotes:send", args=[behind.reference]), {"digest": read["digest"]}, "application/json"
    )

    assert read["is_behind"] is True
    assert sent.status_code == 409
    assert "bring it up to date first" in sent.content.decode()
    assert fetch(behind).state == "draft"


def test_only_the_first_answer_says_that_the_clock_will_stop(client, draft, sam):
    client.force_login(sam)

    first = client.post(url_of("send", draft.reference), {"shown_digest": draft_digest(fetch(draft))}, follow=True)
    work_off()
    revision = revise_quote(fetch(draft), actor=sam)
    second = client.post(
        url_of("send", revision.reference), {"shown_digest": draft_digest(fetch(revision))}, follow=True
    )

    assert "Then the clock stops." in text_of(first)
    assert f"The PDF of {revision.reference} is being made." in text_of(second)
    assert "Then the clock stops." not in text_of(second)
