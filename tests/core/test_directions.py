"""Invisible characters that turn the direction of writing mirror nobody else's words."""

import json

import pytest
from django.template import engines
from django.urls import reverse

from core.directions import has_turns
from engagements.models import Question

pytestmark = pytest.mark.django_db

TURNED = "Rotate \u202ethe keys\u2066 \u200fsoon"


def test_they_are_left_out_of_what_is_sent_and_the_page_says_so(client, engagement, carl):
    client.force_login(carl)

    sent = client.post(reverse("engagements:questions", args=[engagement.code]), {"text": TURNED}, follow=True)

    assert Question.objects.get().text == "Rotate the keys soon"
    assert "3 invisible characters that turned the direction of writing, left out" in sent.content.decode()


def test_letters_that_are_written_from_the_right_are_kept_and_nothing_is_said(client, engagement, carl):
    client.force_login(carl)

    sent = client.post(
        reverse("engagements:questions", args=[engagement.code]), {"text": "ما هو الموعد؟ מתי?"}, follow=True
    )

    assert Question.objects.get().text == "ما هو الموعد؟ מתי?"
    assert "direction of writing" not in sent.content.decode()


@pytest.mark.parametrize("is_escaped", [True, False])
def test_a_program_is_told_to_send_words_without_them(client, engagement, carl, is_escaped):
    client.force_login(carl)
    address = f"/api/v1/engagements/{engagement.code}/gates/1/reference/"

    body = json.dumps({"text": TURNED}, ensure_ascii=is_escaped)
    answer = client.post(address, body, content_type="application/json")

    assert answer.status_code == 422
    assert "turns the direction of writing" in answer.content.decode()
    assert not engagement.gates.exclude(external_reference="").exists()


def test_what_is_stored_with_them_is_printed_without_and_escaped_as_ever():
    page = engines["django"].from_string("<p>{{ text }} (due Tue 15 Dec 2026)</p>").render({"text": "<b>" + TURNED})

    assert page == "<p>&lt;b&gt;Rotate the keys soon (due Tue 15 Dec 2026)</p>"


def test_a_backslash_that_is_escaped_itself_begins_no_character():
    assert has_turns(json.dumps("\u202e").encode())
    assert has_turns(json.dumps("\\\u202e").encode())
    assert not has_turns(json.dumps(r"the pattern \u202e in words").encode())
