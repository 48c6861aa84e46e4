import pytest
from django.db import IntegrityError, transaction

from core.audit import verify_chain
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from discovery.domain.accept_finding import accept_finding, accept_findings
from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.domain.undo_review import undo_batch, undo_review
from discovery.models import Finding
from engagements.domain.perform import perform
from tests.factories.discovery import add_finding, bare_upload
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def upload(engagement, ada):
    return bare_upload(engagement, actor=ada)


@pytest.fixture
def finding(upload):
    return add_finding(upload, 1)


def test_accepting_says_who_and_when_and_leaves_a_trace(finding, ada):
    accepted = accept_finding(finding, actor=ada, version=1, note=" Seen with Carl. ")

    accepted.refresh_from_db()
    assert (accepted.state, accepted.decided_by, accepted.decision_note) == ("accepted", ada, "Seen with Carl.")
    assert (accepted.version, accepted.decided_at is not None) == (2, True)
    assert AuditEvent.objects.filter(action="finding.accepted", subject_id=str(finding.pk)).count() == 1
    assert list(verify_chain(finding.audit_chain)) == []


@pytest.mark.parametrize("person", ["carl", "vera", "sam", "otto"])
def test_only_reviewers_decide(finding, person, request):
    actor = request.getfixturevalue(person)

    with pytest.raises(Refused):
        accept_finding(finding, actor=actor, version=1)
    with pytest.raises(Refused):
        dismiss_finding(finding, actor=actor, version=1, reason="intended")
    with pytest.raises(Refused):
        answer_finding(finding, actor=actor, version=1, answer=FindingAnswer("C"))

    finding.refresh_from_db()
    assert (finding.state, finding.version) == ("open", 1)


def test_the_second_of_two_is_told_who_was_first(finding, ada, lea):
    accept_finding(finding, actor=lea, version=1)

    with pytest.raises(Conflict, match=r"Lea Moser changed F-001 on .*: it is accepted now"):
        dismiss_finding(finding, actor=ada, version=1, reason="intended")

    finding.refresh_from_db()
    assert finding.state == "accepted"


@pytest.mark.parametrize("reason", ["", "because", "  "])
def test_dismissing_needs_a_reason_of_the_list(finding, ada, reason):
    with pytest.raises(DomainError, match="choose a reason"):
        dismiss_finding(finding, actor=ada, version=1, reason=reason)

    finding.refresh_from_db()
    assert finding.state == "open"


def test_taken_care_of_elsewhere_says_where(finding, ada):
    with pytest.raises(DomainError, match="Say where"):
        dismiss_finding(finding, actor=ada, version=1, reason="elsewhere")

    dismissed = dismiss_finding(finding, actor=ada, version=1, reason="elsewhere", note="In the application.")
    assert (dismissed.state, dismissed.decision_note) == ("dismissed", "In the application.")


def test_undo_opens_it_and_keeps_the_answer(finding, ada):
    answer_finding(finding, actor=ada, version=1, answer=FindingAnswer("C", "Tags are lost.", "A Lua hook."))
    accept_finding(finding, actor=ada, version=2)

    opened = undo_review(finding, actor=ada, version=3)

    assert (opened.state, opened.decided_by, opened.decided_at) == ("open", None, None)
    assert (opened.translation_class, opened.impact, opened.proposal) == ("C", "Tags are lost.", "A Lua hook.")
    with pytest.raises(Conflict, match="open already"):
        undo_review(finding, actor=ada, version=4)


def test_a_class_is_one_of_four(finding, ada):
    with pytest.raises(DomainError, match="native, rewrite, custom or gap"):
        answer_finding(finding, actor=ada, version=1, answer=FindingAnswer("Q"))


def test_several_are_accepted_in_one_act_and_taken_back_in_one(engagement, upload, ada):
    for number in (1, 2, 3):
        add_finding(upload, number)

    accepted = accept_findings(engagement, versions={1: 1, 2: 1}, actor=ada)
    undone = undo_batch(engagement, batch=accepted.batch, actor=ada)

    assert [finding.number for finding in undone.findings] == [1, 2]
    assert set(engagement.findings.values_list("state", flat=True)) == {"open"}
    events = AuditEvent.objects.filter(action="finding.accepted")
    assert {event.data["batch"] for event in events} == {str(accepted.batch)}


def test_undo_leaves_what_somebody_decided_since(engagement, upload, ada, lea):
    first, second = add_finding(upload, 1), add_finding(upload, 2)
    accepted = accept_findings(engagement, versions={1: 1, 2: 1}, actor=ada)
    undo_review(second, actor=lea, version=2)
    dismiss_finding(second, actor=lea, version=3, reason="intended")

    undone = undo_batch(engagement, batch=accepted.batch, actor=ada)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("open", "dismissed")
    assert undone.left_alone == (second,)
    with pytest.raises(Conflict, match="nothing left to undo"):
        undo_batch(engagement, batch=accepted.batch, actor=ada)


def test_guesses_are_never_accepted_in_bulk(engagement, upload, ada):
    add_finding(upload, 1)
    add_finding(upload, 2, confidence="guess")

    with pytest.raises(DomainError, match="one by one, on their own page: F-002"):
        accept_findings(engagement, versions={1: 1, 2: 1}, actor=ada)

    assert not engagement.findings.exclude(state="open").exists()


def test_a_bulk_act_over_an_old_page_does_nothing(engagement, upload, ada, lea):
    first = add_finding(upload, 1)
    add_finding(upload, 2)
    answer_finding(first, actor=lea, version=1, answer=FindingAnswer("X"))

    with pytest.raises(Conflict, match="Lea Moser changed F-001"):
        accept_findings(engagement, versions={1: 1, 2: 1}, actor=ada)

    assert not engagement.findings.exclude(state="open").exists()


def test_findings_of_another_engagement_are_not_touched(engagement, upload, ada, lea, sam, northlake):
    from tests.factories.engagements import make_engagement

    other = make_engagement(northlake, sales=sam, lead=lea)
    add_finding(upload, 1)

    with pytest.raises(DomainError, match="no such finding here: F-001"):
        accept_findings(other, versions={1: 1}, actor=lea)


def test_nothing_is_decided_after_the_end(finding, engagement, ada, lea):
    perform("cancel", engagement=engagement, actor=lea, note="Over.")

    with pytest.raises(DomainError, match="its findings stay as they are"):
        accept_finding(finding, actor=ada, version=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "accepted"},
        {"state": "dismissed", "dismissal": "intended"},
        {"dismissal": "intended"},
        {"state": "accepted", "dismissal": "duplicate"},
    ],
)
def test_the_database_refuses_half_a_decision(finding, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(**changes)


def test_without_the_ledger_nothing_is_decided(finding, ada, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no ledger")

    monkeypatch.setattr(AuditEvent, "save", refuse)
    with pytest.raises(RuntimeError, match="no ledger"):
        accept_finding(finding, actor=ada, version=1)

    finding.refresh_from_db()
    assert finding.state == "open"
