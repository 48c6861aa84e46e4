"""What comes back is told to the customer's own systems: at least once, with growing pauses, and never silently."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit import describe
from core.errors import Conflict
from core.jobs import run_job
from core.models import AuditEvent, Job
from core.webhooks import sending
from core.webhooks.posting import Answer, load_plan, signed_headers
from core.webhooks.sealed import secret_of, url_of
from delivery.domain.set_webhook import remove_webhook, set_webhook
from delivery.domain.suppress_address import lift_suppression, suppress_address
from delivery.domain.tell_webhook import make_deliveries, note_answer, replay_delivery, tell_all
from delivery.models import Webhook, WebhookDelivery
from tests.factories.accounts import make_token
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

    monkeypatch.setattr(sending, "post", post)
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
    assert first.available_at - timezone.now() < timedelta(seconds=load_plan().retries[0] * (1 + load_plan().jitter))
    assert {(body, headers["webhook-id"]) for _, body, headers in heard} == {(first.body.encode(), f"{first.event_id}")}
    assert last.given_up_at
    assert not last.sent_at
    assert AuditEvent.objects.filter(action="webhook.given_up").exists()


def test_a_receiver_that_fails_is_asked_once_a_round_however_much_is_due(engagement, ada, webhook, heard):
    for name in ("anna", "ben", "cleo"):
        suppress_address(engagement, address=f"{name}@example.org", reason="Asked.", actor=ada)
        make_deliveries(Webhook.objects.get())
    heard.answers = [Answer(None, "hooks.example does not answer."), Answer(204, "")]

    tell()
    failed = [delivery.attempts for delivery in WebhookDelivery.objects.order_by("number")]
    tell()

    assert failed == [1, 0, 0]
    assert len(heard) == 3
    assert [bool(delivery.sent_at) for delivery in WebhookDelivery.objects.order_by("number")] == [False, True, True]


def test_one_job_sends_all_that_is_due_and_there_is_no_second_one_meanwhile(engagement, ada, webhook, heard):
    for name in ("anna", "ben"):
        suppress_address(engagement, address=f"{name}@example.org", reason="Asked.", actor=ada)
        tell_all()

    jobs = Job.objects.filter(kind="post_webhook")
    assert jobs.count() == 1
    run_job(jobs.get().pk)
    assert [rows_of(body)[0]["address"] for _, body, _ in heard] == ["anna@example.org", "ben@example.org"]
    assert not WebhookDelivery.objects.waiting().exists()


def test_a_turn_begins_nothing_that_it_may_not_end(engagement, ada, webhook, heard, monkeypatch):
    for name in ("anna", "ben"):
        suppress_address(engagement, address=f"{name}@example.org", reason="Asked.", actor=ada)
        make_deliveries(Webhook.objects.get())
    clock = iter([0, load_plan().turn - load_plan().whole + 1])
    monkeypatch.setattr(sending, "monotonic", lambda: next(clock))

    tell()

    assert load_plan().turn <= 20
    assert len(heard) == 1
    assert [delivery.attempts for delivery in WebhookDelivery.objects.order_by("number")] == [1, 0]


def test_a_job_that_comes_to_no_end_counts_as_an_attempt_of_the_oldest(engagement, ada, webhook, monkeypatch):
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell_all()
    monkeypatch.setattr(sending, "post", lambda *asked: 1 / 0)
    job = Job.objects.get(kind="post_webhook")
    Job.objects.filter(pk=job.pk).update(max_attempts=1)

    run_job(job.pk)

    delivery = WebhookDelivery.objects.get()
    assert (delivery.attempts, delivery.sent_at) == (1, None)
    assert "did not work" in delivery.said
    assert delivery.available_at > delivery.made_at


def test_path_and_query_stand_in_no_ledger_and_no_column_and_only_who_may_set_them_reads_them(
    client, engagement, ada, carl, vera, heard
):
    address = "https://hooks.example:8443/t/path-token?key=query-token"
    first, _ = set_webhook(engagement, url=address, from_start=False, actor=ada)
    second, _ = set_webhook(engagement, url=f"{address}2", from_start=False, actor=ada)
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell()
    page = reverse("feedback:webhook", args=[engagement.code])
    shown = {}
    for reader in (carl, vera):
        client.force_login(reader)
        shown[reader] = client.get(page).content.decode()
    remove_webhook(engagement, actor=ada)

    events = AuditEvent.objects.filter(action__startswith="webhook.").order_by("sequence")
    assert (url_of(first), url_of(second)) == (address, f"{address}2")
    assert heard[0][0] == f"{address}2"
    assert "token" not in " ".join(f"{event.subject_label} {event.data}" for event in events)
    assert b"token" not in bytes(second.sealed_url)
    assert [event.data["url"] for event in events] == ["https://hooks.example:8443"] * 3
    assert events[0].data["digest"] != events[1].data["digest"]
    assert events[0].data["digest"] in describe(events[0])
    assert "path-token?key=query-token2" in shown[carl]
    assert "path-token" not in shown[vera]
    assert "query-token" not in shown[vera]
    assert "https://hooks.example:8443/…" in shown[vera]


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
    posted = client.post(address, {"url": URL})
    made = client.get(address)
    again = client.get(address).content.decode()
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    tell()
    later = client.get(address).content.decode()
    client.post(reverse("feedback:webhook_replay", args=[engagement.code, 1]))

    secret = secret_of(Webhook.objects.get())
    assert wrong.status_code == 422
    assert "https://host/path" in wrong.content.decode()
    assert (posted.status_code, posted.url) == (302, address)
    assert secret in made.content.decode()
    assert "no-store" in made.headers["cache-control"]
    assert secret not in again
    assert secret not in f"{dict(client.session)}"
    assert secret not in later
    assert secret.encode() not in bytes(Webhook.objects.get().sealed_secret)
    assert f"{WebhookDelivery.objects.get().event_id}" in later
    assert "Taken" in later
    assert WebhookDelivery.objects.waiting().count() == 1


def test_the_secret_is_shown_to_nobody_else_and_not_when_another_was_set_since(client, engagement, carl, ada, heard):
    address = reverse("feedback:webhook", args=[engagement.code])
    client.force_login(carl)
    client.post(address, {"url": URL})
    client.head(address)
    _, newer = set_webhook(engagement, url=URL, from_start=False, actor=ada)

    page = client.get(address).content.decode()

    assert "whsec_" not in page
    assert secret_of(Webhook.objects.get()) == newer


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
