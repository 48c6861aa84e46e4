"""A program that hears nothing sends its request again: it is done once, and told the same again."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import repeats
from core.models import AuditEvent, KeptAnswer
from delivery.models import Webhook
from discovery.models import Dossier, Upload
from tests.factories.accounts import make_token
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
MILTER = {"kind": "milter", "name": "tagger", "source": "lost"}


@pytest.fixture
def post(client, engagement):
    """Ask with a token and a key."""

    def post(text, key, sent=MILTER, name="api:discovery:dossiers", **headers):
        url = reverse(name, args=[engagement.code])
        headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": key, **headers}
        return client.post(url, sent, "application/json", headers=headers)

    return post


@pytest.fixture
def token(ada):
    return make_token(ada, name="export", days=30)[1]


def test_the_same_request_is_done_once_and_told_the_same(post, token):
    first = post(token, "one")
    events = AuditEvent.objects.count()

    again = post(token, "one")

    assert (again.status_code, again.content, again["ETag"]) == (201, first.content, first["ETag"])
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Dossier.objects.count() == 1
    assert AuditEvent.objects.count() == events


def test_a_key_in_quotes_is_the_key(post, token):
    post(token, '"one"')

    assert post(token, "one")["Idempotency-Replayed"] == "true"


def test_the_order_of_what_is_sent_makes_no_other_request(post, token):
    post(token, "one")

    again = post(token, "one", dict(reversed(MILTER.items())))

    assert again["Idempotency-Replayed"] == "true"


def test_another_request_under_the_same_key_is_refused_and_not_done(post, token):
    post(token, "one")

    other = post(token, "one", {**MILTER, "name": "signer"})

    assert other.status_code == 422
    assert "came with another request" in other.json()["detail"]
    assert [dossier.name for dossier in Dossier.objects.all()] == ["tagger"]


def test_the_same_key_at_another_version_is_another_request(post, token):
    post(token, "one")

    assert post(token, "one", **{"If-Match": '"7"'}).status_code == 422


def test_the_keys_of_two_tokens_and_of_two_people_have_nothing_to_do_with_each_other(post, token, ada, lea):
    _, of_the_same_person = make_token(ada, name="tickets", days=30)
    _, of_another = make_token(lea, name="export", days=30)

    names = {text: f"tagger {number}" for number, text in enumerate((token, of_the_same_person, of_another))}
    answers = [post(text, "one", {**MILTER, "name": name}) for text, name in names.items()]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert Dossier.objects.count() == 3


def test_what_was_refused_is_tried_anew_and_keeps_nothing(post, token):
    refused = post(token, "one", {"kind": "milter"})

    assert refused.status_code == 422
    assert not KeptAnswer.objects.exists()
    assert post(token, "one").status_code == 201


def test_what_broke_off_was_not_done_and_is_tried_anew(client, post, token, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(repeats, "seal", lambda *_, **__: 1 / 0)
    broken = post(token, "one")
    nothing = Dossier.objects.count(), KeptAnswer.objects.count()
    monkeypatch.undo()

    again = post(token, "one")

    assert broken.status_code == 500
    assert nothing == (0, 0)
    assert again.status_code == 201
    assert "Idempotency-Replayed" not in again


def test_after_its_hours_a_key_is_new(post, token, settings):
    settings.IDEMPOTENCY_HOURS = 2
    post(token, "one", {**MILTER, "name": "first"})

    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1)):
        later = post(token, "one", {**MILTER, "name": "second"})

    assert later.status_code == 201
    assert KeptAnswer.objects.count() == 1


def test_a_round_clears_away_what_is_told_no_more_and_nothing_else(post, token):
    post(token, "one", {**MILTER, "name": "first"})
    with time_machine.travel(timezone.now() + timedelta(hours=20)):
        post(token, "two", {**MILTER, "name": "second"})
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        cleared = repeats.clear_answers()
        again = post(token, "two", {**MILTER, "name": "second"})

    assert cleared == 1
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", '""', "x" * 201, "a\tb", "schlüssel"], ids=repr)
def test_what_is_no_key_is_refused_and_nothing_is_done(post, token, key):
    answer = post(token, key)

    assert answer.status_code == 400
    assert "visible characters" in answer.json()["detail"]
    assert not Dossier.objects.exists()


def test_what_is_kept_is_sealed_and_the_key_and_the_request_are_not_in_it(post, token):
    post(token, "one-key")

    row = str(KeptAnswer.objects.values().get())
    assert "tagger" not in row
    assert "one-key" not in row
    assert token not in row


def test_an_answer_with_a_secret_is_kept_nowhere_and_the_act_is_not_done_twice(post, token, engagement):
    sent = {"url": "https://hooks.example/in"}
    first = post(token, "one", sent, name="api:feedback:webhook")
    webhook = Webhook.objects.get()

    again = post(token, "one", sent, name="api:feedback:webhook")

    webhook.refresh_from_db()
    assert first.json()["secret"].startswith("whsec_")
    assert again.status_code == 409
    assert "is not kept" in again.json()["detail"]
    assert bytes(KeptAnswer.objects.get().answer) == b""
    assert AuditEvent.objects.filter(action__startswith="webhook").count() == 1


def test_a_file_is_the_same_by_its_bytes_whatever_stands_between_the_parts(client, ada, engagement):
    _, text = make_token(ada, name="collector", days=30)
    url = reverse("api:discovery:uploads", args=[engagement.code])
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": "one"}

    def send(content):
        file = SimpleUploadedFile("main.cf", content)
        return client.post(url, {"host_label": "mta9", "bundle": file}, headers=headers)

    answers = [send(b"myhostname = a.example\n"), send(b"myhostname = a.example\n"), send(b"myhostname = b.example\n")]

    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert Upload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_the_same_request_at_the_same_moment_one_is_done(ada, engagement):
    _, text = make_token(ada, name="export", days=30)
    url = reverse("api:discovery:dossiers", args=[engagement.code])
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": "one"}

    answers = in_threads(4, lambda: Client().post(url, MILTER, "application/json", headers=headers).status_code)

    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert Dossier.objects.count() == 1
    connections.close_all()
