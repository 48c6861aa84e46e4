"""What is done to the ticked findings of the review queue, over its pages and over the API."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.models import Finding, ReviewStep
from tests.discovery.pages import text_of, url
from tests.factories.discovery import add_finding, bare_upload
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def findings(engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    return [add_finding(upload, number) for number in (1, 2, 3)]


def decided(*columns):
    return list(Finding.objects.order_by("number").values_list(*columns))


def undo_last(client, engagement):
    batch = ReviewStep.objects.order_by("-done_at").first().batch
    return client.post(url("undo_chosen", engagement), {"batch": batch}, follow=True)


@pytest.mark.parametrize(
    ("name", "typed", "expected", "said", "taken_back"),
    [
        ("accept_chosen", {}, {"state": "accepted"}, "2 findings accepted: F-001 and F-002", "open again"),
        (
            "dismiss_chosen",
            {"reason": "intended", "note": "Agreed."},
            {"state": "dismissed", "dismissal": "intended", "decision_note": "Agreed."},
            "2 findings dismissed: F-001 and F-002",
            "open again",
        ),
        (
            "merge_chosen",
            {"into": "F-003"},
            {"state": "dismissed", "dismissal": "duplicate", "duplicate_of__number": 3},
            "2 findings merged: F-001 and F-002",
            "open again, and no longer merged",
        ),
        (
            "classify_chosen",
            {"translation_class": "C"},
            {"state": "open", "translation_class": "C"},
            "2 findings given a class: F-001 and F-002",
            "class as it was before",
        ),
        (
            "assign_chosen",
            {"assignee": "ada@practice.example"},
            {"state": "open", "assignee__email": "ada@practice.example"},
            "2 findings assigned: F-001 and F-002",
            "assigned as before",
        ),
    ],
)
def test_an_act_changes_what_was_ticked_and_is_taken_back_in_its_own_words(
    as_ada, engagement, findings, name, typed, expected, said, taken_back
):
    before = decided(*expected)

    done = as_ada.post(url(name, engagement), typed | {"finding": ["1:1", "2:1"]}, follow=True)
    then = decided(*expected)
    undone = undo_last(as_ada, engagement)

    assert then == [tuple(expected.values())] * 2 + [before[2]]
    assert said in text_of(done)
    assert f"Taken back. F-001 and F-002: {taken_back}." in text_of(undone)
    assert decided(*expected) == before


def test_findings_are_taken_from_somebody_again(as_ada, engagement, findings, lea):
    as_ada.post(url("assign_chosen", engagement), {"finding": "1:1", "assignee": "lea@practice.example"})
    as_ada.post(url("assign_chosen", engagement), {"finding": "1:2", "assignee": ""})

    assert Finding.objects.get(number=1).assignee is None


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("dismiss_chosen", {"reason": "because"}, "choose a reason from the list"),
        ("dismiss_chosen", {"reason": "elsewhere", "note": " "}, "Say where it is taken care of."),
        ("merge_chosen", {"into": "nonsense"}, "There is no finding F-000 here to merge into."),
        ("merge_chosen", {"into": "1"}, "it cannot be merged into itself"),
        ("classify_chosen", {"translation_class": "Q"}, "native, rewrite, custom or gap"),
        ("assign_chosen", {"assignee": "carl@northlake.example"}, "Nobody on the team of"),
    ],
)
def test_a_refused_act_keeps_what_was_ticked_and_typed(as_ada, engagement, findings, name, typed, sentence):
    sent = typed | {"finding": "1:1", "filters": "state=open&severity=high"}

    page = as_ada.post(url(name, engagement), sent)

    assert page.status_code == 422
    assert "Nothing was changed" in text_of(page)
    assert sentence in text_of(page)
    assert re.search(r'value="1:1"\s+checked', text_of(page))
    assert page.context["asked"].severity == "high"
    assert decided("state", "version") == [("open", 1)] * 3


def test_a_note_that_was_refused_stands_in_its_field_again(as_ada, engagement, findings):
    sent = {"finding": "1:1", "reason": "because", "note": "The relay does it."}

    page = as_ada.post(url("dismiss_chosen", engagement), sent)

    assert 'value="The relay does it."' in text_of(page)


def test_an_undo_names_who_changed_what_it_left_alone(as_ada, engagement, findings, lea):
    as_ada.post(url("classify_chosen", engagement), {"finding": ["1:1", "2:1"], "translation_class": "R"})
    answer_finding(findings[1], actor=lea, version=2, answer=FindingAnswer("X", "Lost.", "Nothing."))

    page = text_of(undo_last(as_ada, engagement))

    assert "Taken back. F-001: class as it was before." in page
    assert "Left alone, because somebody changed it since. Lea Moser changed F-002" in page
    assert decided("translation_class") == [("",), ("X",), ("",)]


def test_what_was_taken_back_already_is_said_in_the_queue(as_ada, engagement, findings):
    as_ada.post(url("accept_chosen", engagement), {"finding": "1:1"})
    batch = ReviewStep.objects.get().batch
    as_ada.post(url("undo_chosen", engagement), {"batch": batch})

    again = as_ada.post(url("undo_chosen", engagement), {"batch": batch})

    assert again.status_code == 409
    assert "There is nothing left to undo" in text_of(again)
    assert 'id="triage"' in text_of(again)


def test_the_queue_offers_to_take_back_ones_own_last_act_and_then_the_one_before(
    client, engagement, findings, ada, lea
):
    client.force_login(ada)
    client.post(url("accept_chosen", engagement), {"finding": "1:1"})
    client.post(url("classify_chosen", engagement), {"finding": "2:1", "translation_class": "N"})

    second = text_of(client.get(url("queue", engagement)))
    undo_last(client, engagement)
    first = text_of(client.get(url("queue", engagement)))
    client.force_login(lea)
    somebody_else = text_of(client.get(url("queue", engagement)))

    assert "1 finding given a class: F-002" in second
    assert "1 finding accepted: F-001" in first
    assert "data-triage-last" not in somebody_else


def test_an_act_of_last_week_is_not_undone_by_a_key(as_ada, engagement, findings, time_machine):
    time_machine.move_to("2026-05-04T10:00:00+00:00")
    as_ada.post(url("accept_chosen", engagement), {"finding": "1:1"})
    time_machine.move_to("2026-05-11T10:00:00+00:00")

    page = text_of(as_ada.get(url("queue", engagement)))

    assert "data-triage-last" not in page


def test_what_is_decided_on_the_page_of_a_finding_is_taken_back_there_too(as_ada, engagement, findings):
    as_ada.post(url("finding_accept", engagement, 1), {"version": 1, "note": "Seen."})
    batch = ReviewStep.objects.get().batch

    undone = as_ada.post(url("undo_chosen", engagement), {"batch": batch, "back": "finding"})

    assert undone.url == url("finding", engagement, 1)
    assert decided("state", "decision_note")[0] == ("open", "")


@pytest.mark.parametrize(
    ("ticked", "current"),
    [(["1:1"], 2), (["2:1"], 3), (["1:1", "2:1"], 3), (["3:1"], 2), (["1:1", "2:1", "3:1"], None)],
)
def test_an_act_goes_on_with_the_row_behind(as_ada, engagement, findings, ticked, current):
    page = as_ada.post(url("accept_chosen", engagement), {"finding": ticked}, follow=True)

    assert page.context["current"] == current


def test_an_act_keeps_the_filters(as_ada, engagement, findings):
    sent = {"finding": "1:1", "translation_class": "X", "filters": "state=open&severity=high&rule=made-up&text=Made"}

    answer = as_ada.post(url("classify_chosen", engagement), sent)

    assert answer.url == url("queue", engagement) + "?state=open&severity=high&rule=made-up&text=Made&at=2#f-2"


def test_kept_filters_lead_nowhere_but_to_the_queue(as_ada, engagement, findings):
    sent = {"finding": "1:1", "filters": "next=https://elsewhere.example/&state=//elsewhere.example"}

    answer = as_ada.post(url("accept_chosen", engagement), sent)

    assert answer.url == url("queue", engagement) + "?state=open&at=2#f-2"


def ask(client, engagement, name, **sent):
    address = reverse(f"api:discovery:{name}", args=[engagement.code])
    return client.post(address, sent, content_type="application/json")


@pytest.mark.parametrize(
    ("name", "sent", "act", "columns", "after"),
    [
        ("dismiss_chosen", {"reason": "mistaken"}, "dismiss", ["state", "dismissal"], ("dismissed", "mistaken")),
        ("merge_chosen", {"into": 3}, "merge", ["state", "duplicate_of__number"], ("dismissed", 3)),
        ("classify_chosen", {"translation_class": "X"}, "classify", ["translation_class"], ("X",)),
        ("assign_chosen", {"assignee": "ADA@practice.example"}, "assign", ["assignee__full_name"], ("Ada Quint",)),
    ],
)
def test_the_api_does_the_same_and_says_what_it_took_back(
    as_ada, engagement, findings, name, sent, act, columns, after
):
    before = decided(*columns)
    chosen = [{"number": 1, "version": 1}, {"number": 2, "version": 1}]

    done = ask(as_ada, engagement, name, findings=chosen, **sent)
    then = decided(*columns)
    undone = ask(as_ada, engagement, "undo_chosen", batch=done.json()["batch"])

    assert then == [after, after, before[2]]
    assert (done.json()["act"], undone.json()["act"]) == (act, act)
    assert undone.json()["left_alone"] == []
    assert decided(*columns) == before


def test_a_row_shows_its_place_its_evidence_and_how_grave_it_is(client, ada, engagement, findings):
    Finding.objects.filter(number=1).update(
        severity="blocker", evidence="soft_bounce yes", file="etc/postfix/main.cf", line=118
    )
    Finding.objects.filter(number=2).update(severity="high", evidence="x" * 500)
    client.force_login(ada)

    page = text_of(client.get(url("queue", engagement)))

    assert '<p class="rows__note mono text-break">soft_bounce yes</p>' in page
    assert 'etc/postfix/main.cf<span class="place__line">:118</span>' in page
    assert re.search(r'severity--blocker"><svg.*?</svg>Blocker', page, re.DOTALL)
    assert re.search(r'severity--high"><svg.*?</svg>High', page, re.DOTALL)
    shapes = re.findall(r'class="severity [^>]*><svg.*? d="([^"]*)"', page, re.DOTALL)
    assert len(set(shapes)) == 2
    assert "x" * 161 not in page


def test_a_refused_merge_keeps_its_panel_open_with_what_was_typed(client, ada, engagement, findings):
    client.force_login(ada)

    refused = client.post(url("merge_chosen", engagement), {"finding": ["1:1"], "into": "F-99999", "merge": "yes"})

    page = text_of(refused)
    assert "There is no finding F-99999 here" in page
    assert page.count('<details class="act" name="act" open>') == 1
    assert 'value="F-99999"' in page


def test_one_of_a_kind_is_not_told_as_several():
    names = ("parameters", "instances", "services", "custom_transports", "maps", "milters", "scripts", "cron_jobs")
    counts = dict.fromkeys((*names, "missing_files"), 1)

    told = render_to_string("discovery/parts/numbers.html", {"counts": counts})

    assert "1 map, 1 milter, 1 script, 1 cron job" in " ".join(told.split())
    assert "1 service, 1 transport of your own" in told
    assert "1 parameter in 1 instance" in told
