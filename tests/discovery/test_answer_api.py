"""The questionnaire over the API."""

import pytest

from discovery.models import Answer
from tests.factories.answers import answer_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_carl(client, carl):
    client.force_login(carl)
    return client


def values():
    return dict(Answer.objects.values_list("question", "value"))


def api(engagement, path=""):
    return f"/api/v1/engagements/{engagement.code}/discovery/answers/{path}"


def test_the_api_answers_and_submits(client, engagement, carl, ada):
    client.force_login(carl)
    sent = {"answers": [{"question": "send_hosts", "value": 3}, {"question": "inject_ways", "value": ["smtp"]}]}

    saved = client.post(api(engagement), sent, content_type="application/json")

    by_question = {row["question"]: row for row in saved.json()["answers"]}
    assert saved.status_code == 200
    assert (by_question["send_hosts"]["value"], by_question["send_hosts"]["version"]) == (3, 1)
    assert saved["ETag"] == f'"{saved.json()["version"]}"'
    answer_all(engagement, actor=carl)
    version = client.get(api(engagement)).json()["version"]
    done = client.post(api(engagement, "submit/"), {"version": version}, content_type="application/json")
    assert done.json()["state"] == "submitted"

    client.force_login(ada)
    note = {"version": done.json()["version"], "notes": [{"question": "send_hosts", "note": "And the spare?"}]}
    back = client.post(api(engagement, "return/"), note, content_type="application/json")
    assert back.json()["state"] == "returned"
    history = client.get(api(engagement, "questions/send_hosts/")).json()
    assert history["return_note"] == "And the spare?"
    assert [row["value"] for row in history["revisions"]] == [3]


def test_the_api_names_every_answer_that_is_none(as_carl, engagement):
    sent = {"answers": [{"question": "send_hosts", "value": "many"}, {"question": "auth_login", "value": "maybe"}]}

    refused = as_carl.post(api(engagement), sent, content_type="application/json")

    assert refused.status_code == 422
    assert [reason.split(":")[0] for reason in refused.json()["reasons"]] == ["send_hosts", "auth_login"]
    assert values() == {}


@pytest.mark.parametrize("value", [{"a": 1}, [[1]], 1.5, True, -1, "x" * 5000])
def test_values_of_any_shape_are_refused_in_sentences(as_carl, engagement, value):
    sent = {"answers": [{"question": "send_hosts", "value": value}]}

    refused = as_carl.post(api(engagement), sent, content_type="application/json")

    assert refused.status_code == 422
    assert values() == {}
