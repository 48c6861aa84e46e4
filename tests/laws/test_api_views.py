"""What holds for every address of the API, also for those that are not written yet."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.api import APIView
from core.models import AuditEvent, Job, OutboxMessage
from core.repeats import HEADER, REPLAYED
from core.scopes import Scope, scope_needed
from portal.api_schema import api_schema
from tests.factories.accounts import make_token
from tests.laws.api_addresses import bare, routes
from tests.laws.pages import PEOPLE
from tests.laws.routes import ROUTES
from tests.laws.sources import over
from tests.laws.test_api_matrix import WORDS, body_of

SECRET = re.compile(r"^(.*_)?(secret|token|password)(_url)?$")
DONE = {200, 201, 202, 204}
# Acts that somebody of these gets done with what the table of routes sends.
DOERS = ("olga", "ada", "sam", "carl")


VIEWS = {path: view for path, _, _, view in routes()}


def does(route):
    """Whoever gets it done, or nobody."""
    return next((person for person in DOERS if ROUTES[route][PEOPLE.index(person)] in DONE), None)


ACTS = {name: doer for name, method in ROUTES if method == "post" and (doer := does((name, "post")))}


@over(VIEWS)
def test_every_address_is_made_of_the_house_s_own_base(path):
    assert VIEWS[path] is not None
    assert issubclass(VIEWS[path], APIView)


# What a token for one thing alone opens beside nothing: the acts, by the names of their routes.
OPENED = {
    Scope.READ: set(),
    Scope.UPLOAD: {
        "api:discovery:uploads",
        "api:discovery:volumes",
        "api:parallel:logs",
        "api:feedback:files",
    },
    Scope.REPORT: {"api:feedback:queue", "api:parallel:trigger_report"},
}
# It takes the token of a line to a proxy alone, which is for reporting by what it is.
BY_LINE = "api:parallel:counters"


def is_shut(answer):
    return answer.status_code == 403 and "with this token" in answer.json()["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize("scope", OPENED)
def test_a_token_opens_what_it_is_for_and_nothing_else(scope, world, olga):
    headers = {"Authorization": f"Bearer {make_token(olga, name='a program', days=30, scope=scope)[1]}"}
    client, open_to_it = Client(), set()

    for name, method in ROUTES:
        cache.clear()
        url = reverse(name, kwargs=world.arguments_for(name, WORDS[name]))
        with transaction.atomic():
            answer = getattr(client, method)(url, **body_of(name, method), headers=headers)
            transaction.set_rollback(True)
        open_to_it |= set() if is_shut(answer) else {(name, method)}

    reading = {(name, method) for name, method in ROUTES if method == "get" and scope == Scope.READ}
    assert open_to_it - {(BY_LINE, "post")} == reading | {(name, "post") for name in OPENED[scope]}


def test_the_schema_names_the_scope_of_every_address():
    saying = {
        (bare(path), method): {word for one in said.get("security", ()) for words in one.values() for word in words}
        for path, operations in api_schema()["paths"].items()
        for method, said in operations.items()
    }

    needed = {(path, method): {scope_needed(method.upper(), VIEWS[path].act_scope)} for path, method in saying}
    (by_line,) = {key for key, words in saying.items() if not words}
    assert VIEWS[by_line[0]].act_scope == Scope.REPORT
    assert saying == {**needed, by_line: set()}


def resolved(said):
    while reference := said.get("$ref"):
        said = api_schema()["components"]["schemas"][reference.rpartition("/")[2]]
    return said


def told_by(operation):
    """The names of what a success tells, at whatever depth."""
    waiting = [
        content["schema"]
        for status, answer in operation["responses"].items()
        if status.startswith("2")
        for content in answer.get("content", {}).values()
    ]
    while waiting:
        said = resolved(waiting.pop())
        yield from said.get("properties", {})
        waiting += [*said.get("properties", {}).values(), *said.get("allOf", ()), *filter(None, [said.get("items")])]


def test_a_view_whose_answer_shows_a_secret_says_so_and_its_answer_is_not_kept():
    posts = {bare(path): said["post"] for path, said in api_schema()["paths"].items() if "post" in said}

    telling = {path for path, said in posts.items() if any(map(SECRET.match, told_by(said)))}
    saying = {path for path in posts if VIEWS[path].shows_secret}

    assert telling == saying
    assert telling


@pytest.fixture
def send_twice(world, request):
    """Both answers, and what the second changed; all of it is forgotten again."""

    def send_twice(name):
        cache.clear()
        client = Client()
        client.force_login(User.objects.get(pk=request.getfixturevalue(ACTS[name]).pk))
        url = reverse(name, kwargs=world.arguments_for(name, WORDS[name]))
        with transaction.atomic():
            first = client.post(url, **body_of(name, "post"), headers={HEADER: "one"})
            before = AuditEvent.objects.count(), Job.objects.count(), OutboxMessage.objects.count()
            again = client.post(url, **body_of(name, "post"), headers={HEADER: "one"})
            after = AuditEvent.objects.count(), Job.objects.count(), OutboxMessage.objects.count()
            transaction.set_rollback(True)
        return first, again, before == after

    return send_twice


@pytest.mark.django_db
def test_every_act_sent_twice_under_one_key_is_done_once_and_told_the_same(send_twice):
    told = {name: send_twice(name) for name in ACTS}

    not_done = {name: first.status_code for name, (first, *_) in told.items() if first.status_code not in DONE}
    done_twice = [name for name, (*_, is_unchanged) in told.items() if not is_unchanged]
    told_otherwise = {
        name
        for name, (first, again, _) in told.items()
        if (again.status_code, again.content, again.get(REPLAYED)) != (first.status_code, shown(first), "true")
    }
    assert not_done == {}
    assert done_twice == []
    assert told_otherwise == {name for name, (first, *_) in told.items() if is_file(first) or shows_secret(first)}
    assert {told[name][1].status_code for name in told_otherwise} == {409}
    assert len(told) > 50


def is_file(answer):
    return answer.get("Content-Type", "application/json") != "application/json"


def shows_secret(answer):
    body = answer.json() if answer.content else {}
    return isinstance(body, dict) and any(map(SECRET.match, body))


def shown(answer):
    return b"" if answer.streaming else answer.content
