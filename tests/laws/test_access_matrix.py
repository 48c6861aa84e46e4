"""Every address of the portal, tried by everybody. A new page needs a row in `pages.py`."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.laws.account_pages import ACCOUNT_PAGES
from tests.laws.acts import ACTS, TYPED
from tests.laws.link_pages import LINK_PAGES
from tests.laws.pages import PAGES, PEOPLE
from tests.laws.routes import ROUTES
from tests.laws.world import named_urls

WORDS = dict(named_urls())
NOT_UNDERSTOOD = 405

everybody = pytest.mark.parametrize("person", PEOPLE)


@pytest.fixture(autouse=True)
def no_attempts_yet():
    """Attempts are counted in the cache; each test begins at zero."""
    cache.clear()


@pytest.fixture
def visit(world, request):
    """Ask for a page as a person and forget what it did. Returns the answer."""

    def visit(person, name, method="get"):
        client = Client(raise_request_exception=False)
        url = reverse(name, kwargs=world.arguments_for(name, WORDS[name]))
        typed = TYPED.get(name, {"nothing": "known"}) if method == "post" else {}
        with transaction.atomic():
            if person != "nobody":
                client.force_login(User.objects.get(pk=request.getfixturevalue(person).pk))
            answer = getattr(client, method)(url, typed)
            transaction.set_rollback(True)
        return answer

    return visit


def differences(expected, found):
    """Only what is not as the table says, as {name: (table, answer)}."""
    return {name: (status, found[name]) for name, status in expected.items() if found[name] != status}


@everybody
@pytest.mark.django_db
def test_every_page_answers_each_person_as_the_table_says(visit, person, otto, ugo):
    column = PEOPLE.index(person)
    expected = {name: row[column] for name, row in PAGES.items()}

    found = {name: visit(person, name).status_code for name in PAGES}

    assert differences(expected, found) == {}


@everybody
@pytest.mark.django_db
def test_every_act_answers_each_person_as_the_table_says(visit, person, otto, ugo):
    column = PEOPLE.index(person)
    expected = {name: row[column] for name, row in ACTS.items()}

    found = {name: visit(person, name, "post").status_code for name in ACTS}

    assert differences(expected, found) == {}


@pytest.mark.parametrize("person", ["nobody", "vera"])
@pytest.mark.django_db
def test_the_pages_of_an_account_answer_as_the_table_says(visit, person):
    column = ("nobody", "vera").index(person)
    expected = {name: row[column] for name, row in ACCOUNT_PAGES.items()}

    found = {name: visit(person, name).status_code for name in ACCOUNT_PAGES}

    assert differences(expected, found) == {}


@pytest.mark.django_db
def test_nobody_is_led_to_the_sign_in_page(visit):
    led = {name: visit("nobody", name) for name, row in PAGES.items() if row[0] == 302 and set(row) != {302}}

    elsewhere = {name: page.url for name, page in led.items() if not page.url.startswith(reverse("account_login"))}

    assert elsewhere == {}


@pytest.mark.django_db
def test_what_takes_a_post_has_a_row_among_the_acts(visit, olga):
    takers = {name for name in PAGES.keys() - ACTS.keys() if visit("olga", name, "post").status_code != NOT_UNDERSTOOD}

    assert takers == set()
    assert not any(NOT_UNDERSTOOD in row for row in ACTS.values())


@pytest.mark.django_db
def test_a_refusal_names_its_reason(visit):
    forbidden = {name: visit("vera", name) for name, row in PAGES.items() if row[PEOPLE.index("vera")] == 403}

    silent = [name for name, page in forbidden.items() if "you may not" not in page.content.decode().lower()]

    assert silent == []


def test_no_address_is_missing_from_the_tables_and_no_row_is_stale():
    assert set(WORDS) == PAGES.keys() | ACCOUNT_PAGES.keys() | {name for name, _ in ROUTES}
    assert PAGES.keys() & ACCOUNT_PAGES.keys() == set()


def test_every_row_has_a_column_for_everybody():
    assert {len(row) for row in (*PAGES.values(), *ACTS.values())} == {len(PEOPLE)}
    assert TYPED.keys() <= ACTS.keys()


@pytest.mark.parametrize("person", ["otto", "ugo"])
def test_a_stranger_is_never_let_in_where_a_row_is_somebody_elses(person):
    about_nobody = {"accounts:invitation", "rules:rule", "dictionary:construct", "method:version"}
    about_nobody |= {"pricing:figure", "portfolio:figure", "portfolio:figure_csv"}
    by_their_link = LINK_PAGES.keys() | {name for name in PAGES if name.startswith(("start:", "calendars:", "mail:"))}
    about_northlake = {name for name in PAGES if ":" in name and WORDS[name]} - about_nobody - by_their_link

    column = PEOPLE.index(person)
    assert {PAGES[name][column] for name in about_northlake} <= {404, 405}
    assert {ACTS[name][column] for name in about_northlake & ACTS.keys()} == {404}
    by_another_door = {"api:rules:rule", "api:dictionary:row", "api:parallel:counters"}  # the last: a proxy's own token
    by_another_door |= {"api:portfolio:figure"}
    assert {row[column] for (name, _), row in ROUTES.items() if WORDS[name] and name not in by_another_door} == {404}
