"""Revisions of runbooks: drawn up when facts change, approved by both sides, read by people, and tried out."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.make_service_user import make_service_user
from accounts.permissions import Refused
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from delivery.domain.change_share import open_ramp
from delivery.domain.run_cutover import plan_cutover
from engagements.gates import checks_of
from engagements.today import today_of
from reports.domain.approve_runbook import acknowledge_runbook, approve_runbook, note_drill
from reports.domain.draw_up_runbooks import draw_up_runbooks, note_runbook_fact
from reports.models import RunbookApproval, RunbookDrill, RunbookFact, RunbookReading, RunbookRevision
from reports.runbook_facts import facts_of
from reports.runbook_state import state_of, states_of
from tests.factories.accounts import make_service_token
from tests.factories.runbooks import choose, draw_up, newest

pytestmark = pytest.mark.django_db

KEY = "queue_drain"


def gate_5(engagement):
    [known] = [each for each in checks_of(5) if each.key == "runbooks_in_force"]
    return list(known.reasons(engagement))


def put_in_force(revision, *, lead, customer):
    approve_runbook(revision, actor=lead)
    approve_runbook(revision, actor=customer)
    acknowledge_runbook(revision, actor=customer)


def test_a_revision_keeps_what_was_filled_with_its_digest_and_the_day_it_is_reviewed(named, ada):
    drawn = draw_up(named, actor=ada)

    revision = drawn[KEY]
    assert len(drawn) == 10
    assert (revision.number, revision.title, revision.drawn_up_by) == (1, "Drain a queue", ada)
    assert revision.review_on == today_of(named) + timedelta(days=180)
    assert AuditEvent.objects.get(action="runbook.drawn_up", subject_id=revision.pk).data["digest"] == revision.digest
    assert state_of(named, KEY).is_current


def test_nothing_is_drawn_up_twice(drawn, named, ada):
    with pytest.raises(Conflict, match="Every runbook says what its newest revision says"):
        draw_up_runbooks(named, actor=ada)

    assert RunbookRevision.objects.count() == len(drawn)


def test_before_there_are_files_there_is_nothing_to_name(engagement, ada):
    with pytest.raises(DomainError, match="no generated files"):
        draw_up_runbooks(engagement, actor=ada)

    assert states_of(engagement) == []
    assert gate_5(engagement) == [
        "There are no generated files for the chosen target yet, so no runbook can name anything."
    ]


def test_a_runbook_that_waits_for_a_fact_is_not_drawn_up(engagement, ada):
    choose(engagement, "kumomta", actor=ada)

    with pytest.raises(DomainError) as refused:
        draw_up_runbooks(engagement, actor=ada)

    assert "It is not known yet: Who is on call." in refused.value.reasons
    assert not RunbookRevision.objects.exists()
    assert "“Drain a queue” is not drawn up yet. 3 facts are not known yet." in gate_5(engagement)


def test_another_fact_makes_a_newer_revision_of_what_names_it_alone(drawn, named, ada, lea, carl):
    put_in_force(drawn[KEY], lead=lea, customer=carl)
    note_runbook_fact(named, key="proxy_file", value="/srv/proxy.toml", actor=carl)
    outdated = {state.runbook.key for state in states_of(named) if not state.is_current}

    again = draw_up(named, actor=ada)

    assert outdated == set(again) == {"incident", "queue_drain", "rollback_window"}
    assert again[KEY].number == 2
    assert "--config /srv/proxy.toml drain new" in str(again[KEY].content)
    assert "/srv/proxy.toml" not in str(drawn[KEY].content)
    assert state_of(named, KEY).waits_for == ["consultancy", "customer"]


def test_other_generated_files_make_a_newer_revision(drawn, named, ada):
    choose(named, "powermta", actor=ada)

    assert all(not state.is_current for state in states_of(named))
    assert "pmta reload" in str(draw_up(named, actor=ada)["selector_rotation"].content)


def test_both_sides_approve_and_somebody_of_the_customer_reads_it(drawn, named, lea, carl, vera):
    revision = drawn[KEY]
    begun = [reason for reason in gate_5(named) if "Drain" in reason]

    approve_runbook(revision, actor=lea)
    approve_runbook(revision, actor=carl)
    approved = [reason for reason in gate_5(named) if "Drain" in reason]
    acknowledge_runbook(revision, actor=vera)

    assert begun[0] == f"“Drain a queue”: {party(named)} has not approved revision 1."
    assert begun[1] == "“Drain a queue”: Northlake Logistics has not approved revision 1."
    assert approved == ["“Drain a queue”: nobody of Northlake Logistics has said of revision 1 that they read it."]
    assert [reason for reason in gate_5(named) if "Drain" in reason] == []
    assert RunbookReading.objects.get().party == "customer"
    assert AuditEvent.objects.filter(action="runbook.approved").count() == 2


def party(engagement):
    from engagements.parties import party_name

    return party_name("consultancy", engagement.organization.name)


def test_reading_by_the_consultancy_is_recorded_and_does_not_count_for_the_customer(drawn, named, ada, lea, carl):
    approve_runbook(drawn[KEY], actor=lea)
    approve_runbook(drawn[KEY], actor=carl)

    acknowledge_runbook(drawn[KEY], actor=ada)

    assert state_of(named, KEY).readers == 0
    assert any("Drain" in reason for reason in gate_5(named))


def test_gate_5_holds_when_every_runbook_is_in_force(drawn, named, lea, carl):
    for revision in drawn.values():
        put_in_force(revision, lead=lea, customer=carl)

    assert gate_5(named) == []


def test_gate_5_asks_for_no_task_by_hand_what_the_portal_sees(named):
    assert "runbooks_accepted" not in named.gates.get(number=5).tasks.values_list("key", flat=True)


def test_a_consultant_and_a_viewer_approve_nothing(drawn, ada, vera):
    for person in (ada, vera):
        with pytest.raises(Refused, match="you may not approve runbooks"):
            approve_runbook(drawn[KEY], actor=person)

    assert not RunbookApproval.objects.exists()


def test_a_service_user_of_the_customer_does_not_say_that_it_read_one(client, drawn, named, northlake, lea, carl):
    desk = make_service_user(northlake, name="Ticket desk", role="contributor", actor=carl)
    _, text = make_service_token(desk, name="nightly", days=30, scope="all", actor=carl)
    approve_runbook(drawn[KEY], actor=lea)
    approve_runbook(drawn[KEY], actor=carl)
    address = reverse("api:runbooks:acknowledge", args=[named.code, KEY])
    sent, headers = {"digest": drawn[KEY].digest}, {"Authorization": f"Bearer {text}"}

    answer = client.post(address, sent, "application/json", headers=headers)

    assert answer.status_code == 403, answer.content
    assert answer.json()["detail"] == (
        "You may not say that you read a runbook: Ticket desk is a service user, not a person."
    )
    assert not RunbookReading.objects.exists()
    assert any("Drain" in reason for reason in gate_5(named))


def test_a_side_approves_once_and_a_person_reads_once(drawn, lea, olga, carl):
    approve_runbook(drawn[KEY], actor=lea)
    acknowledge_runbook(drawn[KEY], actor=carl)

    with pytest.raises(Conflict, match=r"Lea Moser.* approved this revision for the consultancy already"):
        approve_runbook(drawn[KEY], actor=olga)
    with pytest.raises(Conflict, match="You have said already"):
        acknowledge_runbook(drawn[KEY], actor=carl)

    assert (RunbookApproval.objects.count(), RunbookReading.objects.count()) == (1, 1)


def test_an_older_revision_and_one_that_is_out_of_date_are_approved_by_nobody(drawn, named, ada, lea):
    note_runbook_fact(named, key="proxy_file", value="/srv/proxy.toml", actor=ada)
    with pytest.raises(Conflict, match="has changed since"):
        approve_runbook(drawn[KEY], actor=lea)
    draw_up(named, actor=ada)

    with pytest.raises(Conflict, match="There is a newer revision"):
        approve_runbook(drawn[KEY], actor=lea)

    assert not RunbookApproval.objects.exists()
    assert newest(named, KEY).number == 2


def test_a_drill_is_noted_with_its_day_its_minutes_and_who_took_part(drawn, named, carl):
    day = today_of(named)

    drill = note_drill(
        drawn[KEY], held_on=day, minutes=38, participants="Carl, Ines", outcome="Held; step 4 took long.", actor=carl
    )

    assert (drill.held_on, drill.minutes, drill.noted_by, drill.revision) == (day, 38, carl, drawn[KEY])
    assert AuditEvent.objects.get(action="runbook.drilled").data["minutes"] == 38


def test_of_the_people_on_call_the_newer_word_counts(named, ada, carl):
    note_runbook_fact(named, key="on_call", value="Noted before, +49 30 000001", actor=carl)
    ramp = open_ramp(named, actor=ada)
    plan_cutover(ramp, planned_for=timezone.now(), on_call="Planned, +49 30 000002", actor=ada)
    planned = facts_of(named).said["on_call"]

    note_runbook_fact(named, key="dns_people", value="Another fact", actor=carl)
    untouched = facts_of(named).said["on_call"]
    note_runbook_fact(named, key="on_call", value="Noted after, +49 30 000003", actor=carl)

    assert planned == untouched == "Planned, +49 30 000002"
    assert facts_of(named).said["on_call"] == "Noted after, +49 30 000003"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": 0}, "how many minutes"),
        ({"participants": "  "}, "Name who took part"),
        ({"outcome": ""}, "Say what came of it"),
        ({"days": 1}, "still to come"),
    ],
)
def test_a_drill_that_says_nothing_is_refused(drawn, named, carl, changes, said):
    told = {"minutes": 5, "participants": "Carl", "outcome": "Held."} | changes
    day = today_of(named) + timedelta(days=told.pop("days", 0))

    with pytest.raises(DomainError, match=said):
        note_drill(drawn[KEY], held_on=day, actor=carl, **told)

    assert not RunbookDrill.objects.exists()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("proxy_file", "/etc/proxy.toml; rm -rf /", "path of one file"),
        ("target_hosts", "mta1 $(id)", "names of hosts"),
        ("addresses", "192.0.2.1 192.0.2.999", "192.0.2.999 is no IP address"),
        ("on_call", "   ", "Write what is known: Who is on call"),
        ("colour", "green", "Choose the fact from the list"),
    ],
)
def test_a_fact_that_cannot_be_one_is_refused(named, ada, key, value, said):
    before = RunbookFact.objects.count()

    with pytest.raises(DomainError, match=said):
        note_runbook_fact(named, key=key, value=value, actor=ada)

    assert RunbookFact.objects.count() == before


def test_the_ledger_does_not_hold_the_telephone_numbers(named):
    events = AuditEvent.objects.filter(action="runbook.fact_noted")

    assert events.count() == 11
    assert "+49 30" not in str([event.data for event in events])


def test_revisions_and_what_people_said_of_them_are_written_once(drawn, lea):
    approval = approve_runbook(drawn[KEY], actor=lea)

    for row in (drawn["incident"], approval):
        with pytest.raises(ProgrammingError, match="delete"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()

    assert RunbookApproval.objects.count() == 1
