"""Trackers over the API: keys recorded and taken off, what changed since, and what a ticket is about."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from discovery.domain.accept_finding import accept_finding
from discovery.domain.note_key import note_key, remove_key
from discovery.models import ExternalKey, Finding
from engagements.domain.complete_task import complete_task, reopen_task
from engagements.models import GateTask
from tests.factories.discovery import SMALL_ESTATE, read
from tests.kept import kept

pytestmark = pytest.mark.django_db

ADDRESS = "https://northlake.atlassian.net/browse/MAIL-7"


@kept
def upload(engagement, ada):
    return read(engagement, actor=ada)


@pytest.fixture
def finding(engagement, upload):
    return engagement.findings.first()


def url(engagement, name, *arguments):
    return reverse(f"api:trackers:{name}", args=[engagement.code, *arguments])


def key_url(finding, system="jira"):
    return url(finding.engagement, "key", f"GP-{finding.engagement.code}-F{finding.number}", system)


def put(client, address, body, **headers):
    return client.put(address, body, content_type="application/json", headers=headers)


def told(client, address, **asked):
    response = client.get(address, asked)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def findings_url(engagement):
    return reverse("api:discovery:findings", args=[engagement.code])


def a_moment_ago():
    """Everything so far is older: rows are put back, so that no test waits."""
    past = timezone.now() - timedelta(hours=1)
    Finding.objects.update(changed_at=past, found_at=past)
    ExternalKey.objects.update(changed_at=past)
    return (timezone.now() - timedelta(minutes=1)).isoformat()


def test_a_put_records_a_key_and_again_changes_nothing(as_ada, finding):
    first = put(as_ada, key_url(finding), {"key": "MAIL-7", "address": ADDRESS})
    again = put(as_ada, key_url(finding), {"key": "MAIL-7", "address": ADDRESS})

    assert (first.status_code, first["ETag"]) == (200, '"1"')
    assert (again.status_code, again["ETag"], again.json()) == (200, '"1"', first.json())
    assert first.json()["external_id"] == f"GP-{finding.engagement.code}-F{finding.number}"
    assert (first.json()["finding"], first.json()["task"]) == (finding.number, None)


def test_another_key_needs_the_etag_of_the_one_that_stands(as_ada, finding):
    put(as_ada, key_url(finding), {"key": "MAIL-7"})

    unseen = put(as_ada, key_url(finding), {"key": "MAIL-8"})
    seen = put(as_ada, key_url(finding), {"key": "MAIL-8"}, **{"If-Match": '"1"'})

    assert (unseen.status_code, seen.status_code, seen["ETag"]) == (409, 200, '"2"')
    assert as_ada.get(key_url(finding)).json()["key"] == "MAIL-8"


def test_a_key_is_taken_off_once_and_nothing_is_said_twice(as_ada, finding):
    put(as_ada, key_url(finding), {"key": "MAIL-7"})

    without = as_ada.delete(key_url(finding))
    stale = as_ada.delete(key_url(finding), headers={"If-Match": '"9"'})
    done = as_ada.delete(key_url(finding), headers={"If-Match": '"1"'})
    again = as_ada.delete(key_url(finding))

    assert [one.status_code for one in (without, stale, done, again)] == [428, 409, 204, 204]
    assert as_ada.get(key_url(finding)).status_code == 404


def test_strange_names_of_things_and_of_trackers_are_not_found(as_ada, engagement, finding):
    strange = [
        key_url(finding, "redmine"),
        url(engagement, "key", "GP-E-1999-0001-F1", "jira"),
        url(engagement, "key", f"GP-{engagement.code}-F9999", "jira"),
        url(engagement, "key", f"GP-{engagement.code}-T999999999", "jira"),
    ]

    assert [put(as_ada, address, {"key": "MAIL-7"}).status_code for address in strange] == [404] * 4
    assert not ExternalKey.objects.exists()


def test_what_a_ticket_is_about_is_found_by_its_key(as_ada, engagement, finding, ada):
    task = GateTask.objects.select_related("gate__engagement").filter(gate__engagement=engagement).first()
    note_key(finding, system="jira", key="MAIL-7", actor=ada, version=0)
    note_key(task, system="servicenow", key="INC7", actor=ada, version=0)

    (by_key,) = told(as_ada, url(engagement, "keys"), key="mail-7")
    (by_system,) = told(as_ada, url(engagement, "keys"), system="servicenow")
    (by_finding,) = told(as_ada, findings_url(engagement), external_key="MAIL-7", state="all")

    assert (by_key["finding"], by_system["task"], by_finding["number"]) == (finding.number, task.pk, finding.number)
    assert by_finding["external_keys"] == [{"system": "jira", "key": "MAIL-7", "address": ""}]
    assert told(as_ada, url(engagement, "keys"), key="MAIL-8") == []


def test_keys_that_changed_since_are_told_with_those_that_were_taken_off(as_ada, engagement, upload, ada):
    first, second, third, *_ = engagement.findings.all()
    for number, finding in enumerate((first, second), start=1):
        note_key(finding, system="jira", key=f"MAIL-{number}", actor=ada, version=0)
    since = a_moment_ago()
    remove_key(second, system="jira", actor=ada, version=1)
    note_key(third, system="jira", key="MAIL-3", actor=ada, version=0)

    changed = told(as_ada, url(engagement, "keys"), changed_since=since)

    assert [(row["finding"], row["key"]) for row in changed] == [(second.number, ""), (third.number, "MAIL-3")]
    assert [row["key"] for row in told(as_ada, url(engagement, "keys"))] == ["MAIL-1", "MAIL-3"]


def test_findings_that_changed_went_came_back_or_were_keyed_are_told_since(as_ada, engagement, upload, ada):
    accepted, keyed, still, *_ = engagement.findings.exclude(rule="made-up")
    since = a_moment_ago()
    assert told(as_ada, findings_url(engagement), changed_since=since, state="all") == []

    accept_finding(accepted, actor=ada, version=1)
    note_key(keyed, system="jira", key="MAIL-7", actor=ada, version=0)

    numbers = {row["number"] for row in told(as_ada, findings_url(engagement), changed_since=since, state="all")}
    assert numbers == {accepted.number, keyed.number}
    assert still.number not in numbers


def test_a_finding_that_went_and_one_that_came_back_are_told_since(as_ada, engagement, upload, ada):
    without = SMALL_ESTATE | {"etc/postfix/main.cf": "myhostname = mta1.northlake.example\n"}
    since = a_moment_ago()
    read(engagement, actor=ada, files=without)
    gone = set(Finding.objects.exclude(gone_at=None).values_list("number", flat=True))
    told_gone = {row["number"] for row in told(as_ada, findings_url(engagement), changed_since=since, state="all")}
    since = a_moment_ago()
    Finding.objects.exclude(gone_at=None).update(gone_at=timezone.now() - timedelta(hours=1))

    read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/more": "x\n"})

    back = {row["number"] for row in told(as_ada, findings_url(engagement), changed_since=since, state="all")}
    assert gone
    assert gone <= told_gone
    assert gone <= back


def test_tasks_are_listed_with_their_keys_and_those_of_which_the_ledger_tells(as_ada, engagement, ada, lenient_gates):
    task, other = GateTask.objects.select_related("gate__engagement").filter(gate__engagement=engagement)[:2]
    note_key(other, system="jira", key="MAIL-7", actor=ada, version=0)

    rows = told(as_ada, url(engagement, "tasks"))

    assert len(rows) == GateTask.objects.filter(gate__engagement=engagement).count()
    by_id = {row["id"]: row for row in rows}
    assert by_id[other.pk]["external_keys"] == [{"system": "jira", "key": "MAIL-7", "address": ""}]
    assert by_id[task.pk]["external_id"] == f"GP-{engagement.code}-T{task.pk}"
    assert by_id[task.pk]["state"] == "not_begun"


def test_a_task_that_was_done_and_opened_again_is_told_since(as_ada, engagement, ada):
    gates = engagement.gates.filter(number=2)
    type(gates.get()).objects.filter(pk=gates.get().pk).update(state="open")
    task = GateTask.objects.select_related("gate__engagement").get(gate__in=gates, party="consultancy")
    since = (timezone.now() - timedelta(minutes=1)).isoformat()
    before = {row["id"] for row in told(as_ada, url(engagement, "tasks"), changed_since=timezone.now().isoformat())}

    complete_task(task, actor=ada, evidence="Version 4.2 on two hosts.")
    reopen_task(task, actor=ada)

    after = {row["id"] for row in told(as_ada, url(engagement, "tasks"), changed_since=since)}
    assert before == set()
    assert task.pk in after


def test_a_file_of_keys_is_taken_whole_or_not_at_all(as_ada, engagement, finding):
    address = url(engagement, "keys_import")
    good = f"External ID,Key\nGP-{engagement.code}-F{finding.number},MAIL-7\n"
    bad = good + "GP-X-F1,MAIL-8\n"

    refused, taken = (
        as_ada.post(address, {"system": "jira", "sheet": SimpleUploadedFile("keys.csv", text.encode())})
        for text in (bad, good)
    )

    assert refused.status_code == 422
    assert "Row 3: GP-X-F1 names no finding and no task of this engagement." in refused.json()["reasons"]
    assert (taken.status_code, taken.json()) == (201, {"new": 1, "known": 0, "strange": 0})
    assert ExternalKey.objects.count() == 1


def test_a_moment_that_is_none_is_refused(as_ada, engagement, upload):
    answers = [
        as_ada.get(at, {"changed_since": "lately"}) for at in (url(engagement, "keys"), url(engagement, "tasks"))
    ]

    assert [one.status_code for one in answers] == [422, 422]
