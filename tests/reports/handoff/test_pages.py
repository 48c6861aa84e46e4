"""The page of the handoff and its routes: what they show, who may act, and the list of what comes around again."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse

from core.errors import Conflict
from core.jobs import run_job
from core.models import AuditEvent, Job
from delivery.models import SelectorKey
from engagements.domain.ask_question import ask_question
from engagements.today import today_of
from reports.domain.approve_runbook import note_drill
from reports.domain.request_handoff import take_handoff
from reports.handoff.recurring import grouped
from reports.handoff_found import tasks_of
from reports.models import HandoffPack, RunbookRevision
from tests.reports.handoff.conftest import make_pack

pytestmark = pytest.mark.django_db


def page(client, engagement):
    return client.get(reverse("handoff:list", args=[engagement.code])).content.decode()


def task(engagement, kind, subject):
    return next(one for one in tasks_of(engagement) if (one.kind, one.subject) == (kind, subject))


def test_the_pack_is_made_by_a_worker_and_then_taken_away(client, worked, carl):
    client.force_login(carl)
    before = page(client, worked)

    client.post(reverse("handoff:make", args=[worked.code]))
    waiting = page(client, worked)
    run_job(Job.objects.get(kind="make_handoff").pk)
    answer = client.post(reverse("handoff:take", args=[worked.code]))

    assert "No pack was made yet" in before
    assert "Making the pack" in waiting
    assert answer.content == bytes(HandoffPack.objects.get(engagement=worked).content)
    assert answer["Content-Disposition"] == f'attachment; filename="{worked.code}-handoff.zip"'
    assert AuditEvent.objects.get(action="handoff.taken").actor == carl


def test_what_falls_due_on_one_day_for_one_reason_is_one_row(client, worked, lea):
    client.force_login(lea)

    shown = page(client, worked)

    every = tasks_of(worked)
    groups = grouped(every)
    assert len(groups) < len(every)
    assert [subject for group in groups for subject in group.subjects] == [one.subject for one in every]
    assert shown.count("<tr>") == len(groups) + 1
    assert all(shown.count(f">{one.subject}</li>") >= 1 for one in every)


def test_the_ledger_names_the_bytes_that_were_handed_out_also_where_a_newer_pack_came_between(worked, lea, quick_paper):
    make_pack(worked, actor=lea)
    looked_at = HandoffPack.objects.defer("content").get(engagement=worked)
    ask_question(worked, actor=lea, text="And now?", is_blocking=False)
    newer = make_pack(worked, actor=lea)

    taken = take_handoff(looked_at, actor=lea)

    digest = hashlib.sha256(taken).hexdigest()
    assert taken == newer
    assert AuditEvent.objects.get(action="handoff.taken").data["digest"] == digest != looked_at.digest


def test_a_pack_that_went_between_the_page_and_the_button_is_a_sentence(worked, lea, quick_paper):
    make_pack(worked, actor=lea)
    looked_at = HandoffPack.objects.defer("content").get(engagement=worked)
    HandoffPack.objects.filter(pk=looked_at.pk).delete()

    with pytest.raises(Conflict, match="Nothing was taken"):
        take_handoff(looked_at, actor=lea)

    assert not AuditEvent.objects.filter(action="handoff.taken").exists()


def test_a_second_pack_takes_the_place_of_the_first(worked, lea, quick_paper):
    make_pack(worked, actor=lea)
    make_pack(worked, actor=lea)

    assert HandoffPack.objects.filter(engagement=worked).count() == 1


def test_the_page_says_what_the_pack_does_not_hold_yet(client, worked, lea, quick_paper):
    make_pack(worked, actor=lea)
    client.force_login(lea)
    fresh = page(client, worked)

    note_drill(
        RunbookRevision.objects.filter(engagement=worked).first(),
        held_on=today_of(worked),
        minutes=5,
        participants="Carl",
        outcome="Found it.",
        actor=lea,
    )

    assert "Nothing has happened" in fresh
    assert "1 event of the history" in page(client, worked)


def test_whoever_only_reads_sees_the_list_and_no_button(client, worked, vera):
    client.force_login(vera)

    text = page(client, worked)

    assert "Runbook review" in text
    assert "Make the pack" not in text
    assert client.post(reverse("handoff:make", args=[worked.code])).status_code == 403
    assert not Job.objects.filter(kind="make_handoff").exists()


def test_a_review_comes_around_on_the_day_that_the_newest_revision_names(worked):
    revision = RunbookRevision.objects.filter(engagement=worked).first()

    assert task(worked, "Runbook review", revision.title).due_on == revision.review_on


def test_a_runbook_that_was_never_tried_has_no_day_and_says_so(worked, lea):
    revision = RunbookRevision.objects.filter(engagement=worked).first()
    before = task(worked, "Runbook drill", revision.title)
    day = today_of(worked)

    note_drill(revision, held_on=day, minutes=5, participants="Carl", outcome="Found it.", actor=lea)

    assert before.due_on is None
    assert task(worked, "Runbook drill", revision.title).due_on == day + timedelta(days=365)


def test_a_selector_rotates_six_months_after_its_key_was_noted(worked, ada):
    at = worked.created_at
    for days in (0, 10):
        SelectorKey.objects.create(
            engagement=worked,
            record_name="s9._domainkey.northlake.example",
            public_key="AAAA",
            noted_at=at + timedelta(days=days),
            noted_by=ada,
        )

    found = task(worked, "Selector rotation", "s9._domainkey.northlake.example")

    assert found.due_on == at.date() + timedelta(days=190)


def test_a_certificate_whose_end_no_record_tells_has_no_day_but_the_command_that_tells(worked):
    found = [one for one in tasks_of(worked) if one.kind == "Certificate renewal"]

    assert found
    assert all(one.due_on is None and f"-in {one.subject}" in one.basis for one in found)


def test_programs_ask_for_the_pack_and_take_it(client, worked, carl):
    client.force_login(carl)
    path = f"/api/v1/engagements/{worked.code}/handoff/"

    asked = client.post(path)
    run_job(Job.objects.get(kind="make_handoff").pk)
    told = client.get(path).json()

    assert asked.status_code == 201
    assert told["pack"]["events_since"] == 0
    assert {"kind", "subject", "due_on", "basis"} == set(told["recurring"][0])
    assert client.post(f"{path}take/").content[:2] == b"PK"
