"""The list of engagements reads only those it shows, and tells of each what is told of all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Engagement
from reports.portfolio.records import facts_of
from reports.portfolio.tables import projects_of
from tests.factories.portfolio import make_portfolio

pytestmark = pytest.mark.django_db

SOME = 40


@pytest.fixture
def some(olga, lea, sam):
    return make_portfolio(SOME, seed=4, lead=lea, sales=sam)


def page_of(client, person, **asked):
    client.force_login(person)
    return client.get(reverse("portfolio:projects"), asked)


def told_of(projects):
    return [(row.of.code, row.of.customer, row.of.stands_at, row.gates) for row in projects]


def test_page_after_page_tells_what_is_told_of_all(client, some, olga):
    pages = [page_of(client, olga, page=number).context["projects"] for number in (1, 2)]

    told = [row for page in pages for row in told_of(page)]
    assert told == told_of(projects_of(facts_of(Engagement.objects.all())))
    assert [len(page) for page in pages] == [25, SOME - 25]


def test_one_phase_is_listed_in_the_order_of_all(client, some, olga):
    everything = projects_of(facts_of(Engagement.objects.all()))
    phase = everything[0].of.phase

    told = page_of(client, olga, phase=phase).context["projects"]

    alike = told_of(row for row in everything if row.of.phase == phase)
    assert told_of(told) == alike[:25]
    assert 0 < len(alike) < SOME


def test_a_phase_that_does_not_exist_has_nobody_and_is_no_fault(client, some, olga):
    pages = [page_of(client, olga, phase=phase) for phase in ("happiness", "\0")]

    assert [page.status_code for page in pages] == [200, 200]
    assert [page.context["page"].paginator.count for page in pages] == [0, 0]


def test_the_list_asks_the_same_queries_for_three_and_for_many(client, olga, lea, sam):
    make_portfolio(3, seed=9, lead=lea, sales=sam)
    few = queries_of(client, olga)
    make_portfolio(SOME, seed=9, lead=lea, sales=sam, first=4)

    assert queries_of(client, olga) == few


def queries_of(client, person):
    page_of(client, person)
    with CaptureQueriesContext(connection) as asked:
        assert page_of(client, person).context["projects"]
    return len(asked)
