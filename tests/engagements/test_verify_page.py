"""Whoever holds a document or a receipt learns what this portal knows of it, and nothing about anybody."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from core.portal_key import portal_key
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.revoke_signature import revoke_signature
from tests.engagements.journey import gate_of, signature_for

pytestmark = pytest.mark.django_db

URL = reverse("verify:fingerprint")


def ask(client, digest):
    answer = client.get(URL, {"digest": digest})
    assert answer.status_code == 200
    return answer.text


def test_a_known_fingerprint_names_title_version_and_signatures_but_nobody(client, signed, northlake, engagement):
    digest = signed.document_digest.upper()

    page = ask(client, f" {digest[:32]} \n{digest[32:]} ")

    assert "This portal froze this document" in page
    assert f"{signed.document.title}, version 1" in page
    assert "Replaced" not in page
    for private in (northlake.name, signed.typed_name, signed.signed_by.email):
        assert private not in page


def test_a_replaced_version_says_by_which(client, signed, engagement, ada, facts):
    facts["parameters"] = 42
    gate = gate_of(engagement, 1)
    freeze_document(gate, prepare_document(gate), actor=ada)

    page = ask(client, signed.document_digest)

    assert "Version 2 replaced it" in page
    assert "The records changed after it was signed" in page


def test_a_revoked_signature_says_so(client, signed, carl):
    before = ask(client, signed.document_digest)
    revocation = revoke_signature(signed, actor=carl, signature=signature_for(signed.document), reason="Too early.")

    page = ask(client, signed.document_digest)

    assert "revoked on" not in before
    assert "revoked on" in page
    assert revocation.reason not in page
    assert "The records changed" not in page


def test_the_head_on_a_receipt_is_a_place_in_a_ledger(client, signed):
    event = AuditEvent.objects.get(digest=signed.chain_digest)

    page = ask(client, signed.chain_digest)

    assert f"Entry {event.sequence} of" in page
    assert signed.typed_name not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0" * 64, "knows no document"),
        ("beef", "not a fingerprint"),
        ("<script>alert(1)</script>", "not a fingerprint"),
        ("", "Check a file"),
    ],
)
def test_an_unknown_or_malformed_fingerprint_gets_a_sentence(client, db, typed, said):
    page = ask(client, typed)

    assert said in page
    assert "<script>alert" not in page
    assert portal_key().fingerprint[:8] in page
