"""Whoever signed, or was asked to, hears what became of it; whoever did it does not hear of their own act."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import OutboxMessage
from engagements import parts
from engagements.domain.complete_task import complete_task
from engagements.domain.mark_stale import mark_stale
from engagements.domain.release_part import release_part
from engagements.domain.request_changes import request_changes
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.domain.sign_document import sign_document
from engagements.models import Condition, HeldPart
from engagements.parts import Part
from engagements.today import today_of
from tests.engagements.journey import begin, put_up, sign, signature_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def told(kind):
    return {mail.address: mail for mail in OutboxMessage.objects.filter(kind=kind)}


def test_records_that_move_are_told_to_who_signed_and_to_who_was_asked_and_to_nobody_before_their_turn(
    in_turns, engagement, carl, petra, ada, facts
):
    facts["parameters"] = 42
    mark_stale(engagement, actor=ada)

    mails = told("document_stale")
    assert list(mails) == [carl.email]
    assert mails[carl.email].subject.startswith("No longer waits for you: Migration plan, version 1")
    assert "which you signed" not in mails[carl.email].text


def test_a_signature_that_is_overtaken_is_named_with_what_moved_and_by_whom(
    in_turns, engagement, carl, petra, ada, facts
):
    signed = sign(in_turns, signer=carl)

    facts["parameters"] = 42
    mark_stale(engagement, actor=ada)

    mails = told("document_stale")
    assert set(mails) == {carl.email, petra.email}
    assert mails[carl.email].subject.startswith("Changed after you signed")
    assert signed.reference in mails[carl.email].text
    assert "What moved, by Ada Quint:" in mails[carl.email].text
    assert "41" in mails[carl.email].text
    assert mails[petra.email].subject.startswith("No longer waits for you")


def test_changes_that_one_signer_requests_are_told_to_the_others_and_to_the_team(in_turns, carl, petra, ada, lea):
    sign(in_turns, signer=carl)

    request_changes(in_turns, actor=petra, reason="The window is too short.")

    assert set(told("changes_requested")) == {carl.email, ada.email, lea.email}


def test_conditions_and_held_parts_stand_in_the_mail_and_their_signer_hears_what_becomes_of_them(
    engagement, carl, petra, ada, monkeypatch
):
    monkeypatch.setattr(parts, "_sources", [])
    parts.parts(1)(lambda engagement: [Part("a", "S-01 Receipts"), Part("b", "S-02 News")])
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    condition = ConditionText("Rotate the DKIM keys.", today_of(engagement) + timedelta(days=7))
    reservations = Reservations((condition,), {"a": "Not before May."})

    sign_document(document, actor=carl, signature=signature_for(document), reservations=reservations)
    sign(document, signer=petra, typed_name="Petra Lang")
    complete_task(Condition.objects.get().task, actor=ada, evidence="Rotated on Monday.")
    release_part(HeldPart.objects.get(), actor=petra, authenticated_at=timezone.now())

    signed = OutboxMessage.objects.filter(kind="signed", address=carl.email).earliest("pk").text
    assert "On condition that: Rotate the DKIM keys." in signed
    assert "Held back: S-01 Receipts. Not before May." in signed
    assert list(told("condition_done")) == [carl.email]
    assert "Rotated on Monday." in told("condition_done")[carl.email].text
    assert carl.email in told("part_released")
    assert petra.email not in told("part_released")
