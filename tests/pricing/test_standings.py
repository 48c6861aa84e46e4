"""Where requests stand is told of a few columns, as their whole rows would tell it."""

import pytest

from engagements.domain.perform import perform
from pricing.calculation.facts import DataPoints
from pricing.domain.pause_clock import pause_clock
from pricing.pipeline import pipeline, running_for
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import make_draft, make_request, make_sent_quote
from tests.pricing.test_pipeline import HOUR, make_aged

pytestmark = pytest.mark.django_db


def test_where_a_request_stands_is_told_of_a_few_columns_as_of_its_whole_row(sam, lea, time_machine):
    made = make_aged(sam, time_machine, Late=50, Later=49, Running=45, Calm=3, Paused=4, Held=5)
    pause_clock(made["Paused"], actor=sam, reason="We wait for your IPs.")
    perform("hold", engagement=made["Held"].engagement, actor=lea, note="Their budget is frozen.")
    make_request(CustomerFactory(name="Waiting"), actor=sam, points=DataPoints())
    make_sent_quote(CustomerFactory(name="Sent"), actor=sam)
    make_draft(CustomerFactory(name="Drafted"), actor=sam)

    found = pipeline(sam)

    rows = [row for group in found.groups for row in group.rows]
    assert [(told.request.pk, told.kind) for told in found.page] == [(row.request.pk, row.entry.kind) for row in rows]
    assert [str(row.request.engagement.organization) for row in rows] == [
        *("Late", "Later", "Running", "Calm", "Drafted", "Held", "Paused", "Waiting", "Sent"),
    ]
    assert [row.clock.left for row in rows[:7]] == [told.clock.left for told in found.page[:7]]
    assert [group.total for group in found.groups] == [2, 3, 2, 1, 1]


def test_whom_a_promise_is_due_by_is_told_what_runs_in_the_order_of_the_pipeline(sam, lea, time_machine):
    made = make_aged(sam, time_machine, Calm=3, Late=50, Paused=4)
    pause_clock(made["Paused"], actor=sam, reason="We wait for your IPs.")
    make_sent_quote(CustomerFactory(name="Sent"), actor=sam)
    make_request(CustomerFactory(name="Other"), actor=lea)

    told = running_for(sam)

    assert [(str(request.engagement.organization), clock.left) for request, clock in told] == [
        ("Late", -2 * HOUR),
        ("Calm", 45 * HOUR),
    ]
