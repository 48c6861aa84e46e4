"""The whole schema of the API, walked with what it allows, and with what it forbids. Every check is on.

In a usual run an operation is asked by whoever is let in, by nobody, and by four others, each in turn.
`API_EXAMPLES=20` walks longer: so many requests of everybody. `API_SEED=7` takes other ones.
"""

import os
import re

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.throttling import SimpleRateThrottle
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from portal.api_schema import api_schema
from tests.factories.engagements import make_engagement
from tests.laws.api_addresses import bare, routes
from tests.laws.api_walkers import ALL_PEOPLE, WALKERS, gather, whoever_may

EXAMPLES = int(os.environ.get("API_EXAMPLES", "0"))
SEED = int(os.environ.get("API_SEED", "0"))
IN_TURN = 4
ORIGIN = "http://testserver"

CONFIG = {
    # Who asks is ours to say; a parameter that nobody knows is left alone, as on pages.
    "generation": {"with-security-parameters": False, "allow-extra-parameters": False},
    "checks": {
        # What is well-formed may still be refused: for the state something is in, or for what a schema cannot say.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422", "428"]},
    },
}

# In a form everything is text, so digits are one: by operation, the texts that a number was put in place of.
TEXTS_OF_FORMS = {
    "POST /api/v1/engagements/{code}/discovery/uploads/": {"host_label"},
}


@pytest.fixture
def walkers(world, request, otto, sam, lea):
    people = {person: request.getfixturevalue(person) for person in ALL_PEOPLE if person != "nobody"}
    foreign = make_engagement(otto.memberships.get().organization, sales=sam, lead=lea, title="Stores to KumoMTA")
    theirs = world.engagement
    return gather(people, northlake=theirs.organization, theirs=theirs, foreign=foreign)


@pytest.fixture
def schema(monkeypatch):
    """The schema over the portal itself, in this process and without rates."""
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_: True)
    for signal in (request_started, request_finished):  # as Django's own client of tests does
        signal.disconnect(close_old_connections)
    loaded = schemathesis.openapi.from_dict(api_schema(), config=SchemathesisConfig.from_dict(CONFIG))
    loaded.app = WSGIHandler()
    yield loaded
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Walk:
    """Sends cases and forgets what they did. What is wrong with the answers stands in `faults`, in words."""

    def __init__(self, schema, walkers):
        self.schema, self.walkers = schema, walkers
        self.faults, self.asked, self.askers, self.fetched, self._proven = {}, set(), set(), set(), set()

    def ask(self, case, person):
        self.asked.add(case.operation.label)
        self.askers.add(person)
        with transaction.atomic():
            for fault in self._faults_of(case, person):
                self.faults.setdefault(f"{case.operation.label} as {person}", fault)
            transaction.set_rollback(True)

    def _faults_of(self, case, person):
        history = ScenarioRecorder(label=person)
        answer = yield from self._judge(case, person, history, parent=None)
        if answer.status_code < 400 and person == "nobody":
            yield f"{answer.status_code} for nobody"
        if answer.status_code < 400 and self.walkers.is_shown_foreign(person, answer.content):
            yield f"shown to {person}: {answer.content[:200]!r}"
        if answer.status_code == 201 and (fetch := self._fetch(case, answer)):
            self.fetched.add(fetch.operation.label)
            again = yield from self._judge(fetch, person, history, parent=case)
            if again.status_code == 404:  # the check of the library asks for links, which the schema has none of
                yield f"{fetch.formatted_path} is not there, although it was just made"

    def _judge(self, case, person, history, parent):
        way = {"app": self.schema.app, "base_url": ORIGIN, "headers": self.walkers.headers(person)}
        answer = case.call(**way)
        history.record_case(case=case, parent_id=parent and parent.id)
        history.record_response(case_id=case.id, response=answer)
        # It asks thrice more; what an operation asks of everybody is proven by one.
        known = [ignored_auth] if case.operation.label in self._proven else []
        try:
            case.validate_response(
                answer, headers=way["headers"], transport_kwargs=way, recorder=history, excluded_checks=known
            )
        except FailureGroup as group:
            for fault in filter(lambda fault: not is_excepted(case, fault), group.exceptions):
                sent = f"{case.query!r:.200} {case.body!r:.200}"
                yield f"{fault.title}: {fault.message[:400]} {sent} -> {answer.content[:200]!r}"
        if answer.status_code < 300:
            self._proven.add(case.operation.label)
        return answer

    def _fetch(self, made, answer):
        """The request for what was just made, where the address one step below is one of it."""
        below = [path for path in self.schema if re.fullmatch(re.escape(made.path) + r"{\w+}/", path)]
        for path in below:
            word = re.findall(r"{(\w+)}", path)[-1]
            if "get" in self.schema[path] and word in (told := answer.json()):
                address = {**(made.path_parameters or {}), word: str(told[word])}
                return self.schema[path]["get"].Case(path_parameters=address)
        return None


def is_excepted(case, fault):
    texts = TEXTS_OF_FORMS.get(case.operation.label, set())
    broken = re.findall(r"violates (.+?) at /properties/(\w+)(?: \(was (\w+))?", fault.message)
    return bool(broken) and all(rule == "`type`" and name in texts and was == "string" for rule, name, was in broken)


def operations(schema, world):
    """Every operation with the name of its route and the words of its address, which name what is there."""
    known = {path: (name, words) for path, name, words, _ in routes()}
    for found in schema.get_all_operations():
        operation = found.ok()
        name, words = known[bare(operation.path)]
        given_words = world.arguments_for(name, words)
        said = re.findall(r"{(\w+)}", operation.path)
        yield operation, name, {mine: str(given_words[own]) for mine, own in zip(said, words, strict=True)}


BOUNDED = settings(
    derandomize=not SEED,
    database=None,
    deadline=None,
    max_examples=EXAMPLES or 1,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def examples(operation, words, mode, walk):
    """Raises Unsatisfiable where the schema forbids nothing: no body, and whatever may stand in the address is text."""
    strategy = operation.as_strategy(generation_mode=mode, **({"path_parameters": words} if words else {}))
    trial = BOUNDED(given(strategy)(walk))
    (seed(SEED)(trial) if SEED else trial)()


def told(walk):
    return [f"{who}: {fault}" for who, fault in walk.faults.items()]


def everything():
    return {
        f"{method.upper()} {path}": said
        for path, methods in api_schema()["paths"].items()
        for method, said in methods.items()
    }


def whose_turn(place, name, method):
    if EXAMPLES:
        return WALKERS
    first = place * IN_TURN
    in_turn = (WALKERS[at % len(WALKERS)] for at in range(first, first + IN_TURN))
    return dict.fromkeys((whoever_may(name, method), "nobody", *in_turn))


@pytest.mark.django_db
def test_every_operation_answers_each_person_and_program_as_the_schema_says(world, schema, walkers):
    walk, people = Walk(schema, walkers), ()

    def by_everybody(case):
        for person in people:
            walk.ask(case, person)

    for place, (operation, name, words) in enumerate(operations(schema, world)):
        people = whose_turn(place, name, operation.method.lower())
        examples(operation, words, GenerationMode.POSITIVE, by_everybody)

    assert told(walk) == []
    assert walk.asked == everything().keys()
    assert walk.askers == set(WALKERS)
    assert walk.fetched, "nothing that was made was asked for"


@pytest.mark.django_db
def test_every_operation_refuses_what_the_schema_forbids(world, schema, walkers):
    walk, without = Walk(schema, walkers), set()

    for operation, name, words in operations(schema, world):
        person = whoever_may(name, operation.method.lower())
        try:
            examples(operation, words, GenerationMode.NEGATIVE, lambda case: walk.ask(case, person))  # noqa: B023 (asked at once)
        except Unsatisfiable:
            without.add(operation.label)

    assert told(walk) == []
    assert walk.asked | without == everything().keys()
    assert [label for label in without if "requestBody" in everything()[label]] == []
