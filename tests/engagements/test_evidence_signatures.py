"""The signatures in a pack and their revocations are those of the ledger, all of them; the key is the one you kept."""

import json
import zipfile

import pytest
from django.conf import settings

from core import documents
from core.documents import RenderedDocument
from core.evidence import verify
from core.models import AuditEvent
from core.portal_key import portal_key
from engagements import evidence
from engagements.domain.ask_question import ask_question
from engagements.domain.export_evidence import export_evidence
from engagements.domain.revoke_signature import revoke_signature
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.domain.sign_document import sign_document
from engagements.today import today_of
from tests.engagements.journey import begin, put_up, sign, signature_for
from tests.engagements.test_evidence_pack import places, write_again
from tests.factories.engagements import make_engagement
from tests.factories.nda import sign_both
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
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


def test_the_head_of_a_signature_covers_all_that_it_reserves(engagement, open_gates, ada, carl, lea, tmp_path):
    begin(engagement, accepted_by=carl)
    document, due = put_up(engagement, 1, consultant=ada, customer=carl), today_of(engagement)
    words = Reservations((ConditionText("Rotate the {keys}.", due, "joint"),))
    signoff = sign_document(document, actor=carl, signature=signature_for(document), reservations=words)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(engagement, actor=lea).content)
    before, rows = verify.verify(str(path)), rows_in(path)

    rows[0]["reserved"]["conditions"][0]["text"] = "Nothing."
    write_again(path, signatures__json=json.dumps(rows))

    entered = AuditEvent.objects.get(digest=signoff.chain_digest).data["reserved"]
    assert before.faults == []
    assert entered == {
        "conditions": [{"text": "Rotate the {keys}.", "due_on": due.isoformat(), "party": "joint"}],
        "kept": [],
        "let_fall": [],
        "approved": [],
        "held": [],
    }
    assert signoff.statement == (
        f"I have read version 1. I sign on condition that: (1) “Rotate the {{keys}}.”, due {due.isoformat()}, "
        f"to be done by {settings.CONSULTANCY['short_name']} and Northlake Logistics."
    )
    assert f"signature {signoff.reference}" in places(path)


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


def as_first_format(path, *, knows_revocations):
    """The pack as portals of the first format made it: signatures at gates alone, sealed by the portal's key."""
    rows = [
        {name: row[name] for name in row if name != "action"}
        for row in rows_in(path)
        if row["action"] == "document.signed"
    ]
    kept = rows if knows_revocations else [{name: row[name] for name in row if name != "revocation"} for row in rows]
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    signatures = json.dumps(kept).encode()
    manifest["format"], manifest["files"]["signatures.json"] = "gatepost-evidence/1", verify.sha256(signatures)
    content = verify.canonical(manifest)
    write_again(path, signatures__json=signatures, manifest__json=content, seal__json=evidence.seal_of(content))


@pytest.fixture
def everything(northlake, sam, lea, ada, carl, open_gates, tmp_path):
    """A pack with an NDA that both sides signed, a signature at a gate, and its revocation."""
    bare = make_engagement(northlake, sales=sam, lead=lea, consultants=[ada], has_nda=False)
    documents.register_renderer("nda", lambda snapshot: RenderedDocument(pdf=b"An NDA", page_count=1))
    sign_both(bare, customer=carl, practice=sam)
    begin(bare, accepted_by=carl)
    signed = sign(put_up(bare, 1, consultant=ada, customer=carl), signer=carl)
    revoke_signature(signed, actor=carl, signature=signature_for(signed.document), reason="Signed too early.")
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(bare, actor=lea).content)
    return path


@pytest.mark.parametrize("knows_revocations", [True, False])
def test_a_pack_of_the_first_format_still_holds(everything, knows_revocations):
    path, listed = everything, [row["action"] for row in rows_in(everything)]
    as_first_format(path, knows_revocations=knows_revocations)

    report = verify.verify(str(path))

    assert sorted(listed) == ["document.signed", "nda.signed", "nda.signed"]
    assert (report.faults, report.signatures, report.revoked) == ([], 1, int(knows_revocations))
    assert "A pack of gatepost-evidence/1" in "\n".join(verify.tell(report))


def test_revocations_that_a_pack_of_the_first_format_does_not_list_are_told(everything):
    as_first_format(everything, knows_revocations=False)
    without = verify.verify(str(everything))

    told = "\n".join(verify.tell(without))

    assert without.unlisted == 1
    assert "lists no NDA, nor 1 revocations" in told
    assert "HOLDS IN PART: " in told
    assert "HOLDS: " not in told


def test_a_pack_that_lists_its_revocations_holds_as_a_whole(everything):
    as_first_format(everything, knows_revocations=True)
    whole = verify.verify(str(everything))

    assert whole.unlisted == 0
    assert "HOLDS: " in "\n".join(verify.tell(whole))


def test_a_pack_of_the_first_format_is_checked_as_strictly(everything):
    path = everything
    as_first_format(path, knows_revocations=True)
    row = rows_in(path)[0]

    write_again(path, signatures__json=json.dumps([row | {"statement": "Another"}]))
    reworded = places(path)
    write_again(path, signatures__json=b"[]")

    assert f"signature {row['reference']}" in reworded
    assert any(place.startswith("event ") for place in places(path))
