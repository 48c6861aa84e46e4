"""The pages of the reconciliation: logs, runs, cases."""

import csv
import io
import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from core.models import Job
from delivery.models import DiscrepancyCase, TrafficLog
from delivery.reconciliation.report import messages_text
from delivery.traffic_state import account_reasons, freshness_of
from tests.factories.feedback import hard_bounce
from tests.factories.traffic import BEGAN, accepted, receive, reconcile, small_day, take_in_small_day
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, engagement):
    def page(name, *arguments, **typed):
        url = reverse(f"parallel:{name}", args=[engagement.code, *arguments])
        return client.post(url, typed) if typed else client.get(url)

    return page


@kept
def lost(engagement, ada):
    """A run that did not find two messages."""
    take_in_small_day(engagement, actor=ada, lost=[7, 8])
    return reconcile(engagement, actor=ada)


def test_a_log_is_uploaded_and_a_run_asked_for(client, page, ada):
    client.force_login(ada)
    journal, mail_log = small_day()
    empty = page("traffic", kind="journal", log=SimpleUploadedFile("journal", b""))
    wrong = page("traffic", kind="", log=SimpleUploadedFile("journal", journal.encode()))

    for kind, text in (("journal", journal), ("postfix", mail_log)):
        page("traffic", kind=kind, log=SimpleUploadedFile(f"{kind}.log", text.encode()))
    page("traffic_reconcile", go="")

    assert "The selected file is empty" in empty.content.decode()
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert set(TrafficLog.objects.values_list("kind", flat=True)) == {"journal", "postfix"}
    assert Job.objects.filter(kind="reconcile_traffic").exists()


def test_a_run_says_what_became_of_the_recipients(client, page, lost, carl):
    client.force_login(carl)

    shown = strip_tags(page("run", lost.number).content.decode())

    assert "30 accepted" in shown
    assert "28 delivered" in shown
    assert "2 not accounted for" in shown


def test_a_case_is_closed_on_its_page_and_opened_again_by_the_customer(client, page, lost, ada, carl):
    client.force_login(ada)
    case = DiscrepancyCase.objects.get()
    shown = page("case", case.number).content.decode()
    nothing = page("case", case.number, version=case.version, verdict="explained", reason="", evidence="")
    page("case", case.number, version=case.version, verdict="explained", reason="<b>Known</b>", evidence="Line 3.")

    client.force_login(carl)
    closed = page("case", case.number).content.decode()
    page("case_reopen", case.number, **{"again-reason": "They were customers."})

    assert "7@northlake.example" in shown
    assert nothing.status_code == 422
    assert "&lt;b&gt;Known" in closed
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize("asked", ["<7@northlake.example>", "7@northlake.example", "USER7@gmail.com", "t7"])
def test_a_message_is_looked_up_among_the_cases(client, engagement, lost, vera, asked):
    client.force_login(vera)

    shown = client.get(reverse("parallel:cases", args=[engagement.code]), {"q": asked}).content.decode()
    other = client.get(reverse("parallel:cases", args=[engagement.code]), {"q": "t6\x00<b>"}).content.decode()

    assert "Case 1, Missing" in shown
    assert "No case holds" in other
    assert "t6&lt;b&gt;" in other


def test_the_messages_of_cases_are_filtered_and_leave_as_csv(client, engagement, lost, carl):
    client.force_login(carl)
    url = reverse("parallel:case_export", args=[engagement.code])
    page = reverse("parallel:case", args=[engagement.code, 1])

    every, one, none = (client.get(url, asked).content.decode() for asked in ({}, {"text": "user7@"}, {"case": "x"}))
    shown = client.get(page, {"text": "user7@"}).content.decode()

    rows = list(csv.DictReader(io.StringIO(every.removeprefix("\ufeff"))))
    assert [row["recipient"] for row in rows] == ["user7@gmail.com", "user8@gmail.com"]
    assert (rows[0]["case"], rows[0]["state"], rows[0]["trace"], rows[0]["found_in"]) == ("1", "missing", "t7", "1")
    assert one.count("@gmail.com") == 1
    assert none.count("@gmail.com") == 0
    assert "user7@gmail.com" in shown
    assert "user8@gmail.com" not in shown
    assert f"{url}?case=1&amp;text=user7%40" in shown


@pytest.mark.parametrize("asked", ["f684", "<7@northlake.example>", "USER7@gmail.com"])
def test_a_look_up_shows_what_came_back_as_well(client, engagement, lost, ada, asked):
    item = hard_bounce(engagement, actor=ada, recipient="user7@gmail.com", message_id="<7@northlake.example>")
    client.force_login(ada)

    shown = client.get(reverse("parallel:cases", args=[engagement.code]), {"q": asked}).content.decode()
    other = client.get(reverse("parallel:cases", args=[engagement.code]), {"q": "f685"}).content.decode()

    assert reverse("feedback:item", args=[engagement.code, item.pk]) in shown
    assert "User unknown" in shown
    assert "No bounce and no complaint names it." in other


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ({"messages": 1402, "recipients": 1500}, "1,402"),
        ({"messages": 0, "recipients": 0}, "0"),
        ({"messages": 0, "recipients": 30}, "not counted, because the journal names no trace"),
    ],
)
def test_messages_that_nothing_tells_apart_are_not_called_none(counted, said):
    assert messages_text(counted) == said


def test_a_run_over_a_journal_without_traces_says_that_it_cannot_count_messages(client, page, engagement, ada):
    journal, mail_log = small_day(count=3)
    lines = [json.loads(line) for line in journal.splitlines()]
    bare = "".join(json.dumps({name: line[name] for name in line if name != "id"}) + "\n" for line in lines)
    receive(engagement, "journal", bare, actor=ada, filename="journal.jsonl")
    receive(engagement, "postfix", mail_log, actor=ada, filename="mail.log")
    run = reconcile(engagement, actor=ada)
    client.force_login(ada)

    said = " ".join(strip_tags(page("run", run.number).content.decode()).split())

    assert run.report["recipients"] == 3
    assert "Not counted, because the journal names no trace" in said


def words_of(response):
    return " ".join(
        unescape(strip_tags(response.content.decode().replace("</dt", " </dt").replace("</dd", " </dd"))).split()
    )


def test_a_file_that_is_no_journal_is_named_and_no_zero_stands_for_a_proof(client, page, engagement, ada):
    _, mail_log = small_day()
    receive(engagement, "journal", mail_log, actor=ada, filename="wrong.txt")
    log = receive(engagement, "postfix", mail_log + "\n", actor=ada, filename="mail.log")
    run = reconcile(engagement, actor=ada)
    client.force_login(ada)

    said, listed = words_of(page("run", run.number)), words_of(page("traffic"))

    assert "no acceptance was read (wrong.txt (log 1)), so nobody knows what was accepted" in said
    assert "Log 1, wrong.txt: Nothing of it was understood as a journal of the proxy; it looks like a mail log" in said
    assert "Withdraw log 1" in said
    assert f"Withdraw log {log.number}" not in said
    assert ("What became of the recipients" in said, "Balance" in said) == (False, False)
    assert "Messages Not known Recipients Not known" in said
    assert "Run 1 No hour that all sides cover Not known Not known" in listed
    assert not DiscrepancyCase.objects.exists()


def test_a_run_without_a_journal_says_whose_word_its_figures_are(client, page, engagement, ada):
    receive(engagement, "postfix", small_day()[1], actor=ada, filename="mail.log")
    run = reconcile(engagement, actor=ada)
    client.force_login(ada)

    said = words_of(page("run", run.number))

    assert "There is no journal of the proxy, so nobody knows what it accepted." in said
    assert "Recipients 30, by the word of the logs alone" in said
    assert (run.covered_to, "journal" in run.covered, "no hour in common" in said) == (None, False, False)
    assert "Run 1 read nothing of the proxy's journal" in " ".join(account_reasons(freshness_of(engagement)))
    assert "The newest run read nothing of the proxy's journal." in words_of(page("traffic"))
    assert "What became of the recipients" in said


def test_what_no_log_covers_has_its_own_term_and_is_no_noise(client, page, engagement, ada):
    journal, mail_log = small_day()
    more = "".join(accepted(number, BEGAN + 30 * number, path="new") for number in range(40, 44))
    receive(engagement, "journal", journal + more, actor=ada)
    receive(engagement, "postfix", mail_log, actor=ada)
    run = reconcile(engagement, actor=ada)
    client.force_login(ada)

    said = words_of(page("run", run.number))

    assert "New route: 4 accepted = 4 out of window + 0 not accounted for (0.0000 %)" in said
    assert "Postfix: 30 accepted = 30 delivered + 0 not accounted for (0.0000 %)" in said
    assert "of 4 recipients that it took nothing can be said" in said


def test_the_clock_of_a_log_is_told_with_its_unit_and_what_it_is(client, page, lost, ada):
    client.force_login(ada)

    said = words_of(page("run", lost.number))

    assert "Within 2 s of the journal's" in said
    assert "The one that others are held against" in said


def test_a_log_is_withdrawn_only_after_it_was_said_what_falls_away(client, page, lost, ada):
    client.force_login(ada)
    log = TrafficLog.objects.get(kind="journal")
    button = page("traffic").content.decode()

    asked = page("traffic_withdraw", log.number)

    log.refresh_from_db()
    assert log.withdrawn_at is None
    assert f'action="{reverse("parallel:traffic_withdraw", args=[lost.engagement.code, log.number])}"' not in button
    said = words_of(asked)
    assert f"Withdraw log {log.number}?" in said
    assert "It was read by Run 1. What was found stays" in said
    assert "It is the only journal here. Without one, no run can say what the proxy accepted." in said

    done = page("traffic_withdraw", log.number, go="")

    log.refresh_from_db()
    assert (done.status_code, page("traffic_withdraw", log.number).status_code) == (302, 409)
    assert (log.withdrawn_at is None, log.sealed) == (False, None)


def test_a_log_that_nothing_read_and_that_is_not_the_only_one_loses_less(client, page, lost, ada):
    more = receive(lost.engagement, "postfix", small_day(first=100)[1], actor=ada, filename="later.log")
    client.force_login(ada)

    said = words_of(page("traffic_withdraw", more.number))

    assert "No run has read it." in said
    assert "What only this file tells of, later runs cannot account for." in said
