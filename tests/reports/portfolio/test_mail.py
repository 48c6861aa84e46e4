"""The figures of a month by mail: to whoever asked, once, from the first day of the next month where they are."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Membership
from core.errors import Refused
from core.models import AuditEvent, OutboxMessage
from reports.domain.tell_portfolio import subscribe, tell_portfolio, unsubscribe
from reports.models import PortfolioSubscription
from tests.factories.portfolio import make_portfolio

pytestmark = pytest.mark.django_db

IN_NOVEMBER = datetime(2026, 11, 12, 12, tzinfo=UTC)
# Already December in UTC, still November where Lea is.
LAST_NIGHT = datetime(2026, 12, 1, 3, tzinfo=UTC)
FIRST_DAY = datetime(2026, 12, 1, 6, tzinfo=UTC)


@pytest.fixture
def subscribed(olga, lea, sam):
    make_portfolio(40, seed=4, lead=lea, sales=sam)
    with time_machine.travel(IN_NOVEMBER, tick=False):
        return subscribe(lea)


def mails():
    return OutboxMessage.objects.filter(kind="portfolio_summary")


def test_it_comes_once_from_the_first_day_of_the_next_month_on(subscribed, lea):
    counts = [tell_portfolio(now=at) for at in (IN_NOVEMBER, LAST_NIGHT, FIRST_DAY, FIRST_DAY)]

    mail = mails().get()
    assert counts == [0, 0, 1, 0]
    assert (mail.address, mail.subject, mail.is_required) == (lea.email, "Figures of November 2026", False)
    assert "- Gates signed: " in mail.text
    assert "Rolled back in full: " in mail.text
    assert "You asked for the figures of each month" in mail.text


def test_it_counts_the_engagements_of_its_reader(subscribed, lea, olga, client):
    with time_machine.travel(IN_NOVEMBER, tick=False):
        subscribe(olga)
    tell_portfolio(now=FIRST_DAY)
    client.force_login(lea)
    page = client.get(reverse("portfolio:overview"))

    of_lead, of_owner = (mails().get(address=person.email).text for person in (lea, olga))

    groups = page.context["overview"].groups
    stayed = next(figure for figure in groups["outcome"] if figure.key == "stayed")
    assert f"Advised to stay on Postfix: {stayed.text}" in of_lead
    assert f"Advised to stay on Postfix: {stayed.text}" not in of_owner


def test_who_asked_no_more_or_may_no_more_gets_none(subscribed, lea, olga):
    with time_machine.travel(IN_NOVEMBER, tick=False):
        subscribe(olga)
    unsubscribe(olga)
    Membership.objects.filter(user=lea).update(role="consultant")

    assert tell_portfolio(now=FIRST_DAY) == 0
    assert not mails().exists()


def test_nobody_is_told_before_figures_begin(olga):
    with time_machine.travel(IN_NOVEMBER, tick=False):
        subscribe(olga)

    assert tell_portfolio(now=FIRST_DAY) == 0


def test_a_consultant_may_not_ask_for_it(ada):
    with pytest.raises(Refused, match="you may not read the figures of the practice"):
        subscribe(ada)

    assert not PortfolioSubscription.objects.exists()


def test_the_switch_stands_on_the_page_and_in_the_api(client, lea):
    client.force_login(lea)

    client.post(reverse("portfolio:subscription"), {"wants": "yes"})
    client.post(reverse("portfolio:subscription"), {"wants": "yes"})
    asked = PortfolioSubscription.objects.filter(reader=lea).exists()
    off = client.post(reverse("api:portfolio:subscription"), {"wants": False}, content_type="application/json")

    told = AuditEvent.objects.filter(subject_type="reports.PortfolioSubscription").order_by("pk")
    assert asked
    assert off.status_code == 204
    assert not PortfolioSubscription.objects.exists()
    assert [event.action for event in told] == ["portfolio.subscribed", "portfolio.unsubscribed"]
