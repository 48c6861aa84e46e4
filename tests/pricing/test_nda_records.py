"""The clock and the mail of the NDA, and what the database keeps by itself."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.evidence import verify
from core.models import AuditEvent
from engagements.domain.export_evidence import export_evidence
from pricing.domain.review_nda import accept_nda
from pricing.models import Nda, NdaSignature
from pricing.nda_files import pdf_of
from pricing.nda_standing import due_text, standing_of
from tests.engagements.test_evidence_pack import places, write_again
from tests.engagements.test_evidence_signatures import rows_in
from tests.factories.nda import choose_our_nda, fetch, hand_over, sign, sign_both
from tests.pricing.nda_ways import mails
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


def test_the_clock_starts_with_the_customers_choice_and_stops_with_the_practices_signature(bare, carl, sam):
    nda = choose_our_nda(bare, actor=carl)
    due = nda.clock_due_at

    sign(nda, carl)
    signed = sign(nda, sam)

    nda = fetch(nda)
    assert due - nda.asked_at == timedelta(hours=48)
    assert nda.clock_stopped_at == signed.signed_at
    assert not nda.is_clock_running


def test_what_the_practice_puts_up_starts_no_clock_until_the_customer_has_signed(bare, carl, sam):
    nda = choose_our_nda(bare, actor=sam)
    assert nda.clock_due_at is None
    assert mails("nda_to_sign") == ["carl@northlake.example"]

    signed = sign(nda, carl)

    assert fetch(nda).clock_started_at == signed.signed_at
    assert standing_of(bare).whose_turn.startswith("EMP must sign by ")


def test_both_sides_read_the_due_time_in_the_practices_zone(bare, carl):
    nda = choose_our_nda(bare, actor=carl)

    turn = standing_of(bare).whose_turn

    assert turn == f"EMP must sign by {due_text(nda.clock_due_at)}. Northlake Logistics has to sign."
    local = nda.clock_due_at - timedelta(hours=5)
    assert due_text(nda.clock_due_at) == f"{local:%a %H:%M} GMT-5"


def test_a_broken_promise_is_said(bare, carl):
    nda = choose_our_nda(bare, actor=carl)
    sign(nda, carl)
    Nda.objects.filter(pk=nda.pk).update(clock_started_at=timezone.now() - timedelta(hours=50))

    assert standing_of(bare).whose_turn.endswith(" and is late.")


def test_with_the_second_signature_both_sides_get_the_signed_pdf(
    bare, carl, sam, lea, django_capture_on_commit_callbacks
):
    nda = choose_our_nda(bare, actor=carl)
    sign(nda, carl)
    assert mails("nda_signed_once") == ["carl@northlake.example", "lea@practice.example"]

    sign(nda, sam)

    assert mails("nda_signed") == ["carl@northlake.example", "lea@practice.example", "sam@practice.example"]
    outbox.deliver_all()
    copies = [message for message in mail.outbox if message.subject.startswith("Signed by both sides")]
    assert len(copies) == 3
    for message in copies:
        ((_, content, kind),) = message.attachments
        assert kind == "application/pdf"
        assert (content.encode() if isinstance(content, str) else content) == pdf_of(fetch(nda))
        assert nda.digest in message.body
        assert all(signed.reference in message.body for signed in NdaSignature.objects.all())


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_the_database_keeps_what_was_signed(bare, carl, sam):
    nda = sign_both(bare, customer=carl, practice=sam)
    signed = NdaSignature.objects.first()

    refused(lambda: Nda.objects.filter(pk=nda.pk).update(note="Never mind."))
    refused(lambda: Nda.objects.filter(pk=nda.pk).delete())
    refused(lambda: NdaSignature.objects.filter(pk=signed.pk).update(typed_name="Somebody else"))
    refused(lambda: NdaSignature.objects.filter(pk=signed.pk).delete())


def test_the_database_lets_no_nda_be_signed_by_one_side(bare, carl):
    nda = choose_our_nda(bare, actor=carl)
    sign(nda, carl)

    refused(lambda: Nda.objects.filter(pk=nda.pk).update(state="signed"))
    refused(lambda: Nda.objects.filter(pk=nda.pk).update(digest="0" * 64))

    assert fetch(nda).state == Nda.State.OPEN


def test_the_database_lets_no_nda_begin_signed(bare, carl):
    nda = hand_over(bare, actor=carl)
    facts = {name: getattr(nda, name) for name in ("engagement", "digest", "byte_count", "filename", "asked_by")}
    Nda.objects.filter(pk=nda.pk).update(state="replaced")

    refused(lambda: Nda.objects.create(**facts, number=2, kind="theirs", state="signed", asked_at=nda.asked_at))


def test_the_database_takes_no_signature_over_other_bytes(bare, carl):
    nda = choose_our_nda(bare, actor=carl)
    first = sign(nda, carl)
    facts = {
        field.name: getattr(first, field.name) for field in NdaSignature._meta.concrete_fields if field.name != "id"
    }
    other = facts | {"side": "practice", "reference": "N-0", "document_digest": "0" * 64}

    refused(lambda: NdaSignature.objects.create(**other))


def test_the_public_page_knows_when_the_practices_text_was_signed(client, bare, carl, sam):
    nda = sign_both(bare, customer=carl, practice=sam)

    known = client.get("/verify/", {"digest": nda.digest}).context["known"]

    assert known.document == nda.document
    assert [one.at for one in known.signatures] == list(nda.signatures.values_list("signed_at", flat=True))
    assert {one.revoked_at for one in known.signatures} == {None}


def test_the_evidence_pack_lists_both_signatures_under_the_nda_and_misses_one_that_is_left_out(
    bare, carl, sam, lea, tmp_path
):
    sign_both(bare, customer=carl, practice=sam)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(bare, actor=lea).content)
    report, rows = verify.verify(str(path)), rows_in(path)

    write_again(path, signatures__json=json.dumps(rows[:1]))
    without = places(path)
    write_again(path, signatures__json=json.dumps([rows[0] | {"typed_name": "Somebody"}, rows[1]]))
    reworded = places(path)

    assert (report.faults, report.signatures) == ([], 2)
    assert [row["action"] for row in rows] == ["nda.signed", "nda.signed"]
    left_out = AuditEvent.objects.get(digest=rows[1]["chain_digest"]).sequence
    assert f"event {left_out}" in without
    assert f"signature {rows[0]['reference']}" in reworded


def test_signatures_under_the_customers_own_text_are_proved_without_the_text(bare, carl, sam, lea, tmp_path):
    nda = hand_over(bare, actor=carl)
    accept_nda(nda, actor=sam, shown_digest=nda.digest)
    sign(fetch(nda), carl)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(bare, actor=lea).content)

    report = verify.verify(str(path))

    assert (report.faults, report.signatures) == ([], 1)
    assert rows_in(path)[0]["document_digest"] == nda.digest


def test_the_list_of_documents_says_who_signed_the_nda(client, bare, carl, sam):
    sign_both(bare, customer=carl, practice=sam)
    client.force_login(carl)

    page = text_of(client.get(reverse("engagements:documents", args=[bare.code])))

    assert f'<a href="{reverse("pricing:nda", args=[bare.code])}">Carl Brandt, Sam Ortiz</a>' in page
