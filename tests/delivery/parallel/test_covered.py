"""From when on the logs cover a run: a side that was handed nothing before its logs begin holds nothing back."""

import pytest

from delivery.models import ReconciliationRun
from tests.factories.traffic import BEGAN, accepted, delivered, kumo, receive, reconcile

pytestmark = pytest.mark.django_db

SPLIT = BEGAN + 12 * 3_600  # when the first share of the mail went the new way


def take_in(engagement, *, actor, early=""):
    """Half a day of Postfix alone, then both."""
    alone = "".join(accepted(number, BEGAN + number) for number in range(3))
    beside = accepted(10, SPLIT) + accepted(11, SPLIT + 60, path="new") + accepted(12, SPLIT + 900, path="new")
    receive(engagement, "journal", alone + early + beside, actor=actor)
    receive(engagement, "postfix", "".join(delivered(n, BEGAN + n + 1) for n in range(3)), actor=actor)
    receive(engagement, "postfix", delivered(10, SPLIT + 1), actor=actor, filename="later.log")
    receive(engagement, "kumomta", kumo(11, SPLIT + 61) + kumo(12, SPLIT + 901), actor=actor)


def test_a_run_covers_the_time_before_the_split_of_which_it_counts_the_mail(engagement, ramp, ada):
    take_in(engagement, actor=ada)

    run = reconcile(engagement, actor=ada)

    assert run.covered_from.timestamp() == BEGAN
    assert run.report["recipients"] == 6
    assert run.report["states"]["out of window"] == 0


def test_where_mail_went_to_a_side_before_its_logs_begin_the_run_begins_with_them(engagement, ramp, ada):
    take_in(engagement, actor=ada, early=accepted(9, BEGAN + 3_600, path="new"))

    run = reconcile(engagement, actor=ada)

    assert run.covered_from.timestamp() == SPLIT + 61
    assert run.report["states"]["out of window"] == 1
    assert ReconciliationRun.objects.count() == 1
