"""The public page: off until the owner puts a figure there, without names, and nothing of fewer than ten cases."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.errors import DomainError, Refused
from core.models import AuditEvent
from engagements.models import Engagement
from reports.domain.publish_figure import publish_figure, withdraw_figure
from reports.models import PublishedFigure
from reports.portfolio.figures import figure_of
from reports.portfolio.public import KEPT_AS, forget_public
from reports.portfolio.records import facts_of
from tests.factories.portfolio import make_portfolio
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def some(olga, lea, sam):
    return make_portfolio(60, seed=4, lead=lea, sales=sam)


def public_page(client):
    forget_public()
    return client.get(reverse("figures:public"))


def test_nothing_is_public_until_the_owner_says_so(client, some, olga):
    before = public_page(client)
    publish_figure("stayed", actor=olga)
    after = public_page(client)

    assert before.status_code == 404
    assert after.status_code == 200
    assert figure_of("stayed", facts_of(Engagement.objects.all())).text in text_of(after)
    assert "Hybrid" not in text_of(after)


def test_it_names_nobody(client, some, olga):
    for key in ("stayed", "refunded", "fell_fully", "unaccounted", "signing", "win_rate"):
        publish_figure(key, actor=olga)

    page = public_page(client).content.decode()

    assert "Rolled back in full" in page
    assert not any(part in page for engagement in some for part in (engagement.code, engagement.organization.name))


def test_what_a_customer_sees_is_the_same_and_nothing_else_is_kept_for_others(client, some, olga, otto):
    publish_figure("stayed", actor=olga)
    said = figure_of("stayed", facts_of(Engagement.objects.all())).text
    client.force_login(otto)

    of_otto = public_page(client)
    client.logout()
    of_nobody = client.get(reverse("figures:public"))

    assert said in text_of(of_otto)
    assert said in text_of(of_nobody)


def test_a_figure_of_fewer_than_ten_cases_is_not_shown(client, olga, lea, sam):
    make_portfolio(9, seed=4, lead=lea, sales=sam)
    publish_figure("stayed", actor=olga)

    page = text_of(public_page(client))

    assert "A figure stands here once it has 10 cases" in page
    assert "Requests answered with the advice to stay" not in page


def test_a_sum_of_money_needs_ten_cases_of_its_own(olga, some):
    facts = facts_of(Engagement.objects.all())

    refunded = figure_of("refunded", facts)

    assert refunded.among > 10 > refunded.count > 0
    assert not refunded.is_publishable


def test_what_is_taken_off_is_gone_and_the_ledger_tells_of_both(client, some, olga):
    publish_figure("stayed", actor=olga)
    publish_figure("stayed", actor=olga)
    withdraw_figure("stayed", actor=olga)
    withdraw_figure("stayed", actor=olga)

    told = AuditEvent.objects.filter(subject_type="reports.PublishedFigure").order_by("pk")
    assert public_page(client).status_code == 404
    assert not PublishedFigure.objects.exists()
    assert [event.action for event in told] == ["figure.published", "figure.withdrawn"]


def test_what_is_taken_off_while_the_page_is_worked_out_is_not_shown_from_what_is_kept(client, some, olga):
    for key in ("stayed", "hybrid"):
        publish_figure(key, actor=olga)
    public_page(client)
    kept = cache.get(KEPT_AS)

    withdraw_figure("hybrid", actor=olga)
    cache.set(KEPT_AS, kept)  # by a request that had read the rows before
    after_one = client.get(reverse("figures:public")).context["page"]
    withdraw_figure("stayed", actor=olga)
    cache.set(KEPT_AS, kept)

    assert [figure.key for figure in kept.figures] == ["stayed", "hybrid"]
    assert [figure.key for figure in after_one.figures] == ["stayed"]
    assert client.get(reverse("figures:public")).status_code == 404


def test_only_the_owner_decides_and_only_what_is_offered(olga, lea):
    with pytest.raises(Refused, match="you may not change the practice's settings"):
        publish_figure("stayed", actor=lea)
    with pytest.raises(DomainError, match="not among those that can be public"):
        publish_figure("spent", actor=olga)

    assert not PublishedFigure.objects.exists()


def test_the_owner_changes_it_on_the_page_and_over_the_api(client, some, olga):
    client.force_login(olga)

    client.post(reverse("portfolio:publish"), {"figure": "hybrid", "is_public": "yes"})
    on = set(PublishedFigure.objects.values_list("key", flat=True))
    listed = text_of(client.get(reverse("portfolio:published")))
    sent = {"figure": "hybrid", "is_public": False}
    off = client.post(reverse("api:portfolio:published"), sent, content_type="application/json")

    assert on == {"hybrid"}
    assert "Take off" in listed
    assert off.json() == {"figures": []}


def test_the_page_is_worked_out_once_an_hour(client, some, olga, django_assert_max_num_queries):
    publish_figure("stayed", actor=olga)
    first = public_page(client)

    with django_assert_max_num_queries(2):
        second = client.get(reverse("figures:public"))

    assert second.context["page"].at == first.context["page"].at
