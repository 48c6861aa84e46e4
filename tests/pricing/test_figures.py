"""The figures of sales equal what SQL counts, and each leads to its list."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.wording import span_text
from engagements.domain.perform import perform
from pricing.calculation.facts import DataPoints
from pricing.domain.decline_quote import decline_quote
from pricing.domain.explain_delay import explain_delay
from pricing.domain.pause_clock import pause_clock, resume_clock
from pricing.domain.send_quote import draft_digest
from pricing.domain.warn_clocks import warn_clocks
from pricing.figures import CHOSEN, Fit, Period, cases_in, chosen, definition_of, figures_of, share_text
from pricing.pipeline import pipeline
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import (
    STAY,
    advise_stay,
    fetch,
    make_accepted_quote,
    make_draft,
    make_request,
    make_sent_quote,
    send_quote,
    void_quote,
)
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def told(sam, lea, olga, northlake, carl, time_machine):
    """Ten requests with every outcome: one waits, two ran late, one was paused long enough to be in time."""
    start = datetime(2026, 11, 23, 12, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    accepted = make_accepted_quote(northlake, actor=sam, signatory=carl)
    void_quote(accepted, actor=olga, reason="Signed by mistake.")
    make_accepted_quote(northlake, actor=sam, signatory=carl)
    declined = make_sent_quote(northlake, actor=sam)
    decline_quote(declined, actor=carl, reason="price")
    advise_stay(make_request(CustomerFactory(), actor=sam, points=STAY), actor=sam, note="One IP does it.")
    make_request(CustomerFactory(), actor=sam, points=DataPoints())
    make_sent_quote(CustomerFactory(name="Expired Ltd"), actor=sam)
    ended = make_request(CustomerFactory(), actor=sam)
    perform("cancel", engagement=ended.engagement, actor=lea, note="They stopped.")
    paused, late = make_draft(CustomerFactory(), actor=sam), make_draft(CustomerFactory(), actor=lea)
    make_request(CustomerFactory(name="Never Ltd"), actor=lea)
    pause_clock(paused.engagement.request, actor=sam, reason="We wait for your IPs.")
    time_machine.move_to(start + 60 * HOUR, tick=False)
    resume_clock(paused.engagement.request, actor=sam)
    warn_clocks()
    for quote in (paused, late):
        quote.refresh_from_db()
        send_quote(fetch(quote), actor=sam, shown_digest=draft_digest(fetch(quote)))
    explain_delay(late.engagement.request, actor=lea, reason="no_time")
    time_machine.move_to(start + timedelta(days=31), tick=False)
    return start


SQL = {
    "requests": "SELECT count(*) FROM pricing_request",
    "complete": "SELECT count(*) FROM pricing_request WHERE complete_at IS NOT NULL",
    "quoted": "SELECT count(DISTINCT engagement_id) FROM pricing_quote WHERE sent_at IS NOT NULL",
    "won": "SELECT count(DISTINCT engagement_id) FROM pricing_quote WHERE state = 'accepted'",
    "declined": "SELECT count(*) FROM pricing_quote WHERE state = 'declined'",
    "stayed": "SELECT count(*) FROM engagements_engagement WHERE phase = 'stayed'",
    "cancelled": "SELECT count(*) FROM engagements_engagement WHERE phase = 'cancelled'",
    "expired": "SELECT count(*) FROM pricing_quote WHERE state = 'sent' AND valid_until < %(now)s",
    "open": (
        "SELECT count(*) FROM engagements_engagement e WHERE phase = 'intake' AND NOT EXISTS (SELECT 1"
        " FROM pricing_quote q WHERE q.engagement_id = e.id AND q.state = 'sent' AND q.valid_until < %(now)s)"
    ),
    "hit": (
        "SELECT count(*) FROM pricing_request r WHERE answered_at - complete_at - coalesce((SELECT sum(p.resumed_at"
        " - p.paused_at) FROM pricing_pause p WHERE p.request_id = r.id), interval '0') <= interval '48 hours'"
    ),
    "late": (
        "SELECT count(*) FROM pricing_request r JOIN engagements_engagement e ON e.id = r.engagement_id"
        " WHERE (answered_at IS NOT NULL OR e.phase = 'intake') AND coalesce(answered_at, %(now)s) - complete_at"
        " - coalesce((SELECT sum(p.resumed_at - p.paused_at) FROM pricing_pause p WHERE p.request_id = r.id),"
        " interval '0') > interval '48 hours'"
    ),
}


def count(key):
    with connection.cursor() as cursor:
        cursor.execute(SQL[key], {"now": timezone.now()})
        return cursor.fetchone()[0]


def test_every_figure_is_what_sql_counts(told, sam):
    cases = cases_in(sam, Period())

    found = {key: len(chosen(cases, key)) for key in SQL}

    assert found == {key: count(key) for key in SQL}
    assert found["requests"] == 10
    assert (found["hit"], found["late"]) == (6, 2)


def test_what_was_accepted_and_cancelled_later_is_won_in_the_figures_and_in_the_pipeline(northlake, sam, carl, lea):
    quote = make_accepted_quote(northlake, actor=sam, signatory=carl)
    perform("cancel", engagement=quote.engagement, actor=lea, note="They stopped.")

    counted, (case,) = pipeline(sam), cases_in(sam, Period())

    assert (counted.won, counted.lost, counted.stayed) == (1, 0, 0)
    assert (str(case.outcome), case.is_lost) == ("won", False)


def test_what_was_accepted_and_ended_in_the_advice_to_stay_is_counted_there_alone_as_the_words_say(
    northlake, sam, carl, lea
):
    quote = make_accepted_quote(northlake, actor=sam, signatory=carl)
    perform("advise_to_stay", engagement=quote.engagement, actor=lea, note="One IP does it.")

    counted, (case,) = pipeline(sam), cases_in(sam, Period())

    assert (counted.won, counted.lost, counted.stayed) == (0, 0, 1)
    assert str(case.outcome) == "stayed"
    assert "Those that ended in the advice to stay are counted there, not here." in definition_of("won")["definition"]


def test_each_request_has_one_outcome(told, sam):
    cases = cases_in(sam, Period())
    outcomes = ("won", "declined", "expired", "stayed", "cancelled", "open")

    assert sum(len(chosen(cases, key)) for key in outcomes) == len(cases)


def test_breaches_are_counted_for_whom_the_request_belonged_to_then(told, sam):
    found = figures_of(cases_in(sam, Period()))

    assert [(row.owner, row.reason, row.count) for row in found.breaches] == [
        ("Lea Moser", "Nobody had the time", 1),
        ("Lea Moser", "Not said yet", 1),
    ]


def test_the_median_is_of_the_time_the_clock_counted(told, sam):
    found = figures_of(cases_in(sam, Period()))

    assert (found.timed.count, found.median) == (6, "0 s")


def test_the_median_of_two_spans_lies_between_them(sam, time_machine):
    start = datetime(2026, 11, 23, 12, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    quotes = [make_draft(CustomerFactory(), actor=sam) for _ in range(2)]
    for hours, quote in zip((2, 10), quotes, strict=True):
        time_machine.move_to(start + hours * HOUR, tick=False)
        send_quote(fetch(quote), actor=sam, shown_digest=draft_digest(fetch(quote)))

    found = figures_of(cases_in(sam, Period()))

    assert (found.timed.count, found.median) == (2, span_text(6 * HOUR))


def test_the_lost_are_told_by_reason_with_the_verdict_on_their_data_points(told, sam):
    found = figures_of(cases_in(sam, Period()))

    assert [(row.reason, row.count, row.fits) for row in found.losses] == [
        ("The acceptance is void", 1, (Fit("Migrate", 1),)),
        ("The engagement was cancelled", 1, (Fit("Migrate", 1),)),
        ("The price", 1, (Fit("Migrate", 1),)),
    ]


@pytest.mark.parametrize(
    ("count", "among", "text"),
    [(3, 9, "3 of 9"), (9, 10, "9 of 10 (90 %)"), (0, 0, "0 of 0"), (37, 39, "37 of 39 (95 %)")],
)
def test_under_ten_cases_no_percentage_is_shown(count, among, text):
    assert share_text(count, among) == text


@pytest.mark.parametrize(
    ("key", "first", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-Q1", (2026, 1, 1), (2026, 4, 1)),
        ("2026-Q4", (2026, 10, 1), (2027, 1, 1)),
    ],
)
def test_a_period_has_the_practices_days(key, first, end):
    bounds = Period(key).bounds

    assert [moment.astimezone(UTC) for moment in bounds] == [
        datetime(*first, 5, tzinfo=UTC),
        datetime(*end, 5, tzinfo=UTC),
    ]


def test_only_requests_of_the_period_are_counted(told, sam, client):
    client.force_login(sam)
    url = reverse("pricing:figures")

    inside = client.get(url, {"period": "2026-Q4"}).context["figures"].funnel[0].count
    before = client.get(url, {"period": "2026-Q3"}).context["figures"].funnel[0].count
    odd = client.get(url, {"period": "lately"}).context["figures"].funnel[0].count

    assert (inside, before, odd) == (10, 0, 10)


def test_each_figure_leads_to_the_list_it_counts(told, sam, client):
    client.force_login(sam)
    page = client.get(reverse("pricing:figures"))
    cases = cases_in(sam, Period())

    listed = {key: client.get(reverse("pricing:figure", args=[key])).context["page"].paginator.count for key in CHOSEN}

    assert listed == {key: len(chosen(cases, key)) for key in CHOSEN}
    shown = text_of(page)
    linked = [key for key in CHOSEN if reverse("pricing:figure", args=[key]) in shown]
    assert set(linked) == set(CHOSEN) - {"judged"}


def test_a_row_of_a_table_leads_to_its_own_requests(told, sam, client):
    client.force_login(sam)
    url = reverse("pricing:figure", args=["late"])

    of_lea = client.get(url, {"owner": "Lea Moser", "reason": "Not said yet"})
    of_sam = client.get(url, {"owner": "Sam Ortiz"})
    lost = client.get(reverse("pricing:figure", args=["lost"]), {"reason": "The price"})

    assert "Never Ltd" in text_of(of_lea)
    assert of_lea.context["page"].paginator.count == 1
    assert of_sam.context["page"].paginator.count == 0
    assert lost.context["page"].paginator.count == 1


def test_a_figure_that_does_not_exist_is_not_found(sam, client):
    client.force_login(sam)

    assert client.get(reverse("pricing:figure", args=["luck"])).status_code == 404


def test_before_the_first_request_the_figures_say_so(sam, client):
    client.force_login(sam)

    shown = text_of(client.get(reverse("pricing:figures")))

    assert "No answer was late in this period." in shown
    assert "No quote yet" in shown
    assert "0 of 0" in shown


def test_programs_read_the_same_figures(told, sam, client):
    client.force_login(sam)

    found = client.get(reverse("api:requests:figures"), {"period": "2026"}).json()
    odd = client.get(reverse("api:requests:figures"), {"period": "2019"})

    assert [(row["key"], row["count"]) for row in found["clock"]] == [("hit", count("hit")), ("late", count("late"))]
    assert found["losses"][0]["fits"] == [{"verdict": "Migrate", "count": 1}]
    assert odd.status_code == 422
