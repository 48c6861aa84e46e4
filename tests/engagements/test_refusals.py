"""What was typed is never lost: a refusal of the domain comes back on the form, with its status."""

import pytest
from django.urls import reverse

from core.errors import Conflict, DomainError, GateClosed
from engagements.models import ChangeRequest, GateTask, Question
from tests.engagements.journey import begin, gate_of, put_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]

WORDS = "Written with care, over half an hour."


def refusing(error):
    def act(*_, **__):
        raise error

    return act


@pytest.fixture
def task(engagement, carl):
    begin(engagement, accepted_by=carl)
    return GateTask.objects.create(gate=gate_of(engagement, 1), key="probe", title="Probe", party="consultancy")


@pytest.mark.parametrize(
    ("path", "act", "typed"),
    [
        (("questions", []), "engagements.views.records.ask_question", {"text": WORDS}),
        (("move", ["hold"]), "engagements.views.work.perform", {"note": WORDS}),
        (("target", []), "engagements.views.work.choose_target", {"target": "kumomta", "reason": WORDS}),
        (("override", [1, "always"]), "engagements.views.work.override_check", {"reason": WORDS}),
    ],
)
@pytest.mark.parametrize("error", [Conflict("Somebody was first."), DomainError("Not so."), GateClosed("Not yet.")])
def test_a_refusal_comes_back_with_what_was_typed(client, task, olga, monkeypatch, path, act, typed, error):
    monkeypatch.setattr(act, refusing(error))
    client.force_login(olga)
    name, arguments = path
    url = reverse(f"engagements:{name}", args=[task.gate.engagement.code, *arguments])

    page = client.post(url, typed)

    assert page.status_code == error.status_code
    assert error.reasons[0] in page.text
    assert WORDS in page.text


def test_a_task_somebody_completed_meanwhile_keeps_the_evidence_typed(client, engagement, task, ada, lea):
    url = reverse("engagements:task", args=[engagement.code, task.pk])
    client.force_login(lea)
    client.post(url, {"evidence": "Seen."})
    client.force_login(ada)

    page = client.post(url, {"evidence": WORDS})

    assert page.status_code == 409
    assert "Lea Moser completed this on" in page.text
    assert WORDS in page.text


def test_a_team_that_is_refused_stays_chosen(client, engagement, lea, ada, monkeypatch):
    monkeypatch.setattr("engagements.views.work.assign_team", refusing(DomainError("Not these people.")))
    client.force_login(lea)

    page = client.post(reverse("engagements:team", args=[engagement.code]), {"lead": ada.pk, "consultants": [lea.pk]})

    assert page.status_code == 422
    assert "Not these people." in page.text
    assert f'<option value="{ada.pk}" selected>' in page.text


def test_an_answer_that_is_refused_stays_typed(client, engagement, vera, monkeypatch):
    client.force_login(vera)
    client.post(reverse("engagements:questions", args=[engagement.code]), {"text": "Why?"})
    monkeypatch.setattr("engagements.views.records.answer_question", refusing(Conflict("Closed meanwhile.")))
    url = reverse("engagements:question", args=[engagement.code, Question.objects.get().number])

    page = client.post(url, {"text": WORDS})

    assert page.status_code == 409
    assert "Closed meanwhile." in page.text
    assert WORDS in page.text


@pytest.mark.parametrize(("digest", "status"), [("0" * 64, 409), ("\0", 422), ("", 422)])
def test_changes_to_a_document_nobody_knows_are_refused_and_the_words_stay(
    client, engagement, carl, ada, digest, status
):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    client.force_login(carl)
    url = reverse("engagements:request_changes", args=[engagement.code, 1])

    page = client.post(url, {"reason": WORDS, "shown_digest": digest})
    again = client.post(url, {"reason": WORDS, "shown_digest": document.digest})

    assert page.status_code == status
    assert WORDS in page.text
    assert f'value="{document.digest}"' in page.text
    assert again.status_code == 302
    assert ChangeRequest.objects.get().reason == WORDS


def test_an_address_with_a_nul_is_not_found(client, olga):
    client.force_login(olga)

    assert client.get("/engagements/%00/").status_code == 404
