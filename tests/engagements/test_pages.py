import pytest
from django.urls import reverse

from engagements import gates
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.submit_gate import submit_gate
from engagements.models import GateTask, Question, SignOff
from tests.engagements.journey import begin, do_tasks, gate_of, put_up, sign
from tests.factories.engagements import make_engagement
from tests.kept import kept
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def submitted(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def sign_url(engagement):
    return reverse("engagements:sign", args=[engagement.code, 1])


def typed(document, **changes):
    return {
        "has_read": "on",
        "typed_name": "Carl Brandt",
        "role_title": "Head of engineering",
        "shown_digest": document.digest,
    } | changes


def test_the_home_page_says_in_its_title_that_a_decision_waits(client, submitted, carl):
    client.force_login(carl)

    page = client.get(reverse("home"))

    assert "<title>(1) Overview" in page.content.decode()
    assert [decision.title for decision in page.context["decisions"]] == ["Sign phase 1"]


def test_nothing_waits_for_a_viewer(client, submitted, vera):
    client.force_login(vera)

    page = client.get(reverse("home"))

    assert page.context["decisions"] == []
    assert "Nothing needs you" in page.content.decode()
    assert "Carl Brandt signs phase 1, asked" in page.content.decode()


def test_the_way_to_the_signature_is_shown_to_whoever_may_sign(client, submitted, engagement, carl, ada):
    gate = reverse("engagements:gate", args=[engagement.code, 1])
    offered = {}
    for person in (carl, ada):
        client.force_login(person)
        offered[person] = f'href="{sign_url(engagement)}"' in client.get(gate).content.decode()

    assert offered == {carl: True, ada: False}


def test_the_sign_page_shows_the_fingerprint_of_what_is_signed(client, submitted, engagement, carl):
    sign_in(client, carl)

    page = client.get(sign_url(engagement)).content.decode()

    grouped = [submitted.digest[at : at + 8] for at in range(0, 64, 8)]
    assert all(group in page for group in grouped)
    assert f'value="{submitted.digest}"' in page


def test_signing_in_the_browser_leads_to_the_receipt(client, submitted, engagement, carl):
    sign_in(client, carl)

    page = client.post(sign_url(engagement), typed(submitted), follow=True)

    signoff = SignOff.objects.get()
    assert page.redirect_chain == [(reverse("engagements:receipt", args=[signoff.reference]), 302)]
    assert signoff.document_digest == submitted.digest
    assert (signoff.ip_address, signoff.authentication) == ("127.0.0.1", "password")


def test_an_error_keeps_what_was_typed(client, submitted, engagement, carl):
    sign_in(client, carl)

    page = client.post(sign_url(engagement), typed(submitted, has_read=""))

    assert page.status_code == 422
    assert 'value="Carl Brandt"' in page.content.decode()
    assert not SignOff.objects.exists()


def test_an_old_proof_sends_to_confirm_and_keeps_the_draft(client, submitted, engagement, carl):
    sign_in(client, carl, seconds_ago=16 * 60)

    answer = client.post(sign_url(engagement), typed(submitted, typed_name="C. Brandt", is_name_right="on"))
    sign_in(client, carl)
    page = client.get(sign_url(engagement)).content.decode()

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not SignOff.objects.exists()
    assert 'value="C. Brandt"' in page


def test_a_viewer_gets_403_with_the_reason(client, submitted, engagement, vera):
    sign_in(client, vera)

    page = client.get(sign_url(engagement))

    assert page.status_code == 403
    assert "has not given you that duty" in page.content.decode()


def test_a_stranger_gets_404_everywhere(client, submitted, engagement, otto):
    sign_in(client, otto)

    for name in ("detail", "documents", "history", "questions"):
        assert client.get(reverse(f"engagements:{name}", args=[engagement.code])).status_code == 404
    assert client.get(sign_url(engagement)).status_code == 404


def test_the_stored_bytes_are_served_unchanged(client, submitted, engagement, vera):
    client.force_login(vera)

    answer = client.get(reverse("engagements:document_pdf", args=[engagement.code, submitted.pk]))

    assert answer.content == bytes(submitted.pdf)
    assert answer["ETag"] == f'"{submitted.digest}"'


def test_a_consultant_who_is_not_on_the_engagement_does_not_see_it(client, engagement, ada, lea):
    engagement.consultants.remove(ada)
    client.force_login(ada)

    assert client.get(reverse("engagements:detail", args=[engagement.code])).status_code == 404


def test_a_customer_cannot_tick_a_task_of_the_consultancy(client, engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    task = GateTask.objects.create(gate=gate_of(engagement, 1), key="probe", title="Probe", party="consultancy")
    client.force_login(carl)

    answer = client.post(reverse("engagements:task", args=[engagement.code, task.pk]), {"evidence": "Done"})

    task.refresh_from_db()
    assert answer.status_code == 403
    assert not task.is_done


def test_asking_keeps_the_thread_with_the_engagement(client, engagement, vera):
    client.force_login(vera)

    client.post(reverse("engagements:questions", args=[engagement.code]), {"text": "Which pool sends receipts?"})

    question = Question.objects.get()
    assert (question.engagement, question.asked_by, question.is_blocking) == (engagement, vera, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_for_three(
    client, northlake, sam, lea, ada, count, django_assert_num_queries
):
    for _ in range(count):
        make_engagement(northlake, sales=sam, lead=lea, consultants=[ada])
    client.force_login(ada)
    client.get(reverse("engagements:list"))

    with django_assert_num_queries(7):  # two of them raise and lower the second guard
        page = client.get(reverse("engagements:list"))

    assert len(page.context["rows"]) == count


def test_the_receipt_of_a_stale_signature_says_what_changed(client, submitted, engagement, carl, ada, facts):
    from engagements.domain.mark_stale import mark_stale

    signoff = sign(submitted, signer=carl)
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    sign_in(client, carl)

    page = client.get(reverse("engagements:receipt", args=[signoff.reference])).content.decode()

    assert "Parameters: 41 is now 43." in page


def test_another_name_than_the_profiles_is_asked_about_and_then_taken(client, submitted, engagement, carl):
    sign_in(client, carl)

    asked = client.post(sign_url(engagement), typed(submitted, typed_name="C. J. Brandt"))
    assert not SignOff.objects.exists()
    client.post(sign_url(engagement), typed(submitted, typed_name="C. J. Brandt", is_name_right="on"))

    assert "Your profile says Carl Brandt." in asked.content.decode()
    assert SignOff.objects.get().typed_name == "C. J. Brandt"


def test_what_the_customer_has_to_do_stands_on_their_home_page(client, engagement, carl, vera):
    begin(engagement, accepted_by=carl)

    client.force_login(carl)
    for_carl = [decision.title for decision in client.get(reverse("home")).context["decisions"]]
    client.force_login(vera)
    for_vera = client.get(reverse("home")).context["decisions"]

    assert for_carl == [
        "Readout call held",
        "Owner named for each milter and script",
        "Answer the questionnaire",
    ]
    assert for_vera == []


def test_the_page_of_a_gate_counts_what_is_open_once(client, engagement, carl, ada, lea):
    gates.check(1, key="two_reasons", title="Two things at once")(lambda engagement: ["The first.", "The second."])
    begin(engagement, accepted_by=carl)
    client.force_login(ada)
    tasks = gate_of(engagement, 1).tasks.count()
    count = tasks + 2  # the check with two sentences, and the document that is not frozen

    page = client.get(reverse("engagements:gate", args=[engagement.code, 1]))

    text = page.content.decode()
    assert page.context["gate_note"] == f"{count} open"
    assert f"Ask for signatures: {count} open" in text
    assert f"{count} things are open" in text
    assert f"{count} still open above" in text
    assert "<li>Two things at once: The first. The second.</li>" in text


def test_a_gate_with_nothing_open_says_so_and_then_its_state(client, engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    freeze_document(gate_of(engagement, 1), prepare_document(gate_of(engagement, 1)), actor=ada)
    client.force_login(ada)
    notes = [client.get(reverse("engagements:detail", args=[engagement.code])).context["gate_note"]]

    submit_gate(gate_of(engagement, 1), actor=ada)
    notes.append(client.get(reverse("engagements:detail", args=[engagement.code])).context["gate_note"])

    assert notes == ["Nothing open", "Waiting for signatures"]
