"""Numbers of streams: who writes them down, what they lead to, where they are shown."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from discovery.domain.add_stream import add_stream
from discovery.domain.settle_stream import StreamText
from discovery.models import Stream
from engagements.domain.assign_team import assign_team
from pricing.calculation import books
from pricing.calculation.facts import Team
from pricing.domain.advise_stay import refund_due
from pricing.domain.size_stream import Sized, size_stream
from pricing.in_force import book_now
from pricing.models import StreamSize
from pricing.streams import weighed_for
from tests.factories.pricing import MULTI_IP, make_accepted_quote
from tests.kept import kept
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db

SMALL = Sized("The provider's report of October.", month=600_000, peak=40_000, ips=1)
LARGE = Sized("The same report.", month=7_000_000, peak=380_000, ips=4)


@kept
def engagement(accepted, lea, ada):
    assign_team(accepted.engagement, lead=lea, consultants=[ada], actor=lea)
    return accepted.engagement


@kept
def receipts(engagement, ada):
    return add_stream(engagement, actor=ada, text=StreamText("Receipts"))


@kept
def news(engagement, ada):
    text = StreamText("Newsletters", route=Stream.Route.MIGRATE)
    return add_stream(engagement, actor=ada, text=text)


def test_sized_streams_make_a_hybrid_beside_what_people_marked(engagement, ada, carl, receipts, news):
    size_stream(receipts, sized=SMALL, actor=carl)
    size_stream(news, sized=LARGE, actor=ada)

    found = weighed_for(engagement, carl)

    receipts.refresh_from_db()
    assert found.hybrid.label == "Migrate one of 2 streams, keep one on Postfix"
    assert found.marked == "1 migrate, 1 undecided"
    assert receipts.route == "undecided"
    assert AuditEvent.objects.filter(action="stream.sized").count() == 2


def test_numbers_need_an_origin_and_the_version_that_was_on_screen(engagement, ada, carl, receipts):
    with pytest.raises(DomainError, match="where the numbers come from"):
        size_stream(receipts, sized=Sized(" "), actor=ada)
    size_stream(receipts, sized=SMALL, actor=ada)

    with pytest.raises(Conflict, match="Ada Quint changed the numbers of S-01"):
        size_stream(receipts, sized=LARGE, actor=carl)

    assert StreamSize.objects.get().month == 600_000


def test_who_only_reads_writes_no_numbers(engagement, vera, receipts):
    with pytest.raises(Refused):
        size_stream(receipts, sized=SMALL, actor=vera)

    assert StreamSize.objects.count() == 0


def test_the_database_keeps_no_number_without_its_origin(engagement, ada, receipts):
    size_stream(receipts, sized=SMALL, actor=ada)

    for change in ({"origin": ""}, {"ips": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StreamSize.objects.update(**change)


def test_the_diagnosis_page_shows_each_stream_with_its_numbers(client, engagement, ada, vera, receipts, news):
    size_stream(receipts, sized=SMALL, actor=ada)
    size_stream(news, sized=LARGE, actor=ada)
    client.force_login(vera)

    page = text_of(client.get(reverse("pricing:diagnosis", args=[engagement.code])))

    assert "Migrate one of 2 streams, keep one on Postfix" in page
    assert "600,000 a month, 40,000 on the busiest day, one IP." in page
    assert "The provider&#x27;s report of October." in page
    assert "Marked by people: 1 migrate, 1 undecided." in page


def test_what_was_typed_stays_when_a_number_cannot_be_read(client, engagement, carl, receipts):
    client.force_login(carl)
    typed = {"version": "0", "month": "-5", "ips": "1", "origin": "A report."}

    page = client.post(reverse("pricing:stream_size", args=[engagement.code, receipts.number]), typed)

    assert page.status_code == 422
    assert 'value="-5"' in page.content.decode()
    assert StreamSize.objects.count() == 0


def test_the_numbers_of_a_stream_go_over_the_api(client, engagement, carl, receipts, news):
    client.force_login(carl)
    url = reverse("api:pricing:stream_size", args=[engagement.code, news.number])
    sent = {"version": 0, "month": 7_000_000, "ips": 4, "origin": "A report."}

    answer = client.post(url, sent, "application/json")
    late = client.post(url, sent, "application/json")
    read = client.get(reverse("api:pricing:diagnosis", args=[engagement.code])).json()

    assert (answer.status_code, answer["ETag"], answer.json()["band"]) == (200, '"1"', "migrate")
    assert late.status_code == 409
    assert [(each["name"], each["band"], each["route"]) for each in read["streams"]] == [
        ("Receipts", None, "undecided"),
        ("Newsletters", "migrate", "migrate"),
    ]
    assert read["result"] == "migrate"


@pytest.mark.parametrize("count", [1, 8])
def test_the_diagnosis_asks_the_same_number_of_questions_however_many_streams(
    engagement, ada, count, django_assert_num_queries
):
    for number in range(count):
        size_stream(add_stream(engagement, actor=ada, text=StreamText(f"Stream {number}")), sized=SMALL, actor=ada)

    with django_assert_num_queries(3):
        weighed_for(engagement, ada)


def test_a_discovery_can_end_in_the_advice_to_stay_from_the_diagnosis(client, engagement, ada, carl):
    pages = {}
    for person in (ada, carl):
        client.force_login(person)
        pages[person] = text_of(client.get(reverse("pricing:diagnosis", args=[engagement.code])))
    client.force_login(ada)

    said = text_of(client.get(reverse("pricing:stay", args=[engagement.code])))

    assert "Advise to stay on Postfix" in pages[ada]
    assert "Advise to stay on Postfix" not in pages[carl]
    assert "USD 26,100 of USD 28,500" in said


@pytest.fixture
def dearer_plan(monkeypatch, time_machine):
    """Years later the plan alone costs 9,000."""
    tiers = books.read_file("tiers.yaml")
    plan = next(row for row in tiers["tiers"] if row["key"] == "discovery")
    later = {**plan, "fee": 9000, "valid_from": date(2031, 1, 1)}
    changed = {"tiers.yaml": {**tiers, "tiers": [*tiers["tiers"], later]}}
    read = books.read_file
    monkeypatch.setattr(books, "read_file", lambda name: changed.get(name) or read(name))
    time_machine.move_to(datetime(2031, 6, 1, 9, tzinfo=UTC))
    yield
    books.book_on.cache_clear()


def test_a_refund_is_by_the_prices_of_the_day_of_the_offer(engagement, dearer_plan):
    assert book_now().tier("discovery").fee == 9000
    assert "USD 26,100 of USD 28,500" in refund_due(engagement)


def test_a_plan_alone_leaves_nothing_to_refund(northlake, sam, carl):
    points = replace(MULTI_IP, team=Team.COULD_RUN)
    engagement = make_accepted_quote(northlake, actor=sam, signatory=carl, points=points).engagement

    assert engagement.tier_key == "discovery"
    assert refund_due(engagement) == "This fee covers the plan alone, so nothing is left over to refund."
