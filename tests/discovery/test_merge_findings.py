import pytest

from core.models import AuditEvent
from discovery.domain.accept_finding import accept_finding
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.models import Finding
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read

pytestmark = pytest.mark.django_db

TYPO = "message_size_limt"


def estate_with(main_cf):
    return SMALL_ESTATE | {"etc/postfix/main.cf": main_cf}


def typo_of(engagement):
    return Finding.objects.get(engagement=engagement, evidence__startswith=TYPO)


def dismiss(finding, actor):
    return dismiss_finding(finding, actor=actor, version=finding.version, reason="intended")


def test_findings_are_numbered_from_one_without_gaps(engagement, ada):
    read(engagement, actor=ada)

    numbers = list(engagement.findings.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_the_same_upload_again_keeps_numbers_and_decisions(engagement, ada):
    read(engagement, actor=ada)
    dismiss(typo_of(engagement), ada)
    before = list(engagement.findings.values_list("number", "fingerprint", "state"))

    again = read(engagement, actor=ada)

    assert again.same_as_id is not None
    assert list(engagement.findings.values_list("number", "fingerprint", "state")) == before


def test_lines_above_may_move_a_finding_without_opening_it(engagement, ada):
    read(engagement, actor=ada)
    before = dismiss(typo_of(engagement), ada)

    read(engagement, actor=ada, files=estate_with("# one more line\n" + MAIN_CF))

    after = typo_of(engagement)
    assert (after.number, after.state, after.version) == (before.number, "dismissed", before.version)
    assert after.line == before.line + 1


def test_a_dismissed_finding_opens_again_when_its_line_changes(engagement, ada):
    read(engagement, actor=ada)
    before = dismiss(typo_of(engagement), ada)

    read(engagement, actor=ada, files=estate_with(MAIN_CF.replace("20480000", "40960000")))

    after = typo_of(engagement)
    assert (after.number, after.state, after.decided_by, after.dismissal) == (before.number, "open", None, "")
    assert after.version > before.version
    assert AuditEvent.objects.filter(action="finding.reopened", subject_id=str(after.pk)).count() == 1


def test_an_accepted_finding_stays_accepted_over_its_new_line(engagement, ada):
    read(engagement, actor=ada)
    finding = typo_of(engagement)
    accept_finding(finding, actor=ada, version=finding.version)

    read(engagement, actor=ada, files=estate_with(MAIN_CF.replace("20480000", "40960000")))

    after = typo_of(engagement)
    assert (after.number, after.state) == (finding.number, "accepted")
    assert "40960000" in after.evidence


def test_what_was_repaired_is_gone_and_comes_back_under_its_number(engagement, ada):
    read(engagement, actor=ada)
    before = typo_of(engagement)

    repaired = read(engagement, actor=ada, files=estate_with(MAIN_CF.replace(TYPO, "message_size_limit")))
    gone = Finding.objects.get(pk=before.pk)
    read(engagement, actor=ada)

    assert gone.gone_since == repaired
    assert typo_of(engagement).number == before.number
    assert not typo_of(engagement).is_gone


def test_hosts_do_not_answer_for_each_other(engagement, ada):
    read(engagement, actor=ada, host="mta1")
    count = engagement.findings.count()

    read(engagement, actor=ada, host="mta2")

    assert engagement.findings.filter(host_label="mta1").count() == count
    assert engagement.findings.filter(host_label="mta2").count() == count
    assert engagement.findings.current().count() == 2 * count


def test_the_same_line_twice_is_two_findings(engagement, ada):
    main_cf = MAIN_CF + "another_unknown = 1\n"
    read(engagement, actor=ada, files=estate_with(main_cf))
    read(engagement, actor=ada, files=estate_with(main_cf))

    keys = list(engagement.findings.values_list("fingerprint", "occurrence"))
    assert len(keys) == len(set(keys))


def test_a_dismissal_survives_that_its_instance_and_folder_are_renamed(engagement, ada):
    read(engagement, actor=ada)
    dismissed = dismiss(typo_of(engagement), ada)
    count = engagement.findings.count()
    moved = {path.replace("etc/postfix/", "etc/postfix-out/"): text for path, text in SMALL_ESTATE.items()}

    read(engagement, actor=ada, files=moved)

    after = typo_of(engagement)
    assert (after.number, after.state, after.version) == (dismissed.number, "dismissed", dismissed.version)
    assert after.file == "etc/postfix-out/main.cf"
    assert engagement.findings.count() == count


def test_a_dismissal_opens_again_when_folder_and_line_change_together(engagement, ada):
    read(engagement, actor=ada)
    dismissed = dismiss(typo_of(engagement), ada)
    estate = estate_with(MAIN_CF.replace("20480000", "40960000"))
    moved = {path.replace("etc/postfix/", "etc/postfix-out/"): text for path, text in estate.items()}

    read(engagement, actor=ada, files=moved)

    after = typo_of(engagement)
    assert (after.number, after.state, after.dismissal) == (dismissed.number, "open", "")


def test_dismissing_one_of_two_equal_lines_does_not_dismiss_the_other_when_one_goes(engagement, ada):
    line = "another_unknown = 1\n"
    read(engagement, actor=ada, files=estate_with(MAIN_CF + line + line))
    first, second = Finding.objects.filter(evidence=line.strip()).order_by("number")
    dismiss(first, ada)

    read(engagement, actor=ada, files=estate_with(MAIN_CF + line))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_gone, first.state) == (True, "dismissed")
    assert (second.is_gone, second.state) == (False, "open")
    read(engagement, actor=ada, files=estate_with(MAIN_CF + line + line))
    first.refresh_from_db()
    assert (first.is_gone, first.state) == (False, "dismissed")
