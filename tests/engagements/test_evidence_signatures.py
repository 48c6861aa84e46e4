"""The signatures in a pack and their revocations are those of the ledger, all of them; the key is the one you kept."""

import json
import zipfile

import pytest

from core.evidence import verify
from core.models import AuditEvent
from core.portal_key import portal_key
from engagements.domain.ask_question import ask_question
from engagements.domain.export_evidence import export_evidence
from engagements.domain.revoke_signature import revoke_signature
from tests.engagements.journey import begin, put_up, sign, signature_for
from tests.engagements.test_evidence_pack import places, write_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(engagement, open_gates, ada, carl):
    begin(engagement, accepted_by=carl)
    return sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)


@pytest.fixture
def taken(signed, lea, tmp_path):
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=lea).content)
    return path


@pytest.fixture
def revoked(signed, carl):
    signature = signature_for(signed.document)
    return revoke_signature(signed, actor=carl, signature=signature, reason="Signed too early.")


def rows_in(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("signatures.json"))


@pytest.mark.parametrize("name", ["authentication", "statement_version", "role_title", "document_digest"])
def test_any_field_that_the_ledger_holds_otherwise_is_named(taken, signed, name):
    rows = rows_in(taken)
    rows[0][name] = "another"
    write_again(taken, signatures__json=json.dumps(rows))

    said = [fault.sentence for fault in verify.verify(str(taken)).faults]
    assert f"{signed.reference}: {name} is not what the ledger holds." in said


def test_a_signature_that_is_left_out_is_named(taken, signed):
    sequence = AuditEvent.objects.get(digest=signed.chain_digest).sequence
    write_again(taken, signatures__json=b"[]")

    assert f"event {sequence}" in places(taken)


def test_a_revocation_is_in_the_pack_and_cannot_be_left_out_or_reworded(revoked, lea, tmp_path):
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(revoked.signoff.document.engagement, actor=lea).content)
    report, rows = verify.verify(str(path)), rows_in(path)
    sequence = AuditEvent.objects.get(digest=revoked.chain_digest).sequence

    write_again(path, signatures__json=json.dumps([rows[0] | {"revocation": None}]))
    without = places(path)
    write_again(path, signatures__json=json.dumps([rows[0] | {"revocation": rows[0]["revocation"] | {"reason": "-"}}]))
    reworded = places(path)

    assert (report.faults, report.signatures, report.revoked) == ([], 1, 1)
    assert rows[0]["revocation"]["reason"] == "Signed too early."
    assert "1 signatures (1 revoked)" in "\n".join(verify.tell(report))
    assert f"event {sequence}" in without
    assert f"signature {revoked.reference}" in reworded


def test_the_key_on_a_receipt_tells_a_pack_of_this_portal_from_one_sealed_with_another_key(taken):
    key = portal_key().fingerprint
    in_groups = " ".join(key[at : at + 8] for at in range(0, 64, 8)).upper()

    assert places(taken, key=in_groups) == []
    assert places(taken, key="0" * 64) == ["key"]
    assert verify.main([str(taken), "--key", "0" * 64]) == verify.BROKEN


def test_words_with_a_line_separator_in_them_stay_one_event(signed, carl, lea, tmp_path):
    ask_question(signed.document.engagement, actor=carl, text="First line\u2028second line\u0085third line")
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=lea).content)

    assert verify.verify(str(path)).faults == []
