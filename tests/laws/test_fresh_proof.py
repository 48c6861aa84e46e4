"""Every act that binds asks for a fresh proof of who it is, and nothing in a domain asks for one unseen by this law."""

import ast

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from tests.factories.accounts import make_token
from tests.laws.acts import ACTS
from tests.laws.binding_acts import BINDING_ACTS, PARTS, person
from tests.laws.pages import PEOPLE
from tests.laws.routes import ROUTES
from tests.laws.same_acts import DOES_THE_SAME, WITH_ROUTES
from tests.laws.sources import APPS, ROOT, name_of, python_files, tree_of
from tests.laws.world import named_urls
from tests.proof import sign_in, sign_in_long_ago

WORDS = dict(named_urls())
ASKED = "accounts.fresh_proof.refuse_unproved"
SENTENCE = "Confirm who you are once more"
SHUT, REFUSALS = {403, 404}, 400
OVER_THE_API = [act for act in BINDING_ACTS if act.route]


@pytest.fixture
def send(world, plain_paper):
    """Do an act through a page or a route and forget it. Returns the answer and by how much the ledger has grown."""

    def send(act, name, sent, sign_in, who=""):
        cache.clear()
        with transaction.atomic():
            made, whose = act.at(world), person(who or act.who)
            words = {word: made[word] for word in WORDS[name] if word in made}
            words = world.arguments_for(name, set(WORDS[name]) - words.keys()) | words
            kind, headers, client = {}, {}, Client(raise_request_exception=False)
            if name.startswith("api:"):
                kind = {"content_type": "application/json"}
            if sign_in is as_a_program:
                headers = sign_in(whose)
            else:
                sign_in(client, whose)
            before = AuditEvent.objects.count()
            body = sent(words) if callable(sent) else sent
            answer = client.post(reverse(name, kwargs=words), body, headers=headers, **kind)
            grown = AuditEvent.objects.count() - before
            transaction.set_rollback(True)
        return answer, grown

    return send


def as_a_program(whose):
    return {"Authorization": f"Bearer {make_token(whose, name='a program', days=30)[1]}"}


def is_led_to_the_proof(answer):
    return answer.status_code == 302 and answer.url.startswith(f"{reverse('account_reauthenticate')}?next=")


def asks_once_more(answer):
    return answer.status_code == 422 and SENTENCE in answer.json()["detail"]


def goes_through(act, answer, grown):
    """It is done and stands in the ledger, or the world refuses it for the reason it has."""
    return answer.status_code == act.then if act.then else answer.status_code < REFUSALS and grown > 0


@pytest.mark.django_db
def test_on_a_page_an_old_proof_leads_to_a_fresh_one_and_the_ledger_does_not_grow(send):
    tried = [(act.page, *send(act, act.page, act.typed, sign_in_long_ago)) for act in BINDING_ACTS]

    assert [(page, answer) for page, answer, _ in tried if not is_led_to_the_proof(answer)] == []
    assert [(page, grown) for page, _, grown in tried if grown] == []


@pytest.mark.django_db
def test_on_a_page_a_fresh_proof_leads_nowhere_else(send):
    tried = [(act, *send(act, act.page, act.typed, sign_in)) for act in BINDING_ACTS]

    assert [act.page for act, answer, _ in tried if is_led_to_the_proof(answer)] == []
    assert [(act.page, answer) for act, answer, grown in tried if not goes_through(act, answer, grown)] == []


@pytest.mark.django_db
def test_over_the_api_an_old_proof_is_refused_with_its_sentence_and_the_ledger_does_not_grow(send):
    tried = [(act.route, *send(act, act.route, act.sent, sign_in_long_ago)) for act in OVER_THE_API]

    assert [(route, answer) for route, answer, _ in tried if not asks_once_more(answer)] == []
    assert [(route, grown) for route, _, grown in tried if grown] == []


@pytest.mark.parametrize("way", [sign_in, as_a_program])
@pytest.mark.django_db
def test_over_the_api_a_fresh_proof_and_a_token_are_not_asked_once_more(send, way):
    tried = [(act, *send(act, act.route, act.sent, way)) for act in OVER_THE_API]

    assert [(act.route, answer) for act, answer, grown in tried if not goes_through(act, answer, grown)] == []


@pytest.mark.django_db
def test_who_may_not_do_it_is_refused_as_ever_and_not_led_to_a_proof(send):
    column = PEOPLE.index("vera")
    shut = [act for act in BINDING_ACTS if ACTS[act.page][column] in SHUT]

    answers = [send(act, act.page, act.typed, sign_in_long_ago, "vera")[0] for act in shut]

    assert shut
    assert [answer.status_code for answer in answers if answer.status_code not in SHUT] == []


def test_every_row_has_the_route_that_does_the_same():
    known = {page: DOES_THE_SAME.get(page, "") for page in ACTS if page.partition(":")[0] in WITH_ROUTES}

    assert [act.page for act in BINDING_ACTS if known.get(act.page, act.route) != act.route] == []
    assert {(act.route, "post") for act in OVER_THE_API} <= ROUTES.keys()


def test_every_function_of_a_domain_that_asks_for_a_proof_stands_in_the_table():
    domains = [path for path in python_files(*APPS) if "domain" in path.relative_to(ROOT).parts]
    named, taking = {}, set()
    for path in domains:
        module = name_of(path).removesuffix(".py").replace("/", ".")
        named |= names_by_function(tree_of(path), module)
        taking |= {short(f"{module}.{name}") for name in taking_a_proof(tree_of(path))}

    asking = {short(function) for function in asking_for_a_proof(named)}

    assert asking == {function for act in BINDING_ACTS for function in act.does.split()} | PARTS
    assert taking <= asking, "what takes a proof refuses an old one"


def short(function):
    """`engagements.domain.sign_document.sign_document` as the table names it: app and function."""
    return f"{function.partition('.')[0]}.{function.rpartition('.')[2]}"


def asking_for_a_proof(named):
    """Of the functions of a domain those that come to ask for one, through whatever helpers; helpers are left out."""
    asking, before = {ASKED}, set()
    while asking != before:
        before = asking
        asking = asking | {function for function, names in named.items() if names & asking}
    return {function for function in asking - {ASKED} if not function.rpartition(".")[2].startswith("_")}


def names_by_function(tree, module):
    """{function or class: what of this and other modules is named in it}, all of them as module.name."""
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    known = imported(tree) | {node.name: f"{module}.{node.name}" for node in own}
    return {f"{module}.{node.name}": set(named_in(node, known)) for node in own}


def imported(tree):
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.asname or name.name: f"{node.module}.{name.name}" for node in found for name in node.names}


def named_in(node, known):
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in known:
            yield known[part.id]
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in known:
            yield f"{known[part.value.id]}.{part.attr}"


def taking_a_proof(tree):
    """Functions that are handed one, by the name that all of them have for it."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.args, *node.args.kwonlyargs]
            if "authenticated_at" in {argument.arg for argument in arguments} and not node.name.startswith("_"):
                yield node.name


@pytest.mark.parametrize(
    "code",
    [
        "def pay():\n    refuse_unproved(at, why)",
        "def pay():\n    _prove()\ndef _prove():\n    refuse_unproved(at, why)",
        "from accounts import fresh_proof\ndef pay():\n    fresh_proof.refuse_unproved(at, why)",
        "from accounts.fresh_proof import refuse_unproved as ask\ndef pay():\n    ask(at, why)",
        "from pricing.domain import other\ndef pay():\n    other.prove()",
        "from pricing.domain.other import prove\ndef pay():\n    run(prove)",
    ],
)
def test_the_law_sees_a_function_that_asks_for_a_proof(code):
    asks = "from accounts.fresh_proof import refuse_unproved\n"
    other = names_by_function(ast.parse(f"{asks}def prove():\n    refuse_unproved(at, why)"), "pricing.domain.other")

    named = names_by_function(ast.parse(asks + code), "pricing.domain.pay") | other

    assert asking_for_a_proof(named) == {"pricing.domain.pay.pay", "pricing.domain.other.prove"}


def test_the_law_sees_a_proof_that_is_taken_and_not_looked_at():
    assert list(taking_a_proof(ast.parse("def pay(*, authenticated_at, actor):\n    pass"))) == ["pay"]
