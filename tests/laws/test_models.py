"""What holds for every model, also for those that are not written yet."""

import re

import pytest
from django.db import connection, models
from django.db.models import CheckConstraint, Q

from engagements.models import Engagement
from tests.laws.models import (
    customer_models,
    foreign_keys,
    is_append_only,
    label_of,
    own_models,
    path_to_organization,
)
from tests.laws.sources import over

# Rows of customers that nobody fetches by themselves, and why that is so.
SEEN_THROUGH_THEIR_OWNER = {
    "pricing.ContactCode": "shown to nobody: asked for by the contact it was mailed to",
    "pricing.QuoteReminder": "read only through the contact it went to, which is fetched with visible_to()",
    "engagements.StaleMark": "read only through the signature it marks, which is fetched with visible_to()",
}

# What is written once. A model that loses its trigger, or gains one, changes this list on purpose.
WRITTEN_ONCE = {
    "core.AuditEvent",
    "core.Redaction",
    "delivery.ArmedCheck",
    "delivery.Baseline",
    "delivery.SeedResult",
    "delivery.SeedUpload",
    "delivery.Watch",
    "delivery.Decommission",
    "delivery.FrozenConfiguration",
    "delivery.QueueCount",
    "delivery.WindowSignature",
    "delivery.DnsAnswer",
    "delivery.FeedbackItem",
    "delivery.PreflightRun",
    "delivery.PreflightStatement",
    "delivery.ReconciliationRun",
    "delivery.SelectorKey",
    "delivery.StepApproval",
    "delivery.StepCheck",
    "delivery.TrafficHour",
    "delivery.Suppression",
    "discovery.AnswerRevision",
    "discovery.StartOutput",
    "discovery.SyntaxCheck",
    "discovery.TranslatedConstruct",
    "discovery.TranslatedFile",
    "discovery.TranslationSet",
    "discovery.TranslationSource",
    "engagements.ChangeRequest",
    "engagements.CheckOverride",
    "engagements.Condition",
    "engagements.Delegation",
    "engagements.FrozenDocument",
    "engagements.HeldPart",
    "engagements.PartRelease",
    "engagements.Reminder",
    "engagements.Revocation",
    "engagements.SignOff",
    "engagements.StaleMark",
    "engagements.Transition",
    "pricing.Approval",
    "pricing.BalanceEntry",
    "pricing.ClockNotice",
    "pricing.NdaFile",
    "pricing.NdaNotice",
    "pricing.NdaSignature",
    "reports.DaysSpent",
    "reports.DraftReview",
    "reports.RestoredEngagement",
    "reports.RestoredFile",
    "reports.RestoredRow",
    "reports.RunbookApproval",
    "reports.RunbookDrill",
    "reports.RunbookFact",
    "reports.RunbookPaper",
    "reports.RunbookReading",
    "reports.RunbookRevision",
    "reports.TrainingAttendance",
    "reports.TrainingEnding",
    "reports.TrainingExercise",
    "reports.TrainingMaterial",
    "reports.TrainingSession",
}

# Rows that come and go by design; whoever points at one may lose it.
PASSING = {"core.Job": "the progress of work in the background, cleared away after a while"}

PEOPLE = re.compile(r"(_by|^actor|^lead|^signer)$")

# Bits of pg_trigger.tgtype.
ON_DELETE, ON_UPDATE, ON_TRUNCATE = 8, 16, 32

by_label = over(own_models(), name=label_of)
of_customers = over(customer_models(), name=label_of)
append_only = pytest.mark.parametrize("model", [model for model in own_models() if is_append_only(model)], ids=label_of)


def test_the_spine_is_found():
    assert Engagement in customer_models()
    assert path_to_organization(Engagement) == "organization"


@of_customers
def test_rows_of_customers_are_fetched_by_who_may_see_them(model):
    excused = model._meta.label in SEEN_THROUGH_THEIR_OWNER

    assert hasattr(model._default_manager, "visible_to") != excused


def test_every_excuse_is_of_a_model_that_exists():
    assert set(SEEN_THROUGH_THEIR_OWNER) <= {model._meta.label for model in customer_models()}


def flat(condition):
    """The lookups of a condition that is a chain of ANDs."""
    return {child for part in condition.children for child in (flat(part) if isinstance(part, Q) else {lookup(part)})}


def lookup(part):
    """A lookup with its value; values that are a list as a tuple, so that it can stand in a set."""
    name, value = part
    return (name, tuple(value) if isinstance(value, list) else value)


def stands_together(model, fields):
    """Whether a constraint lets all of the fields be empty or all of them be filled, and nothing between."""
    for constraint in model._meta.constraints:
        condition = getattr(constraint, "condition", None)
        if not isinstance(constraint, CheckConstraint) or condition.connector != Q.OR:
            continue
        sides = [flat(side) if isinstance(side, Q) else {lookup(side)} for side in condition.children]
        wanted = [{(f"{field}__isnull", is_empty) for field in fields} for is_empty in (True, False)]
        if len(sides) == len(wanted) and all(any(want <= side for side in sides) for want in wanted):
            return True
    return False


@by_label
def test_when_and_by_whom_are_known_together_or_not_at_all(model):
    nullable = {field.name for field in model._meta.concrete_fields if field.null}
    pairs = [(name, name[:-3] + "_by") for name in nullable if name.endswith("_at") and name[:-3] + "_by" in nullable]

    alone = [pair for pair in pairs if not stands_together(model, pair)]

    assert alone == []


@by_label
def test_who_did_something_is_never_deleted_from_under_it(model):
    loose = [
        field.name
        for field in foreign_keys(model)
        if field.related_model._meta.label == "accounts.User"
        and PEOPLE.search(field.name)
        and field.remote_field.on_delete is not models.PROTECT
    ]

    assert loose == []


@append_only
def test_what_is_written_once_goes_with_nothing_that_is_deleted(model):
    loose = [field.name for field in foreign_keys(model) if field.remote_field.on_delete is not models.PROTECT]

    assert loose == []


@of_customers
def test_no_row_of_a_customer_loses_its_reference_in_silence(model):
    loose = [
        field.name
        for field in foreign_keys(model)
        if field.remote_field.on_delete in {models.SET_NULL, models.SET_DEFAULT, models.DO_NOTHING}
        and field.related_model._meta.label not in PASSING
    ]

    assert loose == []


def test_the_list_of_what_is_written_once_is_complete():
    assert {model._meta.label for model in own_models() if is_append_only(model)} == WRITTEN_ONCE


@append_only
@pytest.mark.django_db
def test_the_database_itself_keeps_what_is_written_once(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [model._meta.db_table],
        )
        guarded = [kind for (kind,) in cursor.fetchall()]

    assert all(any(kind & act for kind in guarded) for act in (ON_UPDATE, ON_DELETE, ON_TRUNCATE))
