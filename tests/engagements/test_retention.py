"""Rounds of retention: told first, run later, never what is under a hold or has come since."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEvent, AuditOrigin, OutboxMessage
from core.origin import Origin, acting_from
from core.outbox import post
from engagements.domain.ask_question import ask_question
from engagements.domain.run_retention import planned_at, run_round, tell_round
from engagements.domain.set_hold import lift_hold, set_hold
from engagements.models import Question, RetentionRound
from tests.laws.erased_world import cancel

pytestmark = pytest.mark.django_db

LATER = timedelta(days=731)


@pytest.fixture
def over(engagement, lea, carl):
    with acting_from(Origin(ip_address="203.0.113.9")):
        ask_question(engagement, actor=carl, text="Who runs the drill?", is_blocking=False)
    cancel(engagement, actor=lea)
    engagement.refresh_from_db()
    return engagement


def test_nothing_has_had_its_time_on_the_day_an_engagement_ends(over):
    assert planned_at(timezone.now()) == {}
    assert tell_round() is None


def test_a_round_tells_first_and_erases_some_days_later(over):
    with time_machine.travel(timezone.now() + LATER):
        told = tell_round()
        early = run_round()
        assert Question.objects.exists()
    with time_machine.travel(timezone.now() + LATER + timedelta(days=8)):
        run_round()

    assert early == 0
    assert told.planned["engagements.questions"] == 1
    assert not AuditOrigin.objects.exists()
    assert not Question.objects.exists()
    told.refresh_from_db()
    assert told.erased == told.planned
    actions = AuditEvent.objects.filter(action__startswith="retention.").values_list("action", flat=True)
    assert sorted(actions) == ["retention.ended", "retention.told"]


def test_mail_that_was_parked_and_never_sent_has_its_time_too(ada):
    parked = post("signed", to=ada, subject="A test", text="Words", reference=ada)
    OutboxMessage.objects.filter(pk=parked.pk).update(parked_at=timezone.now(), error_sentence="A restore parked it.")

    assert "core.mails" not in planned_at(timezone.now() + timedelta(days=360))
    assert planned_at(timezone.now() + timedelta(days=370))["core.mails"] == 1


def test_one_round_is_told_at_a_time(over):
    with time_machine.travel(timezone.now() + LATER):
        assert tell_round()
        assert tell_round() is None


@pytest.mark.parametrize("is_whole", [True, False])
def test_nothing_under_a_hold_is_erased_also_when_it_was_told(over, northlake, olga, is_whole):
    with time_machine.travel(timezone.now() + LATER):
        tell_round()
        hold = set_hold(northlake, engagement=None if is_whole else over, reason="A court asked.", actor=olga)
    with time_machine.travel(timezone.now() + LATER + timedelta(days=8)):
        run_round()

        assert Question.objects.exists()
        assert AuditOrigin.objects.exists()
        assert "engagements.questions" not in RetentionRound.objects.get().erased
        lift_hold(hold, reason="The court is done.", actor=olga)
        tell_round()
    with time_machine.travel(timezone.now() + LATER + timedelta(days=20)):
        run_round()
    assert not Question.objects.exists()


def test_what_came_after_the_round_was_told_waits_for_the_next(over, lea, sam, ada, carl, northlake):
    with time_machine.travel(timezone.now() + LATER - timedelta(days=3)):
        told = RetentionRound.objects.create(told_at=timezone.now(), due_at=timezone.now(), planned={})
    with time_machine.travel(timezone.now() + LATER + timedelta(days=1)):
        run_round()

    assert Question.objects.exists()
    told.refresh_from_db()
    assert told.done_at


def test_a_running_engagement_keeps_everything(engagement, carl):
    ask_question(engagement, actor=carl, text="Who runs the drill?", is_blocking=False)

    assert "engagements.questions" not in planned_at(timezone.now() + timedelta(days=4000))
