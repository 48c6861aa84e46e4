"""Between a round that tells and an endpoint that is set nothing falls."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from engagements.domain import tell_endpoints as telling
from engagements.webhooks.turns import wait_to_set, wait_to_tell
from tests.engagements.journey import begin
from tests.engagements.webhooks.conftest import make_endpoint, told_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def test_one_that_is_set_while_a_round_is_under_way_is_told_what_follows(engagement, customers, carl, monkeypatch):
    late, found = [], telling._untold

    def meanwhile(endpoints):
        late.append(make_endpoint(engagement.organization, carl, title="Late")[0])
        begin(engagement, accepted_by=carl)
        return found(endpoints)

    monkeypatch.setattr(telling, "_untold", meanwhile)
    telling.tell_endpoints()

    assert told_to(customers) == told_to(late[0]) == ["engagement.moved"]


@pytest.mark.django_db(transaction=True)
def test_who_tells_waits_for_who_sets_and_the_other_way_round():
    def is_free(take):
        def tried():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                try:
                    take()
                except OperationalError:
                    return False
            return True

        with ThreadPoolExecutor(1) as other:
            return other.submit(lambda: (tried(), connection.close())[0]).result()

    with transaction.atomic():
        wait_to_tell()
        while_told = is_free(wait_to_tell), is_free(wait_to_set)
    with transaction.atomic():
        wait_to_set()
        while_set = is_free(wait_to_tell)

    assert (while_told, while_set, is_free(wait_to_set)) == ((True, False), False, True)
