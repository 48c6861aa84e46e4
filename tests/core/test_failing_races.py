"""A proof of an address and a mail to it at the same moment: no mail is held for good, and no report is lost."""

import threading
import time

import pytest
from django.db import transaction

from core.domain.note_failure import note_failure, note_reached
from core.models import Counter, FailingAddress, OutboxMessage
from core.outbox import deliver_one, post
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CARL = "carl@northlake.example"


@pytest.fixture
def paused():
    note_failure(CARL, said="5.1.1 unknown", is_dead=True, came_back=True)


def beside_a_proof(act):
    """`act` while the address is proved in a transaction that is not committed yet."""
    is_proved = threading.Event()

    def prove():
        with transaction.atomic():
            note_reached(CARL)
            is_proved.set()
            time.sleep(0.3)

    def meanwhile():
        is_proved.wait()
        return act()

    return at_once(prove, meanwhile)


def test_a_report_that_meets_a_proof_is_noted_after_it(paused):
    said = beside_a_proof(lambda: note_failure(CARL, said="5.2.2 full", is_dead=False, came_back=True))

    assert not [one for one in said if isinstance(one, Exception)]
    row = FailingAddress.objects.get()
    assert (row.failures, row.said, row.paused_at) == (1, "5.2.2 full", None)


def test_a_mail_that_meets_a_proof_is_sent_and_not_held(paused):
    with transaction.atomic():
        post("signed", to=CARL, subject="News", text="T", reference=Counter.objects.create(name="outbox"))

    beside_a_proof(deliver_one)

    message = OutboxMessage.objects.get()
    assert message.parked_at is None
    assert message.sent_at is not None
