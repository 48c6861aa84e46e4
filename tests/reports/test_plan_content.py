"""What the plan says, and that nothing in it moves by itself."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit import digest_of
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.models import Finding
from engagements.content import current_content
from engagements.domain.ask_question import ask_question
from engagements.domain.complete_task import reopen_task
from engagements.models import Gate, StaleMark
from reports.drafts import draft_of
from reports.outline import outline_of
from reports.rendering import document_html
from tests.engagements.journey import gate_of, put_up, sign
from tests.factories import discovery
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@kept
def out_for_signature(begun, carl, ada):
    return put_up(begun, 1, consultant=ada, customer=carl)


@kept
def signed(out_for_signature, carl):
    sign(out_for_signature, signer=carl)
    return out_for_signature


def test_every_fact_says_where_it_was_read(gate):
    estate = current_content(gate)["estate"]

    milter = estate["milters"][0]
    assert (milter["host"], milter["upload"], milter["place"]) == ("mta1", 1, "etc/postfix/main.cf:6")
    assert [row["name"] for row in estate["listeners"]] == ["smtp/inet"]
    assert {row["name"] for row in estate["transports"]} >= {"bulk", "tag"}
    assert estate["readings"][0]["uploaded_by"] == "Ada Quint"


def test_findings_stand_in_the_order_of_severity_and_a_zero_is_said(gate):
    groups = current_content(gate)["findings"]

    assert [group["severity"] for group in groups] == ["blocker", "high", "medium", "low", "info"]
    assert sum(group["count"] for group in groups) == Finding.objects.filter(engagement=gate.engagement).count()
    assert all(row["place"] for group in groups for row in group["rows"])


def test_without_a_quote_the_plan_says_so(gate):
    content = current_content(gate)

    assert content["offer"] is None
    assert "No accepted quote on record." in content["summary"]


def test_an_engagement_without_anything_still_has_a_plan(engagement):
    content = current_content(gate_of(engagement, 1))

    assert content["summary"][0] == "No configuration has been read yet: this plan says nothing about the estate."
    assert content["estate"]["readings"] == []


def test_two_builds_of_unchanged_records_are_equal(gate):
    assert digest_of(current_content(gate)) == digest_of(current_content(gate))


def test_nothing_depends_on_the_order_of_keys_which_the_database_does_not_keep(gate):
    def shuffled(value):
        if isinstance(value, dict):
            return {key: shuffled(value[key]) for key in reversed(value)}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    snapshot = draft_of(gate)
    snapshot["content"]["estate"]["readings"][0]["secrets"] = [{"kind": "b", "count": 1}, {"kind": "a", "count": 2}]

    assert document_html("plan", snapshot, outline_of("plan")) == document_html(
        "plan", shuffled(snapshot), outline_of("plan")
    )


def test_the_content_is_what_comes_back_from_the_database(gate):
    content = current_content(gate)

    assert json.loads(json.dumps(content)) == content


def test_submitting_and_signing_do_not_move_the_content(begun, signed):
    gate = gate_of(begun, 1)

    assert gate.state == Gate.State.SIGNED
    assert digest_of(current_content(gate)) == signed.snapshot_digest


def test_a_question_asked_after_freezing_does_not_move_it(begun, signed, carl):
    ask_question(begun, actor=carl, text="When do you begin?")

    assert digest_of(current_content(gate_of(begun, 1))) == signed.snapshot_digest


def test_a_new_name_does_not_move_it(begun, signed, ada, carl):
    for person, name in ((ada, "Ada Quint-Holm"), (carl, "Carl B. Brandt")):
        person.full_name = name
        person.save(update_fields=["full_name"])

    assert digest_of(current_content(gate_of(begun, 1))) == signed.snapshot_digest


def test_another_signer_named_after_signing_does_not_move_it(begun, signed, northlake, vera):
    vera.memberships.get().duties.create(kind="sign_phase", phase=1)

    assert digest_of(current_content(gate_of(begun, 1))) == signed.snapshot_digest


def test_the_same_bundle_once_more_does_not_move_it(begun, signed, ada):
    discovery.read(begun, actor=ada)

    assert gate_of(begun, 1).state == Gate.State.SIGNED
    assert digest_of(current_content(gate_of(begun, 1))) == signed.snapshot_digest


def test_the_phases_that_follow_do_not_move_it(begun, signed, carl, ada):
    sign(put_up(begun, 2, consultant=ada, customer=carl), signer=carl)

    assert gate_of(begun, 1).state == Gate.State.SIGNED
    assert digest_of(current_content(gate_of(begun, 1))) == signed.snapshot_digest


def test_an_answered_finding_makes_it_stale_with_a_list_one_can_read(begun, signed, ada):
    finding = Finding.objects.filter(engagement=begun, state="open").order_by("number").first()

    dismiss_finding(finding, actor=ada, version=finding.version, reason=Finding.Dismissal.NO_EFFECT)

    assert gate_of(begun, 1).state == Gate.State.OPEN
    changes = StaleMark.objects.get(signoff__document=signed).changes
    assert any("Not answered yet is now Dismissed: the line has no effect on this host" in change for change in changes)


def test_other_lines_make_it_stale(begun, signed, ada):
    files = discovery.SMALL_ESTATE | {"etc/postfix/main.cf": discovery.MAIN_CF.replace("192.0.2.10", "192.0.2.77")}

    discovery.read(begun, actor=ada, files=files)

    changes = StaleMark.objects.get(signoff__document=signed).changes
    assert gate_of(begun, 1).state == Gate.State.OPEN
    assert any("192.0.2.77" in change for change in changes)


def test_a_task_taken_back_makes_the_record_of_its_phase_stale(begun, signed, carl, ada):
    record = put_up(begun, 2, consultant=ada, customer=carl)
    sign(record, signer=carl)

    reopen_task(gate_of(begun, 2).tasks.filter(party="consultancy").first(), actor=ada)

    assert gate_of(begun, 2).state == Gate.State.OPEN
    assert "is gone." in StaleMark.objects.get(signoff__document=record).changes[0]


def test_the_number_of_queries_does_not_grow_with_the_estate(begun, ada):
    gate = gate_of(begun, 1)
    counts = []
    for host in ("mta1", "mta2", "mta3"):
        discovery.read(begun, actor=ada, host=host)
        with CaptureQueriesContext(connection) as queries:
            current_content(gate)
        counts.append(len(queries))

    assert len(set(counts)) == 1
    assert counts[0] < 60
