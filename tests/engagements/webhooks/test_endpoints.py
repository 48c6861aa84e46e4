"""Who sets a webhook proves who they are; its secret changes without a gap; one that takes nothing is switched off."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from core.record_classes import class_of
from core.webhooks.posting import Answer, signed_headers
from core.webhooks.sealed import secret_of, url_of
from engagements.domain.perform import perform
from engagements.domain.replay_endpoint import ping_endpoint, replay_delivery, replay_given_up
from engagements.domain.set_endpoint import change_endpoint, enable_endpoint, renew_secret, set_endpoint
from engagements.models import Endpoint, EndpointDelivery
from engagements.webhooks.book import rules
from tests.engagements.webhooks.conftest import make_endpoint, tell
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db
FACTS = {"title": "Tickets", "url": "https://hooks.example/t/path-token?key=query-token", "kinds": ["gate.signed"]}


def now():
    return timezone.now()


def page(name, *arguments):
    return reverse(f"webhooks:{name}", args=arguments)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"url": "http://hooks.example/"}, "https://host/path"),
        ({"title": "  "}, "Give the webhook a name"),
        ({"kinds": []}, "at least one kind"),
        ({"kinds": ["quote.past_due"]}, "is not told of quote.past_due"),
        ({"authenticated_at": None}, "Confirm who you are once more"),
    ],
)
def test_what_cannot_be_set_is_refused_with_a_sentence(northlake, carl, changed, sentence):
    with pytest.raises(DomainError, match=sentence):
        set_endpoint(northlake, actor=carl, **{**FACTS, "authenticated_at": now(), **changed})

    assert not Endpoint.objects.exists()


def test_only_who_answers_for_the_organization_sets_one(northlake, consultancy, vera, ada, sam, carl, otto):
    for person, whose in (
        (vera, northlake),
        (ada, northlake),
        (sam, consultancy),
        (carl, consultancy),
        (otto, northlake),
    ):
        with pytest.raises(Refused):
            set_endpoint(whose, actor=person, authenticated_at=now(), **FACTS)

    assert not Endpoint.objects.exists()


def test_path_query_and_secret_stand_in_no_ledger_and_no_column(northlake, carl):
    endpoint, secret = set_endpoint(northlake, actor=carl, authenticated_at=now(), **FACTS)

    event = AuditEvent.objects.get(action="endpoint.set")
    stored = bytes(endpoint.sealed_url) + bytes(endpoint.sealed_secret)
    assert url_of(endpoint) == FACTS["url"]
    assert secret_of(endpoint) == secret
    assert "token" not in f"{event.subject_label} {event.data}"
    assert b"token" not in stored
    assert secret.encode() not in stored


def test_both_secrets_sign_for_a_day_and_then_the_new_one_alone(engagement, carl, answering):
    answering.answers = [Answer(204, "")]
    endpoint, old = make_endpoint(engagement.organization, carl)
    endpoint, new = renew_secret(endpoint, authenticated_at=now(), actor=carl)
    ping_endpoint(endpoint, actor=carl)
    tell()
    Endpoint.objects.update(former_until=now() - timedelta(seconds=1))
    ping_endpoint(endpoint, actor=carl)
    tell()

    def signatures(number):
        _, body, headers = answering[number]
        asked = {"event_id": headers["webhook-id"], "at": int(headers["webhook-timestamp"]), "body": body}
        return headers["webhook-signature"], asked

    both, asked = signatures(0)
    alone, later = signatures(1)
    assert both == signed_headers(new, old, **asked)["webhook-signature"]
    assert alone == signed_headers(new, **later)["webhook-signature"]
    assert old != new


def test_one_that_takes_nothing_for_days_is_switched_off_and_who_set_it_is_told(engagement, carl, lea, answering):
    answering.answers = [Answer(None, "hooks.example does not answer.")]
    endpoint, _ = make_endpoint(engagement.organization, carl)
    ping_endpoint(endpoint, actor=carl)
    tell()
    before = Endpoint.objects.get()
    Endpoint.objects.update(failing_since=now() - timedelta(days=rules().disable_days))
    ping_endpoint(endpoint, actor=carl)
    tell()
    perform("cancel", engagement=engagement, actor=lea, note="Stopped.")
    tell()

    after, mail = Endpoint.objects.get(), OutboxMessage.objects.get(kind="webhook_disabled")
    missed = EndpointDelivery.objects.get(kind="engagement.ended")
    assert (before.is_listening, bool(before.failing_since)) == (True, True)
    assert after.disabled_because == f"It took nothing for {rules().disable_days} days."
    assert not EndpointDelivery.objects.waiting().exists()
    assert (missed.said, bool(missed.given_up_at)) == ("The webhook was switched off.", True)
    assert EndpointDelivery.objects.filter(kind="ping").first().said == "hooks.example does not answer."
    assert mail.address == carl.email
    assert after.disabled_because in mail.text
    assert page("endpoint", endpoint.organization_id, endpoint.pk) in mail.text
    assert len(answering) == 2


def test_where_who_set_it_has_left_the_others_who_may_are_told(engagement, carl, olga, northlake, answering):
    answering.answers = [Answer(410, "Gone.")]
    endpoint, _ = make_endpoint(northlake, olga)
    ping_endpoint(endpoint, actor=olga)
    Endpoint.objects.update(set_by=olga)
    olga.is_active = False
    olga.save()

    tell()

    assert Endpoint.objects.get().disabled_because.startswith("It answered with 410")
    assert [mail.address for mail in OutboxMessage.objects.filter(kind="webhook_disabled")] == [carl.email]


def test_an_answer_that_is_taken_ends_the_count_of_days(engagement, carl, answering):
    answering.answers = [Answer(500, "Oops."), Answer(204, "")]
    endpoint, _ = make_endpoint(engagement.organization, carl)
    ping_endpoint(endpoint, actor=carl)
    tell()
    Endpoint.objects.update(failing_since=now() - timedelta(days=rules().disable_days - 1))
    ping_endpoint(endpoint, actor=carl)

    tell()

    assert Endpoint.objects.get().failing_since is None
    assert Endpoint.objects.get().is_listening


def test_switched_on_again_it_is_sent_what_it_missed_under_the_same_ids(engagement, customers, carl, lea, answering):
    answering.answers = [Answer(410, "")]
    began = now()
    ping_endpoint(customers, actor=carl)
    tell()
    perform("cancel", engagement=engagement, actor=lea, note="Stopped.")
    tell()
    missed = EndpointDelivery.objects.get(kind="engagement.ended")
    with pytest.raises(Conflict, match="switched off"):
        replay_given_up(customers, since=began, actor=carl)
    enable_endpoint(customers, actor=carl)
    answering.answers = [Answer(204, "")]

    count = replay_given_up(customers, since=began, actor=carl)
    tell()

    assert count == 2
    assert [json.loads(body)["type"] for _, body, _ in answering] == ["ping", "ping", "engagement.ended"]
    assert answering[-1][2]["webhook-id"] == f"{missed.event_id}"
    with pytest.raises(Conflict, match="Nothing was given up"):
        replay_given_up(customers, since=began, actor=carl)
    with pytest.raises(Conflict, match="on already"):
        enable_endpoint(customers, actor=carl)


def test_one_that_waits_is_not_sent_again_by_hand(customers, carl):
    waiting = ping_endpoint(customers, actor=carl)

    with pytest.raises(Conflict, match="has not come to its end"):
        replay_delivery(waiting, actor=carl)


def test_what_waits_goes_to_the_address_that_was_set_since(engagement, customers, carl, answering):
    answering.answers = [Answer(204, "")]
    ping_endpoint(customers, actor=carl)
    facts = {"title": "Desk", "kinds": ["gate.signed"], "authenticated_at": now(), "actor": carl}
    change_endpoint(customers, url="https://other.example/in", version=1, **facts)
    tell()
    changed = change_endpoint(customers, url="", version=2, **facts)

    assert answering[0][0] == "https://other.example/in"
    assert (changed.title, changed.kinds, url_of(changed)) == ("Desk", ["gate.signed"], "https://other.example/in")
    digests = [event.data.get("digest") for event in AuditEvent.objects.filter(action="endpoint.changed")]
    assert [bool(digest) for digest in digests] == [True, False]


def test_the_page_sets_one_after_a_proof_and_shows_the_secret_once(client, northlake, carl):
    sent = {"title": "Tickets", "url": "https://hooks.example/in", "kinds_1": ["gate.signed"]}
    sign_in_long_ago(client, carl)
    unproved = client.post(page("list", northlake.pk), {**sent, "url": "https://hooks.example/in?key=of-the-path"})
    kept = f"{dict(client.session)}"
    client.logout()
    sign_in(client, carl)
    wrong = client.post(page("list", northlake.pk), {**sent, "url": "http://hooks.example/"})
    posted = client.post(page("list", northlake.pk), sent)
    made = client.get(posted.url)
    again = client.get(posted.url).content.decode()
    listed = client.get(page("list", northlake.pk)).content.decode()

    secret = secret_of(Endpoint.objects.get())
    assert "of-the-path" not in kept
    assert "Tickets" in kept
    assert unproved.url.startswith(reverse("account_reauthenticate"))
    assert wrong.status_code == 422
    assert "https://host/path" in wrong.content.decode()
    assert secret in made.content.decode()
    assert "no-store" in made.headers["cache-control"]
    assert secret not in again
    assert secret not in f"{dict(client.session)}"
    assert "Tickets" in listed
    assert Endpoint.objects.get().kinds == ["gate.signed"]


def test_who_saves_over_what_another_changed_sees_both_and_decides(client, customers, carl):
    whose = (customers.organization_id, customers.pk)
    sign_in(client, carl)
    shown = client.get(page("endpoint", *whose)).content.decode()
    facts = {"title": "Theirs", "kinds": ["gate.signed"], "authenticated_at": now(), "actor": carl}
    change_endpoint(customers, version=1, **facts)
    mine = {"title": "Mine", "kinds_1": ["gate.signed", "gate.submitted"], "url": "https://mine.example/in"}
    met = client.post(page("endpoint", *whose), {**mine, "version": "1"})
    unsaved = Endpoint.objects.get()
    again = client.post(page("endpoint", *whose), {**mine, "version": "2"})

    told = met.content.decode()
    assert 'name="version" value="1"' in shown
    assert met.status_code == 409
    assert f"{carl} changed Theirs" in told
    assert all(words in told for words in ("Not saved", "Not told", "https://mine.example/in", 'value="2"'))
    assert (unsaved.title, unsaved.kinds, url_of(unsaved)) == ("Theirs", ["gate.signed"], "https://hooks.example/in")
    assert again.status_code == 302
    assert (Endpoint.objects.get().title, Endpoint.objects.get().version) == ("Mine", 3)


def test_a_name_that_another_webhook_has_is_no_change_by_somebody_else(client, customers, carl):
    make_endpoint(customers.organization, carl, title="Desk")
    sign_in(client, carl)
    whose = (customers.organization_id, customers.pk)

    met = client.post(page("endpoint", *whose), {"title": "Desk", "kinds_1": ["gate.signed"], "version": "1"})

    assert met.status_code == 409
    assert "There is a webhook named Desk already" in met.content.decode()
    assert "Not saved" not in met.content.decode()


def test_a_new_secret_asks_for_a_proof_and_a_test_does_not(client, customers, carl):
    whose = (customers.organization_id, customers.pk)
    sign_in_long_ago(client, carl)
    unproved = client.post(page("secret", *whose))
    client.post(page("ping", *whose))
    old = secret_of(Endpoint.objects.get())
    client.logout()
    sign_in(client, carl)
    renewed = client.post(page("secret", *whose))
    shown = client.get(renewed.url).content.decode()

    assert unproved.url.startswith(reverse("account_reauthenticate"))
    assert EndpointDelivery.objects.get().kind == "ping"
    assert secret_of(Endpoint.objects.get()) != old
    assert secret_of(Endpoint.objects.get()) in shown


def test_the_page_says_why_it_is_off_and_switches_it_on_and_sends_what_was_given_up(client, customers, carl, answering):
    answering.answers = [Answer(410, "No more.")]
    ping_endpoint(customers, actor=carl)
    tell()
    client.force_login(carl)
    whose = (customers.organization_id, customers.pk)
    off = client.get(page("endpoint", *whose)).content.decode()
    client.post(page("enable", *whose))
    wrong = client.post(page("replay_since", *whose), {"since": "never"})
    client.post(page("replay_since", *whose), {"since": "2026-01-01T00:00"})

    assert "It answered with 410" in off
    assert "No more." in off
    assert wrong.status_code == 422
    assert EndpointDelivery.objects.waiting().count() == 1


def test_address_and_secrets_are_in_no_pack_and_the_log_is_kept_for_the_days_that_the_page_says():
    secret = class_of(Endpoint).secret["engagements.Endpoint"]

    assert secret == ["sealed_url", "sealed_secret", "sealed_former_secret"]
    assert class_of(EndpointDelivery).retention.days == 30
