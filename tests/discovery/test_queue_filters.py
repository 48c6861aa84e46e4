"""Which findings the review queue shows, and that it costs the same for few and for many."""

import pytest

from discovery.domain.assign_findings import assign_findings
from discovery.domain.classify_findings import classify_findings
from discovery.models import Finding
from tests.discovery.pages import text_of, url
from tests.factories.discovery import add_finding, bare_upload, made_up
from tests.kept import kept

pytestmark = pytest.mark.django_db

MANY = 5_000
FEW = 5


@kept
def findings(engagement, ada, lea):
    upload = bare_upload(engagement, actor=ada)
    add_finding(upload, 1, confidence="guess", rule="first-rule")
    add_finding(upload, 2, host_label="mta2", title="A milter nobody owns")
    add_finding(upload, 3, source="drift", first_seen=None, last_seen=None, host_label="", file="")
    add_finding(upload, 4, evidence="smtp_tls_security_level = may", proposal="As it is.")
    classify_findings(engagement, versions={1: 1}, letter="C", actor=ada)
    assign_findings(engagement, versions={2: 1}, assignee=ada, actor=ada)
    assign_findings(engagement, versions={3: 1}, assignee=lea, actor=ada)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"translation_class": "C"}, [1]),
        ({"translation_class": "none"}, [2, 3, 4]),
        ({"proposal": "none"}, [1, 2, 3]),
        ({"proposal": "written"}, [4]),
        ({"confidence": "guess"}, [1]),
        ({"assignee": "me"}, [2]),
        ({"assignee": "nobody"}, [1, 4]),
        ({"assignee": "Lea@practice.example"}, [3]),
        ({"rule": "first-rule"}, [1]),
        ({"host_label": "mta2"}, [2]),
        ({"source": "drift"}, [3]),
        ({"text": "MILTER"}, [2]),
        ({"text": "tls_security"}, [4]),
        ({"text": "f-003"}, [3]),
        ({"text": "100%"}, []),
        ({"text": "a\0b", "rule": "x" * 9999}, []),
        ({"confidence": "hunch", "source": "rumour", "translation_class": "Q", "proposal": "x"}, [1, 2, 3, 4]),
        ({"confidence": "certain", "translation_class": "none", "text": "made_up_"}, [2, 3]),
    ],
)
def test_the_queue_shows_what_is_asked_for(as_ada, engagement, findings, filters, numbers):
    page = as_ada.get(url("queue", engagement), filters)

    assert [finding.number for finding in page.context["page"]] == numbers


def test_the_filter_offers_the_rules_hosts_and_people_there_are(as_ada, engagement, findings):
    choices = {choice.name: choice.options for choice in as_ada.get(url("queue", engagement)).context["choices"]}

    assert [value for value, _ in choices["rule"]] == ["first-rule", "made-up"]
    assert [value for value, _ in choices["host_label"]] == ["mta1", "mta2"]
    assert [value for value, _ in choices["assignee"]][:2] == ["me", "nobody"]
    assert "ada@practice.example" in dict(choices["assignee"])


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"text": "nothing says this"}, "No finding fits these filters."),
        ({"state": "dismissed"}, "No finding is in this state."),
    ],
)
def test_an_empty_queue_says_why(as_ada, engagement, findings, filters, words):
    assert words in text_of(as_ada.get(url("queue", engagement), filters))


def test_a_queue_without_findings_says_where_they_come_from(as_ada, engagement):
    page = text_of(as_ada.get(url("queue", engagement)))

    assert "Findings appear when the first configuration has been read." in page


def test_the_end_of_the_queue_counts_what_was_accepted(as_ada, engagement, findings):
    as_ada.post(url("accept_chosen", engagement), {"finding": ["2:2", "3:2", "4:1"]})
    as_ada.post(url("finding_accept", engagement, 1), {"version": 2})

    page = text_of(as_ada.get(url("queue", engagement)))

    assert "All 4 are reviewed. Of what was accepted: 1 custom, 3 without a class yet." in page


def test_a_finding_is_walked_to_inside_the_filter_it_was_opened_from(as_ada, engagement, findings):
    page = as_ada.get(url("finding", engagement, 2) + "?state=open&translation_class=none")
    elsewhere = as_ada.get(url("finding", engagement, 2))

    assert (page.context["previous"], page.context["following"].number) == (None, 3)
    assert elsewhere.context["previous"].number == 1
    assert "state=open&translation_class=none&at=2#f-2" in text_of(page)


def test_deciding_on_a_finding_goes_on_inside_the_filter(as_ada, engagement, findings):
    sent = {"version": 2, "filters": "state=open&assignee=nobody"}

    answer = as_ada.post(url("finding_accept", engagement, 1), sent)

    assert answer.url == url("finding", engagement, 4) + "?state=open&assignee=nobody"


def test_saving_goes_on_where_that_was_asked_for(as_ada, engagement, findings):
    typed = {"version": 2, "translation_class": "N", "impact": "", "proposal": "", "filters": "state=open"}

    stays = as_ada.post(url("finding_answer", engagement, 1), typed)
    goes_on = as_ada.post(url("finding_answer", engagement, 1), typed | {"version": 3, "next": "1"})

    assert stays.url == url("finding", engagement, 1) + "?state=open"
    assert goes_on.url == url("finding", engagement, 2) + "?state=open"


def test_the_row_one_comes_back_to_brings_its_page_along(as_ada, engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    Finding.objects.bulk_create(made_up(upload, number) for number in range(1, 121))

    page = as_ada.get(url("queue", engagement), {"at": "101"})
    nowhere = as_ada.get(url("queue", engagement), {"at": "9999", "page": "2"})

    assert (page.context["page"].number, page.context["current"]) == (3, 101)
    assert (nowhere.context["page"].number, nowhere.context["current"]) == (2, 51)


def test_the_queue_costs_the_same_for_5_and_for_5000_findings(as_ada, engagement, ada, django_assert_max_num_queries):
    upload = bare_upload(engagement, actor=ada)
    Finding.objects.bulk_create(made_up(upload, number) for number in range(1, FEW + 1))
    as_ada.get(url("queue", engagement))

    with django_assert_max_num_queries(30) as for_few:
        as_ada.get(url("queue", engagement), {"text": "made", "at": "3"})
    Finding.objects.bulk_create((made_up(upload, number) for number in range(FEW + 1, MANY + 1)), batch_size=1000)
    with django_assert_max_num_queries(30) as for_many:
        page = as_ada.get(url("queue", engagement), {"text": "made", "at": "3"})

    assert page.context["page"].paginator.count == MANY
    assert len(for_many) == len(for_few)
