"""An engagement of which the plan alone was bought: it has one phase, and ends with it."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.phases import phases_to_sign
from engagements.domain.make_schedule import make_schedule
from engagements.models import Engagement
from engagements.schedule import PlannedPhase
from tests.engagements.journey import begin, gate_of, put_up, sign
from tests.kept import kept
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]

PLAN = PlannedPhase(1, date(2026, 5, 4), date(2026, 5, 17))
INSTALL = PlannedPhase(2, date(2026, 5, 18), date(2026, 6, 7))


@kept
def plan_only(engagement, sam, carl):
    make_schedule(engagement, phases=[PLAN], actor=sam)
    begin(engagement, accepted_by=carl)
    return engagement


def labels(page):
    return [phase.label for phase in page.context["phases"]]


def test_the_phases_shown_are_those_that_were_bought(client, plan_only, carl):
    client.force_login(carl)

    overview = client.get(reverse("engagements:detail", args=[plan_only.code]))
    home = client.get(reverse("home"))

    assert labels(overview) == ["Discovery + plan"]
    assert "Gate to completion" in overview.content.decode()
    assert [phase.number for phase in home.context["shown"][0]["phases"]] == [1]


def test_a_phase_that_was_not_bought_has_no_page(client, plan_only, lea, carl):
    for person in (lea, carl):
        client.force_login(person)
        statuses = [
            client.get(reverse("engagements:gate", args=[plan_only.code, number])).status_code for number in (1, 2)
        ]

        assert statuses == [200, 404]


def test_duties_are_offered_for_what_was_bought_and_those_that_are_held_stay(client, plan_only, lea, carl, vera):
    client.force_login(lea)
    members = {person: person.memberships.get() for person in (carl, vera)}

    offered = {
        person: client.get(reverse("accounts:membership", args=[plan_only.organization_id, member.pk])).text
        for person, member in members.items()
    }

    assert 'value="sign_phase:1"' in offered[vera]
    assert 'value="sign_phase:2"' not in offered[vera]
    assert 'value="accept_quotes"' in offered[vera]
    assert 'value="sign_phase:5"' in offered[carl]


def test_what_can_be_given_to_sign_reaches_as_far_as_any_agreement(plan_only, sam, otto):
    alone = phases_to_sign(plan_only.organization)
    make_schedule(plan_only, phases=[PLAN, INSTALL], actor=sam)

    assert alone == [1]
    assert phases_to_sign(plan_only.organization) == [1, 2, 3, 4, 5]
    assert phases_to_sign(otto.memberships.get().organization) == [1, 2, 3, 4, 5]


def test_whoever_bought_all_phases_sees_all_five(client, engagement, sam, carl):
    make_schedule(engagement, phases=[PLAN, INSTALL], actor=sam)
    begin(engagement, accepted_by=carl)
    client.force_login(carl)

    page = client.get(reverse("engagements:detail", args=[engagement.code]))

    assert len(labels(page)) == 5
    assert "Gate to phase 2" in page.content.decode()


def test_the_page_to_sign_names_no_phase_that_was_not_bought(client, plan_only, carl, ada):
    put_up(plan_only, 1, consultant=ada, customer=carl)
    sign_in(client, carl)

    page = client.get(reverse("engagements:sign", args=[plan_only.code, 1]))

    assert "With the last signature the engagement is completed." in page.content.decode()
    assert "Install + config" not in page.content.decode()
    assert not page.context["form"].has_conditions


def test_the_signed_plan_ends_the_engagement_and_opens_no_other_gate(client, plan_only, carl, ada):
    signoff = sign(put_up(plan_only, 1, consultant=ada, customer=carl), signer=carl)
    client.force_login(carl)

    page = client.get(reverse("engagements:receipt", args=[signoff.reference]))

    plan_only.refresh_from_db()
    assert plan_only.phase == "completed"
    assert list(plan_only.gates.values_list("state", flat=True)) == ["signed", "locked", "locked", "locked", "locked"]
    assert page.context["split_percent"] == 100
    assert "Revoke this signature" not in page.content.decode()


def test_an_agreement_that_grows_brings_the_other_phases(plan_only, sam, carl, ada):
    make_schedule(plan_only, phases=[PLAN, INSTALL], actor=sam)
    sign(put_up(plan_only, 1, consultant=ada, customer=carl), signer=carl)

    plan_only.refresh_from_db()
    assert (plan_only.phase, plan_only.is_plan_only) == ("install", False)


def test_an_agreement_that_shrinks_plans_no_phase_beyond_it(engagement, sam):
    make_schedule(engagement, phases=[PLAN, INSTALL], actor=sam)
    make_schedule(engagement, phases=[PLAN], actor=sam)

    engagement.refresh_from_db()
    assert engagement.is_plan_only
    assert list(engagement.schedule.values_list("number", flat=True)) == [1]


@pytest.mark.parametrize(("is_plan_only", "phase"), [(True, "install"), (False, "completed")])
def test_the_database_ends_a_plan_with_phase_1_and_nothing_else(plan_only, carl, ada, is_plan_only, phase):
    put_up(plan_only, 1, consultant=ada, customer=carl)
    rows = Engagement.objects.filter(pk=plan_only.pk)
    rows.update(is_plan_only=is_plan_only)

    with pytest.raises(DatabaseError, match="A plan alone ends with phase 1"), transaction.atomic():
        rows.update(phase=phase)

    assert gate_of(plan_only, 1).state == "submitted"
