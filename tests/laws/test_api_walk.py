"""The whole schema of the API, walked by everybody with what it allows.

`API_EXAMPLES=20` walks longer than a usual run: so many times the requests of one.
"""

import os
import re

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.throttling import SimpleRateThrottle
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from accounts.domain.make_token import make_token
from accounts.models import User
from portal.api_schema import api_schema
from tests.laws.api_addresses import bare, routes
from tests.laws.pages import PEOPLE

EXAMPLES = int(os.environ.get("API_EXAMPLES", "1"))

CONFIG = {
    # Who asks is ours to say; a parameter that nobody knows is left alone, as on pages.
    "generation": {"with-security-parameters": False, "allow-extra-parameters": False},
    "checks": {
        # What is well-formed may still be refused: for the state something is in, or for what a schema cannot say.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422", "428"]},
        # Filters are read leniently here and there, as on pages: what is forbidden has to be answered, not refused.
        "negative_data_rejection": {"enabled": False},
        # They ask more by themselves, outside the transaction that is forgotten; everybody is walked here anyway.
        "ignored_auth": {"enabled": False},
        "use_after_free": {"enabled": False},
        "ensure_resource_availability": {"enabled": False},
    },
}
WALKS = {GenerationMode.POSITIVE: PEOPLE}
EACH = {GenerationMode.POSITIVE: EXAMPLES}
# They belong to another customer, or are assigned to nothing.
STRANGERS = {"otto", "ugo"}


@pytest.fixture
def ask(world, request, otto, ugo, monkeypatch):
    """Send a case as a person and forget what it did. Returns what is wrong with the answer, in words."""
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_: True)
    people = {person: request.getfixturevalue(person) for person in PEOPLE if person != "nobody"}
    tokens = {
        name: make_token(User.objects.get(pk=person.pk), name="the walk", days=30)[1] for name, person in people.items()
    }
    for signal in (request_started, request_finished):  # as Django's own client of tests does
        signal.disconnect(close_old_connections)

    def ask(case, person):
        headers = {"Authorization": f"Bearer {tokens[person]}"} if person in tokens else {}
        with transaction.atomic():
            answer = case.call(app=WSGIHandler(), base_url="http://testserver", headers=headers)
            transaction.set_rollback(True)
        yield from faults_of(case, answer, headers)
        if answer.status_code < 400 and person == "nobody":
            yield f"{answer.status_code} for nobody"
        if answer.status_code < 400 and person in STRANGERS and is_told(world.engagement, answer.text):
            yield f"shown to {person}: {answer.text[:200]}"

    yield ask
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def is_told(engagement, text):
    return engagement.code in text or engagement.organization.name in text


def faults_of(case, answer, headers):
    try:
        case.validate_response(answer, headers=headers)
    except FailureGroup as group:
        for fault in group.exceptions:
            yield f"{fault.title}: {fault.message[:300]} {case.body!r:.200} -> {answer.text[:200]}"


def operations(world):
    """Every operation with the words of its address, which name what is there."""
    known = {path: (name, words) for path, name, words, _ in routes()}
    config = SchemathesisConfig.from_dict(CONFIG)
    for found in schemathesis.openapi.from_dict(api_schema(), config=config).get_all_operations():
        operation = found.ok()
        name, words = known[bare(operation.path)]
        given_words = world.arguments_for(name, words)
        said = re.findall(r"{(\w+)}", operation.path)
        yield operation, {mine: str(given_words[own]) for mine, own in zip(said, words, strict=True)}


BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", WALKS, ids=lambda mode: mode.name.lower())
def test_every_operation_answers_everybody_as_the_schema_says(mode, world, ask):
    faults, asked, without = {}, set(), set()

    def walk(case):
        asked.add(case.operation.label)
        for person in WALKS[mode]:
            for fault in ask(case, person):
                faults.setdefault(f"{case.operation.label} as {person}", fault)

    for operation, words in operations(world):
        strategy = operation.as_strategy(generation_mode=mode, **({"path_parameters": words} if words else {}))
        try:
            settings(BOUNDED, max_examples=EACH[mode])(given(strategy)(walk))()
        except Unsatisfiable:  # it forbids nothing: no body, and whatever may stand in the address is text
            without.add(operation.label)

    everything = {
        f"{method.upper()} {path}": said
        for path, methods in api_schema()["paths"].items()
        for method, said in methods.items()
    }
    assert [f"{who}: {fault}" for who, fault in faults.items()] == []
    assert asked | without == everything.keys()
    assert [label for label in without if "requestBody" in everything[label] or mode == GenerationMode.POSITIVE] == []
