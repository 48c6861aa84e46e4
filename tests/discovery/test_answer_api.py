"""The questionnaire over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from discovery.models import Answer
from tests.factories.answers import answer_all
from tests.factories.discovery import read

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


@pytest.mark.parametrize("value", [["a", "b"], True, 5, 1.5, {"a": "b"}])
def test_a_text_is_answered_with_a_text(as_carl, engagement, value):
    sent = {"answers": [{"question": "change_windows", "value": value}]}

    refused = as_carl.post(api(engagement), sent, content_type="application/json")

    assert refused.status_code == 422
    assert values() == {}


def test_half_a_character_is_left_out_of_a_text(as_carl, engagement):
    sent = '{"answers": [{"question": "change_windows", "value": "\\ud800Tuesdays"}]}'

    saved = as_carl.post(api(engagement), sent, content_type="application/json")

    assert saved.status_code == 200
    assert values() == {"change_windows": "Tuesdays"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"question,answer\nsend_hosts,2\n" + b"\n" * 1024 * 1024, "the selected file must be smaller than 1 MB."),
        (b"a: &a [x]\nanswers: [{question: send_hosts, answer: *a}]", "Line 2 repeats another place with *a"),
    ],
)
def test_a_file_that_is_too_much_work_is_refused_in_a_sentence(as_carl, engagement, content, said):
    refused = as_carl.post(api(engagement, "import/"), {"answers": SimpleUploadedFile("filled.csv", content)})

    assert refused.status_code == 422
    assert said in " ".join(refused.json()["reasons"])
    assert values() == {}


def test_the_api_confirms_only_what_is_still_read(as_carl, engagement, ada):
    read(engagement, actor=ada)
    row = {"question": "send_hosts", "value": 1, "is_confirmed": True}
    read(engagement, actor=ada, host="mta2")

    refused = as_carl.post(api(engagement), {"answers": [row]}, content_type="application/json")
    kept = values()
    saved = as_carl.post(api(engagement), {"answers": [row | {"value": 2}]}, content_type="application/json")

    assert refused.status_code == 409
    assert "you confirmed 1 host, and by now it is 2 hosts." in refused.json()["reasons"][0]
    assert (kept, saved.status_code, values()) == ({}, 200, {"send_hosts": 2})
