from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.domain.make_service_user import make_service_user
from accounts.models import Organization
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from engagements.models import Engagement
from pricing.calculation.facts import CustomComponents, DataPoints
from pricing.clocks import clock_of
from pricing.domain.announce_nda import practice_people
from pricing.domain.record_request import NewCustomer, change_request, record_request
from pricing.models import Request
from pricing.people import owner_or_leads
from tests.factories.pricing import CONTACT, MULTI_IP, make_request, with_clock

pytestmark = pytest.mark.django_db


def change(request, *, actor, points=MULTI_IP, shown_version=1):
    return change_request(request, actor=actor, contact=CONTACT, points=points, shown_version=shown_version)


def test_the_clock_starts_with_the_fourth_data_point_and_not_before(northlake, sam, time_machine):
    request = make_request(northlake, actor=sam, points=replace(MULTI_IP, team=None))
    started_before = request.complete_at
    time_machine.move_to(timezone.now() + timedelta(hours=3), tick=False)

    request = change(request, actor=sam)

    assert started_before is None
    assert request.complete_at == timezone.now()
    assert clock_of(with_clock(request)).due_at == timezone.now() + timedelta(hours=48)
    assert request.is_clock_running


def test_a_request_with_nothing_known_is_kept_as_it_is(northlake, sam):
    request = make_request(northlake, actor=sam, points=DataPoints())

    stored = with_clock(request)
    assert stored.points == DataPoints()
    assert (stored.known_points, clock_of(stored), stored.engagement.phase) == (0, None, "intake")


def test_what_is_known_comes_back_as_it_was_said(northlake, sam):
    request = make_request(northlake, actor=sam)

    assert Request.objects.get(pk=request.pk).points == MULTI_IP


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"peak": None}, ("volume (messages on the busiest day)",)),
        ({"tenants": None}, ("IPs and streams (tenants)",)),
        ({"components": CustomComponents(1, 1, 1, None)}, ("custom components (other programs)",)),
        ({"team": None, "month": None, "peak": None}, ("volume", "team")),
    ],
)
def test_one_unknown_number_leaves_its_data_point_open(northlake, sam, changes, missing):
    request = make_request(northlake, actor=sam, points=replace(MULTI_IP, **changes))

    assert (request.points.missing, request.complete_at) == (missing, None)


def test_a_new_customer_is_added_with_its_engagement_and_gates(sam):
    new = NewCustomer("Orrin Freight", "Europe/Madrid")

    request = record_request(new, actor=sam, contact=CONTACT, points=MULTI_IP)

    assert request.engagement.organization == Organization.objects.get(name="Orrin Freight")
    assert request.engagement.gates.count() == 5
    assert request.owner == sam


def test_a_second_request_of_the_same_customer_is_refused_by_naming_the_first(northlake, sam):
    first = make_request(northlake, actor=sam)

    with pytest.raises(Conflict, match=f"open request already: {first.engagement.code}"):
        make_request(northlake, actor=sam)

    assert Engagement.objects.count() == 1


@pytest.mark.parametrize("person", ["ada", "carl", "otto"])
def test_only_those_who_may_record_requests_do(person, northlake, sam, request):
    with pytest.raises(Refused):
        make_request(northlake, actor=request.getfixturevalue(person))

    assert not Engagement.objects.exists()


def test_a_running_clock_cannot_be_taken_back_by_forgetting(request_of_northlake, sam):
    with pytest.raises(DomainError, match="The clock runs since"):
        change(request_of_northlake, actor=sam, points=replace(MULTI_IP, ips=None))

    request_of_northlake.refresh_from_db()
    assert (request_of_northlake.ips, request_of_northlake.version) == (6, 1)


def test_a_correction_does_not_move_the_clock(request_of_northlake, sam, time_machine):
    started = request_of_northlake.complete_at
    time_machine.move_to(timezone.now() + timedelta(hours=5))

    request = change(request_of_northlake, actor=sam, points=replace(MULTI_IP, ips=7))

    assert (request.ips, request.complete_at) == (7, started)


def test_the_second_of_two_writers_is_told_who_was_first(request_of_northlake, sam, lea):
    change(request_of_northlake, actor=lea, points=replace(MULTI_IP, ips=7))

    with pytest.raises(Conflict, match="Lea Moser changed this on"):
        change(request_of_northlake, actor=sam, points=replace(MULTI_IP, ips=8))

    request_of_northlake.refresh_from_db()
    assert request_of_northlake.ips == 7


def test_every_save_is_in_the_ledger_with_its_numbers(request_of_northlake, sam):
    change(request_of_northlake, actor=sam, points=replace(MULTI_IP, ips=7))

    events = AuditEvent.objects.filter(action__startswith="request.").order_by("sequence")
    assert [event.action for event in events] == ["request.recorded", "request.complete", "request.changed"]
    assert [event.data["ips"] for event in events if "ips" in event.data] == [6, 7]


def test_the_database_refuses_a_sender_without_an_ip(request_of_northlake):
    with pytest.raises(DatabaseError), transaction.atomic():
        Request.objects.filter(pk=request_of_northlake.pk).update(ips=0)


def test_requests_are_the_practices_own(request_of_northlake, sam, carl, otto, ada):
    assert list(Request.objects.visible_to(sam)) == [request_of_northlake]
    assert not Request.objects.visible_to(carl).exists()
    assert not Request.objects.visible_to(otto).exists()
    assert not Request.objects.visible_to(ada).exists()


def test_what_a_service_user_records_belongs_to_a_person_who_reads_mail(northlake, consultancy, olga, sam):
    robot = make_service_user(consultancy, name="Robot", role="sales", actor=olga).user

    request = make_request(northlake, actor=robot)

    assert request.owner == sam
    assert AuditEvent.objects.get(action="request.recorded").actor_id == robot.pk
    assert owner_or_leads(request) == practice_people(request.engagement) == [sam]


def test_a_service_user_that_owns_one_already_is_passed_over_for_people(request_of_northlake, consultancy, olga, lea):
    robot = make_service_user(consultancy, name="Robot", role="sales", actor=olga).user

    request_of_northlake.owner = robot
    request_of_northlake.save()

    assert owner_or_leads(request_of_northlake) == [lea]
    people = practice_people(request_of_northlake.engagement)
    assert robot not in people
    assert lea in people
