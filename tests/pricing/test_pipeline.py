"""The pipeline and the list of quotes: what asks for attention first, at the same cost for any number of rows."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.domain.perform import perform
from pricing.calculation.facts import DataPoints
from pricing.domain.draft_quote import draft_quote
from pricing.domain.pause_clock import pause_clock
from pricing.domain.send_quote import draft_digest
from pricing.models import Quote, Request
from pricing.pipeline import PER_PAGE, pipeline
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import MULTI_IP, fetch, make_draft, make_request, make_sent_quote, send_quote
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db

PIPELINE, QUOTES, SHEET = (reverse(f"pricing:{name}") for name in ("pipeline", "quotes", "quotes_csv"))
HOUR = timedelta(hours=1)


def names(page):
    return [
        (group.kind, [row.request.engagement.organization.name for row in group.rows])
        for group in page.context["pipeline"].groups
    ]


def make_aged(sam, time_machine, **hours):
    """A complete request of each name, recorded so many hours ago."""
    now = timezone.now()
    made = {}
    for name, age in hours.items():
        time_machine.move_to(now - age * HOUR, tick=False)
        made[name] = make_request(CustomerFactory(name=name), actor=sam)
    time_machine.move_to(now, tick=False)
    return made


def test_what_breaks_its_promise_first_stands_on_top(client, sam, time_machine):
    made = make_aged(sam, time_machine, Beltane=20, Northlake=45, Corvid=50, Orrin=49, Castell=3)
    pause_clock(made["Castell"], actor=sam, reason="We wait for your IPs.")
    client.force_login(sam)

    page = client.get(PIPELINE)

    assert names(page) == [
        ("late", ["Corvid", "Orrin"]),
        ("running", ["Northlake", "Beltane"]),
        ("paused", ["Castell"]),
    ]
    shown = text_of(page)
    assert "Late by 2 h" in shown
    assert "3 h left" in shown
    assert "Paused, 45 h left" in shown
    assert "We wait for your IPs." in shown
    assert shown.count(">Reassign<") == 2


def test_the_clock_is_ochre_under_twelve_hours_and_says_when_it_is_due_in_gmt_5(client, sam, time_machine):
    made = make_aged(sam, time_machine, Northlake=37, Beltane=35)
    client.force_login(sam)

    shown = text_of(client.get(PIPELINE))

    due = made["Northlake"].complete_at + 43 * HOUR  # in GMT-5
    assert shown.count("sla--soon") == 1
    assert shown.count("sla--calm") == 1
    assert f"{due:%H:%M} GMT-5" in shown
    assert '<rect class="sla__used" width="77%"' in shown


def test_a_request_without_all_data_points_says_which_are_missing_and_since_when(client, northlake, sam, time_machine):
    now = timezone.now()
    time_machine.move_to(now - 30 * HOUR, tick=False)
    make_request(northlake, actor=sam, points=replace(MULTI_IP, ips=None, team=None))
    time_machine.move_to(now, tick=False)
    client.force_login(sam)

    page = client.get(PIPELINE)

    shown = text_of(page)
    assert "2 of 4 data points · missing: IPs and streams (IPs), team · asked" in shown
    assert "(30 h ago)" in shown
    assert "Clock not started" in shown


def test_the_filters_count_all_and_show_their_own(client, northlake, sam, lea):
    make_request(northlake, actor=sam)
    make_request(CustomerFactory(), actor=lea, points=DataPoints())
    client.force_login(lea)

    mine = client.get(PIPELINE, {"show": "mine"})
    running = client.get(PIPELINE, {"show": "running"})

    assert [group.kind for group in mine.context["pipeline"].groups] == ["waiting"]
    assert [group.kind for group in running.context["pipeline"].groups] == ["running"]
    assert mine.context["tabs"] == [("all", "All", 2), ("running", "Clock running", 1), ("mine", "Mine", 1)]


def test_a_held_request_stays_in_sight_and_a_closed_one_is_counted(client, northlake, sam, lea):
    held = make_request(northlake, actor=sam)
    ended = make_request(CustomerFactory(), actor=sam)
    perform("hold", engagement=held.engagement, actor=lea, note="Their budget is frozen.")
    perform("cancel", engagement=ended.engagement, actor=lea, note="They stopped.")
    client.force_login(sam)

    page = client.get(PIPELINE)

    found = page.context["pipeline"]
    assert names(page) == [("paused", ["Northlake Logistics"])]
    assert (found.won, found.lost, found.stayed) == (0, 1, 0)
    assert "Lost 1" in text_of(page)


def test_a_quote_that_was_sent_says_until_when_it_holds(client, sent, sam):
    client.force_login(sam)

    page = client.get(PIPELINE)

    assert [group.kind for group in page.context["pipeline"].groups] == ["sent"]
    assert f"{sent.reference} · Multi-IP" in text_of(page)
    assert "Waiting on Northlake Logistics" in text_of(page)


def test_an_empty_pipeline_says_what_will_be_here(client, sam):
    client.force_login(sam)

    assert "No open requests" in text_of(client.get(PIPELINE))
    assert "No open requests here" in text_of(client.get(PIPELINE, {"show": "mine"}))


def copies(count, sam):
    """So many requests and open quotes more, as rows of the database: through the domain 300 take minutes."""
    pattern = fetch(make_sent_quote(CustomerFactory(), actor=sam))
    asked = Request.objects.get(engagement=pattern.engagement)
    engagements, documents = type(pattern.engagement).objects, type(pattern.document).objects
    for number in range(count):
        customer = CustomerFactory(name=f"Copy {number:03}")
        engagement = engagements.create(code=f"C-{number:04}", organization=customer, title="Mail")
        fields = {
            field.attname: getattr(asked, field.attname)
            for field in Request._meta.concrete_fields
            if field.attname not in {"id", "engagement_id", "answered_at"}
        }
        Request.objects.create(**fields, engagement=engagement)
        if number % 3 == 0:
            _copy_of(pattern, engagement, number, documents)


def _copy_of(pattern, engagement, number, documents):
    document = documents.get(pk=pattern.document_id)
    document.pk, document.engagement, document.reference = None, engagement, f"Q-C-{number:04}"
    document.save(force_insert=True)
    skipped = {"id", "engagement_id", "document_id", "number", "reference", "state"}
    fields = {
        field.attname: getattr(pattern, field.attname)
        for field in Quote._meta.concrete_fields
        if field.attname not in skipped
    }
    Quote.objects.create(
        **fields, engagement=engagement, document=document, number=f"C-{number:04}", reference=f"C-{number:04}-A"
    )
    Quote.objects.filter(reference=f"C-{number:04}-A").update(state=Quote.State.SENT)


@pytest.fixture
def queries(client, sam, django_assert_max_num_queries):
    """How many queries a page takes for Sam, the second time."""

    def queries(url):
        client.force_login(sam)
        client.get(url)
        with django_assert_max_num_queries(60) as found:
            page = client.get(url)
        return len(found), page

    return queries


def test_the_pipeline_and_the_list_of_quotes_cost_the_same_for_1_and_for_300_rows(queries, sam):
    make_draft(CustomerFactory(), actor=sam)
    urls = (PIPELINE, QUOTES, SHEET, reverse("pricing:figures"), reverse("pricing:figure", args=["requests"]))
    before = [queries(url)[0] for url in urls]
    copies(300, sam)

    after = [queries(url) for url in urls]

    assert [count for count, _ in after] == before
    assert after[0][1].context["pipeline"].page.paginator.count == 302
    assert after[1][1].context["page"].paginator.count == 102
    assert len(after[2][1].content.decode().splitlines()) == 103
    assert after[3][1].context["figures"].funnel[0].count == 302


def test_the_rows_come_in_pages_and_no_row_twice(client, sam):
    copies(120, sam)
    client.force_login(sam)

    pages = [pipeline(sam, page=number) for number in (1, 2, 3)]
    second = client.get(PIPELINE, {"show": "all", "page": 2})

    codes = [row.request.engagement.code for found in pages for group in found.groups for row in group.rows]
    assert [len(found.page) for found in pages] == [PER_PAGE, PER_PAGE, 21]
    assert len(set(codes)) == 121
    assert "of 80 stand on this page" in text_of(second)
    assert "page=3" in text_of(second)
    assert client.get(PIPELINE, {"page": "many", "show": "odd"}).status_code == 200


@pytest.fixture
def several(northlake, sam, carl):
    open_quote = make_sent_quote(northlake, actor=sam)
    draft = make_draft(CustomerFactory(name="=Orrin Freight"), actor=sam)
    return open_quote, draft


def found_in(client, **asked):
    return [quote.reference for quote, _ in client.get(QUOTES, asked).context["rows"]]


def test_quotes_are_found_by_state_number_and_customer(client, several, sam):
    sent, draft = several
    client.force_login(sam)

    assert found_in(client) == [draft.reference, sent.reference]
    assert found_in(client, state="draft") == [draft.reference]
    assert found_in(client, state="sent") == [sent.reference]
    assert found_in(client, text=sent.reference.lower()) == [sent.reference]
    assert found_in(client, text="freight orrin") == [draft.reference]
    assert found_in(client, text="northlake", state="draft") == []
    assert found_in(client, state="no such", text="\0") == [draft.reference, sent.reference]
    assert "No quote found" in text_of(client.get(QUOTES, {"text": "nobody"}))


def test_a_quote_past_its_last_day_is_found_as_expired_before_the_nightly_task(client, several, sam, time_machine):
    sent, _ = several
    client.force_login(sam)
    time_machine.move_to(sent.valid_until + HOUR)
    client.force_login(sam)

    assert found_in(client, state="expired") == [sent.reference]
    assert found_in(client, state="sent") == []
    assert "<td>Expired</td>" in text_of(client.get(QUOTES))


def test_the_sheet_has_what_is_listed_and_no_formula(client, several, sam):
    sent, draft = several
    client.force_login(sam)

    rows = list(csv.reader(io.StringIO(client.get(SHEET).content.decode("utf-8-sig"))))
    narrowed = client.get(SHEET, {"state": "sent"}).content.decode()

    assert rows[1][:7] == [draft.reference, "'=Orrin Freight", *rows[1][2:4], "USD", "28500.00", "Draft"]
    assert rows[2][0] == sent.reference
    assert len(rows) == 3
    assert draft.reference not in narrowed


def test_a_consultant_finds_the_quotes_of_their_own_engagements_alone(client, several, ugo):
    client.force_login(ugo)

    assert "No quotes yet" in text_of(client.get(QUOTES))


def test_the_answer_takes_a_row_from_the_clock_to_the_quotes(client, northlake, sam, carl):
    request = make_request(northlake, actor=sam)
    client.force_login(sam)
    before = names(client.get(PIPELINE))
    quote = fetch(draft_quote(request, actor=sam))
    send_quote(quote, actor=sam, shown_digest=draft_digest(quote))

    after = names(client.get(PIPELINE))

    assert (before, after) == ([("running", [northlake.name])], [("sent", [northlake.name])])
    assert url_of("quote", quote.reference) in text_of(client.get(PIPELINE))
