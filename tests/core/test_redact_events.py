import pytest
from django.db import DatabaseError, transaction

from core.audit import event_body, record, verify_chain
from core.domain.redact_events import redact_events
from core.models import AuditEvent, Redaction
from tests.core.test_audit import ACTION, faults, past_the_triggers
from tests.factories.accounts import CustomerFactory

REASON = "a person asked to be erased"


def without_tern(event, text):
    return text.replace("Tern Freight", "Erased customer 1")


@pytest.fixture
def customer(db):
    return CustomerFactory(name="Tern Freight")


@pytest.fixture
def events(customer):
    with transaction.atomic():
        return [record(ACTION, subject=customer, actor=None, name=name) for name in ("Tern Freight", "Other", "Last")]


def redact(customer, replace=without_tern, **more):
    """After the row itself has its new name: the event that tells of it names the row."""
    customer.name = "Erased customer 1"
    customer.save()
    return redact_events(customer, replace=replace, actor=None, reason=REASON, **more)


def test_replaced_words_leave_every_digest_and_the_chain_verifies(customer, events):
    redact(customer)

    now = list(AuditEvent.objects.order_by("sequence"))
    assert [event.digest for event in now[:3]] == [event.digest for event in events]
    assert now[0].data == {"name": "Erased customer 1"}
    assert {event.subject_label for event in now[:3]} == {"Erased customer 1"}
    assert now[3].data["events"] == 3
    assert faults() == []


def test_the_salt_goes_with_the_words_so_that_nobody_can_guess_them(customer, events):
    redact(customer, lambda event, text: text.replace("Other", "Erased") if event.data["name"] == "Other" else text)

    assert [bool(event.salt) for event in AuditEvent.objects.order_by("sequence")] == [True, False, True, True]


def test_events_written_before_there_were_salts_verify_and_can_be_redacted(customer, events):
    body = {name: value for name, value in event_body(events[0]).items() if name != "salt"}
    assert "salt" in event_body(events[0])
    events[0].salt = ""

    assert event_body(events[0]) == body


def test_a_second_round_finds_nothing_to_do(customer, events):
    redact(customer)
    before = list(AuditEvent.objects.values_list("digest", flat=True))

    redact(customer)

    assert list(AuditEvent.objects.values_list("digest", flat=True)) == before


def test_one_event_is_redacted_twice_for_two_people(customer, events):
    redact(customer)
    redact(customer, lambda event, text: text.replace("Last", "Erased person 2"))

    assert AuditEvent.objects.get(sequence=3).data == {"name": "Erased person 2"}
    assert Redaction.objects.filter(event=events[2]).count() == 2
    assert faults() == []


def test_words_replaced_by_something_else_than_the_ledger_tells_are_found(customer, events):
    redact(customer)

    past_the_triggers("UPDATE core_auditevent SET actor_label = %s WHERE sequence = 2", "Somebody Else")

    assert faults() == ["Event 2 was changed after it was written."]


def test_a_redaction_that_is_made_up_is_found(customer, events):
    redact(customer)
    past_the_triggers("UPDATE core_redaction SET body_digest = 'f' WHERE event_id = %s", events[1].pk)

    assert faults() == [
        "Event 2 was changed after it was written.",
        "The words replaced are not those that event 4 tells of.",
    ]


def test_a_redaction_that_no_event_tells_of_is_found(customer, events):
    redaction = Redaction(event=events[0], told_by=events[1], body_digest=events[0].digest)
    redaction.save(force_insert=True)

    assert faults() == ["Words were replaced without an entry that tells of it: event 1."]


def test_a_redaction_is_never_changed_or_removed(customer, events):
    redact(customer)

    with pytest.raises(DatabaseError), transaction.atomic():
        Redaction.objects.all().delete()


def test_many_events_are_redacted_in_bounded_steps(customer, events, monkeypatch):
    monkeypatch.setattr("core.domain.redact_events.AT_ONCE", 2)

    first = redact(customer)
    second = redact(customer, after=first)

    assert (first, second) == (2, 4)
    assert set(AuditEvent.objects.values_list("subject_label", flat=True)) == {"Erased customer 1"}
    assert list(verify_chain("portal")) == []
