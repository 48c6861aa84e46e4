"""A filter that a view forgets leaks nothing: the database itself holds back the rows of others.

Here every filter is forgotten at once, and every question for a permission is answered with yes.
"""

import pytest
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse

from accounts import permissions
from accounts.guard.book import guard_book
from accounts.models import Membership
from tests.laws.pages import PAGES
from tests.laws.routes import ROUTES
from tests.laws.world import named_urls

pytestmark = pytest.mark.django_db

WORDS = dict(named_urls())
GOT = 200
# What names the customer and what is theirs; the code of their engagement is the third.
TELLING = ("Northlake", "northlake.example")
# Samples of the code name a customer like ours; who belongs nowhere is read of people, who have no policy (guard.yaml).
WITHOUT_ROWS = {"api:schema", "api:docs", "ui_gallery", "records:former"}


def subclasses(kind):
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


@pytest.fixture
def no_filters(monkeypatch, olga):
    """Every `visible_to` gives everything, and whoever asks is taken for the owner of the practice."""
    for rows in {each for each in subclasses(models.QuerySet) if "visible_to" in vars(each)}:
        monkeypatch.setattr(rows, "visible_to", lambda rows, user: rows.all())
    owner = Membership.objects.select_related("organization").prefetch_related("duties").get(user=olga)
    monkeypatch.setattr(permissions, "membership_for", lambda user, organization: owner)


def addresses():
    """What a GET shows by who asks; what a link opens is for whoever has the link."""
    names = dict.fromkeys([*PAGES, *(name for name, method in ROUTES if method == "get")])
    by_link = (*guard_book().unguarded, "calendars:")
    return [name for name in names if not name.startswith(by_link) and name not in WITHOUT_ROWS]


@pytest.fixture
def leaking(world):
    """Names of the addresses at which somebody reads of Northlake."""

    def shown(person, name):
        cache.clear()
        client = Client(raise_request_exception=False)
        client.force_login(person)
        with transaction.atomic():
            answer = client.get(reverse(name, kwargs=world.arguments_for(name, WORDS[name])))
            content = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        told = (*TELLING, world.engagement.code)
        return answer.status_code == GOT and any(word.encode() in content for word in told)

    return lambda person: [name for name in addresses() if shown(person, name)]


@pytest.mark.parametrize("person", ["otto", "ugo"])
def test_without_any_filter_nothing_of_another_customer_is_shown(leaking, no_filters, request, person):
    reader = request.getfixturevalue(person)

    assert leaking(reader) == []


def test_it_is_the_guard_that_holds_it_back(leaking, no_filters, otto, settings):
    settings.GUARD_ROLE = ""

    leaks = leaking(otto)

    assert len(leaks) > 100
    assert {"engagements:list", "engagements:detail", "discovery:finding", "api:engagements:engagements"} <= set(leaks)


def test_without_a_filter_the_reader_still_sees_what_is_theirs(leaking, no_filters, vera):
    assert {"engagements:list", "engagements:detail", "discovery:finding"} <= set(leaking(vera))


def test_nothing_is_left_on_the_connection_for_the_next_reader(leaking, otto, world):
    leaking(otto)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, current_setting('gatepost.engagements', true)")
        assert cursor.fetchone() == (True, "")
