"""The demo is built by the functions of the portal, so whatever breaks them breaks it here first."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import Membership, Organization
from core.audit import verify_chain
from core.models import ChainHead, Job
from delivery.models import FeedbackItem, Ramp, ReconciliationRun, Rollback, StepCheck, TrafficLog, WarmUp
from delivery.ramp_state import standing_of
from delivery.warm_up_state import calendars_of
from discovery.gaps import progress_of
from discovery.models import Dossier, Finding, Gap
from engagements.content import is_current
from engagements.models import Condition, Delegation, Engagement, FrozenDocument, Gate, GateTask, SignOff, StaleMark
from portal.demo import stories
from pricing.models import Call, Intake


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """Built once for all the tests that only read it, and rolled back after them."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(IS_DEMO=True, VAR_DIR=folder), transaction.atomic():
        call_command("build_demo", verbosity=0)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def demo(built, django_db_blocker):
    with django_db_blocker.unblock():
        yield built


def test_the_demo_tells_its_five_stories(demo):
    phases = dict(Engagement.objects.values_list("organization__name", "phase"))

    assert phases == {
        "Northlake Logistics": "parallel",
        "Beltane Retail": "discovery",
        "Castell Tickets": "discovery",
        "Orrin Health": "intake",
        "Havel Print": "stayed",
        "Fjordline Travel": "intake",
        "Alvorada Books": "intake",
    }
    assert Gate.objects.filter(state="signed").count() == 2
    assert Gate.objects.get(state="submitted").engagement.organization.name == "Beltane Retail"


def test_the_website_of_the_demo_brought_two_requests_one_with_a_call_and_one_that_is_unfinished(demo):
    sent = {row.company: row.request for row in Intake.objects.exclude(request=None)}

    assert Intake.objects.unfinished().count() == 1
    assert {company: request.known_points for company, request in sent.items()} == {
        "Fjordline Travel": 4,
        "Alvorada Books": 1,
    }
    assert [call.request for call in Call.objects.to_come()] == [sent["Fjordline Travel"]]


def test_what_the_demo_signed_still_holds(demo):
    assert not StaleMark.objects.exists()
    for gate in Gate.objects.filter(state__in=["signed", "submitted"]).select_related("engagement", "current_document"):
        assert is_current(gate.current_document, gate), gate
    for signoff in SignOff.objects.select_related("document"):
        assert signoff.document_digest == signoff.document.digest


def test_one_signature_stands_on_a_condition_that_was_met_and_one_was_given_by_a_deputy(demo):
    condition, delegation = Condition.objects.get(), Delegation.objects.get()

    assert condition.task.is_done
    assert condition.task.gate.state == "signed"
    assert delegation.document.signoffs.get().signed_by == delegation.given_to


def test_one_engagement_has_mail_on_both_servers_and_every_figure_comes_of_its_logs(demo):
    ramp = Ramp.objects.get()
    runs = ReconciliationRun.objects.order_by("number")
    taken = TrafficLog.objects.values_list("kind", flat=True)

    assert (ramp.engagement.organization.name, ramp.share) == ("Northlake Logistics", 10)
    assert [run.report["states"]["missing"] for run in runs] == [0, 0, 2]
    assert [run.report["recipients"] for run in runs] == [2_400, 10_000, 18_000]
    assert len({run.covered_from for run in runs}) == 1
    assert [check.outcome for check in StepCheck.objects.filter(ramp=ramp)] == ["pass", "pass"]
    assert Counter(taken) == {"journal": 3, "postfix": 3, "powermta": 2}
    assert FeedbackItem.objects.exists()
    assert not any(run.lines[place]["not_understood"] for run in runs for place in range(len(run.lines)))


def test_its_next_step_waits_for_the_case_and_for_the_customer_alone(demo):
    standing = standing_of(Ramp.objects.get())

    assert standing.next_share == 25
    assert [reason.partition(" ")[0] for reason in standing.blockers] == ["Case", "72", "Northlake"]
    assert Rollback.objects.get().took < timedelta(minutes=5)


def test_its_new_addresses_keep_to_the_calendar_of_the_warm_up(demo):
    warm_up = WarmUp.objects.get()

    google, *_ = calendars_of(warm_up, timezone.now().date())

    assert [row.taken for row in google.rows if row.taken]
    assert not any(row.is_above for row in google.rows)


def test_where_a_task_says_that_owners_are_named_every_dossier_names_one(demo):
    done = GateTask.objects.filter(key="owners_named").exclude(done_at=None)

    named = Dossier.objects.filter(engagement__gates__tasks__in=done, gone_since=None)

    assert done.count() == 2
    assert named.count() > 10
    assert [str(dossier) for dossier in named if not dossier.known("owner")] == []


def test_who_is_past_the_plan_has_decided_and_one_customer_has_decisions_left(demo):
    targeted = Engagement.objects.exclude(target="").select_related("organization")

    progress = {one.organization.name: progress_of(one) for one in targeted}

    assert {name for name, each in progress.items() if each.waiting} == {"Castell Tickets"}
    assert progress["Castell Tickets"].decided
    assert not Gap.objects.filter(recommended="").exclude(choice="").exists()


def test_every_chain_of_the_demo_verifies(demo):
    assert [fault for chain in ChainHead.objects.values_list("chain", flat=True) for fault in verify_chain(chain)] == []
    assert not Job.objects.exclude(state="done").exists()


def test_the_demo_reads_the_sample_estates_and_hides_their_secrets(demo):
    assert Finding.objects.filter(engagement__organization__name="Northlake Logistics").count() > 25
    for document in FrozenDocument.objects.all():
        assert "not-a-real-password" not in json.dumps(document.snapshot)


def test_each_login_that_is_printed_exists_with_its_role(demo):
    logins = json.loads((demo / "demo-logins.json").read_text())

    assert {row["role"] for row in logins} == {
        "owner",
        "lead",
        "consultant",
        "sales",
        "signatory",
        "finance",
        "contributor",
        "viewer",
    }
    for row in logins:
        assert Membership.objects.filter(user__email=row["email"], role=row["role"]).exists(), row["role"]


@pytest.mark.django_db
def test_a_portal_in_use_gets_no_demo(settings, olga):
    settings.IS_DEMO = True

    with pytest.raises(CommandError, match="empty one only"):
        call_command("build_demo")

    assert Organization.objects.count() == 1


@pytest.mark.django_db
def test_outside_of_the_demo_nothing_with_public_passwords_is_built(settings):
    settings.IS_DEMO = False

    with pytest.raises(CommandError, match="passwords are public"):
        call_command("build_demo")

    assert not Organization.objects.exists()


@pytest.mark.parametrize(("is_wanted", "told"), [(True, ["signed", "delivered"]), (False, ["signed"])])
def test_mail_on_both_servers_can_be_left_out(settings, monkeypatch, is_wanted, told):
    heard = []
    monkeypatch.setattr(stories, "_sign_two_gates", lambda *_: heard.append("signed"))
    monkeypatch.setattr(stories, "deliver", lambda *_, **__: heard.append("delivered"))
    settings.DEMO_HAS_TRAFFIC = is_wanted

    stories._go_on_to_parallel(Engagement(), {}, {})

    assert heard == told
