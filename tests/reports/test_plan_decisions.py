"""The plan shows every gap with the customer's decision, and a signature covers them."""

import pytest

from core.audit import digest_of
from core.errors import DomainError
from discovery.domain.decide_gaps import decide_gaps, withdraw_decisions
from discovery.models import Gap
from engagements.content import current_content
from engagements.models import Engagement, Gate, StaleMark
from reports.drafts import draft_of
from reports.outline import outline_of
from reports.rendering import document_html
from tests.engagements.journey import gate_of, put_up, sign
from tests.factories import discovery
from tests.kept import kept
from tests.reports import snapshots

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@kept
def decided(begun, ada, carl):
    """PowerMTA is the target; the milter is left to the application, everything else changes."""
    discovery.stored_translations(begun, actor=ada)
    Engagement.objects.filter(pk=begun.pk).update(target="powermta")
    begun.refresh_from_db()
    milter = gaps(begun).get(row__kind="milter")
    rest = dict(gaps(begun).exclude(pk=milter.pk).values_list("number", "version"))
    decide_gaps(begun, versions={milter.number: 1}, choice="application", note="The shop does it.", actor=carl)
    decide_gaps(begun, versions=rest, choice="accept", actor=carl)
    return begun


@kept
def signed(decided, ada, carl):
    document = put_up(decided, 1, consultant=ada, customer=carl)
    sign(document, signer=carl)
    return document


def gaps(engagement):
    return Gap.objects.filter(engagement=engagement, target="powermta").select_related("row")


def test_every_gap_stands_in_the_plan_with_its_line_its_words_and_its_decision(decided):
    content = current_content(gate_of(decided, 1))["translation"]

    newest = decided.translations.get(target="powermta")
    assert content["coverage"] == [
        {"target": "PowerMTA", "covered": newest.covered_count, "counted": newest.counted_count}
    ]
    assert [row["reference"] for row in content["gaps"]] == [gap.reference for gap in gaps(decided)]
    milter = next(row for row in content["gaps"] if row["note"])
    assert (milter["choice"], milter["price"]) == ("Pre-processing in the application", "In the fee")
    assert (milter["line"], milter["host"], milter["upload"]) == ("unix:/run/tagger/tagger.sock", "mta1", 1)
    assert milter["decided_by"] == "Carl Brandt"


def test_what_is_accepted_by_signing_names_each_behaviour_change(decided):
    accepts = current_content(gate_of(decided, 1))["accepts"]

    accepted = gaps(decided).filter(choice="accept")
    assert accepted
    for gap in accepted:
        row = gap.row
        assert f"Behaviour change {gap.reference}, {row.kind} {row} (mta1, {row.place}): {row.loss}" in accepts
    assert "Pre-processing in the application for 1 line, in the fee" in accepts
    assert not any("without a decision" in line for line in accepts)


def test_the_paper_prints_them_and_an_older_paper_still_opens(decided):
    snapshot = draft_of(gate_of(decided, 1))

    printed = document_html("plan", snapshot, outline_of("plan"))
    del snapshot["content"]["translation"]
    older = document_html("plan", snapshot, outline_of("plan"))

    assert all(gap.reference in printed for gap in gaps(decided))
    assert "The shop does it." in printed
    assert "Nothing had been translated when this was made." in older


def test_a_signed_decision_changes_only_when_phase_1_is_to_be_opened_again(decided, signed, carl):
    gap = gaps(decided).get(choice="application")
    versions = {gap.number: gap.version}

    with pytest.raises(DomainError, match="Confirm that phase 1 is opened again"):
        decide_gaps(decided, versions=versions, choice="accept", actor=carl)
    with pytest.raises(DomainError, match="Confirm that phase 1 is opened again"):
        withdraw_decisions(decided, versions=versions, actor=carl)
    gap.refresh_from_db()
    assert gap.choice == "application"
    assert gate_of(decided, 1).state == Gate.State.SIGNED
    assert digest_of(current_content(gate_of(decided, 1))) == signed.snapshot_digest

    decide_gaps(decided, versions=versions, choice="accept", actor=carl, is_reopening=True)

    assert gate_of(decided, 1).state == Gate.State.OPEN
    changes = StaleMark.objects.get(signoff__document=signed).changes
    assert any(
        "choice: Pre-processing in the application is now Accept the behaviour change" in change for change in changes
    )


def test_a_translation_that_opens_a_decision_again_makes_the_signed_plan_stale(decided, signed, ada):
    header = {"etc/postfix/header_checks": "/^List-Unsubscribe:(.*)/ REPLACE List-Unsubscribe:<$1>\n"}

    discovery.stored_translations(decided, actor=ada, files=discovery.SMALL_ESTATE | header)

    assert gate_of(decided, 1).state == Gate.State.OPEN
    assert gaps(decided).current().undecided().get().row.name == "REPLACE"
    waiting = [line for line in current_content(gate_of(decided, 1))["accepts"] if "without a decision" in line]
    assert waiting == ["1 line without a decision"]


@pytest.mark.parametrize(("second", "waiting"), [(True, 0), (False, 1)])
def test_a_draft_says_how_many_wait(second, waiting):
    snapshot = snapshots.plan_snapshot()
    snapshot["content"]["translation"]["gaps"] = [snapshots.gap(1, "a"), snapshots.gap(2, "b", is_decided=second)]

    text = document_html("plan", snapshot, [section for section in outline_of("plan") if section.key == "gaps"])

    assert f"These 2 constructs have no equal and no rewrite. {waiting} of them wait" in text
    assert ("Not decided yet" in text) is bool(waiting)
