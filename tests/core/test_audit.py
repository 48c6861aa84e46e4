from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from core.audit import (
    canonical,
    describe,
    digest_of,
    event_digest,
    known_actions,
    record,
    register_actions,
    verify_chain,
)
from core.models import AuditEvent, AuditOrigin, ChainHead
from core.origin import Origin, acting_from
from tests.factories.accounts import CustomerFactory
from tests.threads import in_threads

ACTION = "organization.created"
ORIGIN = Origin(ip_address="203.0.113.9", user_agent="Testbrowser/1", authentication="password, totp")


def record_some(count, subject, actor=None):
    with transaction.atomic():
        return [record(ACTION, subject=subject, actor=actor, name=f"number {number}") for number in range(count)]


def past_the_triggers(statement, *values):
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def faults(chain="portal"):
    return [fault.sentence for fault in verify_chain(chain)]


@pytest.fixture
def customer(db):
    return CustomerFactory(name="Tern Freight")


@pytest.fixture
def events(customer):
    return record_some(4, customer)


def test_each_event_contains_the_digest_of_the_one_before(events):
    previous = [event.previous_digest for event in events]

    assert previous == ["", *(event.digest for event in events[:-1])]
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert faults() == []


def test_the_head_is_the_last_event(events):
    head = ChainHead.objects.get(chain="portal")

    assert (head.sequence, head.digest) == (4, events[-1].digest)


def test_the_digest_is_of_what_the_row_says(events):
    stored = AuditEvent.objects.get(pk=events[1].pk)

    assert stored.digest == event_digest(stored) == events[1].digest


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Müller & Söhne", "arrow": "→", "quote": '"'},
        {"nested": {"list": [1, None, True], "empty": []}},
        {"sum": Decimal("28500.00"), "day": date(2026, 5, 14), "at": datetime(2026, 5, 14, 17, 0, 0, 123456, UTC)},
        {"large": 2**60, "negative": -15, "share": "0.00001"},
    ],
)
def test_whatever_was_told_reads_the_same_from_the_database(customer, value):
    with transaction.atomic():
        record(ACTION, subject=customer, actor=None, **value)

    assert faults() == []


def test_a_subject_with_a_chain_of_its_own_is_recorded_there(engagement, sam):
    event = AuditEvent.objects.filter(subject_type="engagements.Engagement").latest("pk")

    assert event.chain == f"engagement:{engagement.pk}"
    assert faults(event.chain) == []
    assert faults() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "membership.ended"),
        ("actor_label", "Somebody Else"),
        ("subject_label", "Beltane Retail"),
        ("data", '{"name": "another number"}'),
        ("at", "2020-01-01T00:00:00Z"),
    ],
)
def test_a_changed_event_is_found(events, column, value):
    past_the_triggers(f"UPDATE core_auditevent SET {column} = %s WHERE sequence = 2", value)

    assert faults() == ["Event 2 was changed after it was written."]


def test_a_changed_event_with_a_fresh_digest_is_found_by_the_next_one(events):
    forged = AuditEvent.objects.get(sequence=2)
    forged.data = {"name": "forged"}
    past_the_triggers(
        "UPDATE core_auditevent SET data = %s, digest = %s WHERE sequence = 2",
        '{"name": "forged"}',
        event_digest(forged),
    )

    assert faults() == ["Event 3 does not follow the one before it."]


def test_a_missing_event_is_found(events):
    past_the_triggers("DELETE FROM core_auditevent WHERE sequence = 2")

    assert faults() == ["Event 2 is missing.", "Event 3 does not follow the one before it."]


def test_a_missing_first_event_is_found(events):
    past_the_triggers("DELETE FROM core_auditevent WHERE sequence = 1")

    assert faults() == ["Event 1 is missing.", "Event 2 does not follow the one before it."]


def test_a_chain_that_was_cut_is_found_by_its_head(events):
    past_the_triggers("DELETE FROM core_auditevent WHERE sequence > 2")

    assert faults() == ["The head says event 4, the chain ends at 2."]


def test_a_chain_that_was_emptied_is_found_by_its_head(events):
    past_the_triggers("DELETE FROM core_auditevent")

    assert faults() == ["The head says event 4, the chain ends at 0."]


def test_two_events_that_changed_places_are_found(events):
    past_the_triggers("UPDATE core_auditevent SET sequence = 9 WHERE sequence = 2")
    past_the_triggers("UPDATE core_auditevent SET sequence = 2 WHERE sequence = 3")
    past_the_triggers("UPDATE core_auditevent SET sequence = 3 WHERE sequence = 9")

    assert "Event 2 was changed after it was written." in faults()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET action = 'x' WHERE sequence = 1",
        "UPDATE core_auditevent SET digest = digest",
        "DELETE FROM core_auditevent WHERE sequence = 4",
        "TRUNCATE core_auditevent CASCADE",
    ],
)
def test_the_database_refuses_to_change_remove_or_empty(events, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEvent.objects.count() == 4
    assert faults() == []


def test_an_action_nobody_registered_is_refused_and_nothing_is_written(customer):
    with pytest.raises(KeyError, match=r"No app registered the audit action 'organization\.painted'"):
        record("organization.painted", subject=customer, actor=None)

    assert not AuditEvent.objects.exists()


def test_an_action_is_registered_once():
    with pytest.raises(ValueError, match=r"Registered twice: organization\.created"):
        register_actions({ACTION: "{actor} made it", "organization.other": "never"})

    assert "organization.other" not in known_actions()


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_recorded():
    customer = CustomerFactory()

    with pytest.raises(RuntimeError, match="belongs inside the transaction"):
        record(ACTION, subject=customer, actor=None)

    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_the_transaction_that_is_rolled_back():
    customer = CustomerFactory()

    with transaction.atomic():
        record(ACTION, subject=customer, actor=None)
        transaction.set_rollback(True)

    assert not AuditEvent.objects.exists()
    assert faults() == []


def test_the_sentence_names_actor_and_facts(customer, vera):
    with transaction.atomic():
        event = record(ACTION, subject=customer, actor=vera, name="Northlake Logistics")

    assert describe(event) == "Vera Holm <vera@northlake.example> added the organization Northlake Logistics"


def test_what_the_system_does_by_itself_has_a_name(events):
    assert {event.actor_label for event in events} == {"Gatepost"}


def test_a_later_change_of_name_does_not_reach_the_ledger(customer, vera):
    with transaction.atomic():
        event = record(ACTION, subject=customer, actor=vera, name="x")
    vera.full_name = "Vera Married"
    vera.save()

    event.refresh_from_db()
    assert event.actor_label == "Vera Holm <vera@northlake.example>"
    assert faults() == []


def test_an_origin_stands_beside_the_event_and_only_its_digest_in_it(customer):
    with acting_from(ORIGIN), transaction.atomic():
        event = record(ACTION, subject=customer, actor=None)

    origin = AuditOrigin.objects.get(event=event)
    told = {
        "ip_address": "203.0.113.9",
        "user_agent": "Testbrowser/1",
        "session_digest": "",
        "authentication": "password, totp",
        "time_zone": "",
        "salt": origin.salt,
    }
    assert event.origin_digest == digest_of(told)
    assert "203.0.113.9" not in canonical(AuditEvent.objects.filter(pk=event.pk).values().get()).decode()


def test_an_origin_can_be_erased_and_the_chain_still_holds(customer):
    with acting_from(ORIGIN):
        record_some(3, customer)

    AuditOrigin.objects.all().delete()

    assert not AuditOrigin.objects.exists()
    assert AuditEvent.objects.count() == 3
    assert faults() == []


def test_the_same_origin_twice_gives_two_digests(customer):
    with acting_from(ORIGIN):
        first, second = record_some(2, customer)

    assert first.origin_digest != second.origin_digest


@pytest.mark.django_db(transaction=True)
def test_events_recorded_at_once_stand_in_one_order():
    customer = CustomerFactory()

    found = in_threads(6, lambda: record(ACTION, subject=customer, actor=None, name="at once").sequence)

    assert sorted(found) == [1, 2, 3, 4, 5, 6]
    assert list(AuditEvent.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert faults() == []


def test_a_float_is_refused_because_the_database_respells_it(customer):
    with pytest.raises(ValueError, match="takes no float"), transaction.atomic():
        record(ACTION, subject=customer, actor=None, share=1e16)

    assert not AuditEvent.objects.exists()


def test_a_head_that_is_gone_is_found(events):
    past_the_triggers("DELETE FROM core_chainhead WHERE chain = %s", "portal")

    assert faults() == ["The head is missing; the chain ends at 4."]
