"""What is typed about a finding and not saved: kept for its author alone, until it is saved or thrown away."""

import pytest
from django.urls import reverse

from core.errors import DomainError, Refused
from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.domain.keep_draft import keep_draft
from discovery.models import Finding, FindingDraft
from engagements.models import Engagement
from tests.discovery.pages import text_of, url
from tests.factories.discovery import add_finding, bare_upload
from tests.kept import kept

pytestmark = pytest.mark.django_db

TYPED = {"version": 1, "translation_class": "C", "impact": "The tags.", "proposal": "A Lua hook, half"}
HALF = FindingAnswer("C", "The tags.", "A Lua hook, half")


@kept
def finding(engagement, ada):
    return add_finding(bare_upload(engagement, actor=ada), 1)


def test_a_draft_is_there_again_after_signing_out(client, engagement, finding, ada):
    client.force_login(ada)
    kept = client.post(url("finding_draft", engagement, 1), TYPED, headers={"X-Requested-With": "draft"})
    client.logout()
    client.force_login(ada)

    page = client.get(url("finding", engagement, 1))

    finding.refresh_from_db()
    assert kept.status_code == 204
    assert "not saved yet. Only you see it." in text_of(page)
    assert page.context["answer_form"]["proposal"].value() == "A Lua hook, half"
    assert (finding.proposal, finding.version) == ("", 1)


def test_nobody_else_sees_a_draft(client, engagement, finding, ada, lea):
    keep_draft(finding, actor=ada, version=1, answer=HALF)
    client.force_login(lea)

    page = text_of(client.get(url("finding", engagement, 1)))

    assert "A Lua hook, half" not in page


def test_saving_the_answer_ends_its_draft_and_leaves_those_of_others(engagement, finding, ada, lea):
    keep_draft(finding, actor=ada, version=1, answer=HALF)
    keep_draft(finding, actor=lea, version=1, answer=HALF)

    answer_finding(finding, actor=ada, version=1, answer=HALF)

    assert [draft.author for draft in FindingDraft.objects.all()] == [lea]


def test_a_draft_over_an_older_text_stands_beside_the_newer_one(as_ada, engagement, finding, ada, lea):
    keep_draft(finding, actor=ada, version=1, answer=HALF)
    answer_finding(finding, actor=lea, version=1, answer=FindingAnswer("X", "All of it.", "Nothing."))

    page = as_ada.get(url("finding", engagement, 1))
    saved = as_ada.post(url("finding_answer", engagement, 1), TYPED | {"version": 2})

    text = text_of(page)
    assert "Changed since you began to write" in text
    assert "Now, by Lea Moser" in text
    assert "All of it." in text
    assert page.context["answer_form"]["version"].value() == 2
    assert saved.status_code == 302
    assert Finding.objects.get().proposal == "A Lua hook, half"


def test_taking_the_newer_text_throws_the_draft_away(as_ada, engagement, finding, ada, lea):
    keep_draft(finding, actor=ada, version=1, answer=HALF)
    answer_finding(finding, actor=lea, version=1, answer=FindingAnswer("X", "All of it.", "Nothing."))

    answer = as_ada.post(url("finding_draft_discard", engagement, 1), {"filters": "state=open"})

    assert answer.url == url("finding", engagement, 1) + "?state=open#answer"
    assert not FindingDraft.objects.exists()
    assert Finding.objects.get().proposal == "Nothing."


def test_what_the_finding_says_already_is_no_draft(engagement, finding, ada):
    keep_draft(finding, actor=ada, version=1, answer=HALF)

    assert keep_draft(finding, actor=ada, version=1, answer=FindingAnswer()) is None
    assert not FindingDraft.objects.exists()


def test_typing_that_arrives_after_it_was_saved_is_no_draft(as_ada, engagement, finding, ada):
    answer_finding(finding, actor=ada, version=1, answer=HALF)

    late = keep_draft(finding, actor=ada, version=1, answer=HALF)

    assert late is None
    assert not FindingDraft.objects.exists()
    assert "Changed since you began to write" not in text_of(as_ada.get(url("finding", engagement, 1)))


def test_a_draft_kept_in_the_moment_of_saving_is_not_shown(as_ada, engagement, finding, ada):
    keep_draft(finding, actor=ada, version=1, answer=HALF)
    Finding.objects.update(version=2, translation_class="C", impact=HALF.impact, proposal=HALF.proposal)

    page = text_of(as_ada.get(url("finding", engagement, 1)))
    told = as_ada.get(reverse("api:discovery:finding_draft", args=[engagement.code, 1])).json()

    assert "Changed since you began to write" not in page
    assert "Only you see it" not in page
    assert told["version"] == 0


def test_a_draft_is_not_kept_once_the_engagement_is_over(engagement, finding, ada):
    Engagement.objects.filter(pk=engagement.pk).update(phase=Engagement.Phase.CANCELLED)

    with pytest.raises(DomainError, match="findings stay as they are"):
        keep_draft(finding, actor=ada, version=1, answer=HALF)

    assert not FindingDraft.objects.exists()


def test_a_draft_is_kept_once_a_person(engagement, finding, ada):
    keep_draft(finding, actor=ada, version=1, answer=HALF)
    keep_draft(finding, actor=ada, version=1, answer=FindingAnswer("C", "The tags.", "A Lua hook, whole"))

    assert [draft.proposal for draft in FindingDraft.objects.all()] == ["A Lua hook, whole"]


def test_a_text_that_is_too_long_is_shown_again(as_ada, engagement, finding):
    page = as_ada.post(url("finding_draft", engagement, 1), TYPED | {"impact": "x" * 4001})

    assert page.status_code == 422
    assert "x" * 4001 in text_of(page)
    assert not FindingDraft.objects.exists()


@pytest.mark.parametrize("person", ["carl", "vera", "sam"])
def test_who_may_not_review_keeps_no_draft(finding, person, request):
    with pytest.raises(Refused):
        keep_draft(finding, actor=request.getfixturevalue(person), version=1, answer=HALF)

    assert not FindingDraft.objects.exists()


def test_a_draft_over_the_api(as_ada, engagement, finding):
    address = reverse("api:discovery:finding_draft", args=[engagement.code, 1])
    discard = reverse("api:discovery:finding_draft_discard", args=[engagement.code, 1])

    kept = as_ada.post(address, TYPED, content_type="application/json")
    read = as_ada.get(address)
    gone = as_ada.post(discard, content_type="application/json")

    assert kept.json()["proposal"] == read.json()["proposal"] == "A Lua hook, half"
    assert (gone.json()["version"], gone.json()["saved_at"]) == (0, None)
    assert not FindingDraft.objects.exists()
