"""What a signer reads of those who sign beside them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.domain.request_changes import request_changes
from engagements.models import CheckOverride, Condition, HeldPart, SignOff
from engagements.signing_order import signing_order
from tests.engagements.journey import put_up, sign
from tests.engagements.test_pages import typed
from tests.factories.engagements import delegate_signature
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def row_of(document, person):
    return next(row for row in signing_order(document) if row.person == person)


def test_whoever_got_their_own_signature_back_signs_in_nobody_s_place(in_turns, carl, finn):
    delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.")
    assert row_of(in_turns, finn).stands_in.given_by == carl

    delegate_signature(in_turns, actor=finn, to=carl, reason="Carl is back.")

    assert row_of(in_turns, carl).stands_in is None


def test_the_next_signer_reads_what_the_one_before_reserved(client, in_turns, engagement, carl, petra, lea):
    signoff = sign(in_turns, signer=carl)
    passed = {"check_key": "always", "reason": "Agreed by phone.", "overridden_by": lea}
    CheckOverride.objects.create(gate=signoff.gate, overridden_at=signoff.signed_at, **passed)
    due = timezone.localdate() + timedelta(days=30)
    Condition.objects.create(signoff=signoff, task=signoff.gate.tasks.first(), text="Window <agreed>.", due_on=due)
    HeldPart.objects.create(signoff=signoff, key="bulk", label="Bulk stream", reason="Not before the audit.")

    client.force_login(petra)
    page = client.get(reverse("engagements:sign", args=[engagement.code, 1])).content.decode()

    assert "Window &lt;agreed&gt;." in page
    assert "Held back: <bdi>Bulk stream</bdi>." in page
    assert "Not before the audit." in page
    assert '<p>Always holds: <bdi class="text-break">Agreed by phone.</bdi> (<bdi>Lea ' in page


def test_whoever_handed_over_reads_to_whom_and_is_offered_no_form(client, in_turns, engagement, carl, finn):
    delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.")
    sign_in(client, carl)

    page = client.get(reverse("engagements:sign", args=[engagement.code, 1])).content.decode()
    again = client.get(reverse("engagements:delegate", args=[engagement.code, 1]))
    refused = client.post(reverse("engagements:sign", args=[engagement.code, 1]), typed(in_turns))
    unsigned = not SignOff.objects.exists()
    sign(in_turns, signer=finn)
    signed = client.get(reverse("engagements:sign", args=[engagement.code, 1])).content.decode()

    assert "You handed your signature over to <bdi>Finn Aalto</bdi>" in page
    assert "On leave." in page
    assert 'name="typed_name"' not in page
    assert again.url == reverse("engagements:sign", args=[engagement.code, 1])
    assert refused.status_code == 403
    assert unsigned
    assert ["it can be handed back to you" in text for text in (page, signed)] == [True, False]
    assert "holds for the whole phase. <bdi>Finn Aalto</bdi> signed <time" in signed


def test_a_later_version_says_in_whose_place_the_deputy_signs(in_turns, facts, engagement, carl, finn, ada):
    delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.")
    facts["parameters"] = 42

    later = put_up(engagement, 1, consultant=ada, customer=carl)

    row = next(row for row in signing_order(later) if row.person == finn)
    assert row.stands_in.given_by == carl
    assert carl not in [row.person for row in signing_order(later)]


def test_a_document_that_was_sent_back_waits_for_nobody_on_receipts_and_verify(client, in_turns, carl, petra):
    signoff = sign(in_turns, signer=carl)
    request_changes(in_turns, actor=petra, reason="Name the window.")
    client.force_login(carl)

    receipt = client.get(reverse("engagements:receipt", args=[signoff.reference])).content.decode()
    client.logout()
    known = client.get(reverse("verify:fingerprint"), {"digest": in_turns.digest}).content.decode()

    assert "Signed, then the document was sent back" in receipt
    assert "Name the window." in receipt
    assert "still has to sign" not in receipt
    assert "The phase ends with the last signature" not in receipt
    assert "1 of 2 signatures is missing" in known
    assert "Changes were requested" in known
    assert petra.full_name not in known
