"""An organization's systems are told of what was done in its engagements: of nothing that was rolled back, of no more
than whoever set it may read, and at least once.
"""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import resolve
from django.utils import timezone

from accounts.permissions import ROLE_PERMISSIONS, Permission
from core.audit import known_actions, record
from core.errors import Conflict
from core.jobs import run_job
from core.models import AuditEvent, Job
from core.webhooks.posting import Answer, load_plan, signed_headers
from engagements.domain.perform import perform
from engagements.domain.replay_endpoint import ping_endpoint
from engagements.domain.set_endpoint import remove_endpoint, set_endpoint
from engagements.domain.tell_endpoints import tell_endpoints
from engagements.models import Endpoint, EndpointDelivery, Engagement, TellingMark
from engagements.webhooks.book import actions_told, event_kinds, kind_of, kinds_for, rules
from engagements.webhooks.payload import data_of
from tests.engagements.journey import begin, put_up, sign
from tests.engagements.webhooks.conftest import make_endpoint, tell, told_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def test_a_real_receiver_hears_of_a_signed_gate_and_can_check_who_says_so(engagement, carl, ada, sam, listening):
    endpoint, secret = make_endpoint(engagement.organization, carl, url=listening.url)
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    sign(document, signer=carl)

    tell()
    tell()

    bodies = [json.loads(body) for _, _, body in listening.heard]
    signed = next(body for body in bodies if body["type"] == "gate.signed")
    _, headers, raw = listening.heard[0]
    again = signed_headers(secret, event_id=headers["webhook-id"], at=int(headers["webhook-timestamp"]), body=raw)
    assert headers["webhook-signature"] == again["webhook-signature"]
    assert {"gate.submitted", "document.issued", "document.signed", "gate.signed"} <= {body["type"] for body in bodies}
    assert signed["data"]["engagement"] == engagement.code
    assert (signed["data"]["gate"], signed["data"]["after"]) == (1, "signed")
    assert signed["data"]["url"].endswith(f"/api/v1/engagements/{engagement.code}/gates/1/")
    assert len({headers["webhook-id"] for _, headers, _ in listening.heard}) == len(bodies)
    assert not EndpointDelivery.objects.filter(endpoint=endpoint).waiting().exists()


def test_a_test_goes_out_whatever_was_chosen(engagement, carl, listening):
    endpoint, _ = make_endpoint(engagement.organization, carl, url=listening.url, kinds=["quote.sent"])
    ping_endpoint(endpoint, actor=carl)

    tell()

    assert [json.loads(body)["type"] for _, _, body in listening.heard] == ["ping"]
    assert EndpointDelivery.objects.get().status == 204


def test_nothing_is_told_of_what_was_rolled_back_and_of_the_rest_once(engagement, customers, carl, ada):
    with transaction.atomic():
        begin(engagement, accepted_by=carl)
        transaction.set_rollback(True)
    tell_endpoints()
    nothing = told_to(customers)
    begin(Engagement.objects.get(pk=engagement.pk), accepted_by=carl)
    for _ in range(3):
        tell_endpoints()

    assert nothing == []
    assert told_to(customers) == ["engagement.moved"]


def test_what_happened_before_it_was_set_is_not_told(engagement, carl):
    begin(engagement, accepted_by=carl)
    endpoint, _ = make_endpoint(engagement.organization, carl)

    tell_endpoints()

    assert told_to(endpoint) == []


def test_only_what_was_chosen_is_told(engagement, carl, ada, lea):
    endpoint, _ = make_endpoint(engagement.organization, carl, kinds=["gate.submitted"])
    begin(engagement, accepted_by=carl)
    put_up(engagement, 1, consultant=ada, customer=carl)

    tell_endpoints()

    assert told_to(endpoint) == ["gate.submitted"]


def test_the_end_of_an_engagement_is_told_as_its_end(engagement, customers, lea):
    perform("cancel", engagement=engagement, actor=lea, note="Stopped with a secret reason.")

    tell_endpoints()

    delivery = EndpointDelivery.objects.get(endpoint=customers)
    assert delivery.kind == "engagement.ended"
    assert json.loads(delivery.body)["data"]["after"] == "cancelled"
    assert "secret reason" not in delivery.body
    assert str(lea) not in delivery.body


def test_another_customer_is_told_nothing_and_the_practice_of_everybody(engagement, practices, otto, carl):
    other = otto.memberships.get().organization
    theirs, _ = make_endpoint(other, otto)
    begin(engagement, accepted_by=carl)

    tell_endpoints()

    assert told_to(theirs) == []
    assert told_to(practices) == ["engagement.moved"]


def test_what_only_the_practice_reads_is_told_to_the_practice_alone(engagement, customers, practices, sam):
    with transaction.atomic():
        record("request.clock_late", subject=engagement, actor=None, due="2026-05-25", told=str(sam))

    tell_endpoints()

    assert told_to(customers) == []
    delivery = EndpointDelivery.objects.get(endpoint=practices)
    assert delivery.kind == "quote.past_due"
    assert str(sam) not in delivery.body


def test_a_customer_is_offered_what_its_signatory_reads_and_the_practice_everything(northlake, consultancy):
    offered = {kind.key for kind in kinds_for(northlake)}

    assert {kind.key for kind in kinds_for(consultancy)} == set(event_kinds())
    assert set(event_kinds()) - offered == {"quote.past_due"}
    assert Permission.VIEW_QUOTE in ROLE_PERMISSIONS["signatory"]


def test_a_later_round_goes_on_behind_the_mark_and_other_engagements_are_left_alone(engagement, customers, carl, ada):
    begin(engagement, accepted_by=carl)
    tell_endpoints()
    first = TellingMark.objects.get(engagement=engagement).sequence
    put_up(engagement, 1, consultant=ada, customer=carl)
    tell_endpoints()

    later = TellingMark.objects.get(engagement=engagement).sequence
    assert later == AuditEvent.objects.filter(chain=engagement.audit_chain).count()
    assert first < later
    assert TellingMark.objects.count() == 1
    assert len(told_to(customers)) == len(set(EndpointDelivery.objects.values_list("entry", flat=True)))


def test_a_mark_that_was_lost_tells_nothing_twice(engagement, customers, carl):
    begin(engagement, accepted_by=carl)
    tell_endpoints()
    TellingMark.objects.all().delete()

    tell_endpoints()

    assert told_to(customers) == ["engagement.moved"]


def test_without_an_endpoint_a_round_asks_the_database_once(engagement, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tell_endpoints() == 0


def test_one_job_sends_all_that_is_due_and_a_receiver_that_fails_is_asked_once_a_round(
    engagement, customers, carl, answering
):
    answering.answers = [Answer(None, "hooks.example does not answer."), Answer(204, "")]
    for _ in range(3):
        ping_endpoint(customers, actor=carl)
    tell()
    failed = [delivery.attempts for delivery in EndpointDelivery.objects.order_by("pk")]
    EndpointDelivery.objects.filter(attempts=1).update(available_at=timezone.now() + timedelta(hours=1))
    tell()

    assert Job.objects.filter(kind="post_endpoint").count() == 2
    assert failed == [1, 0, 0]
    assert [bool(delivery.sent_at) for delivery in EndpointDelivery.objects.order_by("pk")] == [False, True, True]


def test_each_attempt_has_the_same_words_and_id_and_after_the_last_it_is_given_up(
    engagement, customers, carl, answering
):
    answering.answers = [Answer(500, "password=hunter2secret")]
    ping_endpoint(customers, actor=carl)
    for _ in range(len(load_plan().retries) + 1):
        EndpointDelivery.objects.update(available_at=timezone.now())
        tell()

    delivery = EndpointDelivery.objects.get()
    assert {(body, headers["webhook-id"]) for _, body, headers in answering} == {
        (delivery.body.encode(), f"{delivery.event_id}")
    }
    assert delivery.given_up_at
    longest = timedelta(seconds=sum(load_plan().retries) * (1 + load_plan().jitter))
    assert timedelta(days=3) <= longest < timedelta(days=rules().disable_days)
    assert AuditEvent.objects.get(action="endpoint.given_up").data["said"] == "it answered 500"


def test_a_name_that_stands_for_this_machine_gets_nothing_and_the_log_says_why(engagement, carl):
    endpoint, _ = make_endpoint(engagement.organization, carl, url="https://localhost/in")
    ping_endpoint(endpoint, actor=carl)

    tell()

    delivery = EndpointDelivery.objects.get()
    assert (delivery.attempts, delivery.status, delivery.sent_at) == (1, None, None)
    assert "is no public address. Nothing was sent." in delivery.said
    assert Endpoint.objects.get().failing_since


def test_a_receiver_that_asks_for_a_pause_gets_it(engagement, customers, carl, answering):
    answering.answers = [Answer(429, "Slow down.", pause=3600)]
    ping_endpoint(customers, actor=carl)

    tell()

    assert EndpointDelivery.objects.get().available_at > timezone.now() + timedelta(minutes=55)


def test_a_job_that_comes_to_no_end_counts_as_an_attempt(engagement, customers, carl, monkeypatch):
    ping_endpoint(customers, actor=carl)
    monkeypatch.setattr("core.webhooks.sending.post", lambda *asked: 1 / 0)
    job = Job.objects.get(kind="post_endpoint")
    Job.objects.filter(pk=job.pk).update(max_attempts=1)

    run_job(job.pk)

    delivery = EndpointDelivery.objects.get()
    assert (delivery.attempts, delivery.sent_at) == (1, None)
    assert "did not work" in delivery.said


def test_one_that_was_removed_meanwhile_is_told_nothing(engagement, customers, carl, answering):
    ping_endpoint(customers, actor=carl)
    remove_endpoint(customers, actor=carl)

    tell()

    assert answering == []
    assert not Endpoint.objects.exists()
    assert not EndpointDelivery.objects.exists()


def test_every_kind_is_told_of_by_an_action_that_is_written_and_read_at_a_route_that_is_there(engagement, settings):
    addresses = {}
    for kind in event_kinds().values():
        data = dict.fromkeys(kind.fields, "1") | {name: values[0] for name, values in kind.when.items()}
        event = AuditEvent(
            action=kind.actions[0], data=data, sequence=1, subject_label="F-012 Case 3", at=timezone.now()
        )
        assert kind_of(event) == kind, kind.key
        addresses[kind.key] = resolve(data_of(kind, event, engagement)["url"].removeprefix(settings.PORTAL_URL))

    assert actions_told() <= known_actions()
    assert len(addresses) == len(event_kinds())
    assert addresses["finding.closed"].kwargs["number"] == 12


def test_an_organization_has_a_few_and_each_has_a_name_of_its_own(engagement, carl):
    for number in range(rules().at_most):
        make_endpoint(engagement.organization, carl, title=f"System {number}")

    with pytest.raises(Conflict, match="Remove one"):
        set_endpoint(
            engagement.organization, title="One more", url="https://hooks.example/", kinds=["quote.sent"],
            authenticated_at=timezone.now(), actor=carl,
        )  # fmt: skip

    assert Endpoint.objects.count() == rules().at_most
