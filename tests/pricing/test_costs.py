"""The costs of an engagement: the book's assumptions, replaced one by one with a reason."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from pricing.costs import costs_for
from pricing.domain.assume_cost import Assumed, assume_cost
from tests.discovery.database import everything_in_the_database
from tests.factories.pricing import make_accepted_quote
from tests.kept import kept

pytestmark = pytest.mark.django_db

RATE = Assumed(Decimal(110), "Our own rate")


@kept
def engagement(northlake, carl, sam):
    return make_accepted_quote(northlake, actor=sam, signatory=carl).engagement


def test_a_replaced_number_changes_every_sum_that_rests_on_it_and_no_other(engagement, carl):
    before = costs_for(engagement, carl)

    row = assume_cost(engagement, key="hours_kumomta", assumed=Assumed(Decimal(500), "Two people"), actor=carl)
    after = costs_for(engagement, carl)

    assert (row.value, row.version, row.changed_by) == (Decimal(500), 1, carl)
    changed = {cost.way for old, cost in zip(before.costs, after.costs, strict=True) if old.total != cost.total}
    assert changed == {"kumomta"}
    event = AuditEvent.objects.get(action="cost.assumed")
    assert (event.data["before"], event.data["after"]) == ("200", "500.00")


@pytest.mark.parametrize(
    ("assumed", "sentence"),
    [
        (Assumed(Decimal(-1), "x"), "from 0 to 1,000"),
        (Assumed(Decimal(1001), "x"), "from 0 to 1,000"),
        (Assumed(Decimal("NaN"), "x"), "from 0 to 1,000"),
        (Assumed(Decimal(95), "  "), "where the number comes from"),
    ],
)
def test_a_number_outside_its_bounds_or_without_a_reason_is_refused(engagement, carl, assumed, sentence):
    with pytest.raises(DomainError, match=sentence):
        assume_cost(engagement, key="hour_rate", assumed=assumed, actor=carl)

    assert not engagement.cost_assumptions.exists()


def test_a_secret_in_a_reason_is_kept_nowhere(engagement, carl):
    said = Assumed(Decimal(110), "Our rate, password = Zq7x9secret")

    row = assume_cost(engagement, key="hour_rate", assumed=said, actor=carl)

    assert row.reason.startswith("Our rate, password = [hidden/")
    assert "Zq7x9secret" not in everything_in_the_database()


def test_whoever_saves_over_another_number_is_told_whose(engagement, carl, ada):
    assume_cost(engagement, key="hour_rate", assumed=RATE, actor=carl)

    with pytest.raises(Conflict, match=r"changed “An engineering hour” .* 110"):
        assume_cost(engagement, key="hour_rate", assumed=Assumed(Decimal(90), "Older offer"), actor=ada)

    assert engagement.cost_assumptions.get().value == Decimal(110)


def test_a_viewer_replaces_nothing(engagement, vera):
    with pytest.raises(Refused):
        assume_cost(engagement, key="hour_rate", assumed=RATE, actor=vera)


def test_the_fee_is_that_of_the_accepted_quote(engagement, carl):
    quote = engagement.quotes.get()
    migration = [row for cost in costs_for(engagement, carl).costs for row in cost.rows if row.head == "migration"]

    assert {row.amount.low for row in migration} == {quote.total.amount}


def test_the_page_shows_sums_formulas_and_who_replaced_what(client, engagement, carl):
    assume_cost(engagement, key="hour_rate", assumed=RATE, actor=carl)
    client.force_login(carl)

    page = client.get(reverse("pricing:costs", args=[engagement.code])).content.decode()

    assert "Costs over 5 years" in page
    assert "200 hours at USD 110" in page
    assert "Our own rate" in page


def test_the_csv_adds_up_to_the_totals(client, engagement, carl):
    client.force_login(carl)

    sheet = client.get(reverse("pricing:costs_csv", args=[engagement.code])).content.decode("utf-8-sig")

    header, *rows = csv.reader(io.StringIO(sheet))
    lows = sum(Decimal(row[3]) for row in rows if row[0] == "KumoMTA")
    assert header[3] == "low, USD"
    assert all(row[7] for row in rows)  # every amount has a source
    assert lows == next(cost.total.low for cost in costs_for(engagement, carl).costs if cost.way == "kumomta")


def test_a_conflict_keeps_what_was_typed(client, engagement, carl, ada):
    assume_cost(engagement, key="hour_rate", assumed=RATE, actor=ada)
    client.force_login(carl)

    answer = client.post(
        reverse("pricing:assumption", args=[engagement.code, "hour_rate"]),
        {"version": "0", "value": "90", "reason": "An older offer"},
    )

    assert answer.status_code == 409
    assert "An older offer" in answer.content.decode()
    assert engagement.cost_assumptions.get().value == Decimal(110)
