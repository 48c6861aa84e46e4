"""Service users: accounts of programs, without password, session and mail, that never answer for anything."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.urls import reverse

from accounts.domain.end_service_user import end_service_user
from accounts.domain.give_membership import give_membership
from accounts.domain.make_service_token import revoke_service_token
from accounts.domain.make_service_user import make_service_user
from accounts.models import AccessToken, Duty, Membership, Organization, User
from accounts.permissions import Permission, people_who_may
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from core.outbox import post
from engagements.domain.assign_team import assign_team
from tests.factories.accounts import make_service_token
from tests.proof import sign_in

pytestmark = pytest.mark.django_db

ENGAGEMENTS = "/api/v1/engagements/"


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def practice_robot(consultancy, olga):
    return make_service_user(consultancy, name="Robot", role="lead", actor=olga)


def services_url(organization):
    return reverse("api:services:list", args=[organization.pk])


def test_a_signatory_makes_one_and_a_token_on_the_pages(client, carl, northlake):
    sign_in(client, carl)

    made = client.post(
        reverse("accounts:services", args=[northlake.pk]), {"name": "Ticket desk", "role": "viewer"}, follow=True
    )
    shown = client.post(made.redirect_chain[-1][0], {"name": "nightly", "scope": "read", "days": "30"})

    service = User.objects.get(is_service=True)
    assert made.redirect_chain[-1][0] == reverse("accounts:service", args=[northlake.pk, service.memberships.get().pk])
    assert service.full_name == "Ticket desk"
    assert shown.context["made"] in shown.content.decode()
    assert AccessToken.objects.get(user=service).scope == "read"


def test_the_people_page_shows_it_apart_from_people(client, vera, northlake, desk):
    client.force_login(vera)

    page = client.get(reverse("accounts:people", args=[northlake.pk]))

    assert [one.user.full_name for one in page.context["services"]] == ["Ticket desk"]
    assert desk not in page.context["members"]
    assert "service.invalid" not in page.content.decode()
    assert reverse("accounts:service", args=[northlake.pk, desk.pk]) not in page.content.decode()


def test_whoever_keeps_it_gets_from_the_people_page_to_its_tokens(client, carl, northlake, desk):
    client.force_login(carl)

    page = client.get(reverse("accounts:people", args=[northlake.pk]))

    assert reverse("accounts:service", args=[northlake.pk, desk.pk]) in page.content.decode()


def test_its_membership_cannot_be_changed_as_that_of_a_person(client, carl, northlake, desk):
    client.force_login(carl)

    page = client.get(reverse("accounts:membership", args=[northlake.pk, desk.pk]))

    assert page.status_code == 404


@pytest.mark.parametrize("person", ["vera", "ada", "sam", "lea"])
def test_nobody_else_makes_one(request, northlake, person):
    with pytest.raises(Refused, match="you may not make and end service users"):
        make_service_user(northlake, name="Robot", role="viewer", actor=request.getfixturevalue(person))

    assert not User.objects.filter(is_service=True).exists()


def test_a_lead_makes_none_for_the_practice_and_an_owner_does(consultancy, lea, olga):
    with pytest.raises(Refused):
        make_service_user(consultancy, name="Robot", role="consultant", actor=lea)

    assert make_service_user(consultancy, name="Robot", role="consultant", actor=olga).user.is_service


@pytest.mark.parametrize("role", ["signatory", "owner", "lead", "nothing"])
def test_it_has_no_role_that_answers_for_a_customer_or_of_the_other_side(northlake, carl, role):
    with pytest.raises(DomainError, match="a role that a service user can have"):
        make_service_user(northlake, name="Robot", role=role, actor=carl)


def test_a_name_is_taken_once_at_each_organization(northlake, carl, desk):
    with pytest.raises(Conflict, match="has a service user named TICKET desk already"):
        make_service_user(northlake, name="TICKET desk", role="viewer", actor=carl)


def test_it_reads_what_its_organization_sees_and_its_use_is_shown(client, carl, northlake, desk, engagement):
    _, text = make_service_token(desk, name="nightly", days=30, scope="read", actor=carl)

    seen = client.get(ENGAGEMENTS, headers=bearer(text)).json()
    client.force_login(carl)
    told = client.get(services_url(northlake)).json()

    assert [row["code"] for row in seen["results"]] == [engagement.code]
    (row,) = told["results"]
    assert (row["name"], row["role"], row["token_count"]) == ("Ticket desk", "contributor", 1)
    assert row["last_used_at"] is not None


@override_settings(STAFF_SECOND_FACTOR_REQUIRED=True)
def test_one_of_the_practice_gets_in_without_a_second_factor(client, olga, practice_robot, engagement):
    _, text = make_service_token(practice_robot, name="export", days=30, scope="read", actor=olga)

    seen = client.get(ENGAGEMENTS, headers=bearer(text))

    assert [row["code"] for row in seen.json()["results"]] == [engagement.code]


def test_a_token_of_one_scope_does_nothing_else(client, carl, desk, engagement):
    _, text = make_service_token(desk, name="nightly", days=30, scope="upload", actor=carl)

    assert client.get(ENGAGEMENTS, headers=bearer(text)).status_code == 403


def test_what_it_does_stands_in_the_ledger_under_its_name(client, carl, desk, engagement):
    _, text = make_service_token(desk, name="nightly", days=30, scope="all", actor=carl)

    answer = client.post(
        reverse("api:engagements:reference", args=[engagement.code, 1]),
        {"text": "CHG0048213"},
        content_type="application/json",
        headers=bearer(text),
    )

    assert answer.status_code == 200, answer.content
    event = AuditEvent.objects.get(actor_id=desk.user_id)
    assert event.actor_label == "Ticket desk (service user)"
    assert event.chain == engagement.audit_chain


def test_all_of_its_life_is_in_the_ledger(carl, desk):
    token, _ = make_service_token(desk, name="nightly", days=30, scope="all", actor=carl)
    revoke_service_token(desk, token, actor=carl)
    end_service_user(desk, actor=carl)

    actions = list(
        AuditEvent.objects.filter(action__startswith="service.").order_by("at").values_list("action", flat=True)
    )
    assert actions == ["service.made", "service.token_made", "service.token_revoked", "service.ended"]


def test_once_it_is_ended_nothing_gets_in_and_no_token_is_made(client, carl, northlake, desk):
    _, text = make_service_token(desk, name="nightly", days=30, scope="read", actor=carl)

    end_service_user(desk, actor=carl)
    end_service_user(desk, actor=carl)

    assert client.get(ENGAGEMENTS, headers=bearer(text)).status_code == 401
    assert not Membership.objects.services(northlake).exists()
    assert Membership.objects.filter(pk=desk.pk).exists()
    assert AuditEvent.objects.filter(action="service.ended").count() == 1
    with pytest.raises(Conflict, match="was ended meanwhile"):
        make_service_token(desk, name="again", days=30, scope="read", actor=carl)


def test_nobody_signs_in_as_it(client, desk):
    service = desk.user

    client.force_login(service)
    page = client.get(reverse("engagements:list"))
    code = client.post(reverse("account_request_login_code"), {"email": service.email})

    assert not service.has_usable_password()
    assert page.status_code == 302
    assert "login" in page["Location"]
    assert code.status_code == 302
    assert not OutboxMessage.objects.filter(address=service.email).exists()


def test_it_gets_no_mail(desk, engagement):
    with transaction.atomic():
        posted = post("question_asked", to=desk.user, subject="Hello", text="Hello", reference=engagement)

    assert posted is None
    assert not OutboxMessage.objects.filter(recipient_id=desk.user_id).exists()


@pytest.mark.parametrize("route", ["api:tokens:list", "api:calendar:link", "api:mail:kinds"])
def test_it_has_no_profile(client, carl, desk, route):
    _, text = make_service_token(desk, name="all", days=30, scope="all", actor=carl)

    refused = client.get(reverse(route), headers=bearer(text))

    assert refused.status_code == 403
    assert refused.json()["reasons"] == [
        "You may not do this: a service user has no profile. Whoever made it sees to its tokens."
    ]


@pytest.mark.parametrize("duty", [("sign_phase", 1), ("accept_quotes", None), ("order_rollback", None)])
def test_the_database_gives_it_no_duty(desk, duty):
    kind, phase = duty

    with pytest.raises(IntegrityError, match="answers for nothing by name"), transaction.atomic():
        Duty.objects.create(membership=desk, kind=kind, phase=phase)

    assert not desk.duties.exists()


def test_the_database_keeps_it_in_one_organization_and_out_of_the_roles_of_people(desk, olga):
    other = Organization.objects.create(kind="customer", name="Elsewhere")

    with pytest.raises(IntegrityError, match="belongs to one organization"), transaction.atomic():
        give_membership(desk.user, organization=other, role="viewer", actor=olga)
    with pytest.raises(IntegrityError, match="belongs to one organization"), transaction.atomic():
        Membership.objects.filter(pk=desk.pk).update(role="signatory")

    assert Membership.objects.get(user=desk.user).role == "contributor"


def test_the_database_lets_it_have_no_password_and_no_address(desk):
    for change in ({"password": "argon2$whatever"}, {"email": "desk@northlake.example"}, {"is_service": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=desk.user_id).update(**change)
    with pytest.raises(ValidationError):
        User(email="a@service.invalid", full_name="A person").full_clean()


def test_nobody_is_asked_for_anything_through_it(practice_robot, consultancy, engagement, lea):
    named = [person for permission in Permission for person in people_who_may(consultancy, permission)]

    assert practice_robot.user not in named
    with pytest.raises(DomainError, match="A person leads an engagement"):
        assign_team(engagement, lead=practice_robot.user, consultants=[], actor=lea)


def test_it_can_be_put_on_a_team_to_see_an_engagement(client, consultancy, engagement, olga, lea):
    robot = make_service_user(consultancy, name="Export", role="consultant", actor=olga)
    _, text = make_service_token(robot, name="export", days=30, scope="read", actor=olga)
    before = client.get(ENGAGEMENTS, headers=bearer(text)).json()["results"]

    assign_team(engagement, lead=lea, consultants=[robot.user], actor=lea)

    after = client.get(ENGAGEMENTS, headers=bearer(text)).json()["results"]
    assert before == []
    assert [row["code"] for row in after] == [engagement.code]
