"""Lists of the API a page at a time: what comes meanwhile neither repeats a row nor hides one."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.keyset import ListedRows, TableRows
from core.problems import MEDIA_TYPE
from discovery.models import DictionaryOverride, Finding
from discovery.postfix.rule_packs import load_rules
from engagements.models import Engagement
from pricing.models import Call
from tests.factories import discovery
from tests.factories.accounts import CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/engagements/"


@pytest.fixture
def five(olga):
    return [begin(number) for number in range(1, 6)]


def begin(number):
    customer = CustomerFactory()
    return Engagement.objects.create(code=f"E-2026-1{number:03}", organization=customer)


@pytest.fixture
def as_olga(client, olga):
    client.force_login(olga)
    return client


def codes(page):
    return [row["code"] for row in page["results"]]


def pages_from(client, url, then=lambda: None, step="next"):
    """Every page from an address on; `then` is done after each."""
    while url:
        page = client.get(url).json()
        yield page
        then()
        url = page[step]


def test_every_row_comes_once_and_in_order(as_olga, five):
    pages = list(pages_from(as_olga, f"{LIST}?limit=2"))

    assert [len(page["results"]) for page in pages] == [2, 2, 1]
    assert [code for page in pages for code in codes(page)] == [one.code for one in reversed(five)]
    assert {page["count"] for page in pages} == {5}
    assert pages[0]["previous"] is None
    assert pages[-1]["next"] is None


def test_rows_that_are_added_and_removed_meanwhile_neither_repeat_a_row_nor_hide_one(as_olga, five):
    numbers = iter(range(6, 20))

    def meanwhile():
        begin(next(numbers))
        Engagement.objects.filter(pk=five[-1].pk).delete()

    told = [code for page in pages_from(as_olga, f"{LIST}?limit=2", meanwhile) for code in codes(page)]

    assert told == [one.code for one in reversed(five)]


def test_where_the_rows_after_a_cursor_are_gone_previous_is_the_page_that_was_read(as_olga, five):
    second = as_olga.get(as_olga.get(f"{LIST}?limit=2").json()["next"]).json()
    Engagement.objects.filter(pk=five[0].pk).delete()

    empty = as_olga.get(second["next"]).json()
    back = as_olga.get(empty["previous"]).json()

    assert (codes(empty), empty["next"]) == ([], None)
    assert codes(back) == codes(second)
    assert back["next"] is None
    assert codes(as_olga.get(back["previous"]).json()) == [one.code for one in five[:2:-1]]


def test_where_the_rows_before_a_cursor_are_gone_next_is_the_first_page(as_olga, five):
    second = as_olga.get(as_olga.get(f"{LIST}?limit=2").json()["next"]).json()
    Engagement.objects.filter(pk__in=[five[3].pk, five[4].pk]).delete()

    empty = as_olga.get(second["previous"]).json()

    assert (codes(empty), empty["previous"]) == ([], None)
    assert codes(as_olga.get(empty["next"]).json()) == codes(second)


def test_the_way_back_shows_the_same_pages(as_olga, five):
    forth = list(pages_from(as_olga, f"{LIST}?limit=2"))

    back = list(pages_from(as_olga, forth[-1]["previous"], step="previous"))

    assert [codes(page) for page in back] == [codes(page) for page in forth[-2::-1]]
    assert back[-1]["previous"] is None
    assert codes(as_olga.get(back[-1]["next"]).json()) == codes(forth[1])


def test_a_page_costs_the_same_wherever_it_is(as_olga, five):
    second = as_olga.get(as_olga.get(f"{LIST}?limit=1").json()["next"]).json()

    costs = []
    for url in (f"{LIST}?limit=1", second["next"]):
        with CaptureQueriesContext(connection) as asked:
            as_olga.get(url)
        costs.append(len(asked))

    assert costs[0] == costs[1] > 0


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"cursor": "abc"}, "cursor", "This is no cursor of this list"),
        ({"cursor": ""}, "cursor", "This is no cursor of this list"),
        ({"cursor": "ÄÖ\u0000"}, "cursor", "This is no cursor of this list"),
        ({"limit": "0"}, "limit", "Ask for a whole number from 1 to 200."),
        ({"limit": "201"}, "limit", "Ask for a whole number from 1 to 200."),
        ({"limit": "many"}, "limit", "Ask for a whole number from 1 to 200."),
        ({"limit": "9" * 5000}, "limit", "Ask for a whole number from 1 to 200."),
        ({"page": "2"}, "page", "Pages have no numbers"),
        ({"per_page": "20"}, "per_page", "Pages have no numbers"),
    ],
)
def test_what_cannot_be_a_page_is_refused_with_a_sentence(as_olga, five, sent, field, words):
    refused = as_olga.get(LIST, sent)

    assert refused.status_code == 422
    assert refused["Content-Type"] == MEDIA_TYPE
    assert words in refused.json()["fields"][field][0]


def test_a_cursor_is_of_one_list_with_its_filters(as_olga, five):
    following = as_olga.get(f"{LIST}?limit=2").json()["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]

    narrowed = as_olga.get(LIST, {"cursor": cursor, "phase": "intake"})
    elsewhere = as_olga.get(reverse("api:rules:list"), {"cursor": cursor})
    longer = as_olga.get(LIST, {"cursor": cursor, "limit": 3})

    assert {narrowed.status_code, elsewhere.status_code} == {422}
    assert len(longer.json()["results"]) == 3


def test_a_cursor_tells_nobody_what_it_holds(as_olga, five):
    following = as_olga.get(f"{LIST}?limit=2").json()["next"]

    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    assert cursor.startswith("gAAAA")  # a Fernet token
    assert as_olga.get(LIST, {"cursor": cursor[:-8] + "AAAAAAA="}).status_code == 422


def test_rows_of_no_table_come_a_page_at_a_time_as_well(as_olga):
    told = [
        row["id"] for page in pages_from(as_olga, f"{reverse('api:rules:list')}?limit=150") for row in page["results"]
    ]

    assert told == [rule.id for rule in load_rules()]


def walk(rows, most):
    """Every row forth from the beginning, then every one before the last, back again."""
    forth, place = [], None
    while found := rows.beyond(place, most, backwards=False):
        forth += found
        place = rows.place_of(found[-1])
    back, place = [], rows.place_of(forth[-1])
    while found := rows.beyond(place, most, backwards=True):
        back += found
        place = rows.place_of(found[-1])
    return forth, back


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_rows_that_are_called_alike_are_told_apart(most):
    listed = [SimpleNamespace(name=name) for name in "abacaa"]

    forth, back = walk(ListedRows(listed, ["name"]), most)

    assert forth == listed
    assert back == listed[-2::-1]
    assert ListedRows(listed, ["name"]).beyond(None, most, backwards=True) == listed[::-1][:most]


@pytest.mark.parametrize("most", [1, 2, 5])
@pytest.mark.parametrize("order", ["job_title", "-job_title", "unreached_since", "-unreached_since", "full_name"])
def test_an_order_with_rows_level_or_without_a_value_still_tells_each_row_once(order, most):
    begun = datetime(2026, 5, 4, microsecond=123456, tzinfo=UTC)
    for number in range(8):
        since = None if number % 3 else begun + timedelta(microseconds=number)
        UserFactory(job_title="ab"[number % 2], unreached_since=since)
    asked = User.objects.order_by(order)

    forth, back = walk(TableRows(asked), most)

    assert forth == list(User.objects.order_by(order, "pk"))
    assert back == forth[-2::-1]


def test_the_order_of_a_list_is_kept_where_it_is_computed(engagement, ada):
    discovery.read(engagement, actor=ada)
    asked = Finding.objects.filter(engagement=engagement).by_severity()

    forth, back = walk(TableRows(asked), 3)

    assert forth == list(asked)
    assert len(forth) > 10
    assert back == forth[-2::-1]


@pytest.mark.parametrize("model", [Call, DictionaryOverride, Finding])
def test_every_order_ends_in_the_key(model):
    assert "pk" in TableRows(model.objects.all()).order.replace("-", "").split()
