"""After a customer is erased nothing of theirs is found but where a class says so; ledger and pages hold."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from core.audit import verify_chain
from core.domain.redact_events import KEPT_WHOLE
from core.models import AuditEvent, ChainHead
from core.record_classes import Erasing, class_of, models_of, record_classes
from engagements.domain.ask_question import ask_question
from tests.factories.discovery import read
from tests.factories.engagements import make_engagement
from tests.factories.feedback import hard_bounce
from tests.laws.erased_world import KEPT, PLANTED, cancel, erase_customer, rows_of, search
from tests.laws.pages import PAGES
from tests.laws.world import named_urls

pytestmark = pytest.mark.django_db
WORDS = dict(named_urls())

# Pages of signed papers go on to name who signed them, and the history names who signed.
NAMES_SIGNERS = {
    "pricing:quote_pdf",
    "pricing:nda",
    "pricing:nda_pdf",
    "pricing:nda_receipt",
    "pricing:nda_text",
    "pricing:receipt",
    "engagements:documents",
    "engagements:document_pdf",
    "engagements:history",
    "engagements:receipt",
    "reports:document",
    "discovery:component_template",  # an empty sheet with a line as example, whose owner is made up
}


@pytest.fixture
def other(world, otto, sam, lea, ada):
    """Another customer, with something in many tables, who is not to notice anything."""
    beltane = Organization.objects.get(name="Beltane Retail")
    engagement = make_engagement(beltane, sales=sam, lead=lea, consultants=[ada], title="Beltane to KumoMTA")
    read(engagement, actor=ada)
    hard_bounce(engagement, actor=ada)
    ask_question(engagement, actor=otto, text="Does Carl Brandt know?", is_blocking=False)
    return beltane


@pytest.fixture
def before(other):
    return rows_of(other)


@pytest.fixture
def erased(world, before, lea, olga):
    cancel(world.engagement, actor=lea)
    world.erasure = erase_customer(world.engagement.organization, owner=olga)
    return world


def is_kept(found):
    if found.model == "core.AuditEvent":
        return AuditEvent.objects.get(pk=found.key).action in KEPT_WHOLE
    try:
        return class_of(apps.get_model(found.model)).key in KEPT
    except KeyError:
        return False


def of_the_other(found, other):
    lookups = {label: lookup for one in record_classes() for label, lookup in one.models.items()}
    if found.model == "core.AuditEvent":
        chains = [engagement.audit_chain for engagement in other.engagements.all()]
        return AuditEvent.objects.get(pk=found.key).chain in chains
    rows = apps.get_model(found.model)._base_manager.filter(pk=found.key)
    return bool(lookups.get(found.model)) and rows.filter(**{lookups[found.model]: other.pk}).exists()


def test_after_an_erasure_nothing_is_left_but_what_a_class_keeps_and_nobody_else_notices(erased, before, other):
    organization = erased.engagement.organization

    left = [found for found in search(*PLANTED) if not is_kept(found) and not of_the_other(found, other)]

    assert [(found.model, found.field, found.text) for found in left] == []
    assert rows_of(other) == before
    assert {label for label, rows in before.items() if rows} > {"discovery.Upload", "delivery.FeedbackItem"}
    for model, lookup in removed_models():
        assert not model._base_manager.filter(**{lookup: organization.pk}).exists(), model
    heads = [head.chain for head in ChainHead.objects.all()]
    assert {chain: faults for chain in heads if (faults := list(verify_chain(chain)))} == {}
    assert erased.engagement.audit_chain in heads
    assert bytes(erased.erasure.sealed_names) == b""


def removed_models():
    for one in (each for each in record_classes() if each.erasing == Erasing.DELETE):
        for model in models_of(one):
            if one.models[model._meta.label] not in ("", "owner"):
                yield model, one.models[model._meta.label]


def test_what_was_planted_stands_in_many_places_before(world):
    found = {(each.model, each.field) for each in search(*PLANTED)}

    assert len(found) > 20
    assert {("accounts.User", "email"), ("core.AuditEvent", "data"), ("accounts.Invitation", "email")} <= found


def test_every_page_opens_or_says_what_is_not_there_and_names_nobody(erased, olga):
    client = Client(raise_request_exception=False)
    client.force_login(olga)

    answers = {name: client.get(reverse(name, kwargs=erased.arguments_for(name, WORDS[name]))) for name in PAGES}

    assert {name: each.status_code for name, each in answers.items() if each.status_code >= 500} == {}
    assert answers["engagements:detail"].status_code == answers["engagements:history"].status_code == 200
    assert {name for name, answer in answers.items() if names_in(answer)} == NAMES_SIGNERS
    assert b"Erased person 1" in answers["engagements:history"].content


def names_in(answer):
    return [] if answer.streaming else [planted for planted in PLANTED if planted.encode() in answer.content]
