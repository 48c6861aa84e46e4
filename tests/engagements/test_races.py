"""Two people at once, on two real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from core.errors import Conflict
from core.models import AuditEvent
from engagements.domain.perform import perform
from engagements.models import SignOff
from tests.engagements.journey import begin, gate_of, put_up, sign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("open_gates")]


def at_once(*acts):
    """Run the acts on threads of their own, started together; returns what each gave or raised."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            return act()
        except Conflict as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_moves_at_once_one_wins_and_the_other_is_told_who(engagement, carl):
    def move():
        return perform("start_discovery", engagement=engagement, actor=carl)

    results = at_once(move, move)

    refused = [result for result in results if isinstance(result, Conflict)]
    assert len(refused) == 1
    assert "Carl Brandt moved this on" in str(refused[0])
    assert AuditEvent.objects.filter(action="engagement.moved").count() == 1


def test_a_double_click_signs_once(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)

    results = at_once(lambda: sign(document, signer=carl), lambda: sign(document, signer=carl))

    assert results[0].pk == results[1].pk
    assert SignOff.objects.count() == 1
    assert AuditEvent.objects.filter(action="document.signed").count() == 1
    assert gate_of(engagement, 1).state == "signed"
