"""What the practice advised before: sums that an independent count in SQL finds again, shown and never an input."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from discovery.domain.add_stream import add_stream
from discovery.domain.answer_selection import dispute_selection
from discovery.domain.settle_stream import StreamText
from discovery.models import Stream
from discovery.selection.method import method_on
from discovery.selection_page import selection_of
from discovery.statistics import portfolio_statistics
from engagements.domain.assign_team import assign_team
from engagements.domain.choose_target import choose_target
from pricing.domain.amend_quote import amend_quote
from pricing.domain.send_quote import draft_digest
from tests.discovery.test_selection import answer_all
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import STAY, accept_quote, advise_stay, consent, fetch, make_request, send_quote
from tests.kept import kept
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db

KUMO = {"licence_budget": "no", "open_source": "required"}


@kept
def portfolio(accepted, northlake, sam, carl, lea, ada, olga):
    """Northlake accepted, weighed and mixed; another ended in staying at intake; a third is only asked about."""
    engagement = accepted.engagement
    assign_team(engagement, lead=lea, consultants=[ada], actor=lea)
    answer_all(engagement, actor=ada)
    choose_target(engagement, target="powermta", reason="The answers say so.", actor=ada)
    add_stream(engagement, actor=ada, text=StreamText("News", route=Stream.Route.MIGRATE))
    add_stream(engagement, actor=ada, text=StreamText("Alerts", route=Stream.Route.STAY, route_reason="Small."))
    dispute_selection(engagement, variable="vendor_sla", dispute="Only wished for.", version=1, actor=carl)
    advise_stay(make_request(CustomerFactory(), actor=sam, points=STAY), actor=sam, note="One IP.")
    third = make_request(CustomerFactory(), actor=sam).engagement
    answer_all(third, actor=olga, **KUMO)
    return engagement


def counted():
    return {row.key: (row.count, row.of) for row in portfolio_statistics()}


def in_sql(query, arguments=()):
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchone()


def test_each_sum_is_what_sql_counts(portfolio):
    points = [
        (variable.key, choice.key, choice.points)
        for variable in method_on(timezone.localdate()).variables
        for choice in variable.answers
        if not choice.decides
    ]
    rows = ", ".join(["(%s, %s, %s)"] * len(points))
    whole = (
        f"WITH points(variable, choice, points) AS (VALUES {rows}), sums AS ("
        " SELECT engagement_id, sum(p.points) AS total FROM discovery_selectionanswer a JOIN points p"
        " USING (variable, choice) GROUP BY engagement_id HAVING count(*) = 7)"
        " SELECT count(*) FILTER (WHERE total >= 5), count(*) FILTER (WHERE total <= -5), count(*) FROM sums"
    )
    powermta, kumomta, of = in_sql(whole, [value for row in points for value in row])
    chosen = in_sql(
        "SELECT count(*) FILTER (WHERE target = 'powermta'), count(*) FROM engagements_engagement WHERE target <> ''"
    )
    stay = in_sql(
        "SELECT count(*) FILTER (WHERE e.phase = 'stayed'), count(*) FROM pricing_request r"
        " JOIN engagements_engagement e ON e.id = r.engagement_id WHERE r.answered_at IS NOT NULL"
    )
    refund = in_sql(
        "SELECT count(*) FILTER (WHERE e.phase = 'stayed' AND q.total > 2400), count(*) FROM pricing_quote q"
        " JOIN engagements_engagement e ON e.id = q.engagement_id WHERE q.state = 'accepted'"
    )
    hybrid = in_sql(
        "SELECT count(*) FILTER (WHERE routes = 2), count(*) FROM (SELECT count(DISTINCT route) AS routes"
        " FROM discovery_stream WHERE route <> 'undecided' GROUP BY engagement_id) marked"
    )
    disputed = in_sql("SELECT count(DISTINCT engagement_id) FROM discovery_selectionanswer WHERE dispute <> ''")

    found = counted()

    assert (
        (found["recommended_powermta"], found["recommended_kumomta"])
        == ((powermta, of), (kumomta, of))
        == (
            (1, 2),
            (1, 2),
        )
    )
    assert found["chosen_powermta"] == chosen == (1, 1)
    assert found["stay"] == stay == (1, 2)
    assert found["refund"] == refund == (0, 1)
    assert found["hybrid"] == hybrid == (1, 1)
    assert found["disputed"] == (*disputed, 2) == (1, 2)


def test_a_refund_is_one_that_discovery_ended_in(portfolio, ada):
    advise_stay(portfolio.request, actor=ada, note="Half the volume has gone.")

    assert counted()["refund"] == (1, 1)
    assert counted()["stay"] == (2, 2)


def test_an_amended_agreement_is_one_agreement(portfolio, accepted, sam, carl, ada):
    amendment = fetch(amend_quote(accepted, actor=sam, reason="More of it"))
    offered = fetch(send_quote(amendment, actor=sam, shown_digest=draft_digest(amendment)))
    accept_quote(offered, actor=carl, consent=consent(offered))
    before = counted()["refund"]

    advise_stay(portfolio.request, actor=ada, note="Half the volume has gone.")

    assert (before, counted()["refund"]) == ((0, 1), (1, 1))


def test_fewer_than_ten_cases_are_no_percentage(portfolio, sam):
    before = {row.key: row.text for row in portfolio_statistics()}
    for _ in range(8):
        advise_stay(make_request(CustomerFactory(), actor=sam, points=STAY), actor=sam, note="One IP.")

    after = {row.key: row.text for row in portfolio_statistics()}

    assert before["stay"] == "1 of 2"
    assert after["stay"] == "9 of 10 (90 %)"
    assert after["refund"] == "0 of 1"


def test_the_advice_is_the_same_whatever_was_advised_before(portfolio, carl, sam, olga):
    before = selection_of(portfolio, carl).score

    for _ in range(3):
        answer_all(make_request(CustomerFactory(), actor=sam).engagement, actor=olga, **KUMO)

    assert counted()["recommended_kumomta"] == (4, 5)
    assert selection_of(portfolio, carl).score == before


def test_it_stands_beside_the_advice_with_what_is_counted(client, portfolio, vera):
    client.force_login(vera)

    page = text_of(client.get(reverse("discovery:selection", args=[portfolio.code])))

    assert "What this practice advised before" in page
    assert "Selections answered whole whose answers lead to PowerMTA, of all answered whole." in page
    assert "1 of 2" in page


@pytest.mark.parametrize(("publishes", "shown"), [(True, True), (False, False)])
def test_the_public_page_shows_it_only_where_the_practice_publishes_it(client, portfolio, settings, publishes, shown):
    settings.CONSULTANCY = {**settings.CONSULTANCY, "publishes_statistics": publishes}

    page = text_of(client.get(reverse("method:today")))

    assert ("What this practice advised before" in page) is shown
