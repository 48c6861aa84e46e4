"""What the customer said of the volume stands beside what mail logs measure."""

import pytest

from discovery.domain.find_contradictions import find_contradictions
from discovery.models import Finding, LogDay
from discovery.stated import StatedVolume, stated_volume
from pricing.models import Request
from tests.factories.answers import answer_all, submitted
from tests.factories.discovery import read_mail_log

pytestmark = pytest.mark.django_db


def say(engagement, **said):
    asked = {"owner": engagement.lead, "source": "call", "contact_name": "N", "contact_email": "n@northlake.example"}
    Request.objects.update_or_create(engagement=engagement, defaults=asked | said)


def contradictions(engagement):
    found = Finding.objects.filter(engagement=engagement, source="logs", host_label="").current()
    return {finding.rule: finding.message for finding in found}


@pytest.fixture
def whole_month(engagement, ada):
    """30 days of 10 recipients each; the busiest has 40."""
    log = read_mail_log(engagement, actor=ada)
    LogDay.objects.filter(reading=log).delete()
    days = [(day, 40 if day == 9 else 10) for day in range(1, 31)]
    LogDay.objects.bulk_create(
        LogDay(reading=log, day=f"2026-11-{day:02d}", provider="Gmail", delivered=count, bounced=0, deferred=0)
        for day, count in days
    )
    return engagement


def test_pricing_says_what_was_stated(engagement):
    say(engagement, month=3000, peak=None)

    assert stated_volume(engagement) == StatedVolume(3000, None)


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ({"month": 219, "peak": 40}, ["measured-volume-higher"]),
        ({"month": 221, "peak": 40}, []),
        ({"month": 330, "peak": 26}, ["measured-volume-higher"]),
        ({"month": 495, "peak": 400}, []),
        ({"month": 496, "peak": 400}, ["measured-volume-lower"]),
        ({"month": None, "peak": None}, []),
    ],
)
def test_a_contradiction_is_a_finding_from_the_factor_on(whole_month, ada, said, rules):
    say(whole_month, **said)

    find_contradictions(whole_month, actor=ada)

    assert list(contradictions(whole_month)) == rules


def test_a_contradiction_names_both_figures_and_goes_when_they_agree(whole_month, ada):
    say(whole_month, month=100, peak=None)
    find_contradictions(whole_month, actor=ada)
    before = contradictions(whole_month)

    say(whole_month, month=330, peak=None)
    find_contradictions(whole_month, actor=ada)

    assert before == {
        "measured-volume-higher": "A month: the mail logs hold 330 recipients in 2026-11; "
        "100 messages were stated at intake."
    }
    assert contradictions(whole_month) == {}


def test_less_than_stated_says_nothing_of_a_part_of_a_month(whole_month, ada):
    say(whole_month, month=1_000_000, peak=None)
    LogDay.objects.filter(day__gte="2026-11-28").delete()

    find_contradictions(whole_month, actor=ada)

    assert contradictions(whole_month) == {}


def volume_findings(engagement):
    found = Finding.objects.filter(engagement=engagement).current()
    return sorted(found.filter(rule__contains="volume").values_list("rule", flat=True))


def test_a_submitted_answer_speaks_instead_of_the_intake(whole_month, ada, carl):
    say(whole_month, month=100, peak=None)
    find_contradictions(whole_month, actor=ada)
    before = volume_findings(whole_month)

    submitted(whole_month, actor=carl, month_volume=50)

    assert before == ["measured-volume-higher"]
    assert volume_findings(whole_month) == ["answers-month-volume"]


def test_an_answer_that_agrees_settles_what_was_said_at_intake(whole_month, ada, carl):
    say(whole_month, month=100, peak=None)
    find_contradictions(whole_month, actor=ada)

    submitted(whole_month, actor=carl, month_volume=330, peak_day=40)

    assert volume_findings(whole_month) == []
    assert Request.objects.get(engagement=whole_month).month == 100


def test_an_answer_that_is_not_submitted_leaves_the_word_to_the_intake(whole_month, ada, carl):
    say(whole_month, month=100, peak=None)

    answer_all(whole_month, actor=carl, month_volume=330)
    find_contradictions(whole_month, actor=ada)

    assert volume_findings(whole_month) == ["measured-volume-higher"]


def test_who_does_not_know_leaves_the_word_to_the_intake(whole_month, carl):
    say(whole_month, month=100, peak=10)

    submitted(whole_month, actor=carl, peak_day=39)

    assert volume_findings(whole_month) == ["measured-volume-higher"]
    assert next(iter(contradictions(whole_month).values())).startswith("A month")
    assert Finding.objects.filter(engagement=whole_month, rule="answers-peak-day").current().exists()
