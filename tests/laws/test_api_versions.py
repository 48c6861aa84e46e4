"""Whoever changes what others may have changed says which version they saw, and learns it from whatever they read."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from portal.api_schema import api_schema
from tests.laws.api_addresses import bare, routes
from tests.laws.routes import SENT
from tests.laws.sources import APPS, python_files
from tests.laws.test_api_matrix import WORDS
from tests.laws.test_api_views import resolved


def versioned(method, *, in_body):
    """Operations that tell a version, or whose act names one: (name of the route, what they say)."""
    by_path = {path: name for path, name, *_ in routes()}
    for path, operations in api_schema()["paths"].items():
        if (said := operations.get(method)) is None:
            continue
        told = said.get("requestBody", {}) if in_body else next(iter(said["responses"].values()))
        shapes = [resolved(one["schema"]) for one in told.get("content", {}).values()]
        if any(shape.get("properties", {}).get("version", {}).get("type") == "integer" for shape in shapes):
            yield by_path[bare(path)], said


# Their version counts words of the dictionary, which nobody edits; or names the one a draft began from.
NO_ETAG = {"api:dictionary:override", "api:discovery:finding_draft"}


# A draft is kept for its writer also when the finding has changed since, and says at which version it began.
KEPT_WHATEVER_THE_VERSION = {"api:discovery:finding_draft": 200}


@pytest.fixture
def ask_olga(world, olga):
    client = Client()
    client.force_login(User.objects.get(pk=olga.pk))

    def ask(name, method, sent=None, **headers):
        cache.clear()
        url = reverse(name, kwargs=world.arguments_for(name, WORDS[name]))
        with transaction.atomic():
            body = {"data": sent, "content_type": "application/json"} if method == "post" else {}
            answer = getattr(client, method)(url, **body, headers=headers)
            transaction.set_rollback(True)
        return answer

    return ask


@pytest.mark.django_db
def test_whatever_tells_a_version_tells_it_as_an_etag(ask_olga):
    telling = {name for name, _ in versioned("get", in_body=False)} - NO_ETAG
    answers = {name: ask_olga(name, "get") for name in telling}

    without = {name for name, answer in answers.items() if answer.get("ETag") != f'"{answer.json()["version"]}"'}

    assert without == set()
    assert len(answers) > 6


@pytest.mark.django_db
def test_an_act_on_a_version_takes_it_from_if_match_and_asks_for_one(ask_olga):
    acts = {name: {key: value for key, value in SENT.get(name, {}).items() if key != "version"} for name in NAMING}

    unnamed = {name: ask_olga(name, "post", sent).status_code for name, sent in acts.items()}
    stale = {name: ask_olga(name, "post", sent, **{"If-Match": '"77"'}).status_code for name, sent in acts.items()}

    assert {name: status for name, status in unnamed.items() if status not in {403, 428}} == {}
    assert {name: status for name, status in stale.items() if status not in {403, 409}} == KEPT_WHATEVER_THE_VERSION
    assert len(acts) > 12


def test_the_schema_names_if_match_where_an_act_takes_it():
    naming = {name: {one["name"] for one in said["parameters"]} for name, said in versioned("post", in_body=True)}

    assert [name for name, parameters in naming.items() if "If-Match" not in parameters] == []
    assert naming


def test_a_version_is_taken_out_of_what_was_checked():
    raw = [path for path in python_files(*APPS) if re.search(r"version_seen\(\w+, request\.data\b", path.read_text())]

    assert raw == []


NAMING = {name for name, _ in versioned("post", in_body=True)}
