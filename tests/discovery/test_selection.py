"""The vendor selection of an engagement: answered with who and when, disputed in place, followed in the ledger."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from discovery.domain.answer_selection import SelectionText, answer_selection, dispute_selection
from discovery.models import SelectionAnswer
from discovery.selection.score import Outcome
from discovery.selection_page import selection_of

pytestmark = pytest.mark.django_db

NORTHLAKE = {
    "licence_budget": "yes",
    "vendor_sla": "required",
    "compliance": "no",
    "managed": "directives",
    "open_source": "preferred",
    "languages": "one",
    "redesign": "keep",
}


def answer_all(engagement, *, actor, **otherwise):
    for variable, choice in (NORTHLAKE | otherwise).items():
        stored = SelectionAnswer.objects.filter(engagement=engagement, variable=variable).first()
        text = SelectionText(choice, version=stored.version if stored else 0)
        answer_selection(engagement, variable=variable, text=text, actor=actor)


def test_an_answer_is_kept_with_who_when_and_how_it_is_known(engagement, carl):
    answer = answer_selection(
        engagement,
        variable="compliance",
        text=SelectionText("no", certainty="documented", note="  Contract of 2 March, annex 4 "),
        actor=carl,
    )

    assert (answer.choice, answer.certainty, answer.note) == ("no", "documented", "Contract of 2 March, annex 4")
    assert (answer.answered_by, answer.version) == (carl, 1)
    event = AuditEvent.objects.get(action="selection.answered")
    assert (event.data["before"], event.data["after"]) == ("nothing", "None is named")


def test_seven_answers_make_a_result_and_six_do_not(engagement, carl):
    answer_all(engagement, actor=carl)
    whole = selection_of(engagement, carl)
    SelectionAnswer.objects.get(engagement=engagement, variable="redesign").delete()

    partial = selection_of(engagement, carl)

    assert (whole.score.outcome, whole.score.total) == (Outcome.POWERMTA, 26)
    assert partial.score.outcome is Outcome.INCOMPLETE
    assert partial.contributions == []


def test_an_answer_over_another_version_is_refused_with_who_was_first(engagement, carl, ada):
    answer_selection(engagement, variable="vendor_sla", text=SelectionText("wished"), actor=ada)

    with pytest.raises(Conflict, match=r"Ada .* changed “Vendor SLA” .*“Wished for”"):
        answer_selection(engagement, variable="vendor_sla", text=SelectionText("required"), actor=carl)

    assert engagement.selection_answers.get().choice == "wished"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SelectionText("perhaps"), "Choose one of the answers"),
        (SelectionText("required", certainty="felt"), "Say how the answer is known"),
        (SelectionText("required", note="x" * 2001), "at most 2,000"),
    ],
)
def test_what_the_method_does_not_offer_is_refused(engagement, carl, text, sentence):
    with pytest.raises(DomainError, match=sentence):
        answer_selection(engagement, variable="vendor_sla", text=text, actor=carl)

    assert not engagement.selection_answers.exists()


def test_the_history_of_the_practice_is_no_variable(engagement, carl):
    with pytest.raises(DomainError, match="does not ask for"):
        answer_selection(engagement, variable="share_of_powermta", text=SelectionText("55"), actor=carl)


def test_a_viewer_reads_and_does_not_answer(engagement, vera):
    with pytest.raises(Refused, match="viewer"):
        answer_selection(engagement, variable="vendor_sla", text=SelectionText("required"), actor=vera)


def test_a_dispute_stands_beside_the_answer_until_it_is_given_again(engagement, ada, carl, vera):
    answer_selection(engagement, variable="languages", text=SelectionText("team"), actor=ada)

    disputed = dispute_selection(
        engagement, variable="languages", dispute="Lua left with Mr Hall.", version=1, actor=vera
    )
    shown = selection_of(engagement, vera)

    assert (disputed.choice, disputed.disputed_by) == ("team", vera)
    assert [row.answer.dispute for row in shown.disputed] == ["Lua left with Mr Hall."]

    answer_selection(engagement, variable="languages", text=SelectionText("nobody", version=2), actor=carl)

    assert selection_of(engagement, vera).disputed == []
    assert AuditEvent.objects.get(action="selection.disputed").data["dispute"] == "Lua left with Mr Hall."


def test_nothing_is_disputed_twice_and_nothing_that_nobody_said(engagement, ada, vera):
    with pytest.raises(Conflict, match="Nobody has answered"):
        dispute_selection(engagement, variable="languages", dispute="No.", version=0, actor=vera)
    answer_selection(engagement, variable="languages", text=SelectionText("team"), actor=ada)
    dispute_selection(engagement, variable="languages", dispute="No.", version=1, actor=vera)

    with pytest.raises(Conflict, match="disputed this answer"):
        dispute_selection(engagement, variable="languages", dispute="No!", version=2, actor=vera)


def test_a_password_in_a_note_is_not_stored(engagement, carl):
    answer_selection(
        engagement,
        variable="managed",
        text=SelectionText("either", note="smtp_sasl_password = hunter2secret"),
        actor=carl,
    )

    assert "hunter2secret" not in engagement.selection_answers.get().note


def test_the_database_refuses_a_dispute_without_words(engagement, ada):
    answer = answer_selection(engagement, variable="languages", text=SelectionText("team"), actor=ada)

    with pytest.raises(IntegrityError, match="selection_dispute_has_its_words"), transaction.atomic():
        SelectionAnswer.objects.filter(pk=answer.pk).update(disputed_by=ada, disputed_at=answer.answered_at)


def test_an_answer_that_the_method_offers_no_more_counts_as_missing(engagement, ada):
    answer_all(engagement, actor=ada)
    SelectionAnswer.objects.filter(variable="redesign").update(choice="of_an_older_method")

    found = selection_of(engagement, ada)

    assert [variable.key for variable in found.score.missing] == ["redesign"]


def test_the_page_prints_each_step_and_what_would_flip_it(client, engagement, carl):
    answer_all(engagement, actor=carl)
    client.force_login(carl)

    page = client.get(reverse("discovery:selection", args=[engagement.code])).content.decode()

    assert "Why PowerMTA" in page
    assert "Licence budget “There is no budget”: KumoMTA by 10" in page
    assert "Compliance wording “A commercial MTA is named”" not in page  # the same target: nothing flips
    assert page.count("+18") >= 2  # drawn, and in the table


def test_the_page_of_half_an_answer_names_what_is_missing_and_no_winner(client, engagement, carl):
    answer_selection(engagement, variable="licence_budget", text=SelectionText("yes"), actor=carl)
    client.force_login(carl)

    page = client.get(reverse("discovery:selection", args=[engagement.code])).content.decode()

    assert "1 of 7 answers are in" in page
    assert "Why PowerMTA" not in page
    assert "+18" not in page


def test_the_number_of_queries_does_not_depend_on_the_answers(
    client, engagement, carl, ada, django_assert_max_num_queries
):
    client.force_login(carl)
    url = reverse("discovery:selection", args=[engagement.code])
    with django_assert_max_num_queries(50) as none:
        client.get(url)

    answer_all(engagement, actor=ada)
    dispute_selection(engagement, variable="languages", dispute="No.", version=1, actor=carl)

    with django_assert_max_num_queries(len(none)):
        client.get(url)


def test_a_conflict_shows_what_stands_there_now_and_keeps_what_was_typed(client, engagement, carl, ada):
    answer_selection(engagement, variable="vendor_sla", text=SelectionText("wished"), actor=ada)
    client.force_login(carl)
    typed = {"version": "0", "choice": "required", "certainty": "documented", "note": "Annex 4"}

    answer = client.post(reverse("discovery:selection_answer", args=[engagement.code, "vendor_sla"]), typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Annex 4" in page
    assert 'name="version" value="1"' in page
    assert engagement.selection_answers.get().choice == "wished"


def test_an_unknown_variable_is_not_found(client, engagement, carl):
    client.force_login(carl)

    assert client.get(reverse("discovery:selection_answer", args=[engagement.code, "colour"])).status_code == 404


def test_the_method_is_public_and_old_versions_stay_readable(client):
    today = client.get(reverse("method:today"))
    version = client.get(reverse("method:version", args=["1.0"]))
    unknown = client.get(reverse("method:version", args=["0.9"]))

    assert today.status_code == version.status_code == 200
    assert "too close" in today.content.decode()
    assert unknown.status_code == 404
