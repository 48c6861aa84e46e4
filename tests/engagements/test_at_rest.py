"""What may not happen while an engagement is held, after its end, or from another time zone."""

import zoneinfo
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.domain.give_membership import give_membership
from accounts.models import Membership
from core.errors import Conflict, DomainError, GateClosed, Refused
from engagements import gates
from engagements.decisions import decisions_for
from engagements.domain.announce import team_of
from engagements.domain.ask_question import ask_question, resolve_question
from engagements.domain.choose_target import choose_target
from engagements.domain.complete_task import reopen_task
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.make_schedule import make_schedule
from engagements.domain.mark_stale import mark_stale
from engagements.domain.override_check import override_check
from engagements.domain.perform import perform
from engagements.domain.request_changes import request_changes
from engagements.domain.submit_gate import submit_gate
from engagements.models import Engagement, Gate, SignOff, StaleMark
from engagements.overview import phases_of
from engagements.schedule import PlannedPhase
from tests.engagements.journey import begin, do_tasks, gate_of, put_up, sign
from tests.factories.accounts import UserFactory, end_membership
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def submitted(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def test_nobody_signs_while_the_engagement_is_held_and_afterwards_the_phase_ends(submitted, engagement, carl, lea):
    perform("hold", engagement=engagement, actor=lea, note="Peak season")

    with pytest.raises(Conflict, match="on hold"):
        sign(submitted, signer=carl)
    assert not SignOff.objects.exists()
    assert decisions_for(carl) == []

    perform("resume", engagement=engagement, actor=lea)
    sign(submitted, signer=carl)
    engagement.refresh_from_db()
    assert engagement.phase == "install"


def test_nobody_signs_on_a_cancelled_engagement(submitted, engagement, carl, lea):
    perform("cancel", engagement=engagement, actor=lea, note="Budget gone")

    with pytest.raises(Conflict, match="its records stay as they are"):
        sign(submitted, signer=carl)
    with pytest.raises(Conflict, match="its records stay as they are"):
        request_changes(submitted, actor=carl, reason="Too late")

    assert gate_of(engagement, 1).state == "submitted"


def test_what_was_signed_stays_signed_after_the_end(submitted, engagement, carl, ada, lea, facts):
    sign(submitted, signer=carl)
    task = gate_of(engagement, 1).tasks.first()
    perform("cancel", engagement=engagement, actor=lea, note="Budget gone")
    facts["parameters"] = 99

    for act in (
        lambda: reopen_task(task, actor=carl),
        lambda: choose_target(engagement, target="kumomta", reason="Late idea", actor=ada),
        lambda: freeze_document(gate_of(engagement, 1), prepare_document(gate_of(engagement, 1)), actor=ada),
        lambda: override_check(gate_of(engagement, 1), key="always", reason="Late idea", actor=lea),
    ):
        with pytest.raises(Conflict, match="its records stay as they are"):
            act()

    assert gate_of(engagement, 1).state == "signed"
    assert not StaleMark.objects.exists()


def test_an_override_holds_for_what_the_check_said_and_no_further(engagement, carl, ada, lea):
    said = ["One small thing."]
    gates.check(1, key="moody", title="Says what it likes")(lambda _: list(said))
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    override_check(gate_of(engagement, 1), key="moody", reason="Known and small.", actor=lea)
    gate = gate_of(engagement, 1)
    freeze_document(gate, prepare_document(gate), actor=ada)
    said[:] = ["One small thing.", "A large thing."]

    with pytest.raises(GateClosed, match="A large thing"):
        submit_gate(gate_of(engagement, 1), actor=ada)

    override_check(gate_of(engagement, 1), key="moody", reason="Known as well.", actor=lea)
    submit_gate(gate_of(engagement, 1), actor=ada)
    assert gate_of(engagement, 1).state == "submitted"


def test_a_check_that_is_never_overridden_says_so(engagement, carl, lea):
    gates.check(1, key="firm", title="Never below its minimum", can_override=False)(lambda _: ["Too short."])
    begin(engagement, accepted_by=carl)

    with pytest.raises(DomainError, match="cannot be overridden"):
        override_check(gate_of(engagement, 1), key="firm", reason="In a hurry", actor=lea)


@contextmanager
def reading_in(zone, *, hour):
    moment = datetime(2026, 5, 4, hour, 0, tzinfo=UTC)
    with time_machine.travel(moment, tick=False), timezone.override(zoneinfo.ZoneInfo(zone)):
        yield


def test_dates_are_the_customers_wherever_the_reader_sits_and_an_end_goes_while_the_phase_is_open_again(
    engagement, northlake, carl, ada, sam, facts
):
    phases = [PlannedPhase(number, date(2026, 5, 4), date(2026, 5, 24)) for number in (1, 2)]
    make_schedule(engagement, phases=phases, actor=sam)
    with reading_in("Asia/Tokyo", hour=16):
        begin(engagement, accepted_by=carl)
    with reading_in("America/Los_Angeles", hour=20):
        sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    first = engagement.schedule.get(number=1)
    with timezone.override(zoneinfo.ZoneInfo("Asia/Tokyo")):
        rail = phases_of(engagement, ada, list(engagement.gates.all()))[0].status.label
    facts["parameters"] = 43
    with reading_in("Asia/Tokyo", hour=22):
        mark_stale(engagement, actor=ada)
    opened = engagement.schedule.get(number=1)
    with time_machine.travel(datetime(2026, 5, 9, 20, 0, tzinfo=UTC), tick=False):
        sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert (first.actual_start, first.actual_end) == (date(2026, 5, 4), date(2026, 5, 4))
    assert rail == "Signed Mon 4 May 2026"
    assert (opened.actual_start, opened.actual_end) == (date(2026, 5, 4), None)
    assert engagement.schedule.get(number=1).actual_end == date(2026, 5, 9)


def test_whoever_has_left_the_practice_is_on_no_team(engagement, lea, ada, olga):
    end_membership(Membership.objects.get(user=ada), actor=olga)

    assert team_of(engagement) == [lea]


def test_a_document_put_up_again_waits_only_for_those_who_still_sign(engagement, carl, ada, northlake, olga):
    second = UserFactory(full_name="Bea Roth")
    give_membership(second, organization=northlake, role="finance", duties=[("sign_phase", 1)], actor=olga)
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    request_changes(document, actor=carl, reason="Name the window.")
    give_membership(second, organization=northlake, role="viewer", actor=olga)

    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert gate_of(engagement, 1).state == "signed"


def test_a_blocking_question_is_closed_by_its_asker_or_a_lead_only(engagement, carl, vera, ada, lea):
    question = ask_question(engagement, actor=carl, text="Who keeps the keys?", is_blocking=True)

    for person in (vera, ada):
        with pytest.raises(Refused, match="who asked it, or the lead"):
            resolve_question(question, actor=person)
    resolve_question(question, actor=lea)

    question.refresh_from_db()
    assert question.resolved_by == lea


@pytest.mark.parametrize(("model", "facts"), [(Engagement, {"phase": "install"}), (Gate, {"state": "signed"})])
def test_the_database_lets_nothing_begin_in_the_middle(engagement, model, facts):
    row = model.objects.first() if model is Engagement else engagement.gates.first()
    row.pk = None
    values = {"code": "E-0000-0001"} if model is Engagement else {"number": 1}
    for field, value in (facts | values).items():
        row.__dict__[field] = value

    with pytest.raises(DatabaseError, match="begins"), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_keeps_the_phase_that_was_held(engagement, carl, lea):
    begin(engagement, accepted_by=carl)
    perform("hold", engagement=engagement, actor=lea, note="Peak season")

    with pytest.raises(DatabaseError, match="does not change while it is held"), transaction.atomic():
        Engagement.objects.filter(pk=engagement.pk).update(phase_before_hold="cutover")
