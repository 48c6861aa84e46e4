"""What waits for sales and the lead between a request and the first day of the team."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.decisions import decisions_for
from engagements.domain.assign_team import assign_team
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import make_request

pytestmark = pytest.mark.django_db


def waiting(person, *, start):
    return [one for one in decisions_for(person) if one.title.startswith(start)]


def test_a_running_clock_waits_for_whoever_owns_the_request_until_the_quote_is_sent(request_of_northlake, sam, lea):
    with time_machine.travel(request_of_northlake.complete_at + timedelta(hours=8), tick=False):
        running = waiting(sam, start="Send the quote")
        of_the_lead = waiting(lea, start="Send the quote")
    with time_machine.travel(request_of_northlake.complete_at + timedelta(hours=50), tick=False):
        late = waiting(sam, start="Send the quote")

    assert [(one.title, one.text) for one in running] == [
        ("Send the quote for Northlake Logistics", "The clock of the quote runs: 40 h left.")
    ]
    assert running[0].due_at == request_of_northlake.complete_at + timedelta(hours=48)
    assert running[0].url == reverse("pricing:request", args=[request_of_northlake.engagement.code])
    assert late[0].text == "The clock of the quote runs: 2 h late."
    assert of_the_lead == []


def test_a_quote_that_is_sent_waits_for_nobody_of_sales(sent, sam):
    assert waiting(sam, start="Send the quote") == []


def test_what_is_won_without_a_team_waits_for_its_seller_and_the_lead(accepted, sam, lea, ada, carl):
    before = {person: waiting(person, start="Set the team") for person in (sam, lea, ada, carl)}

    assign_team(accepted.engagement, lead=lea, consultants=[ada], actor=sam)

    assert {person: len(found) for person, found in before.items()} == {sam: 1, lea: 1, ada: 0, carl: 0}
    assert before[sam][0].url == reverse("engagements:team", args=[accepted.engagement.code])
    assert waiting(sam, start="Set the team") == waiting(lea, start="Set the team") == []


def test_the_home_of_sales_costs_the_same_for_two_requests(
    client, request_of_northlake, sam, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(sam)
    client.get(reverse("home"))
    with django_assert_max_num_queries(60) as for_one:
        client.get(reverse("home"))
    make_request(CustomerFactory(), actor=sam)

    with django_assert_num_queries(len(for_one)):
        page = client.get(reverse("home"))

    assert [len(found) for _, found in page.context["page"]] == [1, 1]
