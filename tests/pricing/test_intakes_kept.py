"""How long the words of a visitor are kept, and what the database lets nobody write."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent
from pricing.domain.erase_intakes import erase_intakes
from pricing.models import Intake
from tests.pricing.intake_people import VOLUME, begin, send, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


def test_what_nobody_finished_is_erased_after_its_days(client, sam, time_machine):
    forgotten = begin(client)
    kept = send(client, about={"company": "Other"})
    time_machine.move_to(timezone.now() + timedelta(days=15))
    fresh = begin(client)

    erased = erase_intakes()

    left = {token: Intake.objects.for_token(token).get() for token in (forgotten, kept, fresh)}
    assert erased == 1
    assert left[forgotten].typed == {}
    assert left[kept].typed["volume"] == VOLUME
    assert left[fresh].typed["about"]["company"] == "Fjordline Travel"
    assert client.get(url("request", forgotten)).status_code == 410
    assert "Fjordline" not in str(list(AuditEvent.objects.filter(action="intake.erased").values()))


def test_a_link_nobody_has_opens_nothing(client, sam):
    assert client.get(url("request", "A" * 32)).status_code == 404
    assert client.get(url("step", begin(client), "nowhere")).status_code == 404


def test_the_database_keeps_a_request_whole(client, sam):
    token = begin(client)
    intake = Intake.objects.for_token(token).get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(erased_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(sent_at=timezone.now())
