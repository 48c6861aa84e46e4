"""Of every row that belongs to a customer or names a person, an app says what becomes of it."""

import re
from math import inf

import pytest
from django.apps import apps
from django.db import models

from accounts.models import Organization, User
from core.disposal import in_order, references
from core.record_classes import ENGAGEMENT_OVER, OWNER, Erasing, class_of, models_of, record_classes
from engagements.record_rows import RecordRow
from tests.laws.models import foreign_keys, label_of, own_models, path_to_organization
from tests.laws.sources import over

SECRET = re.compile(r"(token|secret|password|seal|salt|_key$|seed)")


def names_people(model):
    return any(field.related_model is User for field in foreign_keys(model)) or model is User


def concerned():
    """The project's models with a way to an organization or a person, and its libraries' models of people."""
    own = [model for model in own_models() if path_to_organization(model) is not None or names_people(model)]
    return own + [model for model in apps.get_models() if model not in own_models() and names_people(model)]


def of_class(condition):
    return [model for one in record_classes() if condition(one) for model in models_of(one)]


classes = pytest.mark.parametrize("one", record_classes(), ids=lambda one: one.key)
removed = over(of_class(lambda one: one.erasing == Erasing.DELETE), name=label_of)


@over(concerned(), name=label_of)
def test_every_model_of_a_customer_or_a_person_is_in_a_class(model):
    assert class_of(model)


@classes
def test_each_lookup_leads_to_the_customer_or_the_person_it_says(one):
    for label, lookup in one.models.items():
        if lookup and lookup != OWNER:
            assert ends_at(apps.get_model(label), lookup) is Organization
    for label, lookup in one.people.items():
        assert label in one.models
        assert ends_at(apps.get_model(label), lookup) is User


def ends_at(model, lookup):
    if lookup == "pk":
        return model
    for name in lookup.split("__"):
        model = model._meta.get_field(name).related_model
    return model


@classes
def test_no_model_with_a_way_to_its_customer_is_left_without_one(one):
    for model in models_of(one):
        if path_to_organization(model) is not None:
            assert one.models[model._meta.label]


@classes
def test_each_field_a_class_names_is_there(one):
    for part in (one.names, one.blank, one.secret):
        for label, fields in part.items():
            assert label in one.models
            assert set(fields) <= {field.name for field in apps.get_model(label)._meta.get_fields()}


@classes
def test_what_is_kept_says_why_and_every_class_says_on_what_ground(one):
    assert bool(one.why) == (one.erasing != Erasing.DELETE)
    assert bool(one.of_person_why) == (one.of_person == "keep")
    assert one.retention.reason
    assert one.retention.source
    assert bool(one.retention.days) == bool(one.retention.since)


@classes
def test_what_ends_by_itself_is_removed_and_its_clock_is_a_field_or_the_end_of_the_engagement(one):
    if one.retention.days is None:
        return
    assert one.erasing == Erasing.DELETE
    for model in models_of(one):
        if one.retention.since == ENGAGEMENT_OVER:
            assert "engagement" in one.models[model._meta.label] or one.models[model._meta.label] == OWNER


@removed
def test_nothing_that_stays_points_at_what_is_removed(model):
    pointing = [
        other._meta.label
        for other in of_class(lambda one: one.erasing != Erasing.DELETE)
        for reference in references(other)
        if reference.related_model is model and reference.remote_field.on_delete is not models.SET_NULL
    ]

    assert pointing == []


def lasts(one):
    return inf if one.retention.days is None else one.retention.days


@removed
def test_nothing_outlives_what_it_points_at(model):
    ends = lasts(class_of(model))
    for reference in references(model):
        target = reference.related_model
        known = [one for one in record_classes() if target._meta.label in one.models]
        if known and target is not model and class_of(model) is not known[0]:
            can_let_go = reference.remote_field.on_delete is models.SET_NULL
            assert can_let_go or ends <= lasts(known[0]), reference


def test_there_is_an_order_in_which_everything_can_be_removed():
    ordered = in_order(of_class(lambda one: one.erasing == Erasing.DELETE))

    assert len(ordered) == len(set(ordered)) > 50


@over(of_class(lambda one: True), name=label_of)
def test_a_field_that_sounds_secret_is_given_to_nobody(model):
    named = set(class_of(model).secret.get(model._meta.label, ()))
    sounding = {field.name for field in model._meta.concrete_fields if SECRET.search(field.name)}

    assert sounding - named - HARMLESS == set()


# Sounds secret and is not.
HARMLESS = {"seal", "secret_count", "check_key", "tier_key", "public_key", "has_key", "sealed", "is_sealed", "key_path"}


@classes
def test_a_page_says_in_words_how_long_a_class_is_kept(one):
    told = RecordRow(one, 1).kept_for

    assert told[0].isupper() or told[0].isdigit()
    assert str(one.retention.days or "") in told
    assert "_" not in told
