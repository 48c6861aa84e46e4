"""Acts over several findings: whole or not at all, and taken back to exactly what was before."""

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from discovery.domain.accept_finding import accept_finding, accept_findings
from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.domain.assign_findings import assign_findings
from discovery.domain.classify_findings import classify_findings
from discovery.domain.dismiss_finding import dismiss_finding, dismiss_findings
from discovery.domain.merge_duplicates import merge_duplicates
from discovery.domain.review_several import COLUMNS
from discovery.domain.undo_review import undo_batch, undo_review
from discovery.models import Finding, ReviewStep
from tests.factories.discovery import add_finding, bare_upload
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def upload(engagement, ada):
    return bare_upload(engagement, actor=ada)


@pytest.fixture
def findings(upload):
    return [add_finding(upload, number) for number in (1, 2, 3)]


def accept(engagement, versions, actor):
    return accept_findings(engagement, versions=versions, actor=actor)


def dismiss(engagement, versions, actor):
    return dismiss_findings(engagement, versions=versions, reason="intended", note="Agreed.", actor=actor)


def merge(engagement, versions, actor):
    return merge_duplicates(engagement, versions=versions, into=3, actor=actor)


def classify(engagement, versions, actor):
    return classify_findings(engagement, versions=versions, letter="C", actor=actor)


def assign(engagement, versions, actor):
    return assign_findings(engagement, versions=versions, assignee=actor, actor=actor)


every_act = pytest.mark.parametrize("act", [accept, dismiss, merge, classify, assign])


def state_of(engagement):
    return list(engagement.findings.order_by("number").values_list(*COLUMNS))


@every_act
def test_each_finding_has_its_entry_under_one_batch(engagement, findings, ada, act):
    reviewed = act(engagement, {1: 1, 2: 1}, ada)

    entries = AuditEvent.objects.filter(data__batch=str(reviewed.batch))
    assert [finding.number for finding in reviewed.findings] == [1, 2]
    assert {event.subject_id for event in entries} == {str(finding.pk) for finding in findings[:2]}
    assert list(engagement.findings.values_list("version", flat=True)) == [2, 2, 1]


@every_act
def test_undo_restores_exactly_what_was_before(engagement, findings, ada, lea, act):
    classify_findings(engagement, versions={1: 1}, letter="R", actor=lea)
    assign_findings(engagement, versions={2: 1}, assignee=lea, actor=lea)
    before = state_of(engagement)
    reviewed = act(engagement, {1: 2, 2: 2}, ada)
    changed = state_of(engagement)

    undone = undo_batch(engagement, batch=reviewed.batch, actor=ada)

    assert changed != before
    assert state_of(engagement) == before
    assert undone.left_alone == ()
    assert not ReviewStep.objects.filter(batch=reviewed.batch).exists()


@every_act
def test_undo_leaves_alone_what_changed_since_and_names_it(engagement, findings, ada, lea, act):
    reviewed = act(engagement, {1: 1, 2: 1}, ada)
    answer_finding(findings[1], actor=lea, version=2, answer=FindingAnswer("X", "Lost.", "Nothing."))
    left = Finding.objects.values(*COLUMNS).get(number=2)

    undone = undo_batch(engagement, batch=reviewed.batch, actor=ada)

    assert [finding.number for finding in undone.findings] == [1]
    assert [finding.number for finding in undone.left_alone] == [2]
    assert Finding.objects.values(*COLUMNS).get(number=2) == left


def test_undo_of_a_class_gives_back_a_decision_of_before_untouched(engagement, findings, ada, lea):
    accepted = accept_finding(findings[0], actor=lea, version=1, note="Seen.")
    classified = classify_findings(engagement, versions={1: 2}, letter="N", actor=ada)

    undo_batch(engagement, batch=classified.batch, actor=ada)

    after = Finding.objects.get(number=1)
    assert (after.state, after.decided_by, after.decision_note, after.translation_class) == (
        "accepted",
        lea,
        "Seen.",
        "",
    )
    assert after.decided_at == accepted.decided_at


@every_act
def test_an_old_page_does_nothing_at_all(engagement, findings, ada, lea, act):
    answer_finding(findings[0], actor=lea, version=1, answer=FindingAnswer("X"))
    before = state_of(engagement)

    with pytest.raises(Conflict, match="Lea Moser changed F-001"):
        act(engagement, {1: 1, 2: 1}, ada)

    assert state_of(engagement) == before
    assert not ReviewStep.objects.exists()


@pytest.mark.parametrize("act", [accept, dismiss, merge])
def test_a_decision_is_made_on_open_findings_only(engagement, findings, ada, act):
    dismiss_finding(findings[0], actor=ada, version=1, reason="mistaken")

    with pytest.raises(Conflict, match="F-001"):
        act(engagement, {1: 2, 2: 1}, ada)

    assert Finding.objects.get(number=2).state == "open"


@every_act
@pytest.mark.parametrize("person", ["carl", "vera", "sam"])
def test_only_reviewers_act_on_several(engagement, findings, person, act, request):
    with pytest.raises(Refused):
        act(engagement, {1: 1}, request.getfixturevalue(person))

    assert not ReviewStep.objects.exists()


@every_act
def test_nothing_selected_is_said(engagement, findings, ada, act):
    with pytest.raises(DomainError, match="Select at least one finding"):
        act(engagement, {}, ada)


@pytest.mark.parametrize("act", [dismiss, classify, assign])
def test_a_guess_may_be_dismissed_classed_and_assigned_with_others(engagement, upload, findings, ada, act):
    add_finding(upload, 4, confidence="guess")

    assert len(act(engagement, {1: 1, 4: 1}, ada).findings) == 2


def test_a_merged_finding_says_which_one_it_repeats(engagement, findings, ada):
    merge_duplicates(engagement, versions={1: 1, 2: 1, 3: 1}, into=3, actor=ada)

    merged = Finding.objects.filter(duplicate_of=findings[2]).order_by("number")
    assert [(one.number, one.state, one.dismissal) for one in merged] == [
        (1, "dismissed", "duplicate"),
        (2, "dismissed", "duplicate"),
    ]
    assert Finding.objects.get(number=3).state == "open"


@pytest.mark.parametrize(
    ("into", "sentence"),
    [(9, "no finding F-009 here"), (2, "F-002 is dismissed"), (1, "cannot be merged into itself")],
)
def test_a_merge_needs_another_finding_that_stands(engagement, findings, ada, into, sentence):
    dismiss_finding(findings[1], actor=ada, version=1, reason="intended")

    with pytest.raises(DomainError, match=sentence):
        merge_duplicates(engagement, versions={1: 1}, into=into, actor=ada)

    assert Finding.objects.get(number=1).duplicate_of is None


def test_a_finding_with_duplicates_is_not_merged_away(engagement, findings, ada):
    merge_duplicates(engagement, versions={1: 1}, into=2, actor=ada)

    with pytest.raises(DomainError, match="Others were merged into F-002"):
        merge_duplicates(engagement, versions={2: 1}, into=3, actor=ada)

    assert Finding.objects.get(number=2).state == "open"


def test_opening_a_duplicate_takes_its_link_away(engagement, findings, ada):
    merge_duplicates(engagement, versions={1: 1}, into=2, actor=ada)

    undo_review(findings[0], actor=ada, version=2)

    assert Finding.objects.get(number=1).duplicate_of is None


def test_the_database_refuses_a_finding_that_repeats_itself(engagement, findings, ada):
    merge_duplicates(engagement, versions={1: 1}, into=2, actor=ada)

    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(number=1).update(duplicate_of=findings[0])


@pytest.mark.parametrize("reason", ["", "because"])
def test_several_are_dismissed_for_a_reason_of_the_list(engagement, findings, ada, reason):
    with pytest.raises(DomainError, match="choose a reason"):
        dismiss_findings(engagement, versions={1: 1}, reason=reason, actor=ada)
    with pytest.raises(DomainError, match="Say where"):
        dismiss_findings(engagement, versions={1: 1}, reason="elsewhere", note=" ", actor=ada)

    assert Finding.objects.get(number=1).state == "open"


def test_a_class_is_one_of_four_for_several_too(engagement, findings, ada):
    with pytest.raises(DomainError, match="native, rewrite, custom or gap"):
        classify_findings(engagement, versions={1: 1}, letter="Q", actor=ada)


@pytest.mark.parametrize("person", ["carl", "ugo"])
def test_findings_are_given_to_the_team_alone(engagement, findings, ada, person, request):
    stranger = request.getfixturevalue(person)

    with pytest.raises(DomainError, match="is not on the team"):
        assign_findings(engagement, versions={1: 1}, assignee=stranger, actor=ada)

    assert Finding.objects.get(number=1).assignee is None


def test_a_batch_of_another_engagement_is_not_taken_back(engagement, findings, ada, lea, sam, northlake):
    from tests.factories.engagements import make_engagement

    accepted = accept_findings(engagement, versions={1: 1}, actor=ada)
    other = make_engagement(northlake, sales=sam, lead=lea)

    with pytest.raises(Conflict, match="nothing left to undo"):
        undo_batch(other, batch=accepted.batch, actor=lea)

    assert Finding.objects.get(number=1).state == "accepted"
