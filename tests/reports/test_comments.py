"""The draft in review: who reads it, comments on its sections, and what stands where they are open."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.jobs import run_job
from core.models import AuditEvent, OutboxMessage
from engagements.content import is_current
from engagements.domain.ask_question import answer_question
from engagements.models import FrozenDocument, Gate, Question
from reports.domain.comment_on_section import comment_on_section
from reports.domain.open_review import open_review
from reports.domain.request_freeze import request_freeze
from reports.models import DraftReview
from tests.engagements.journey import gate_of, put_up

pytestmark = pytest.mark.django_db

WORDS = "Which of the two bounce mailboxes is meant?"


def address(name, engagement, *more):
    return reverse(f"reports:{name}", args=[engagement.code, 1, *more])


def route(name, engagement, *more):
    return reverse(f"api:reports:{name}", args=[engagement.code, 1, *more])


def text_of(answer):
    return answer.content.decode()


def test_a_draft_in_review_is_read_by_the_customer(begun, gate, ada, carl, vera, client):
    client.force_login(carl)
    before = text_of(client.get(address("document", begun)))

    client.force_login(ada)
    answer = client.post(address("review", begun))
    client.force_login(vera)
    after = text_of(client.get(address("document", begun)))

    review = DraftReview.objects.get()
    assert answer.status_code == 302
    assert (review.version, review.opened_by) == (1, ada)
    assert "Not frozen yet" in before
    assert "Draft in review" in after
    assert "192.0.2.10" in after
    assert "Build and freeze" not in after
    mail = OutboxMessage.objects.filter(kind="review_opened")
    assert carl.email in mail.values_list("address", flat=True)
    assert not mail.filter(is_required=True).exists()


def test_opening_it_twice_opens_it_once(begun, gate, ada, lea):
    first = open_review(gate, actor=ada)
    mails = OutboxMessage.objects.count()

    again = open_review(gate, actor=lea)

    assert (again, OutboxMessage.objects.count()) == (first, mails)
    assert AuditEvent.objects.filter(action="document.review_opened").count() == 1


def test_a_review_ends_when_its_version_is_frozen(begun, gate, ada, carl, client, quick_paper):
    open_review(gate, actor=ada)
    run_job(request_freeze(gate, actor=ada).pk)
    Question.objects.create(
        engagement=begun,
        number=1,
        text="Moves the records",
        asked_by=ada,
        asked_at=FrozenDocument.objects.get().frozen_at,
    )
    client.force_login(carl)

    page = text_of(client.get(address("document", begun)))

    assert "Version 1, frozen" in page
    assert "Draft in review" not in page
    assert "Moves the records" not in page


def test_a_comment_stands_beside_its_section_until_somebody_closes_it(begun, gate, ada, vera, client):
    open_review(gate, actor=ada)
    client.force_login(vera)

    client.post(address("comment", begun), {"section": "bounces", "text": WORDS})
    comment = Question.objects.get()
    page = text_of(client.get(address("document", begun)))
    overview = text_of(client.get(reverse("engagements:gate", args=[begun.code, 1])))
    said = text_of(client.post(reverse("engagements:question_resolve", args=[begun.code, comment.number]), follow=True))
    closed = text_of(client.get(address("document", begun)))
    overview_then = text_of(client.get(reverse("engagements:gate", args=[begun.code, 1])))

    assert (comment.gate, comment.section, comment.asked_by) == (gate, "bounces", vera)
    assert comment.about.startswith("Migration plan, version 1, ")
    assert comment.about_url == f"{address('document', begun)}?open=bounces#bounces"
    assert WORDS in page
    assert 'id="bounces"' in page
    assert "Open comments on the document" in overview
    assert WORDS in overview
    assert f"Comment {comment.number} is closed." in said
    assert f"Closed by {vera}" in closed
    assert "Open comments on the document" not in overview_then


def test_open_comments_are_named_where_one_freezes_and_stop_nobody(begun, gate, ada, carl, client, quick_paper):
    open_review(gate, actor=ada)
    comment_on_section(gate, actor=carl, section="bounces", text=WORDS)
    client.force_login(ada)

    page = text_of(client.get(address("document", begun)))
    run_job(request_freeze(gate, actor=ada).pk)

    document = FrozenDocument.objects.get()
    assert "Comments are open" in page
    assert "Freezing does not close them" in page
    assert WORDS not in str(document.snapshot)
    comment_on_section(Gate.objects.get(pk=gate.pk), actor=carl, section="summary", text="And this?")
    assert is_current(document, Gate.objects.select_related("engagement").get(pk=gate.pk))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"section": "bounces", "text": "  "}, "Write the comment first."),
        ({"section": "no-such", "text": WORDS}, "Select a valid choice."),
        ({"section": "", "text": WORDS}, "This field is required."),
        ({"section": "bounces", "text": "w" * 5001}, "at most 5000 characters"),
    ],
)
def test_what_is_no_comment_is_refused_with_what_was_typed_kept(begun, gate, ada, client, typed, sentence):
    open_review(gate, actor=ada)
    client.force_login(ada)

    answer = client.post(address("comment", begun), typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert typed["text"].strip()[:40] in text_of(answer)
    assert not Question.objects.exists()


def test_before_there_is_something_to_read_nobody_at_the_customer_comments(begun, gate, carl, client):
    client.force_login(carl)

    answer = client.post(address("comment", begun), {"section": "bounces", "text": WORDS})

    assert answer.status_code == 409
    assert not Question.objects.exists()


def test_nobody_comments_on_a_draft_that_only_the_practice_reads(begun, gate, ada, carl, client):
    client.force_login(ada)

    answer = client.post(address("comment", begun), {"section": "bounces", "text": WORDS})

    assert answer.status_code == 409
    assert "Open the draft for review first." in text_of(answer)
    assert not Question.objects.exists()
    assert not OutboxMessage.objects.filter(kind="question_asked").exists()


def test_markup_in_a_comment_stays_text(begun, gate, ada, client):
    open_review(gate, actor=ada)
    comment_on_section(gate, actor=ada, section="bounces", text="<script>alert(1)</script>")
    client.force_login(ada)

    page = text_of(client.get(address("document", begun)))

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_other_side_hears_of_a_comment_and_its_author_of_the_answer(begun, gate, ada, carl, vera):
    open_review(gate, actor=ada)
    OutboxMessage.objects.all().delete()

    comment = comment_on_section(gate, actor=vera, section="bounces", text=WORDS)
    asked = set(OutboxMessage.objects.values_list("kind", "address"))
    OutboxMessage.objects.all().delete()
    answer_question(comment, actor=ada, text="The one of the bulk stream.")
    answered = set(OutboxMessage.objects.values_list("kind", "address"))

    assert ("question_asked", ada.email) in asked
    assert {kind for kind, _ in asked} == {"question_asked"}
    assert vera.email not in {to for _, to in asked}
    assert answered == {("question_answered", vera.email)}


def test_mail_about_a_comment_says_where_and_not_what(begun, gate, ada, vera):
    open_review(gate, actor=ada)

    comment_on_section(gate, actor=vera, section="bounces", text=WORDS)

    mail = OutboxMessage.objects.get(kind="question_asked", address=ada.email)
    assert "Migration plan, version 1" in mail.subject
    assert WORDS not in mail.subject + mail.text
    assert not mail.is_required


def test_the_api_does_the_same(begun, gate, ada, carl, client):
    client.force_login(ada)
    opened = client.post(route("review", begun))
    client.force_login(carl)

    written = client.post(route("comments", begun), {"section": "bounces", "text": WORDS}, "application/json")
    listed = client.get(route("comments", begun)).json()
    closed = client.post(route("comment_resolve", begun, written.json()["number"])).json()
    refused = client.post(route("comments", begun), {"section": "no-such", "text": WORDS}, "application/json")

    assert (opened.status_code, opened.json()["version"]) == (200, 1)
    assert (written.status_code, written.json()["section"]) == (201, "bounces")
    assert (listed["open"], [row["text"] for row in listed["comments"]]) == (1, [WORDS])
    assert closed["resolved_by"] == carl.full_name
    assert (refused.status_code, refused.json()["reasons"]) == (422, ["Choose the section you comment on."])


def test_a_failed_build_says_what_changed_since_the_version_that_is_kept(begun, gate, ada, client, quick_paper):
    run_job(request_freeze(gate, actor=ada).pk)
    begun.refresh_from_db()
    begun.findings.filter(number=1).update(title="Another title")
    job = request_freeze(Gate.objects.get(pk=gate.pk), actor=ada)
    type(job).objects.filter(pk=job.pk).update(
        state="failed", error_sentence="Page 9, Findings, could not be laid out.", finished_at=job.created_at
    )
    client.force_login(ada)

    page = text_of(client.get(address("document", begun)))
    polled = text_of(client.get(address("build", begun)))

    for shown in (page, polled):
        assert "Page 9, Findings, could not be laid out." in shown
        assert "Version 1 is kept as it was." in shown
        assert "Changed since version 1:" in shown
        assert "is now Another title." in shown


def test_whoever_had_a_build_made_is_mailed_which_section_failed(begun, gate, ada, monkeypatch, quick_paper):
    def fail(gate):
        raise DomainError("Page 9, Findings, could not be laid out.")

    monkeypatch.setattr("reports.job_kinds.prepare_document", fail)

    run_job(request_freeze(gate, actor=ada).pk)

    mail = OutboxMessage.objects.get(kind="document_failed")
    assert (mail.recipient, mail.subject) == (ada, f"Not made: the migration plan ({begun.code})")
    assert "Page 9, Findings, could not be laid out." in mail.text
    assert address("document", begun) in mail.text


def test_a_comment_on_an_annex_leads_to_the_annex(begun, gate, ada, client):
    open_review(gate, actor=ada)
    client.force_login(ada)

    client.post(address("comment", begun), {"section": "annex-reading", "text": WORDS})
    page = text_of(client.get(address("document", begun)))

    comment = Question.objects.get()
    assert comment.about == "Migration plan, version 1, Annex “What was read”"
    assert '<optgroup label="Annexes">' in page
    assert '<option value="annex-reading">A What was read</option>' in page
    assert '<option value="summary">2 Executive summary</option>' in page
    assert "annex-texts" not in page
    assert 'value="cover"' not in page
    assert comment.about_url == f"{address('document', begun)}?open=annex-reading#annex-reading"
    assert 'id="annex-reading"' in page


def test_while_a_version_is_out_for_signature_it_is_read_and_commented_on_whatever_is_in_review(
    begun, gate, ada, carl, client, quick_paper
):
    put_up(begun, 1, consultant=ada, customer=carl)
    DraftReview.objects.create(gate=gate, version=2, opened_by=ada, opened_at=timezone.now())
    client.force_login(carl)

    page = text_of(client.get(address("document", begun)))
    comment = comment_on_section(gate_of(begun, 1), actor=carl, section="summary", text=WORDS)

    assert "Version 1, frozen" in page
    assert "Draft in review" not in page
    assert ", version 1, " in comment.about
