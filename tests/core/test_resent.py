"""A browser that did not hear the answer sends its form again: it is done once, and the person is told."""

import pytest
from django.shortcuts import redirect
from django.test import Client
from django.urls import reverse

from core import resent
from core.models import AuditEvent, KeptAnswer, OutboxMessage
from core.resent import act_once, is_remembered
from engagements.models import Question
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
TOKEN, OTHER = "a" * 64, "b" * 64
TWICE = "This was sent twice."


@pytest.fixture
def ask(client, engagement, carl):
    client.force_login(carl)

    def ask(text="Who has the keys?", token=TOKEN, **headers):
        sent = {"text": text, "csrfmiddlewaretoken": token}
        return client.post(
            reverse("engagements:questions", args=[engagement.code]),
            "&".join(f"{name}={value}" for name, value in sent.items()),
            "application/x-www-form-urlencoded",
            headers=headers,
        )

    return ask


def test_the_same_form_is_done_once_leads_to_the_same_place_and_says_so(client, ask):
    first = ask()
    done = AuditEvent.objects.count(), OutboxMessage.objects.count()

    again = ask()

    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert Question.objects.count() == 1
    assert (AuditEvent.objects.count(), OutboxMessage.objects.count()) == done
    assert TWICE in client.get(again["Location"]).text


def test_the_same_words_from_a_page_that_was_drawn_anew_are_another_act(client, ask):
    ask()

    again = ask(token=OTHER)

    assert Question.objects.count() == 2
    assert TWICE not in client.get(again["Location"]).text


def test_other_words_of_the_same_page_are_another_act(ask):
    ask()
    ask(text="And who has the other keys?")

    assert Question.objects.count() == 2


def test_what_was_refused_is_asked_again(ask):
    refused = ask(text="")

    assert refused.status_code == 422
    assert not KeptAnswer.objects.exists()
    assert ask(text="").status_code == 422


def test_what_the_domain_refuses_is_a_page_with_the_reason(client, engagement, ada):
    client.force_login(ada)
    url = reverse("engagements:questions", args=[engagement.code])
    client.post(url, {"text": "Why?"})
    question = Question.objects.get()
    sent = {"csrfmiddlewaretoken": TOKEN}
    close = reverse("engagements:question_resolve", args=[engagement.code, question.number])
    client.post(close, sent)

    refused = client.post(close, f"csrfmiddlewaretoken={OTHER}", "application/x-www-form-urlencoded")

    assert refused.status_code == 409
    assert "closed this on" in refused.text
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_wrote_nothing_is_not_remembered(rf, carl):
    """A signature leads to the proof of who one is first, and is sent again after it with the same words."""
    request = rf.post("/", f"csrfmiddlewaretoken={TOKEN}", "application/x-www-form-urlencoded")
    request.user = carl

    answer = act_once(request, lambda: redirect("/account/reauthenticate/"))

    assert answer.status_code == 302
    assert is_remembered(request)
    assert not KeptAnswer.objects.exists()


def test_what_broke_off_was_not_done_and_is_done_when_it_is_sent_again(client, ask, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(resent, "seal", lambda *_, **__: 1 / 0)
    broken = ask()
    nothing = Question.objects.count(), KeptAnswer.objects.count()
    monkeypatch.undo()

    again = ask()

    assert broken.status_code == 500
    assert nothing == (0, 0)
    assert again.status_code == 302
    assert Question.objects.count() == 1


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"X-Requested-With": "poll"}])
def test_what_a_script_sends_is_not_remembered(ask, header):
    ask(**header)

    assert Question.objects.count() == 1
    assert not KeptAnswer.objects.exists()


def test_the_form_of_one_person_is_not_that_of_another(ask, client, vera):
    ask()
    client.force_login(vera)

    ask()

    assert Question.objects.count() == 2


def test_where_a_form_led_is_forgotten_with_the_secret_and_still_not_done_twice(ask, client):
    ask()
    KeptAnswer.objects.update(answer=b"sealed with another secret")

    again = ask()

    assert again["Location"] == "/"
    assert Question.objects.count() == 1
    assert TWICE in client.get("/people/profile/").text


@pytest.mark.django_db(transaction=True)
def test_who_presses_twice_at_once_asks_once(engagement, carl):
    def press():
        client = Client()
        client.force_login(carl)
        url = reverse("engagements:questions", args=[engagement.code])
        return client.post(url, f"csrfmiddlewaretoken={TOKEN}&text=Who", "application/x-www-form-urlencoded")

    answers = in_threads(3, press)

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert Question.objects.count() == 1
