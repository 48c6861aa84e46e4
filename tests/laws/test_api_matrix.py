"""Every route of the API, tried by everybody. A new route needs a row in `routes.py`."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.problems import KINDS, MEDIA_TYPE
from tests.laws.acts import ACTS
from tests.laws.pages import PEOPLE
from tests.laws.routes import ROUTES, SENT
from tests.laws.same_acts import BROWSER_ONLY, BY, DOES_THE_SAME, WITH_ROUTES
from tests.laws.world import named_urls

WORDS = dict(named_urls())
METHODS = ("get", "post", "put", "patch", "delete")
NOT_UNDERSTOOD = 405
REFUSED = 400

everybody = pytest.mark.parametrize("person", PEOPLE)


@pytest.fixture
def ask(world, request):
    """Ask a route as a person, the first time this minute, and forget what it did. Returns the answer."""

    def ask(person, name, method):
        cache.clear()
        client = Client(raise_request_exception=False)
        url = reverse(name, kwargs=world.arguments_for(name, WORDS[name]))
        with transaction.atomic():
            if person != "nobody":
                client.force_login(User.objects.get(pk=request.getfixturevalue(person).pk))
            answer = getattr(client, method)(url, **body_of(name, method))
            transaction.set_rollback(True)
        return answer

    return ask


def body_of(name, method):
    sent = SENT.get(name, {"nothing": "known"})
    if method == "get":
        return {}
    if any(isinstance(value, bytes) for value in sent.values()):
        return {"data": {key: file_of(value) for key, value in sent.items()}} if method == "post" else {}
    return {"data": sent, "content_type": "application/json"}


def file_of(value):
    return SimpleUploadedFile("main.cf", value) if isinstance(value, bytes) else value


def differences(expected, found):
    return {route: (status, found[route]) for route, status in expected.items() if found[route] != status}


@everybody
@pytest.mark.django_db
def test_every_route_answers_each_person_as_the_table_says(ask, person, otto, ugo):
    column = PEOPLE.index(person)
    expected = {route: row[column] for route, row in ROUTES.items()}

    found = {route: ask(person, *route).status_code for route in ROUTES}

    assert differences(expected, found) == {}


@everybody
@pytest.mark.django_db
def test_every_refusal_is_a_problem_with_sentences(ask, person, otto, ugo):
    answers = {route: ask(person, *route) for route in ROUTES}

    refusals = {route: answer for route, answer in answers.items() if answer.status_code >= REFUSED}
    wrong = [
        route
        for route, answer in refusals.items()
        if answer["Content-Type"] != MEDIA_TYPE
        or answer.json()["status"] != answer.status_code
        or not all(reason.endswith(".") for reason in answer.json()["reasons"])
        or not answer.json()["reasons"]
    ]

    assert wrong == []
    assert {answer.status_code for answer in refusals.values()} <= KINDS.keys()


@pytest.mark.django_db
def test_a_member_is_refused_with_the_reason_the_page_gives(ask):
    refused = {route: ask("vera", *route) for route, row in ROUTES.items() if row[PEOPLE.index("vera")] == 403}

    said = {route: answer.json()["detail"].lower() for route, answer in refused.items()}
    silent = [route for route, words in said.items() if "you may not" not in words and "you do not belong" not in words]

    assert refused
    assert silent == []


@pytest.mark.django_db
def test_every_method_that_is_understood_has_a_row(ask, olga):
    names = {name for name, _ in ROUTES}

    understood = {
        (name, method)
        for name in names
        for method in METHODS
        if ask("olga", name, method).status_code != NOT_UNDERSTOOD
    }

    assert understood == ROUTES.keys()


def test_every_page_that_acts_has_a_route_that_does_the_same_or_says_why_not():
    acting = {name for name in ACTS if name.partition(":")[0] in WITH_ROUTES}

    assert acting == DOES_THE_SAME.keys() | BROWSER_ONLY.keys()
    assert DOES_THE_SAME.keys() & BROWSER_ONLY.keys() == set()
    assert all(why.endswith(".") for why in BROWSER_ONLY.values())
    assert {(route, BY.get(page, "post")) for page, route in DOES_THE_SAME.items()} <= ROUTES.keys()


@pytest.mark.parametrize("page", DOES_THE_SAME)
def test_a_page_and_its_route_open_to_the_same_people(page):
    shut = {401, 403, 404}

    of_the_page = [status if status in shut else "in" for status in ACTS[page][1:]]
    of_the_route = [
        status if status in shut else "in" for status in ROUTES[DOES_THE_SAME[page], BY.get(page, "post")][1:]
    ]

    assert of_the_route == of_the_page
