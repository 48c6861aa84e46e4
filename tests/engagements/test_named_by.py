"""Who named the signer stands where the signature stands: page, receipt, ledger, evidence pack, mail."""

import json

import pytest
from django.urls import reverse

from core.evidence import verify
from core.models import AuditEvent, OutboxMessage
from engagements.domain.export_evidence import export_evidence
from engagements.models import SignOff
from reports.content.receipt import receipt_content
from tests.engagements.journey import begin, put_up, sign
from tests.engagements.test_evidence_pack import places, write_again
from tests.engagements.test_evidence_signatures import rows_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]

OLGA = "Olga Ferrer <olga@practice.example>, Email Migration Practice"


@pytest.fixture
def document(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def test_the_signature_its_ledger_entry_and_its_sealed_receipt_say_who_named_the_signer(document, carl):
    sign(document, signer=carl)

    assert SignOff.objects.get().named_by == OLGA
    assert AuditEvent.objects.get(action="document.signed").data["named_by"] == OLGA
    assert receipt_content(document)["signatures"][0]["named_by"] == OLGA


def test_the_request_says_who_named_the_signer_and_not_that_the_customer_did(document, carl):
    text = OutboxMessage.objects.get(kind="sign_request").text

    assert f"You are asked because {OLGA} named you to sign phase 1" in text
    assert "Northlake Logistics named you" not in text


def test_the_signing_page_and_the_receipt_show_it(client, document, engagement, carl):
    client.force_login(carl)

    asked = client.get(reverse("engagements:sign", args=[engagement.code, 1])).content.decode()
    sign(document, signer=carl)
    receipt = client.get(reverse("engagements:receipt", args=[SignOff.objects.get().reference])).content.decode()

    shown = OLGA.replace("<", "&lt;").replace(">", "&gt;")
    assert shown in asked
    assert shown in receipt


def test_a_pack_that_names_another_giver_than_the_ledger_does_not_hold(document, engagement, carl, lea, tmp_path):
    signoff = sign(document, signer=carl)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(engagement, actor=lea).content)
    before, rows = verify.verify(str(path)), rows_in(path)

    rows[0]["named_by"] = "Carl Brandt <carl@northlake.example>, Northlake Logistics"
    write_again(path, signatures__json=json.dumps(rows))

    assert before.faults == []
    assert f"signature {signoff.reference}" in places(path)
