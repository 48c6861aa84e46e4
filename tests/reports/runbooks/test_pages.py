"""The pages of runbooks, and a revision to take away as Markdown and as a PDF that a worker draws."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from pypdf import PdfReader

from reports import runbook_api
from reports.domain.draw_up_runbooks import note_runbook_fact
from reports.domain.request_runbook_paper import draw_runbook
from reports.models import RunbookApproval, RunbookDrill, RunbookFact, RunbookReading
from tests.factories.runbooks import choose, draw_up, note_everything

pytestmark = pytest.mark.django_db

KEY = "selector_rotation"


def url(name, engagement, *more):
    return reverse(f"runbooks:{name}", args=[engagement.code, *more])


def read(client, address):
    return client.get(address).content.decode()


def test_the_list_says_what_is_not_known_and_who_can_say_it(client, engagement, ada, vera):
    choose(engagement, "kumomta", actor=ada)
    client.force_login(ada)

    page = read(client, url("list", engagement))
    client.force_login(vera)
    of_a_viewer = read(client, url("list", engagement))

    assert "0 of 10 in force." in page
    assert url("fact", engagement, "on_call") in page
    assert "Draw up runbooks" not in page
    assert "Who is on call" in of_a_viewer
    assert url("fact", engagement, "on_call") not in of_a_viewer


def test_runbooks_are_drawn_up_from_the_list(client, named, ada):
    client.force_login(ada)

    answer = client.post(url("draw_up", named), follow=True)

    assert "10 runbooks were drawn up." in answer.content.decode()
    assert "Draw up runbooks" not in answer.content.decode()


def test_a_runbook_is_read_with_its_steps_and_commands(client, named, drawn, vera):
    client.force_login(vera)

    page = read(client, url("runbook", named, KEY))

    assert "Revision 1, drawn up by Ada Quint" in page
    assert 'data-copy-text="dig +short TXT s1-kumo._domainkey.sender.example' in page
    assert 'aria-label="Copy Leave the old record for 14 days"' in page
    assert "Approve revision 1" not in page
    assert page.index('href="#contact"') < page.index('id="steps"') < page.index('id="contact"')
    assert (page.count('id=""'), page.count('id="dkim-selectors"')) == (0, 1)
    assert "I read revision 1" in page


def test_whoever_reads_it_on_a_telephone_calls_with_one_touch(client, named, drawn, vera):
    client.force_login(vera)

    page = read(client, url("runbook", named, KEY))

    assert 'Post office, <a href="tel:+4930000000">+49 30 000000</a>, Europe/Berlin' in page


def test_before_the_first_revision_the_page_shows_what_it_would_say(client, named, vera):
    client.force_login(vera)

    page = read(client, url("runbook", named, KEY))

    assert "Not drawn up yet" in page
    assert "I read revision" not in page


def test_the_customer_approves_and_reads_what_is_on_screen(client, named, drawn, carl):
    client.force_login(carl)
    digest = drawn[KEY].digest

    client.post(url("approve", named, KEY), {"digest": digest})
    client.post(url("acknowledge", named, KEY), {"digest": digest})

    assert RunbookApproval.objects.get().party == "customer"
    assert RunbookReading.objects.get().read_by == carl


def test_what_is_no_longer_the_newest_is_not_approved_from_an_old_tab(client, named, drawn, carl):
    client.force_login(carl)

    answer = client.post(url("approve", named, KEY), {"digest": "0" * 64})

    assert answer.status_code == 409
    assert "took the place of the one you had on screen" in answer.content.decode()
    assert not RunbookApproval.objects.exists()


def test_a_drill_that_lacks_something_is_shown_again_with_what_was_typed(client, named, drawn, carl):
    client.force_login(carl)
    typed = {"revision": "1", "held_on": "2026-05-04", "minutes": "", "participants": "Ines", "outcome": ""}

    answer = client.post(url("drill", named, KEY), typed)

    assert answer.status_code == 422
    assert "Enter how many minutes it took." in answer.content.decode()
    assert "Ines" in answer.content.decode()
    assert not RunbookDrill.objects.exists()


def test_a_drill_is_noted_on_the_page(client, named, drawn, carl):
    client.force_login(carl)
    typed = {
        "revision": "1",
        "held_on": "2026-05-04",
        "minutes": "12",
        "participants": "Ines",
        "outcome": "OK",
    }

    page = client.post(url("drill", named, KEY), typed, follow=True).content.decode()

    assert "12 minutes, revision 1" in page


def test_a_drill_of_an_earlier_revision_names_it(client, named, drawn, ada, carl):
    note_runbook_fact(named, key="dns_people", value="Somebody else", actor=ada)
    draw_up(named, actor=ada)
    client.force_login(carl)
    typed = {"held_on": "2026-05-04", "minutes": "12", "participants": "Ines", "outcome": "OK"}

    wrong = client.post(url("drill", named, KEY), typed | {"revision": "3"})
    page = client.post(url("drill", named, KEY), typed | {"revision": "1"}, follow=True).content.decode()

    assert wrong.status_code == 422
    assert "Choose a revision from the list." in wrong.content.decode()
    assert "12 minutes, revision 1" in page
    assert RunbookDrill.objects.get().revision == drawn[KEY]


def test_a_drill_over_the_api_names_its_revision(client, named, drawn, carl):
    client.force_login(carl)
    address = reverse("api:runbooks:drills", args=[named.code, KEY])
    typed = {"held_on": "2026-05-04", "minutes": 12, "participants": "Ines", "outcome": "OK"}

    wrong = client.post(address, typed | {"revision": 2}, content_type="application/json")
    right = client.post(address, typed | {"revision": 1}, content_type="application/json")

    assert (wrong.status_code, right.status_code) == (422, 201)
    assert "has no revision 2" in wrong.content.decode()
    assert right.json()["revision"] == 1
    assert RunbookDrill.objects.count() == 1


def test_routes_take_nothing_from_the_modules_of_pages():
    taken = re.findall(r"^from (\S+) import", Path(runbook_api.__file__).read_text(), re.MULTILINE)

    assert "reports.runbook_found" in taken
    assert [name for name in taken if name.endswith("_views")] == []


def test_a_fact_is_noted_on_its_page_and_a_wrong_one_is_shown_again(client, named, carl):
    client.force_login(carl)
    before = RunbookFact.objects.count()

    wrong = client.post(url("fact", named, "proxy_file"), {"value": "two words"})
    right = client.post(url("fact", named, "proxy_file"), {"value": "/srv/proxy.toml"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "two words" in wrong.content.decode()
    assert RunbookFact.objects.count() == before + 1


def test_markdown_says_which_revision_it_is_and_marks_its_own_letters(client, named, drawn, vera):
    client.force_login(vera)

    answer = client.get(url("markdown", named, KEY, 1))

    text = answer.content.decode()
    assert answer["Content-Disposition"] == f'attachment; filename="{named.code}-rotate-a-dkim-selector-1.md"'
    assert text.startswith("# Rotate a DKIM selector\n")
    assert f"SHA-256 of its content {drawn[KEY].digest}" in text
    assert "- Not approved" in text
    assert "```sh\n{\nread -rp" in text
    assert "s1-kumo.\\_domainkey" not in text.split("```sh")[1]


@pytest.mark.parametrize("target", ["kumomta", "powermta"])
def test_every_runbook_can_be_laid_out(engagement, ada, target):
    choose(engagement, target, actor=ada)
    note_everything(engagement, actor=ada)

    papers = {key: draw_runbook(one) for key, one in draw_up(engagement, actor=ada).items()}

    texts = {
        key: "\n".join(page.extract_text() for page in PdfReader(BytesIO(one.pdf)).pages) for key, one in papers.items()
    }
    assert len(texts) == 10
    assert [key for key, text in texts.items() if "Expect:" not in text or "[[" in text] == []
    assert all(1 <= paper.page_count <= 6 for paper in papers.values())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_revision_and_for_more(
    client, named, drawn, vera, count, django_assert_max_num_queries
):
    from reports.domain.approve_runbook import acknowledge_runbook

    for revision in list(drawn.values())[:count]:
        acknowledge_runbook(revision, actor=vera)
    client.force_login(vera)

    with django_assert_max_num_queries(24):
        client.get(url("list", named))
