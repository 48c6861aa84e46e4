"""A case says which server ended a message, and in which log, where the journal says another."""

import pytest

from delivery.models import DiscrepancyCase
from tests.factories.traffic import BEGAN, kumo, receive, reconcile, take_in_small_day

pytestmark = pytest.mark.django_db


def test_a_case_names_both_servers_and_both_logs_of_what_did_not_end_where_the_journal_says(engagement, ada):
    take_in_small_day(engagement, actor=ada, lost=[7])
    new = kumo(7, BEGAN + 211) + kumo(9, BEGAN + 271)
    receive(engagement, "kumomta", new, actor=ada, filename="segment")

    reconcile(engagement, actor=ada)

    assert {case.title: case.items.get().file for case in DiscrepancyCase.objects.all()} == {
        "Cannot be told on the old side, ended on the other side": "segment (log 3), on the new side",
        "Delivered twice, once by each server": "mail.log (log 2), on the old side; delivered again on the new side, "
        "2026-11-20T00:04:31Z, in segment (log 3)",
    }
