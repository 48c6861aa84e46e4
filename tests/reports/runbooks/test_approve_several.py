"""Several runbooks are approved in one act: only what the approver said to have read, and all of them or none."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.permissions import Refused
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from reports.domain.approve_runbook import acknowledge_runbook, approve_runbook
from reports.domain.approve_several import approve_runbooks
from reports.domain.draw_up_runbooks import draw_up_runbooks, note_runbook_fact
from reports.models import RunbookApproval

pytestmark = pytest.mark.django_db


def seen_of(revisions):
    return {revision.key: revision.digest for revision in revisions}


@pytest.fixture
def read(drawn, carl):
    """Three of ten, which Carl said to have read."""
    chosen = list(drawn.values())[:3]
    for revision in chosen:
        acknowledge_runbook(revision, actor=carl)
    return chosen


def entries():
    return AuditEvent.objects.filter(action="runbook.approved")


def test_each_is_approved_for_ones_own_side_with_an_entry_of_its_own(named, read, carl):
    approvals = approve_runbooks(named, seen=seen_of(read), actor=carl)

    assert [(one.revision, one.party, one.approved_by) for one in approvals] == [
        (revision, "customer", carl) for revision in read
    ]
    assert RunbookApproval.objects.count() == 3
    assert {(event.data["digest"], event.actor) for event in entries()} == {(each.digest, carl) for each in read}


def test_what_the_approver_did_not_read_is_named_and_nothing_is_approved(named, drawn, read, carl):
    unread = list(drawn.values())[3]

    with pytest.raises(Conflict) as refusal:
        approve_runbooks(named, seen=seen_of([*read, unread]), actor=carl)

    [named_one, end] = refusal.value.reasons
    assert named_one == (f"“{unread.title}”: you have not said that you read revision 1. Open it and read it first.")
    assert end == "None was approved."
    assert not RunbookApproval.objects.exists()
    assert not entries().exists()


def test_that_somebody_else_read_it_is_not_enough(named, read, lea):
    with pytest.raises(Conflict, match="you have not said that you read"):
        approve_runbooks(named, seen=seen_of(read), actor=lea)

    assert not RunbookApproval.objects.exists()


def test_one_that_was_approved_already_and_one_that_changed_keep_the_others_back(named, read, ada, carl):
    approve_runbook(read[0], actor=carl)
    with pytest.raises(Conflict, match="Carl Brandt approved this revision for the customer already"):
        approve_runbooks(named, seen=seen_of(read), actor=carl)

    note_runbook_fact(named, key="on_call", value="Another desk, +49 30 111111", actor=ada)
    with pytest.raises(Conflict, match="has changed since"):
        approve_runbooks(named, seen=seen_of(read[1:]), actor=carl)
    draw_up_runbooks(named, actor=ada)
    with pytest.raises(Conflict, match="not the newest revision that you had on screen"):
        approve_runbooks(named, seen=seen_of(read[1:]), actor=carl)

    assert RunbookApproval.objects.count() == 1


@pytest.mark.parametrize(("seen", "said"), [({}, "at least one"), ({"nothing": "x"}, "no such runbook: nothing")])
def test_none_and_unknown_ones_are_refused_in_words(named, drawn, carl, seen, said):
    with pytest.raises(DomainError, match=said):
        approve_runbooks(named, seen=seen, actor=carl)


def test_who_may_not_approve_one_may_not_approve_several(named, read, ada, vera):
    for person in (ada, vera):
        with pytest.raises(Refused):
            approve_runbooks(named, seen=seen_of(read), actor=person)

    assert not RunbookApproval.objects.exists()


def test_the_list_offers_what_was_read_and_names_what_is_to_be_read_first(client, named, drawn, read, carl, vera):
    address = reverse("runbooks:list", args=[named.code])
    client.force_login(vera)
    of_a_viewer = client.get(address).content.decode()
    client.force_login(carl)
    before = client.get(address).content.decode()

    ticked = [f"{revision.key}:{revision.digest}" for revision in read]
    done = client.post(reverse("runbooks:approve_chosen", args=[named.code]), {"runbook": ticked}, follow=True)

    unread = list(drawn.values())[3]
    text = done.content.decode()
    assert "What waits for your approval" not in of_a_viewer
    assert all(value in before for value in ticked)
    assert f"{unread.key}:{unread.digest}" not in before
    assert "Read first:" in before
    assert "3 runbooks were approved." in strip_tags(text)
    assert not any(value in text for value in ticked)
    assert RunbookApproval.objects.count() == 3


def test_a_refusal_shows_the_list_again_with_its_reasons_and_what_was_ticked(client, named, drawn, read, carl):
    unread = list(drawn.values())[3]
    left, *chosen = read
    client.force_login(carl)
    ticked = [f"{revision.key}:{revision.digest}" for revision in (*chosen, unread)]

    answer = client.post(reverse("runbooks:approve_chosen", args=[named.code]), {"runbook": ticked})

    text = answer.content.decode()
    boxes = {box: " checked" in rest for box, rest in re.findall(r'id="approve-(\w+)"([^>]*)>', text)}
    assert answer.status_code == 409
    assert f"“{unread.title}”: you have not said that you read revision 1." in text
    assert boxes == {left.key: False, **{revision.key: True for revision in chosen}}
    assert not RunbookApproval.objects.exists()


def test_of_a_revision_that_took_the_place_of_the_ticked_one_nothing_is_ticked(client, named, read, carl):
    client.force_login(carl)
    ticked = [f"{read[0].key}:older", f"{read[1].key}:{read[1].digest}"]

    text = client.post(reverse("runbooks:approve_chosen", args=[named.code]), {"runbook": ticked}).content.decode()

    assert re.findall(r'id="approve-(\w+)" checked>', text) == [read[1].key]
    assert "not the newest revision that you had on screen" in text


def test_a_box_that_says_nothing_is_refused_in_words(client, named, drawn, carl):
    client.force_login(carl)

    answer = client.post(reverse("runbooks:approve_chosen", args=[named.code]), {"runbook": ["", ":", "queue_drain"]})

    assert answer.status_code == 422
    assert "None was approved." in answer.content.decode()
    assert not RunbookApproval.objects.exists()


def test_a_program_approves_several(client, named, drawn, read, carl):
    client.force_login(carl)
    address = reverse("api:runbooks:approve_chosen", args=[named.code])
    unread = list(drawn.values())[3]

    def send(revisions):
        told = {"runbooks": [{"runbook": one.key, "digest": one.digest} for one in revisions]}
        return client.post(address, told, content_type="application/json")

    refused, done = send([unread]), send(read)

    assert refused.status_code == 409
    assert unread.title in refused.content.decode()
    assert [row["party"] for row in done.json()] == ["customer"] * 3
    assert RunbookApproval.objects.count() == 3
