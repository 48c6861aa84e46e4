"""Findings and tasks of an engagement as files for Jira and ServiceNow, on the page and over the API."""

import csv
import io

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discovery.domain.accept_finding import accept_finding
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.models import Finding
from engagements.models import GateTask
from tests.discovery.pages import text_of
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, made_up, read
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def upload(engagement, ada):
    return read(engagement, actor=ada)


def table(client, engagement, system="jira", api="", **asked):
    response = client.get(reverse(f"{api}trackers:csv", args=[engagement.code, system]), asked)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def by_id(rows, name="External ID"):
    return {row[name]: row for row in rows}


def test_every_finding_and_every_task_has_a_row_with_its_address(as_ada, engagement, upload):
    rows = by_id(table(as_ada, engagement))

    findings = {f"GP-{engagement.code}-F{one.number}" for one in engagement.findings.all()}
    tasks = {f"GP-{engagement.code}-T{one.pk}" for one in GateTask.objects.filter(gate__engagement=engagement)}
    assert len(findings) > 3
    assert len(tasks) > 3
    assert rows.keys() == findings | tasks
    first = engagement.findings.first()
    row = rows[f"GP-{engagement.code}-F{first.number}"]
    page = reverse("discovery:finding", args=[engagement.code, first.number])
    assert row["Portal Address"] == f"{settings.PORTAL_URL}{page}"
    assert first.evidence in row["Description"]
    assert first.message in row["Description"]
    assert as_ada.get(page).status_code == 200


def test_states_become_those_of_the_tracker(as_ada, engagement, upload, ada):
    accepted, dismissed, gone, *_ = engagement.findings.all()
    accept_finding(accepted, actor=ada, version=1)
    dismiss_finding(dismissed, actor=ada, version=1, reason="no_effect", note="Nothing reads it.")
    Finding.objects.filter(pk=gone.pk).update(gone_since=upload, gone_at=upload.uploaded_at)

    rows = by_id(table(as_ada, engagement))

    states = [rows[f"GP-{engagement.code}-F{one.number}"]["Status"] for one in (accepted, dismissed, gone)]
    assert states == ["In Progress", "Done", "Done"]
    told = rows[f"GP-{engagement.code}-F{dismissed.number}"]["Description"]
    assert "Dismissed by Ada Quint. The line has no effect on this host. Nothing reads it." in told


def test_what_is_over_can_be_left_out(as_ada, engagement, upload, ada):
    dismissed = engagement.findings.first()
    dismiss_finding(dismissed, actor=ada, version=1, reason="no_effect")

    everything, new = (by_id(table(as_ada, engagement, rows=rows)) for rows in ("all", "new"))

    assert everything.keys() - new.keys() == {f"GP-{engagement.code}-F{dismissed.number}"}


def test_tasks_of_a_phase_that_was_not_bought_are_not_told(as_ada, engagement, upload):
    type(engagement).objects.filter(pk=engagement.pk).update(is_plan_only=True)

    rows = by_id(table(as_ada, engagement))

    tasks = {f"GP-{engagement.code}-T{one.pk}" for one in GateTask.objects.filter(gate__number=1)}
    assert {one for one in rows if "-T" in one} == tasks


def test_a_masked_secret_stays_masked(as_ada, engagement, ada):
    secret = "".join(chr(97 + number * 7 % 26) for number in range(19))
    planted = MAIN_CF + f"crm_adress = https://writer:{secret}@crm.northlake.example/\n"
    read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/main.cf": planted})

    told = as_ada.get(reverse("trackers:csv", args=[engagement.code, "jira"])).content.decode()

    assert "crm.northlake.example" in told
    assert secret not in told


def test_servicenow_gets_its_own_table_over_the_api(as_ada, engagement, upload):
    rows = by_id(table(as_ada, engagement, "servicenow", api="api:"), "correlation_id")

    assert rows.keys() == by_id(table(as_ada, engagement)).keys()
    assert {row["state"] for row in rows.values()} == {"1"}


def test_rows_that_are_none_and_a_tracker_that_is_none_are_refused(as_ada, engagement, upload):
    page = as_ada.get(reverse("trackers:csv", args=[engagement.code, "jira"]), {"rows": "some"})
    route = as_ada.get(reverse("api:trackers:csv", args=[engagement.code, "jira"]), {"rows": "some"})
    strange = as_ada.get(reverse("trackers:csv", args=[engagement.code, "redmine"]))

    assert (page.status_code, route.status_code, strange.status_code) == (422, 422, 404)
    assert "rows is one of new, known, all. Nothing was sent." in route.json()["reasons"]


def test_the_number_of_queries_does_not_grow_with_the_findings(as_ada, engagement, upload):
    url = reverse("trackers:csv", args=[engagement.code, "jira"])
    as_ada.get(url)
    with CaptureQueriesContext(connection) as few:
        as_ada.get(url)
    Finding.objects.bulk_create(made_up(upload, 900 + number) for number in range(40))

    with CaptureQueriesContext(connection) as many:
        as_ada.get(url)

    assert len(many) == len(few)


def test_the_page_says_how_a_table_is_imported(as_ada, engagement, upload):
    page = text_of(as_ada.get(reverse("trackers:home", args=[engagement.code])))

    assert "Name the date format yyyy-MM-dd." in page
    assert "Tick Coalesce at correlation_id" in page
    assert reverse("trackers:csv", args=[engagement.code, "servicenow"]) in page
    assert reverse("trackers:home", args=[engagement.code]) in text_of(
        as_ada.get(reverse("discovery:queue", args=[engagement.code]))
    )
