"""What a row of the review queue shows, and that showing it costs no question of its own."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discovery.models import Finding
from tests.discovery.pages import text_of, url
from tests.factories.discovery import add_finding, bare_upload, made_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(engagement, ada):
    return bare_upload(engagement, actor=ada)


def row_of(page, number):
    """The text of a row, and its HTML."""
    html = re.search(rf'<li class="rows__row"\s+id="f-{number}".*?</li>', page.content.decode(), re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]*>", "", html).split()), html


def duplicates(upload, ada, numbers, of):
    told = {"state": "dismissed", "dismissal": "duplicate", "decided_by": ada, "decided_at": timezone.now()}
    Finding.objects.bulk_create(
        made_up(upload, number, assignee=ada, duplicate_of=of, translation_class="C", **told) for number in numbers
    )


def test_a_row_says_what_it_is_where_and_whose(as_ada, engagement, upload, ada):
    first = add_finding(upload, 1, severity="blocker", confidence="guess")
    duplicates(upload, ada, [1234], of=first)

    page = as_ada.get(url("queue", engagement), {"state": "all"})

    text, html = row_of(page, 1234)
    said = f"High · Certain · {upload.host_label} · etc/postfix/main.cf:1234 · Ada Quint · Repeats F-001"
    assert said in text
    assert text.startswith("Select F-1234 F-1234 Made up 1234 made_up_1234 = yes")
    assert text.endswith("CCustom Dismissed")
    assert 'value="1234:1"' in html
    assert f'href="{url("finding", engagement, 1234)}?state=all"' in html
    assert "data-guess" not in html
    text, html = row_of(page, 1)
    assert f"Blocker · Guess · {upload.host_label} · etc/postfix/main.cf:1" in text
    assert text.endswith("main.cf:1 Open")
    assert "data-guess" in html


def test_rows_that_show_everything_cost_no_question_more(as_ada, engagement, upload, ada):
    first = add_finding(upload, 1)
    as_ada.get(url("queue", engagement), {"state": "all"})
    with CaptureQueriesContext(connection) as for_one:
        as_ada.get(url("queue", engagement), {"state": "all"})
    duplicates(upload, ada, range(2, 40), of=first)

    with CaptureQueriesContext(connection) as for_many:
        page = as_ada.get(url("queue", engagement), {"state": "all"})

    assert len(page.context["rows"]) == 39
    assert len(for_many) == len(for_one)


def test_the_api_lists_them_without_a_question_for_each(as_ada, engagement, upload, ada):
    address = f"/api/v1/engagements/{engagement.code}/discovery/findings/"
    first = add_finding(upload, 1)
    as_ada.get(address, {"state": "all"})
    with CaptureQueriesContext(connection) as for_one:
        as_ada.get(address, {"state": "all"})
    duplicates(upload, ada, range(2, 40), of=first)

    with CaptureQueriesContext(connection) as for_many:
        told = as_ada.get(address, {"state": "all"}).json()["results"]

    assert len(told) == 39
    assert (told[1]["duplicate_of"], told[1]["assignee"], told[1]["decided_by"]) == (1, ada.email, ada.full_name)
    assert (told[1]["manual"], told[1]["evidence"], told[1]["reference"]) == ([], "made_up_2 = yes", "F-002")
    assert len(for_many) == len(for_one)


def test_what_is_no_longer_there_has_no_box(as_ada, engagement, upload):
    add_finding(upload, 1, gone_since=upload)

    text, html = row_of(as_ada.get(url("queue", engagement), {"state": "gone"}), 1)

    assert text.endswith("No longer there")
    assert "checkbox" not in html


def test_a_customer_reads_the_rows_without_boxes(client, vera, engagement, upload):
    add_finding(upload, 1)
    client.force_login(vera)

    text, html = row_of(client.get(url("queue", engagement)), 1)

    assert text.startswith("F-001 Made up 1")
    assert "checkbox" not in html


def test_what_a_host_said_is_text(as_ada, engagement, upload):
    bad = "<b>&"
    add_finding(upload, 1, title=bad, evidence=bad * 60, host_label=bad, file=bad, line=0)

    text, html = row_of(as_ada.get(url("queue", engagement)), 1)

    assert bad not in html
    assert "F-001 &lt;b&gt;&amp;" in text
    assert "Certain · &lt;b&gt;&amp; · &lt;b&gt;&amp; Open" in text
    assert f"{'&lt;b&gt;&amp;' * 39}&lt;b&gt;…</p>" in html


def test_the_head_the_pages_and_the_choices_count_the_same_findings(as_ada, engagement, upload, ada):
    first = add_finding(upload, 1)
    duplicates(upload, ada, [2, 3], of=first)
    Finding.objects.bulk_create([made_up(upload, 4, rule="old-rule", gone_at=timezone.now(), gone_since=upload)])
    Finding.objects.bulk_create(made_up(upload, number) for number in range(5, 60))

    page = as_ada.get(url("queue", engagement))

    assert "58 found, 2 reviewed, 56 left" in text_of(page)
    assert (page.context["page"].paginator.count, page.context["page"].paginator.num_pages) == (56, 2)
    rules = {choice.name: choice.options for choice in page.context["choices"]}["rule"]
    assert rules == (("made-up", "made-up"), ("old-rule", "old-rule"))
