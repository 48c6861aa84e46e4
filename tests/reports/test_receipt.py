"""The receipt of a signed document: filed once, sealed, sent to who signed, closed to who has no part in signing."""

import io
import subprocess
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Organization
from core import documents
from core.audit import verify_chain
from core.documents import RenderedDocument
from core.jobs import run_job
from core.models import Job, OutboxAttachment, OutboxMessage
from core.portal_key import portal_key
from core.wording import moment_text
from engagements.domain.revoke_signature import revoke_signature
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.domain.sign_document import sign_document
from engagements.models import CheckOverride, Condition, Engagement, FrozenDocument, Gate, HeldPart
from reports.content.receipt import receipt_content
from reports.domain.issue_receipt import issue_receipt, prepare_receipt
from reports.job_kinds import RECEIPT
from reports.rendering import document_html
from tests.engagements.journey import gate_of, put_up, sign, signature_for
from tests.engagements.signers import colleague
from tests.factories.accounts import end_membership
from tests.factories.engagements import delegate_signature
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick_plan(monkeypatch):
    """The plan in milliseconds; the receipt is drawn and sealed for real."""

    def draw(snapshot):
        return RenderedDocument(pdf=b"%PDF-1.7 of the plan", page_count=1)

    sealer = documents._sealers[0]
    monkeypatch.setattr(documents, "_renderers", {**documents._renderers, "plan": draw})
    monkeypatch.setattr(documents, "_sealers", [lambda one: one if one.pdf == draw({}).pdf else sealer(one)])


@kept
def signed(begun, quick_plan, ada, carl):
    return sign(put_up(begun, 1, consultant=ada, customer=carl), signer=carl)


def issue():
    for job in Job.objects.filter(kind=RECEIPT, state=Job.State.QUEUED):
        run_job(job.pk)
    return FrozenDocument.objects.filter(kind=FrozenDocument.Kind.RECEIPT)


def text_of(pdf):
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(bytes(pdf))).pages)


def test_the_last_signature_has_a_receipt_written_that_says_who_what_and_how(signed):
    receipt = issue().get()

    text = text_of(receipt.pdf)
    said = [signed.reference, signed.typed_name, signed.signer_label, signed.statement, signed.document_digest]
    said += [signed.chain_digest, receipt.snapshot["head"], portal_key().fingerprint]
    said += ["Confidential under NDA", "Page 1 of", "Page 2 of"]
    assert [words for words in said if "".join(words.split()) not in text] == []
    assert receipt.gate_id == signed.gate_id
    assert receipt.snapshot["verify_url"].endswith(f"/verify/?digest={signed.document_digest}")


def test_words_that_turn_the_direction_of_writing_mirror_nothing_of_the_receipt(begun, quick_plan, ada, carl, tmp_path):
    document = put_up(begun, 1, consultant=ada, customer=carl)
    due = timezone.localdate() + timedelta(days=9)
    words = Reservations((ConditionText("Rotate \u202ethe keys, שלום", due),))
    sign_document(document, actor=carl, signature=signature_for(document, role_title="Head \u202e"), reservations=words)

    (tmp_path / "receipt.pdf").write_bytes(prepare_receipt(document).rendered.pdf)
    printed = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "receipt.pdf", "-"], capture_output=True, check=True, encoding="utf-8"
    ).stdout

    assert f"{due:%d %b %Y}".lstrip("0") in " ".join(printed.split())
    assert "Rotate the keys" in printed
    assert not any(turn in printed for turn in "\u202e\u2066")
    assert Condition.objects.get().text == "Rotate \u202ethe keys, שלום"


def test_the_head_on_the_receipt_is_the_ledger_with_the_signature_and_the_chain_holds_with_the_receipt(signed):
    receipt = issue().get()

    assert receipt.snapshot["events"] >= 1
    assert list(verify_chain(receipt.audit_chain)) == []


def test_everybody_who_signed_gets_both_files_and_the_team_the_news(signed, carl, ada):
    receipt = issue().get()

    mails = OutboxMessage.objects.filter(kind="sealed_copy")
    assert {mail.address for mail in mails} >= {carl.email, ada.email}
    to_carl = OutboxAttachment.objects.filter(message=mails.get(address=carl.email)).order_by("pk")
    assert [file.filename for file in to_carl] == [signed.document.filename, receipt.filename]
    assert bytes(to_carl[1].content) == bytes(receipt.pdf)
    assert not OutboxAttachment.objects.filter(message=mails.get(address=ada.email)).exists()
    assert receipt.digest in mails.get(address=carl.email).text


def test_a_receipt_is_written_once_however_often_the_job_is_run(signed):
    job = Job.objects.get(kind=RECEIPT)

    run_job(job.pk)
    run_job(job.pk)

    assert issue().count() == 1


@pytest.mark.parametrize(
    ("person", "status"), [("carl", 200), ("ada", 200), ("lea", 200), ("vera", 403), ("sam", 403), ("otto", 404)]
)
def test_a_receipt_names_addresses_and_is_for_who_signs_or_prepares(client, signed, request, person, status):
    receipt, code = issue().get(), signed.document.engagement.code
    client.force_login(request.getfixturevalue(person))

    page = client.get(reverse("engagements:document_pdf", args=[code, receipt.pk]))

    assert page.status_code == status
    if status != 404:
        listed = client.get(reverse("engagements:documents", args=[code])).context["documents"]
        assert (receipt in listed) == (status == 200)


def test_the_receipt_has_the_version_of_its_document_and_the_verify_page_says_what_it_proves(
    client, begun, quick_plan, ada, carl
):
    Organization.objects.filter(pk=begun.organization_id).update(time_zone="Europe/Madrid")
    put_up(begun, 1, consultant=ada, customer=carl)
    Engagement.objects.filter(pk=begun.pk).update(target="kumomta")
    second = put_up(begun, 1, consultant=ada, customer=carl)
    signoff = sign(second, signer=carl)

    receipt = issue().get()

    page = client.get(reverse("verify:fingerprint"), {"digest": receipt.digest}).text
    assert (second.version, receipt.version) == (2, 2)
    assert f"{second.title}, version 2" in page
    assert moment_text(signoff.signed_at, ZoneInfo("Europe/Madrid")) in page
    assert ">None<" not in page


def test_times_on_the_receipt_are_the_customers_and_an_older_one_keeps_the_consultancys(signed):
    Organization.objects.update(time_zone="Europe/Madrid")
    receipt = issue().get()
    earlier = {key: value for key, value in receipt.snapshot.items() if key != "time_zone"}

    text = text_of(receipt.pdf)

    at_customer = moment_text(signed.signed_at, ZoneInfo("Europe/Madrid"))
    at_practice = moment_text(signed.signed_at, ZoneInfo("Etc/GMT+5"))
    assert receipt.snapshot["time_zone"] == "Europe/Madrid"
    assert "".join(at_customer.split()) in text
    assert "".join(at_practice.split()) not in text
    assert at_practice in document_html("receipt", earlier, ())


def test_without_the_last_signature_there_is_no_receipt(begun, quick_plan, ada, carl):
    put_up(begun, 1, consultant=ada, customer=carl)

    assert not issue().exists()


def test_a_signature_revoked_while_the_receipt_is_drawn_issues_and_sends_nothing(signed, carl):
    job = Job.objects.get(kind=RECEIPT)
    prepared = prepare_receipt(signed.document)
    revoke_signature(signed, actor=carl, signature=signature_for(signed.document), reason="Signed too early.")

    filed = issue_receipt(signed.document, prepared, actor=carl)
    run_job(job.pk)

    job.refresh_from_db()
    assert filed is None
    assert job.state == Job.State.DONE
    assert "A signature was revoked meanwhile" in job.result["sentence"]
    assert not FrozenDocument.objects.filter(kind=FrozenDocument.Kind.RECEIPT).exists()
    assert not OutboxMessage.objects.filter(kind="sealed_copy").exists()


def test_the_receipt_says_what_was_reserved_handed_over_and_passed(begun, quick_plan, ada, carl, lea, northlake, olga):
    passed = {"check_key": "always", "reason": "Agreed by phone.", "overridden_by": lea}
    CheckOverride.objects.create(gate=gate_of(begun, 1), overridden_at=timezone.now(), **passed)
    document = put_up(begun, 1, consultant=ada, customer=carl)
    finn = colleague("Finn Aalto", northlake, olga)
    delegate_signature(document, actor=carl, to=finn, reason="On leave until June.")
    due = timezone.localdate() + timedelta(days=30)
    Gate.objects.filter(pk=document.gate_id).update(external_reference="CHG-4711")
    signoff = sign(document, signer=finn, typed_name="Finn Aalto")
    Condition.objects.create(signoff=signoff, task=signoff.gate.tasks.first(), text="Window agreed.", due_on=due)
    HeldPart.objects.create(signoff=signoff, key="bulk", label="Bulk stream", reason="Not before the audit.")

    receipt = issue().get()

    text = text_of(receipt.pdf)
    said = [
        "In the place of",
        "On leave until June.",
        "CHG-4711",
        "Window agreed.",
        "Bulk stream: Not before the audit.",
    ]
    said += [carl.full_label, "Always holds", "Agreed by phone."]
    assert [words for words in said if "".join(words.split()) not in text] == []


def test_whoever_handed_their_signature_over_gets_the_sealed_copy_as_well(
    begun, quick_plan, ada, carl, northlake, olga
):
    document = put_up(begun, 1, consultant=ada, customer=carl)
    finn = colleague("Finn Aalto", northlake, olga)
    delegate_signature(document, actor=carl, to=finn, reason="On leave until June.")
    sign(document, signer=finn, typed_name="Finn Aalto")

    issue().get()

    mails = OutboxMessage.objects.filter(kind="sealed_copy")
    files = {mail.address: mail.attachments.count() for mail in mails}
    assert (files[carl.email], files[finn.email], files[ada.email]) == (2, 2, 0)


def test_whoever_handed_their_signature_over_and_left_gets_nothing(begun, quick_plan, ada, carl, northlake, olga):
    document = put_up(begun, 1, consultant=ada, customer=carl)
    finn = colleague("Finn Aalto", northlake, olga)
    delegate_signature(document, actor=carl, to=finn, reason="Leaves the company.")
    end_membership(carl.memberships.get(), actor=olga)
    sign(document, signer=finn, typed_name="Finn Aalto")

    issue().get()

    addresses = OutboxMessage.objects.filter(kind="sealed_copy").values_list("address", flat=True)
    assert carl.email not in addresses
    assert finn.email in addresses


def test_the_mail_with_the_files_says_keep_them_and_the_one_without_says_where_they_are(signed, carl, ada):
    issue().get()

    mails = OutboxMessage.objects.filter(kind="sealed_copy")
    assert "Both files are attached. Keep them" in mails.get(address=carl.email).text
    assert "attached" not in mails.get(address=ada.email).text
    assert "which you open there" in mails.get(address=ada.email).text


def test_the_list_of_documents_says_that_the_portal_sealed_a_receipt(client, signed, carl):
    issue().get()
    client.force_login(carl)

    page = client.get(reverse("engagements:documents", args=[signed.document.engagement.code])).content.decode()

    receipt_page = client.get(reverse("engagements:receipt", args=[signed.reference])).content.decode()
    receipt = FrozenDocument.objects.get(kind=FrozenDocument.Kind.RECEIPT)
    assert reverse("engagements:document_pdf", args=[signed.document.engagement.code, receipt.pk]) in receipt_page
    assert "Being written" not in receipt_page
    assert "Sealed by the portal" in page
    assert ">None<" not in page


def test_the_receipt_of_a_spanish_plan_is_spanish_and_what_was_declared_stays_as_it_was_read(signed):
    content = receipt_content(signed.document)

    spanish, english = (document_html("receipt", content | {"language": language}, []) for language in ("es", "en"))
    footer = text_of(documents._renderers["receipt"](content | {"language": "es"}).pdf)

    assert content["language"] == "en"
    assert '<html lang="es">' in spanish
    assert "Confidencialsegúnelacuerdodeconfidencialidad" in footer
    assert "Página1de" in footer
    assert "Página2de" in footer
    assert "Confidentialunder" not in footer
    for text in ("Plan de migración", "Quién firmó", "Congelado", signed.statement):
        assert text in spanish
    for text in ("Who signed", "Frozen", "entries and ended", "Scan to verify", "Keep this receipt"):
        assert text in english
        assert text not in spanish
