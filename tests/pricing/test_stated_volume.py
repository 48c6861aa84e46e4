"""What the customer said of the volume stands beside what mail logs measure."""

from dataclasses import replace

import pytest
from django.urls import reverse

from core.jobs import run_job
from discovery.domain.find_contradictions import find_contradictions
from discovery.models import Finding, LogDay
from discovery.stated import StatedVolume, stated_volume
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.domain.record_request import Contact, change_request, record_request
from pricing.measured import measured_beside
from pricing.models import Request
from tests.factories.answers import answer_all, submitted
from tests.factories.discovery import read_mail_log, receive_mail_log
from tests.factories.nda import sign_on_paper
from tests.kept import kept

pytestmark = pytest.mark.django_db


def say(engagement, **said):
    asked = {"owner": engagement.lead, "source": "call", "contact_name": "N", "contact_email": "n@northlake.example"}
    Request.objects.update_or_create(engagement=engagement, defaults=asked | said)


def contradictions(engagement):
    found = Finding.objects.filter(engagement=engagement, source="logs", host_label="").current()
    return {finding.rule: finding.message for finding in found}


@kept
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

    submitted(whole_month, actor=carl, peak_day=26)

    assert volume_findings(whole_month) == ["measured-volume-higher"]
    assert next(iter(contradictions(whole_month).values())).startswith("A month")
    assert Finding.objects.filter(engagement=whole_month, rule="answers-peak-day").current().exists()


SMALL = DataPoints(
    month=100,
    peak=9,
    ips=1,
    pools=1,
    streams=1,
    tenants=0,
    domains=1,
    components=CustomComponents(0, 0, 0, 0),
    team=Team.FULL_EXECUTION,
)
PETER = Contact("Peter Lang", "peter@northlake.example")


@kept
def asked(northlake, sam, lea):
    """A request at intake: a hundred messages a month, nine on the busiest day. Its NDA is on record."""
    request = record_request(northlake, actor=sam, contact=PETER, points=SMALL)
    sign_on_paper(request.engagement, lead=lea)
    return request


def count_days(request, lea, a_day, days=30):
    log = request.engagement.log_readings.first() or read_mail_log(request.engagement, actor=lea)
    LogDay.objects.filter(reading=log).delete()
    LogDay.objects.bulk_create(
        LogDay(reading=log, day=f"2026-11-{day:02d}", provider="Gmail", delivered=a_day, bounced=0, deferred=0)
        for day in range(1, days + 1)
    )
    find_contradictions(request.engagement, actor=lea)


def test_a_changed_request_takes_its_finding_away_at_once(asked, lea, sam):
    count_days(asked, lea, 10)
    before = list(contradictions(asked.engagement))

    change_request(asked, actor=sam, contact=PETER, points=replace(SMALL, month=300, peak=10), shown_version=1)

    assert before == ["measured-volume-higher"]
    assert contradictions(asked.engagement) == {}


def test_a_changed_request_brings_its_finding_at_once(asked, lea, sam):
    count_days(asked, lea, 3)
    before = list(contradictions(asked.engagement))

    change_request(asked, actor=sam, contact=PETER, points=replace(SMALL, month=10, peak=9), shown_version=1)

    assert before == []
    assert list(contradictions(asked.engagement)) == ["measured-volume-higher"]


def test_sales_sees_both_figures_and_what_they_would_change(asked, lea, sam):
    count_days(asked, lea, 300_000)

    beside = measured_beside(asked, sam)

    assert [(row.name, row.stated, row.measured) for row in beside.rows[:2]] == [
        ("A month", "100", "9,000,000 in 2026-11, 30 days of it measured"),
        ("The busiest day", "9", "300,000 on 2026-11-01"),
    ]
    assert beside.days == "30 days, 2026-11-01 to 2026-11-30"
    assert beside.would == (
        "Measured 9,000,000 a month, stated 100: the tier would change from Discovery + Plan to Standard and "
        "the verdict would change from Stay on Postfix to Consider migrating."
    )


def test_figures_that_lead_to_the_same_offer_need_no_sentence(asked, lea, sam):
    count_days(asked, lea, 100)

    beside = measured_beside(asked, sam)

    assert len(beside.rows) == 3
    assert beside.would == ""


def test_less_in_a_part_of_a_month_proves_nothing(asked, lea, sam):
    Request.objects.filter(pk=asked.pk).update(month=9_000_000, peak=300_000)
    asked.refresh_from_db()
    count_days(asked, lea, 10, days=20)
    part = measured_beside(asked, sam)

    count_days(asked, lea, 10)
    whole = measured_beside(asked, sam)

    assert part.rows[0].measured == "200 in 2026-11, 20 days of it measured"
    assert part.would == ""
    assert "the verdict would change from Consider migrating to Stay on Postfix" in whole.would


def test_nothing_stands_there_before_something_was_measured(asked, sam, client):
    client.force_login(sam)

    page = client.get(reverse("pricing:request", args=[asked.engagement.code]))

    assert measured_beside(asked, sam) is None
    assert "Stated and measured" not in page.content.decode()


def test_the_pages_of_sales_show_it_and_nothing_is_tiered_again(asked, lea, sam, client):
    count_days(asked, lea, 300_000)
    client.force_login(sam)
    client.post(reverse("pricing:draft", args=[asked.engagement.code]))
    quote = asked.engagement.quotes.get()
    code, reference = asked.engagement.code, quote.reference
    addresses = [("request", code), ("request_edit", code), ("quote", reference), ("send", reference)]

    pages = [client.get(reverse(f"pricing:{name}", args=[named])).content.decode() for name, named in addresses]

    assert all("9,000,000 in 2026-11" in page and "the tier would change from" in page for page in pages)
    assert quote.tier_key == "discovery"
    assert Request.objects.get(pk=asked.pk).month == 100


def test_who_uploaded_a_log_may_have_left_when_it_is_read(whole_month, ada):
    say(whole_month, month=100, peak=None)
    log = receive_mail_log(whole_month, actor=ada, host="mta2")
    whole_month.consultants.remove(ada)

    run_job(log.job_id)

    assert not LogDay.objects.visible_to(ada).exists()
    assert list(contradictions(whole_month)) == ["measured-volume-higher"]
