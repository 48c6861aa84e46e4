"""What is copied into a test is what the real doors would have written."""

import pytest
from django.db import connection

from core.audit import chain_of, record, verify_chain
from core.models import AuditEvent
from tests.kept import rows_of_this_test

twice = pytest.mark.parametrize("time", ["for real or copied", "copied"])


@twice
def test_the_history_of_a_kept_engagement_holds_and_goes_on(engagement, ada, time):
    record("engagement.opened", subject=engagement, actor=ada)

    events = AuditEvent.objects.filter(chain=chain_of(engagement))
    assert list(verify_chain(chain_of(engagement))) == []
    assert [event.sequence for event in events.order_by("sequence")] == list(range(1, len(events) + 1))


@twice
def test_a_kept_fixture_runs_for_real_after_any_other_write(kept_rows, olga, northlake, time, request):
    northlake.name = "Northlake Freight"
    northlake.save()

    ada = request.getfixturevalue("ada")

    assert not kept_rows.is_ours
    assert ada.memberships.get().organization.kind == "consultancy"
    northlake.refresh_from_db()
    assert northlake.name == "Northlake Freight"


def test_copied_rows_pass_the_constraints_of_the_tables(engagement, carl, vera, otto, ugo):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert {"engagements_engagement", "accounts_user", "core_auditevent"} <= rows_of_this_test().keys()
