"""The components say what they are told, in the words of the portal, and refuse what they do not know."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from djmoney.money import Money

from core import wording
from core.components import Phase, PhaseState, Status, StatusKind, Task
from core.gallery import DIGEST, gallery_context
from core.icons import ICONS

NOW = datetime(2026, 5, 14, 16, 0, tzinfo=UTC)
STATIC = Path(settings.BASE_DIR) / "static"


def render(source, request=None, **context):
    return engines["django"].from_string(source).render(context, request)


class Words(HTMLParser):
    """What a reader sees and hears, one blank between the words."""

    def __init__(self, markup):
        super().__init__()
        self.parts = []
        self.feed(markup)

    def handle_data(self, data):
        self.parts.append(data)

    def __str__(self):
        return " ".join(" ".join(self.parts).split())


def words(source, **context):
    return str(Words(render(source, **context)))


@pytest.mark.parametrize(
    ("status", "text", "icon"),
    [
        (Status("not_started"), "Not started", ""),
        (Status("in_progress"), "In progress", "half"),
        (Status("waiting", is_reader=True), "Waiting on you", "diamond"),
        (Status("waiting", party="Northlake"), "Waiting on Northlake", "diamond"),
        (Status("completed"), "Completed", "tick"),
        (Status("completed", "Signed 2 Apr"), "Signed 2 Apr", "tick"),
        (Status("problem"), "There is a problem", "octagon"),
        (Status("blocked"), "Cannot start yet", ""),
    ],
)
def test_each_status_has_its_words_and_its_shape(status, text, icon):
    markup = render("{% status row %}", row=status)

    assert str(Words(markup)) == text
    assert ("<path" in markup) == bool(icon)
    if icon:
        assert ICONS[icon] in markup


def test_a_status_nobody_defined_is_refused():
    with pytest.raises(ValueError, match="'paused' is not a valid StatusKind"):
        render("{% status 'paused' %}")


def test_a_status_from_a_missing_variable_is_refused():
    with pytest.raises(ValueError, match="is not a valid StatusKind"):
        render("{% status nothing_of_that_name %}")


def test_waiting_on_nobody_is_refused():
    with pytest.raises(ValueError, match="Waiting needs the party"):
        render("{% status 'waiting' %}")


@pytest.mark.parametrize(
    ("given", "letter", "name"),
    [("N", "N", "Native"), ("rewrite", "R", "Rewrite"), ("C", "C", "Custom"), ("gap", "X", "Gap")],
)
def test_a_chip_has_a_letter_and_a_name(given, letter, name):
    assert words("{% chip given 3 %}", given=given) == f"{letter} {name} 3"


def test_a_class_nobody_defined_is_refused():
    with pytest.raises(KeyError):
        render("{% chip 'Q' %}")


def test_a_moment_is_shown_in_the_readers_zone_with_the_consultancys_in_the_tooltip():
    with time_machine.travel(NOW, tick=False), timezone.override(ZoneInfo("Europe/Madrid")):
        markup = render("{% when at %}", at=NOW + timedelta(hours=6))

    assert str(Words(markup)) == "Fri 15 May 2026, 00:00 GMT+2 (in 6 h)"
    assert 'datetime="2026-05-14T22:00:00+00:00"' in markup
    assert 'title="Thu 14 May 2026, 17:00 GMT-5 at EMP"' in markup


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        render("{% when at %}", at=datetime(2026, 5, 14, 16, 0))


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (timedelta(hours=6), "in 6 h"),
        (timedelta(days=3, hours=5), "in 3 days"),
        (timedelta(hours=47), "in 47 h"),
        (timedelta(minutes=-12), "12 min ago"),
        (timedelta(seconds=20), "now"),
    ],
)
def test_distances_have_one_unit(offset, text):
    assert wording.distance_text(NOW + offset, NOW) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(28500, "USD"), "USD 28,500"),
        (Money("28500.50", "EUR"), "EUR 28,500.50"),
        (Money(-400, "USD"), "USD \u2212400"),
    ],
)
def test_sums_name_their_currency_and_leave_out_empty_cents(value, text):
    assert words("{% amount value %}", value=value) == text


def test_a_sum_without_a_currency_is_refused():
    with pytest.raises(ValueError, match="needs its currency"):
        render("{% amount value %}", value=Decimal(5))


def test_large_numbers_are_grouped():
    assert words("{% number value %}", value=1402117) == "1,402,117"


def test_a_day_names_the_weekday():
    assert words("{% day on %}", on=date(2026, 5, 14)) == "Thu 14 May 2026"


def test_a_fingerprint_reads_in_groups_of_eight_and_copies_whole():
    markup = render("{% hash digest %}", digest=DIGEST)

    groups = re.findall(r"<span>([0-9a-f]+)</span>", markup)
    assert "".join(groups) == DIGEST
    assert {len(group) for group in groups} == {8}
    assert f'data-copy-text="{DIGEST}"' in markup


def test_the_copy_button_is_hidden_until_a_script_can_copy():
    assert re.search(r"<button[^>]* hidden ", render("{% hash digest %}", digest=DIGEST))


@pytest.mark.parametrize(
    ("left", "state", "text"),
    [
        (timedelta(hours=31), "calm", "31 h left"),
        (timedelta(hours=11, minutes=59), "soon", "11 h 59 min left"),
        (timedelta(0), "late", "Late by 0 s"),
        (timedelta(hours=-50), "late", "Late by 2 days 2 h"),
    ],
)
def test_the_clock_changes_its_shape_at_twelve_hours_and_at_zero(left, state, text):
    with time_machine.travel(NOW, tick=False):
        markup = render("{% sla_clock due_at %}", due_at=NOW + left)

    assert f'data-clock-state="{state}"' in markup
    assert text in str(Words(markup))


def test_a_kept_promise_stops_its_clock():
    markup = words("{% sla_clock due_at stopped_at=stopped_at %}", due_at=NOW, stopped_at=NOW - timedelta(hours=9))

    assert markup.startswith("Kept with 9 h to spare")


def test_a_refused_button_leads_to_the_reasons():
    markup = render("{% button_or_blockers 'Sign phase 1' reasons %}", reasons=["One.", "Two."])

    assert 'href="#blockers"' in markup
    assert "disabled" not in markup
    assert "<button" not in markup
    assert str(Words(markup)) == "Sign phase 1: 2 open"


def test_a_button_without_blockers_submits():
    markup = render("{% button_or_blockers 'Sign phase 1' reasons %}", reasons=[])

    assert 'type="submit"' in markup
    assert "<a " not in markup


def test_nothing_is_drawn_where_nothing_blocks():
    assert words("{% blockers reasons %}", reasons=[]) == ""


def test_what_blocks_is_counted_and_listed():
    text = words("{% blockers reasons 'You cannot sign yet' %}", reasons=["F-031 has no answer."])

    assert text == "You cannot sign yet. 1 thing is open F-031 has no answer."


def test_a_task_that_cannot_start_is_no_link():
    row = Task("Sign phase 3", Status(StatusKind.BLOCKED), url="/sign/", reason="3 open above")

    markup = render("{% task_list rows %}", rows=[row])

    assert "<a " not in markup
    assert "3 open above" in markup


def test_the_running_phase_is_the_current_step():
    done, now = Status("completed"), Status("in_progress")
    phases = [Phase(1, "Discovery", done, PhaseState.DONE), Phase(2, "Install", now, PhaseState.NOW)]

    markup = render("{% stepper phases %}", phases=phases)

    assert markup.count('aria-current="step"') == 1
    assert "stepper__phase--done" in markup.split('aria-current="step"')[0]


def test_a_panel_is_named_by_its_heading_and_escapes_it():
    markup = render("{% panel title %}{{ body }}{% endpanel %}", title="A & B", body="<b>")

    assert 'aria-labelledby="a-b"' in markup
    assert "A &amp; B" in markup
    assert "&lt;b&gt;" in markup


def test_pages_keep_the_rest_of_the_query():
    request = RequestFactory().get("/list/", {"q": "milter", "page": "2"})
    page = Paginator(range(30), 10).page(2)

    markup = render("{% pagination page %}", request, page=page)

    assert 'href="?q=milter&amp;page=3"' in markup
    assert markup.count('aria-current="page"') == 1


def test_one_page_needs_no_way_through_pages():
    page = Paginator(range(3), 10).page(1)

    assert render("{% pagination page %}", RequestFactory().get("/"), page=page).strip() == ""


def test_a_job_of_unknown_length_claims_no_progress():
    markup = render("{% progress 'Sealing' 'Started' %}")

    assert "value=" not in markup
    assert "max=" not in markup


def test_counts_in_attributes_have_no_separators():
    assert 'max="4000" value="1200"' in render("{% progress 'Reading' '' done=1200 total=4000 %}")


def test_the_gallery_shows_every_component():
    source = (Path(settings.BASE_DIR) / "templates/ui/components.html").read_text()
    shown = set(re.findall(r"{% (\w+)", source)) | {"shortcuts_help", "term", "task", "error_summary"}

    tags = set(engines["django"].engine.template_builtins[-1].tags)

    elsewhere = {"logo", "consultancy", "zone_name", "crumb", "breadcrumb"}  # on every page already
    assert tags - shown - elsewhere == set()


def test_ids_in_the_gallery_are_unique():
    markup = "".join(
        render("{% include 'ui/components.html' %}", RequestFactory().get("/"), side=side, hour="", **gallery_context())
        for side in ("light", "dark")
    )

    ids = re.findall(r'\sid="([^"]+)"', markup)

    assert len(ids) > 20
    assert sorted(ids) == sorted(set(ids))
