"""A form that was sent from a tab that had grown old: refused with the reason, and what was typed is not lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from engagements.domain.mark_stale import mark_stale
from engagements.domain.request_changes import request_changes
from engagements.models import SignOff
from engagements.today import today_of
from tests.engagements.journey import begin, put_up, sign
from tests.engagements.test_pages import sign_url, typed
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]

CONDITION = "Rotate the DKIM keys of all streams before March."


@pytest.fixture
def document(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def conditional(document, engagement):
    due = today_of(engagement) + timedelta(days=7)
    return typed(document) | {"condition_1": CONDITION, "condition_1_due": due.isoformat()}


def test_what_was_typed_over_a_document_that_moved_meanwhile_is_shown_with_what_moved(
    client, document, engagement, carl, ada, facts
):
    sign_in(client, carl)
    facts["parameters"] = 42
    mark_stale(engagement, actor=ada)

    answer = client.post(sign_url(engagement), conditional(document, engagement))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "version 1, no longer tells what holds" in page
    assert CONDITION in page
    assert document.digest not in page
    assert not SignOff.objects.exists()


def test_what_was_typed_over_a_document_that_was_sent_back_says_who_did(client, document, engagement, carl):
    sign_in(client, carl)
    request_changes(document, actor=carl, reason="The window is too short.")

    page = client.post(sign_url(engagement), conditional(document, engagement)).content.decode()

    assert "Carl Brandt requested changes on Migration plan, version 1" in page
    assert CONDITION in page


def test_a_second_signature_from_an_old_tab_is_told_that_it_was_not_used(client, document, engagement, carl):
    sign_in(client, carl)
    first = sign(document, signer=carl)

    page = client.post(sign_url(engagement), conditional(document, engagement), follow=True).content.decode()

    assert "You had signed Migration plan, version 1 already. What you sent just now was not used." in page
    assert SignOff.objects.get() == first
    assert not first.conditions.exists()


def test_a_form_whose_token_no_longer_fits_says_so_and_gives_the_words_back_but_no_password(engagement, carl):
    client = Client(enforce_csrf_checks=True)
    client.force_login(carl)

    answer = client.post(
        reverse("engagements:questions", args=[engagement.code]),
        {"text": "May the window be two hours longer?", "password": "a-password-of-tests-only"},
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form is out of date" in page
    assert "May the window be two hours longer?" in page
    assert "a-password-of-tests-only" not in page


def test_an_act_that_overtakes_a_signature_says_so_on_the_next_page(client, document, engagement, carl, ada, facts):
    sign(document, signer=carl)
    sign_in(client, ada)
    task = engagement.gates.get(number=2).tasks.filter(party="consultancy").first()
    facts["parameters"] = 42

    page = client.post(
        reverse("engagements:task", args=[engagement.code, task.pk]), {"evidence": "Seen on Monday."}, follow=True
    ).content.decode()

    assert "By this Migration plan, version 1 no longer tells what holds" in page
