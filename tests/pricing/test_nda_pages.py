"""The pages of the NDA, for both sides."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.domain.give_membership import give_membership
from engagements.models import Engagement
from pricing.models import Nda, NdaSignature
from tests.factories.accounts import CustomerFactory, UserFactory
from tests.factories.engagements import make_engagement
from tests.factories.nda import PDF, choose_our_nda, fetch, hand_over, sign, sign_both, sign_on_paper
from tests.factories.pricing import make_accepted_quote, work_off
from tests.pricing.pages import text_of, url_of
from tests.proof import sign_in

pytestmark = pytest.mark.django_db


def pdf(content=PDF, name="their nda.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def typed(nda, user, **changes):
    facts = {
        "has_read": "on",
        "typed_name": user.full_name,
        "role_title": "Head of engineering",
        "shown_digest": nda.digest,
    }
    return facts | changes


def test_a_customer_chooses_the_practices_text_and_signs_it_in_one_visit(client, bare, carl):
    sign_in(client, carl)
    page = url_of("nda", bare.code)

    shown = client.get(page)
    chosen = client.post(page, {"kind": "ours"})
    waiting = client.get(chosen.url)
    work_off()
    followed = client.get(chosen.url, headers={"X-Requested-With": "poll"})
    signing = client.get(url_of("nda_sign", bare.code))
    signed = client.post(url_of("nda_sign", bare.code), typed(bare.ndas.get(), carl))
    receipt = client.get(signed.url)

    assert "EMP signs within 48 hours of your request" in text_of(shown)
    assert chosen.url == page
    assert "The PDF is being made" in text_of(waiting)
    assert f'data-poll="{page}"' in text_of(waiting)
    assert "The NDA is there and can be signed." in text_of(followed)
    assert "I may sign for Northlake Logistics." in text_of(signing)
    row = NdaSignature.objects.get()
    assert signed.url == url_of("nda_receipt", row.reference)
    assert (row.ip_address, row.authentication, row.signed_by) == ("127.0.0.1", "password", carl)
    assert row.statement_version == "2026-11"
    assert "EMP must sign by" in text_of(receipt)


def test_the_practice_countersigns(client, bare, carl, sam):
    nda = choose_our_nda(bare, actor=carl)
    sign(nda, carl)
    sign_in(client, sam)

    signing = client.get(url_of("nda_sign", bare.code))
    answer = client.post(url_of("nda_sign", bare.code), typed(nda, sam))

    assert "I may sign for Email Migration Practice." in text_of(signing)
    assert answer.status_code == 302
    assert fetch(nda).state == Nda.State.SIGNED
    assert "Configurations and logs can be uploaded." in text_of(client.get(answer.url))


def test_a_stale_proof_leads_to_a_fresh_one_and_signs_nothing(client, bare, carl):
    nda = choose_our_nda(bare, actor=carl)
    sign_in(client, carl, seconds_ago=3600)

    answer = client.post(url_of("nda_sign", bare.code), typed(nda, carl, role_title="CTO"))

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not NdaSignature.objects.exists()
    sign_in(client, carl)
    assert "Head of" not in text_of(client.get(url_of("nda_sign", bare.code)))


def test_a_page_of_a_text_that_was_replaced_signs_nothing(client, bare, carl, sam):
    old = choose_our_nda(bare, actor=carl)
    later = hand_over(bare, actor=carl)
    Nda.objects.filter(pk=later.pk).update(state="open")
    sign_in(client, carl)

    answer = client.post(url_of("nda_sign", bare.code), typed(old, carl))

    assert answer.status_code == 409
    assert "Nothing was signed" in text_of(answer)
    assert not NdaSignature.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "theirs"}, "Select the PDF."),
        ({"kind": "theirs", "pdf": pdf(b"a letter")}, "The selected file must be a PDF."),
        ({"kind": "theirs", "pdf": pdf(b"")}, "The selected file is empty."),
        ({"kind": "else"}, "Choose a text."),
    ],
)
def test_a_wrong_choice_says_why_and_keeps_the_page(client, bare, carl, sent, sentence):
    client.force_login(carl)

    answer = client.post(url_of("nda", bare.code), sent)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Nda.objects.exists()


def test_the_customers_text_is_reviewed_and_sent_back(client, bare, carl, sam):
    client.force_login(carl)
    client.post(url_of("nda", bare.code), {"kind": "theirs", "pdf": pdf()})
    nda = bare.ndas.get()
    client.force_login(sam)

    shown = client.get(url_of("nda_review", bare.code))
    silent = client.post(url_of("nda_review", bare.code), {"act": "send_back", "shown_digest": nda.digest})
    client.post(
        url_of("nda_review", bare.code),
        {"act": "send_back", "shown_digest": nda.digest, "reason": "It is not mutual."},
    )

    assert "their nda.pdf" in text_of(shown)
    assert (silent.status_code, "Say what has to change" in text_of(silent)) == (422, True)
    assert fetch(nda).state == Nda.State.SENT_BACK
    client.force_login(carl)
    assert "It is not mutual." in text_of(client.get(url_of("nda", bare.code)))


def test_the_customers_text_is_accepted_and_open_for_signature(client, bare, carl, sam):
    nda = hand_over(bare, actor=carl)
    client.force_login(sam)

    answer = client.post(url_of("nda_review", bare.code), {"act": "accept", "shown_digest": nda.digest})

    assert answer.url == url_of("nda_sign", bare.code)
    assert fetch(nda).state == Nda.State.OPEN


def test_the_bytes_are_served_to_keep_and_to_nobody_else(client, bare, carl, otto, ugo):
    hand_over(bare, actor=carl)
    url = reverse("pricing:nda_pdf", args=[bare.code, 1])
    client.force_login(carl)

    answer = client.get(url)

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    for stranger in (otto, ugo):
        client.force_login(stranger)
        assert client.get(url).status_code == 404


def test_a_stranger_finds_no_receipt(client, bare, carl, sam, otto):
    nda = sign_both(bare, customer=carl, practice=sam)
    client.force_login(otto)

    answers = [client.get(url_of("nda_receipt", signed.reference)).status_code for signed in nda.signatures.all()]

    assert answers == [404, 404]


def test_a_receipt_stays_when_the_text_is_replaced(client, bare, carl):
    signed = sign(choose_our_nda(bare, actor=carl), carl)
    hand_over(bare, actor=carl)
    client.force_login(carl)

    answer = client.get(url_of("nda_receipt", signed.reference))

    assert answer.status_code == 200
    assert "Another text took its place" in text_of(answer)
    assert "second signature" not in text_of(answer)
    assert signed.document_digest[:8] in text_of(answer)


def test_a_viewer_reads_who_can_sign(client, bare, vera, carl):
    client.force_login(vera)

    page = text_of(client.get(url_of("nda", bare.code)))

    assert "these people can: Carl Brandt" in page
    assert "Use this text" not in page


def test_a_lead_records_paper_and_the_page_says_what_it_is(client, bare, lea):
    client.force_login(lea)

    sent = {"pdf": pdf(), "signed_on": "2026-02-03", "reason": "Signed at the fair."}
    answer = client.post(url_of("nda_paper", bare.code), sent, follow=True)

    page = text_of(answer)
    assert "outside the portal. The portal holds no signatures of it." in page
    assert "Signed at the fair." in page
    assert Nda.objects.get().kind == Nda.Kind.PAPER


def test_what_waits_stands_on_the_home_page_of_who_has_to_act(client, bare, carl, sam, ada):
    choose_our_nda(bare, actor=carl)

    pages = {}
    for person in (carl, sam, ada):
        client.force_login(person)
        pages[person] = text_of(client.get("/", follow=True))

    assert "Sign the NDA of Northlake Logistics" in pages[carl]
    assert "Sign the NDA of Northlake Logistics" in pages[sam]
    assert "Sign the NDA of Northlake Logistics" not in pages[ada]


def test_a_customer_past_the_quote_is_asked_to_choose(client, northlake, sam, carl):
    quote = make_accepted_quote(northlake, actor=sam, signatory=carl)
    client.force_login(carl)
    before = text_of(client.get("/"))

    sign_both(Engagement.objects.get(pk=quote.engagement_id), customer=carl, practice=sam)

    assert "Choose and sign the NDA" in before
    assert before.index("Choose and sign the NDA") < before.index("Answer the questionnaire")
    assert "Choose and sign the NDA" not in text_of(client.get("/"))


def test_the_pipeline_has_a_group_of_its_own_for_ndas(client, bare, carl, sam):
    client.force_login(sam)
    without = text_of(client.get(url_of_pipeline()))
    choose_our_nda(bare, actor=carl)

    page = text_of(client.get(url_of_pipeline()))

    assert 'id="ndas"' not in without
    assert 'id="ndas"' in page
    assert "EMP must sign by" in page


def url_of_pipeline():
    return reverse("pricing:pipeline")


def test_beside_the_first_gate_stands_where_the_nda_is(client, bare, carl, lea):
    client.force_login(carl)
    before = text_of(client.get(reverse("engagements:detail", args=[bare.code])))

    sign_on_paper(bare, lead=lea)

    after = text_of(client.get(reverse("engagements:detail", args=[bare.code])))
    assert "Northlake Logistics has not chosen one yet." in before
    assert "Signed outside the portal, on record." in after


def test_the_group_of_ndas_costs_the_same_for_one_and_for_three(client, sam, lea, olga):
    client.force_login(sam)
    counts = []

    for waiting in (1, 3):
        while Nda.objects.count() < waiting:
            customer, person = CustomerFactory(), UserFactory()
            duties = [("accept_quotes", None)]
            give_membership(person, organization=customer, role="signatory", duties=duties, actor=olga)
            hand_over(make_engagement(customer, sales=sam, lead=lea, has_nda=False), actor=person)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url_of_pipeline())
        assert len(page.context["ndas"]) == waiting
        counts.append(len(queries))

    assert counts[0] == counts[1]
