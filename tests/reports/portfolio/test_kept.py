"""The page of a large portfolio is worked out once in a while and says when; that of a small one always."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from reports.domain.keep_portfolio import keep_portfolio
from tests.factories.portfolio import make_portfolio

pytestmark = pytest.mark.django_db

PAGE, ROUTE = "portfolio:overview", "api:portfolio:figures"
SAYS_WHEN = "Worked out "


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def large(monkeypatch, olga, lea, sam):
    """As many as a large portfolio has."""
    for module in ("reports.portfolio.kept", "reports.domain.keep_portfolio"):
        monkeypatch.setattr(f"{module}.KEPT_FROM", 4)
    make_portfolio(8, seed=9, lead=lea, sales=sam)
    return lambda: make_portfolio(2, seed=9, lead=lea, sales=sam, first=9)


def look(client, reader, name=PAGE, **asked):
    client.force_login(reader)
    return client.get(reverse(name), asked)


def test_a_large_portfolio_is_told_as_it_was_and_says_of_when(client, large, olga):
    first = look(client, olga)
    large()

    again = look(client, olga)

    assert (first.context["total"], again.context["total"]) == (8, 8)
    assert again.context["kept_at"] == first.context["kept_at"]
    assert all(SAYS_WHEN in page.content.decode() for page in (first, again))
    assert look(client, olga, "portfolio:projects").context["page"].paginator.count == 10


def test_the_api_tells_the_figures_of_the_same_moment(client, large, olga):
    look(client, olga)
    large()

    told = look(client, olga, ROUTE).json()
    cache.clear()
    anew = look(client, olga, ROUTE).json()

    assert [row["key"] for row in told] == [row["key"] for row in anew]
    assert sum(row["count"] for row in told) < sum(row["count"] for row in anew)


def test_what_is_kept_of_the_practice_is_shown_to_no_lead_and_of_no_other_period(client, large, olga, lea):
    of_all = look(client, olga)

    of_lead, of_period = look(client, lea), look(client, olga, period="2026-Q1")

    assert of_all.context["total"] == 8
    assert of_lead.context["total"] == 4
    assert of_period.context["total"] < 8


def test_the_clock_works_out_what_the_owner_reads_and_a_look_does_not(client, large, olga, lea, monkeypatch):
    first = keep_portfolio()
    large()
    with monkeypatch.context() as patched:
        patched.setattr("reports.portfolio.kept.facts_of", lambda _: pytest.fail("A look worked the figures out"))
        before = look(client, olga)

    second = keep_portfolio()

    after = look(client, olga)
    assert (first, second) == (8, 10)
    assert (before.context["total"], after.context["total"]) == (8, 10)
    assert after.context["kept_at"] > before.context["kept_at"]
    assert look(client, lea).context["total"] == 5


def test_the_clock_keeps_nothing_of_a_small_portfolio(client, olga, lea, sam):
    make_portfolio(8, seed=9, lead=lea, sales=sam)

    kept = keep_portfolio()

    make_portfolio(2, seed=9, lead=lea, sales=sam, first=9)
    assert kept == 0
    assert look(client, olga).context["total"] == 10


def test_a_small_portfolio_is_of_now(client, olga, lea, sam):
    make_portfolio(8, seed=9, lead=lea, sales=sam)
    first = look(client, olga)
    make_portfolio(2, seed=9, lead=lea, sales=sam, first=9)

    again = look(client, olga)

    assert (first.context["total"], again.context["total"]) == (8, 10)
    assert SAYS_WHEN not in again.content.decode()
