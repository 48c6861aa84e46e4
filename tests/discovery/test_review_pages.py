"""Pages of the review: the queue and one finding."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from discovery.domain.accept_finding import accept_finding
from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.domain.lock_finding import who_changed
from discovery.models import Finding, ReviewStep
from tests.discovery.pages import text_of, url
from tests.factories.discovery import add_finding, bare_upload, read
from tests.kept import kept

pytestmark = pytest.mark.django_db


def ticked(response):
    """The values of the boxes that stand ticked on a page."""
    boxes = re.findall(r'<input type="checkbox"(.*?)>', text_of(response), re.DOTALL)
    return [re.search(r'value="([^"]*)"', box).group(1) for box in boxes if "checked" in box]


@kept
def read_upload(engagement, ada):
    return read(engagement, actor=ada)


def test_the_queue_costs_the_same_for_one_and_three(as_ada, engagement, ada, django_assert_max_num_queries):
    upload = bare_upload(engagement, actor=ada)
    add_finding(upload, 1)
    as_ada.get(url("queue", engagement))

    with django_assert_max_num_queries(20) as for_one:
        as_ada.get(url("queue", engagement))
    add_finding(upload, 2)
    add_finding(upload, 3)
    with django_assert_max_num_queries(20) as for_three:
        response = as_ada.get(url("queue", engagement))

    assert len(response.context["page"].object_list) == 3
    assert len(for_three) == len(for_one)


def test_the_queue_is_filtered(as_ada, engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    first = add_finding(upload, 1, severity="blocker")
    add_finding(upload, 2, severity="low")
    add_finding(upload, 3, gone_since=upload)
    accept_finding(first, actor=ada, version=1)

    def shown(**filters):
        return [finding.number for finding in as_ada.get(url("queue", engagement), filters).context["page"]]

    assert shown() == [2]
    assert shown(state="accepted") == [1]
    assert shown(state="gone") == [3]
    assert shown(state="all", severity="low") == [2]
    assert shown(state="nonsense", severity="worse") == [2]


def test_selected_findings_are_accepted_and_taken_back(as_ada, engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    for number in (1, 2):
        add_finding(upload, number)

    response = as_ada.post(url("accept_chosen", engagement), {"finding": ["1:1", "2:1"]}, follow=True)
    assert "2 findings accepted: F-001 and F-002" in text_of(response)

    batch = str(ReviewStep.objects.first().batch)
    undone = as_ada.post(url("undo_chosen", engagement), {"batch": batch}, follow=True)
    assert "Taken back. F-001 and F-002: open again." in text_of(undone)
    assert set(Finding.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.parametrize("chosen", [["x"], ["1"], ["1:2:3"]])
def test_a_selection_that_is_none_is_a_bad_request(as_ada, engagement, chosen):
    assert as_ada.post(url("accept_chosen", engagement), {"finding": chosen}).status_code == 400
    assert as_ada.post(url("undo_chosen", engagement), {"batch": "x"}).status_code == 400


def test_guesses_are_left_out_when_all_are_selected_and_refused_with_what_was_ticked(as_ada, engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    add_finding(upload, 1, confidence="guess")
    add_finding(upload, 2)

    all_of_them = as_ada.get(url("queue", engagement), {"select": "all"})
    refused = as_ada.post(url("accept_chosen", engagement), {"finding": ["1:1", "2:1"]})

    assert ticked(all_of_them) == ["2:1"]
    assert refused.status_code == 422
    assert "Guesses are accepted one by one, on their own page: F-001." in text_of(refused)
    assert ticked(refused) == ["1:1", "2:1"]
    assert set(Finding.objects.values_list("state", flat=True)) == {"open"}


def test_accepting_leads_to_the_next_open_finding(as_ada, engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    add_finding(upload, 1)
    add_finding(upload, 2)

    response = as_ada.post(url("finding_accept", engagement, 1), {"version": 1})
    last = as_ada.post(url("finding_accept", engagement, 2), {"version": 1})

    assert response.url == url("finding", engagement, 2) + "?state=all"
    assert last.url == url("queue", engagement) + "?state=all&at=2#f-2"


def test_a_dismissal_without_a_place_keeps_what_was_typed(as_ada, engagement, ada):
    add_finding(bare_upload(engagement, actor=ada), 1)

    response = as_ada.post(url("finding_dismiss", engagement, 1), {"version": 1, "reason": "elsewhere", "note": " "})

    assert response.status_code == 422
    assert "Say where it is taken care of." in text_of(response)
    assert '<option value="elsewhere" selected>' in text_of(response)


def test_a_conflict_shows_both_texts_and_loses_nothing(as_ada, engagement, ada, lea):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    answer_finding(finding, actor=lea, version=1, answer=FindingAnswer("R", "Nothing.", "A rewrite."))
    mine = {"version": 1, "translation_class": "C", "impact": "The tags.", "proposal": "A Lua hook."}

    conflict = as_ada.post(url("finding_answer", engagement, 1), mine)
    page = text_of(conflict)
    kept = as_ada.post(url("finding_answer", engagement, 1), mine | {"version": 2})

    assert (conflict.status_code, kept.status_code) == (409, 302)
    assert "Lea Moser changed F-001" in page
    assert "A rewrite." in page
    assert "A Lua hook." in page
    finding.refresh_from_db()
    assert finding.proposal == "A Lua hook."


def test_an_old_page_cannot_decide(as_ada, engagement, ada, lea):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    accept_finding(finding, actor=lea, version=1)

    response = as_ada.post(url("finding_dismiss", engagement, 1), {"version": 1, "reason": "intended"})

    assert response.status_code == 409
    assert "Lea Moser changed F-001" in text_of(response)


def test_a_customer_reads_a_finding_and_decides_nothing(client, engagement, read_upload, carl):
    client.force_login(carl)

    page = text_of(client.get(url("finding", engagement, 1)))
    refused = client.post(url("finding_accept", engagement, 1), {"version": 1})

    assert "The consultancy has not decided on it yet." in page
    assert url("finding_accept", engagement, 1) not in page
    assert refused.status_code == 403


def test_undo_on_the_page_of_a_finding(as_ada, engagement, ada):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    accept_finding(finding, actor=ada, version=1)

    as_ada.post(url("finding_undo", engagement, 1), {"version": 2})

    finding.refresh_from_db()
    assert finding.state == "open"


def test_all_of_a_page_can_be_selected_without_a_script(as_ada, engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    for number in (1, 2):
        add_finding(upload, number)

    assert ticked(as_ada.get(url("queue", engagement))) == []
    assert ticked(as_ada.get(url("queue", engagement), {"select": "all"})) == ["1:1", "2:1"]


WORDS = "Written with care, over half an hour."


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("finding_accept", {"note": WORDS}),
        ("finding_dismiss", {"reason": "intended", "note": WORDS}),
        ("finding_answer", {"impact": WORDS, "proposal": "A hook."}),
    ],
)
def test_a_conflict_keeps_the_words_and_takes_them_at_the_version_now_shown(as_ada, engagement, ada, lea, name, typed):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    answer_finding(finding, actor=lea, version=1, answer=FindingAnswer("R", "Nothing.", "A rewrite."))

    conflict = as_ada.post(url(name, engagement, 1), typed | {"version": 1})
    again = as_ada.post(url(name, engagement, 1), typed | {"version": 2})

    assert (conflict.status_code, again.status_code) == (409, 302)
    assert "Lea Moser changed F-001" in text_of(conflict)
    assert WORDS in text_of(conflict)


@pytest.mark.parametrize("name", ["finding_accept", "finding_dismiss"])
def test_the_words_stay_also_when_somebody_decided_meanwhile(as_ada, engagement, ada, lea, name):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    accept_finding(finding, actor=lea, version=1)

    page = as_ada.post(url(name, engagement, 1), {"version": 1, "reason": "intended", "note": WORDS})

    assert page.status_code == 409
    assert WORDS in text_of(page)


@pytest.mark.parametrize("name", ["finding_accept", "finding_dismiss", "finding_undo", "finding_answer"])
def test_who_may_not_review_is_told_so_whatever_was_sent(client, engagement, read_upload, vera, name):
    client.force_login(vera)

    page = client.post(url(name, engagement, 1), {"version": "x"})

    assert page.status_code == 403
    assert "you may not review findings" in text_of(page)


@pytest.mark.parametrize("name", ["accept_chosen", "undo_chosen"])
def test_who_may_not_review_is_told_so_before_the_selection_is_read(client, engagement, vera, name):
    client.force_login(vera)

    assert client.post(url(name, engagement), {"finding": "x", "batch": "x"}).status_code == 403


@pytest.mark.parametrize("line", ["9" * 5000, "\0", "²", "-1", str(10**9)])
def test_a_line_that_is_none_shows_the_file(as_ada, engagement, read_upload, line):
    page = as_ada.get(url("file", engagement, 1, "etc/postfix/main.cf"), {"line": line})

    assert page.status_code == 200


@pytest.mark.parametrize(("number", "sentence"), [(999, "no such finding here: F-999"), (2, "no longer shows F-002")])
def test_all_of_a_selection_are_accepted_or_none(as_ada, engagement, ada, number, sentence):
    upload = bare_upload(engagement, actor=ada)
    kept = add_finding(upload, 1)
    add_finding(upload, 2, gone_since=bare_upload(engagement, actor=ada, number=2))

    page = as_ada.post(url("accept_chosen", engagement), {"finding": ["1:1", f"{number}:1"]})

    kept.refresh_from_db()
    assert (page.status_code, kept.state) == (422, "open")
    assert sentence in text_of(page)


def test_who_changed_a_finding_is_told_in_the_readers_zone(engagement, ada, time_machine):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    time_machine.move_to(datetime(2026, 5, 14, 22, 0, tzinfo=UTC))
    accept_finding(finding, actor=ada, version=1)
    finding.refresh_from_db()

    with timezone.override(ZoneInfo("Etc/GMT+5")):
        sentence = who_changed(finding)

    assert "Thu 14 May 2026, 17:00 GMT-5" in sentence
