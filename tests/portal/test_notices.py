"""Training comes with its calendar entry; a review that is due is told once a revision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import OutboxMessage
from reports.domain.plan_training import cancel_training
from reports.domain.tell_reviews import tell_reviews
from reports.models import RunbookRevision
from tests.core.test_calendar_entry import values
from tests.factories.training import plan_session

pytestmark = pytest.mark.django_db


def mails(kind):
    return {mail.address: mail for mail in OutboxMessage.objects.filter(kind=kind)}


def entry_in(mail):
    return values(bytes(mail.attachments.get().content))


def test_a_planned_session_invites_trainer_and_whoever_answers_for_phase_5(world, ada, carl, vera, otto):
    OutboxMessage.objects.all().delete()

    session = plan_session(world.engagement, actor=ada, hours=48)

    sent = mails("training_planned")
    assert sent.keys() >= {ada.email, carl.email}
    assert not {vera.email, otto.email} & sent.keys()
    rows = entry_in(sent[carl.email])
    assert (rows["METHOD"], rows["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert rows["DTSTART"] == f"{session.starts_at:%Y%m%dT%H%M%SZ}"
    assert rows["UID"].startswith(f"training-{world.engagement.code}-{session.number}@")


def test_a_session_that_has_begun_invites_nobody(world, ada):
    OutboxMessage.objects.all().delete()

    plan_session(world.engagement, actor=ada, hours=-1)

    assert mails("training_planned") == {}


def test_a_cancelled_session_is_withdrawn_from_the_calendars_that_took_it(world, ada, carl):
    session = plan_session(world.engagement, actor=ada, hours=48)
    planned = entry_in(mails("training_planned")[carl.email])

    cancel_training(session, reason="The trainer is ill.", actor=ada)

    mail = mails("training_cancelled")[carl.email]
    rows = entry_in(mail)
    assert (rows["METHOD"], rows["STATUS"], rows["UID"]) == ("CANCEL", "CANCELLED", planned["UID"])
    assert int(rows["SEQUENCE"]) > int(planned["SEQUENCE"])
    assert "The trainer is ill." in mail.text


def due(engagement):
    """The moment at which the review of every runbook is due."""
    latest = RunbookRevision.objects.filter(engagement=engagement).order_by("-review_on").first().review_on
    return timezone.now() + (latest - timezone.now().date()) + timedelta(days=1)


def test_a_due_review_is_told_once_to_whoever_approves(world, lea, carl, vera, otto):
    now = due(world.engagement)

    first = tell_reviews(now=now)
    again = tell_reviews(now=now + timedelta(hours=1))

    told = OutboxMessage.objects.filter(kind="runbook_review")
    assert (first, again) == (told.count(), 0)
    assert {lea.email, carl.email} <= set(told.values_list("address", flat=True))
    assert not {vera.email, otto.email} & set(told.values_list("address", flat=True))
    revisions = RunbookRevision.objects.filter(engagement=world.engagement).count()
    assert told.filter(address=carl.email).count() == revisions


def test_a_review_that_is_not_due_is_not_told(world):
    assert tell_reviews(now=timezone.now()) == 0
    assert mails("runbook_review") == {}


def test_no_review_is_told_of_an_engagement_that_is_over(world):
    now = due(world.engagement)
    type(world.engagement).objects.filter(pk=world.engagement.pk).update(phase="cancelled")

    assert tell_reviews(now=now) == 0
