"""What a customer waits for, and why a gate is open again: said where people look."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from engagements.decisions import decisions_for
from engagements.domain.mark_stale import mark_stale
from engagements.domain.request_changes import request_changes
from engagements.models import Engagement, Transition
from tests.engagements.journey import begin, gate_of, put_up, sign
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def submitted(engagement, carl, ada, open_gates):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def heading(client, person):
    client.force_login(person)
    page = client.get(reverse("home")).content.decode()
    return page.partition("<h1")[2].partition("</h1>")[0]


def gate_page(client, engagement, person):
    client.force_login(person)
    return client.get(reverse("engagements:gate", args=[engagement.code, 1])).content.decode()


def test_the_home_page_says_from_whom_a_new_version_is_waited_for(
    client, submitted, engagement, vera, carl, ada, facts
):
    before = heading(client, vera)
    request_changes(submitted, actor=carl, reason="Name the window.")
    sent_back = heading(client, vera)
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    moved = heading(client, vera)
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert "Nothing needs you" in before
    for said in (sent_back, moved):
        assert "Waiting on EMP for a new version of phase 1" in said
        assert "Nothing needs you" not in said
    assert "Nothing needs you" in heading(client, vera)


def test_what_is_cancelled_or_held_is_not_waited_for(client, submitted, engagement, vera, carl):
    request_changes(submitted, actor=carl, reason="Name the window.")
    Engagement.objects.filter(pk=engagement.pk).update(phase="on_hold", phase_before_hold="discovery")

    assert "Nothing needs you" in heading(client, vera)


def test_records_that_move_after_changes_were_requested_stand_in_the_history_and_on_the_gate(
    client, submitted, engagement, carl, ada, facts
):
    request_changes(submitted, actor=carl, reason="Name the window.")
    facts["parameters"] = 43

    mark_stale(engagement, actor=ada)

    moved = Transition.objects.get(gate__number=1, step="reopen_gate")
    assert (moved.before, moved.after) == ("changes_requested", "open")
    stale = AuditEvent.objects.get(action="document.stale", subject_id=str(submitted.pk))
    assert AuditEvent.objects.filter(action="gate.moved", data__moved_from="Changes requested").count() == 1
    page = gate_page(client, engagement, carl)
    assert "Open again because the records changed" in page
    assert stale.data["changes"][0] in page.replace("&#x27;", "'")
    assert "Name the window." in page
    history = client.get(reverse("engagements:history", args=[engagement.code])).content.decode()
    assert "no longer tells what holds" in history
    (asked,) = [one for one in decisions_for(ada) if one.title == "Changes are asked for at phase 1"]
    assert "Name the window." in asked.text


def test_a_new_version_ends_what_is_said_of_the_old_one(client, submitted, engagement, carl, ada, facts):
    request_changes(submitted, actor=carl, reason="Name the window.")
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)

    put_up(engagement, 1, consultant=ada, customer=carl)

    page = gate_page(client, engagement, carl)
    assert gate_of(engagement, 1).state == "submitted"
    assert "Open again because" not in page
    assert "Changes requested" not in page
    assert not [one for one in decisions_for(ada) if one.title == "Changes are asked for at phase 1"]


def test_a_gate_that_nothing_moved_says_nothing_of_it(client, submitted, engagement, carl):
    assert "Open again because" not in gate_page(client, engagement, carl)
