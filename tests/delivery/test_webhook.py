"""What comes back is told to the customer's own systems: at least once, with growing pauses, and never silently."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.domain.make_token import make_token
from core.errors import Conflict
from core.jobs import run_job
from core.models import AuditEvent, Job
from delivery.domain import tell_webhook
from delivery.domain.set_webhook import remove_webhook, secret_of, set_webhook
from delivery.domain.suppress_address import lift_suppression, suppress_address
from delivery.domain.tell_webhook import note_answer, replay_delivery, tell_all
from delivery.feedback.posting import Answer, load_plan, signed_headers
from delivery.models import Webhook, WebhookDelivery
from tests.factories.feedback import hard_bounce

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/in"


@pytest.fixture
def heard(monkeypatch):
    """What was posted, newest last; the first item of `answers` is what the receiver says."""

    class Heard(list):
        answers = [Answer(204, "")]

    heard = Heard()

    def post(url, body, headers):
        heard.append((url, body, headers))
        return heard.answers.pop(0) if len(heard.answers) > 1 else heard.answers[0]

    monkeypatch.setattr(tell_webhook, "post", post)
    return heard


@pytest.fixture
def webhook(engagement, ada):
    hard_bounce(engagement, actor=ada, recipient="before@example.org", message_id="<m0@shop.example.com>")
    return set_webhook(engagement, url=URL, from_start=False, actor=ada)


def tell():
    """A round of the beat, and the jobs it asked for."""
    tell_all()
    for job in Job.objects.unfinished().filter(kind="post_webhook").order_by("pk"):
        run_job(job.pk)


def rows_of(body):
    return json.loads(body)["data"]["rows"]


def test_what_is_new_is_told_once_signed_and_what_was_there_before_is_not(engagement, ada, webhook, heard):
    hard_bounce(engagement, actor=ada)
    tell()
    lift_suppression(engagement, address="anna@example.org", reason="A new mailbox.", actor=ada)
    tell()
    tell()

    told = [(json.loads(body)["type"], [row.get("address") for row in rows_of(body)]) for _, body, _ in heard]
    assert told == [
        ("suppression.changed", ["anna@example.org"]), ("feedback.taken", [None]),
        ("suppression.changed", ["anna@example.org"]),
    ]  # fmt: skip
    assert [rows_of(body)[0].get("is_lifted") for _, body, _ in heard] == [False, None, True]
    url, body, headers = heard[0]
    again = signed_headers(webhook[1], event_id=headers["webhook-id"], at=int(headers["webhook-timestamp"]), body=body)
    assert (url, headers) == (URL, again)
    assert WebhookDelivery.objects.filter(sent_at=None).count() == 0


def test_everything_is_told_where_that_was_asked_for(engagement, ada, heard):
    hard_bounce(engagement, actor=ada)
    set_webhook(engagement, url=URL, from_start=True, actor=ada)

    tell()

    assert [row["recipient"] for row in rows_of(heard[1][1])] == ["anna@example.org"]


def test_what_is_refused_is_sent_again_later_with_the_same_words_and_given_up_in_the_end(
    engagement, ada, webhook, heard
):
    heard.answers = [Answer(500, "Oops."), Answer(None, "hooks.example does not answer.")]
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell()
    tell()
    first = WebhookDelivery.objects.get()
    for _ in load_plan().retries:
        WebhookDelivery.objects.update(available_at=timezone.now())
        tell()

    last = WebhookDelivery.objects.get()
    assert (first.attempts, first.status, first.said, len(heard)) == (1, 500, "Oops.", len(load_plan().retries) + 1)
    assert first.available_at - timezone.now() < timedelta(seconds=load_plan().retries[0])
    assert {(body, headers["webhook-id"]) for _, body, headers in heard} == {(first.body.encode(), f"{first.event_id}")}
    assert last.given_up_at
    assert not last.sent_at
    assert AuditEvent.objects.filter(action="webhook.given_up").exists()


def test_a_delivery_that_ended_is_sent_again_and_one_that_waits_is_not(engagement, ada, webhook, heard):
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell_all()
    with pytest.raises(Conflict, match="has not come to its end"):
        replay_delivery(WebhookDelivery.objects.get(), actor=ada)
    tell()

    replay_delivery(WebhookDelivery.objects.get(), actor=ada)
    tell()

    assert len(heard) == 2
    assert heard[0][1] == heard[1][1]
    assert heard[0][2]["webhook-id"] == heard[1][2]["webhook-id"]


def test_an_answer_that_comes_after_the_end_changes_nothing(engagement, ada, webhook, heard):
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell()

    note_answer(WebhookDelivery.objects.get(), Answer(500, "Late."))

    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.attempts) == (204, 1)


def test_what_is_removed_is_told_nobody_and_its_log_stays(engagement, ada, webhook, heard):
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell_all()
    remove_webhook(engagement, actor=ada)
    tell()

    delivery = WebhookDelivery.objects.get()
    assert heard == []
    assert (delivery.said, delivery.sent_at) == ("The webhook was removed.", None)
    with pytest.raises(Conflict):
        replay_delivery(delivery, actor=ada)


def test_the_page_shows_the_secret_once_and_every_delivery(client, engagement, carl, ada, heard):
    client.force_login(carl)
    address = reverse("feedback:webhook", args=[engagement.code])
    wrong = client.post(address, {"url": "http://hooks.example/"})
    made = client.post(address, {"url": URL}).content.decode()
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell()
    later = client.get(address).content.decode()
    client.post(reverse("feedback:webhook_replay", args=[engagement.code, 1]))

    secret = secret_of(Webhook.objects.get())
    assert wrong.status_code == 422
    assert "https://host/path" in wrong.content.decode()
    assert secret in made
    assert secret not in later
    assert secret.encode() not in bytes(Webhook.objects.get().sealed_secret)
    assert f"{WebhookDelivery.objects.get().event_id}" in later
    assert "Taken" in later
    assert WebhookDelivery.objects.waiting().count() == 1


def test_a_program_sets_reads_replays_and_removes(client, engagement, ada, heard):
    signed = {"headers": {"Authorization": f"Bearer {make_token(ada, name='a program', days=30)[1]}"}}
    url = f"/api/v1/engagements/{engagement.code}/feedback/webhook/"
    made = client.post(url, {"url": URL}, "application/json", **signed)
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell()
    row = client.get(url, **signed).json()["results"][0]
    again = client.post(f"{url}deliveries/1/replay/", {}, "application/json", **signed)
    removed = [client.post(f"{url}remove/", {}, "application/json", **signed).status_code for _ in range(2)]

    assert made.json()["secret"].startswith("whsec_")
    assert (row["status"], row["row_count"], uuid.UUID(row["event_id"]).version) == (204, 1, 4)
    assert again.json()["sent_at"] is None
    assert removed == [204, 409]
