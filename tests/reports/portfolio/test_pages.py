"""Who reads the portfolio, that each figure is as long as its list, and what stands where there is nothing yet."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organization
from engagements.models import Engagement, Transition
from reports.portfolio.book import definitions
from reports.portfolio.constructs import constructs_of
from reports.portfolio.figures import figure_of
from reports.portfolio.records import facts_of
from tests.factories.portfolio import make_portfolio
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db

SOME = 40
LINK = re.compile(r'href="(/portfolio/(?:figures|projects|constructs)/[^"]*)"[^>]*>([\d,]+)')


@pytest.fixture
def some(olga, lea, sam):
    return make_portfolio(SOME, seed=4, lead=lea, sales=sam)


def page_of(client, person, name="portfolio:overview", *args, **query):
    client.force_login(person)
    return client.get(reverse(name, args=args), query)


def length_of(page):
    return page.context["page"].paginator.count


def test_each_figure_is_as_long_as_its_list_and_its_sheet(client, some, olga):
    facts = facts_of(Engagement.objects.all())

    for key in definitions():
        figure = figure_of(key, facts)
        sheet = page_of(client, olga, "portfolio:figure_csv", key).content.decode("utf-8-sig")

        assert length_of(page_of(client, olga, "portfolio:figure", key)) == figure.count
        assert len(list(csv.reader(io.StringIO(sheet)))) == figure.count + 1


def test_each_number_of_the_page_is_as_long_as_the_list_it_opens(client, some, olga):
    page = page_of(client, olga).content.decode()

    links = [(url.replace("&amp;", "&"), int(number.replace(",", ""))) for url, number in LINK.findall(page)]
    counted = {url: number for url, number in links if not says_more(url)}

    assert {url: length_of(client.get(url)) for url in counted} == counted
    assert len(counted) > len(definitions())


def says_more(url):
    """Whether the number on the link is no count: a median, or a sum of messages or days."""
    sums = ("timed", "signing", "waited_", "unaccounted")
    return any(key in url for key in sums) or url.endswith("spent/?period=all")


def test_the_headlines_stand_open_and_the_rest_is_folded_by_subject(client, some, olga):
    page = page_of(client, olga).content.decode()

    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    for row in definitions().values():
        link = f'{reverse("portfolio:figure", args=[row.key])}?period=all"'
        assert link in page or row.group == "months", row.key
        assert (link in shown) is (row.is_headline or row.group == "custom"), row.key
    assert 8 <= sum(row.is_headline for row in definitions().values()) <= 12
    assert page.count("<details") - page.count("<details open") == 7


def test_moments_are_read_to_the_microsecond(some):
    one = facts_of(Engagement.objects.filter(transitions__isnull=False).distinct())[0]

    told = [move.at for move in one.moves]

    kept = one_moves(one.pk)
    assert told == kept
    assert len(kept) > 1


def one_moves(engagement):
    rows = Transition.objects.filter(engagement=engagement, gate=None).order_by("pk")
    return list(rows.values_list("at", flat=True))


def test_a_period_holds_on_the_page_and_in_the_lists(client, some, olga):
    quarter = page_of(client, olga, period="2026-Q1")
    nonsense = page_of(client, olga, period="2020-Q9")

    assert (
        quarter.context["total"] == len(facts_of(Engagement.objects.filter(created_at__lt="2026-04-01T05:00Z"))) < SOME
    )
    assert (
        length_of(page_of(client, olga, "portfolio:figure", "requests", period="2026-Q1")) == quarter.context["total"]
    )
    assert nonsense.context["total"] == SOME


def test_a_lead_reads_of_the_engagements_they_work_on(client, some, lea, olga):
    of_owner, of_lead = (page_of(client, person) for person in (olga, lea))

    led = Engagement.objects.filter(lead=lea).count()
    assert (of_owner.context["total"], of_lead.context["total"]) == (SOME, led)
    assert led == SOME // 2
    assert length_of(page_of(client, lea, "portfolio:projects")) == led
    assert "the engagements you work on" in text_of(of_lead)


def test_a_customer_is_not_told_that_it_exists_and_a_consultant_why_they_may_not(client, some, carl, ada, sam):
    assert page_of(client, carl).status_code == 404
    assert page_of(client, carl, "portfolio:figure", "stayed").status_code == 404
    for person in (ada, sam):
        refused = page_of(client, person)
        assert refused.status_code == 403
        assert "you may not read the figures of the practice" in text_of(refused)


def test_figures_start_with_the_second_engagement_that_is_over(client, olga, lea, sam):
    made = make_portfolio(12, seed=4, lead=lea, sales=sam)
    over = [one.pk for one in made if one.phase in {"completed", "stayed"}]
    assert len(over) > 2
    with_phase(made, "cancelled", over[1:])

    one_over = text_of(page_of(client, olga))
    with_phase(made, "completed", over[1:2])
    two_over = text_of(page_of(client, olga))

    assert "Figures start with the second finished engagement" in one_over
    assert "Rolled back in full" not in one_over
    assert "Rolled back in full" in two_over


def with_phase(made, phase, keys):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        changed = "SET phase = %s, phase_before_hold = '' WHERE id = ANY(%s)"
        cursor.execute(f"UPDATE engagements_engagement {changed}", [phase, keys])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_fewer_than_ten_cases_are_no_percentage(client, olga, lea, sam):
    make_portfolio(9, seed=4, lead=lea, sales=sam)
    few = page_of(client, olga).content.decode()

    shares = re.findall(r"\d+ of (\d+)( \(\d+ %\))?<", few)
    assert {int(of) >= 10 for of, percent in shares if percent} == {True}
    assert {int(of) < 10 for of, percent in shares if not percent} == {True}
    assert len(shares) > 10


def test_the_page_costs_the_same_queries_for_three_and_for_many(client, olga, lea, sam):
    make_portfolio(3, seed=9, lead=lea, sales=sam)
    few = queries_of(client, olga)
    make_portfolio(SOME, seed=9, lead=lea, sales=sam, first=4)

    assert queries_of(client, olga) == few > 10


def queries_of(client, person):
    page_of(client, person)
    with CaptureQueriesContext(connection) as asked:
        assert page_of(client, person).status_code == 200
    return len(asked)


def test_a_figure_that_does_not_exist_is_no_page(client, olga):
    assert page_of(client, olga, "portfolio:figure", "happiness").status_code == 404
    assert page_of(client, olga, "portfolio:figure_csv", "happiness").status_code == 404


def test_a_sheet_begins_no_cell_as_a_formula_does(client, some, olga):
    Organization.objects.filter(name="Sender 0001").update(name="=1+1")

    sheet = page_of(client, olga, "portfolio:projects_csv").content.decode("utf-8-sig")

    assert "'=1+1" in sheet
    assert ",=1+1" not in sheet


def test_what_an_ended_engagement_never_signed_is_planned_no_more(client, some, olga):
    before = gates_of(page_of(client, olga, "portfolio:projects"))
    with_phase(some, "cancelled", [one.pk for one in some])

    after = gates_of(page_of(client, olga, "portfolio:projects"))
    sheet = page_of(client, olga, "portfolio:projects_csv").content.decode("utf-8-sig")

    assert "Planned" in before
    assert set(after) == {"Signed", "Not signed"}
    assert after.count("Signed") == before.count("Signed") > 0
    assert ",not signed," in sheet
    assert "planned" not in sheet


def gates_of(page):
    return [gate.word for project in page.context["projects"] for gate in project.gates]


def test_the_sheet_of_a_construct_holds_what_its_page_lists(client, some, olga):
    construct = constructs_of(facts_of(Engagement.objects.all()))[0]
    asked = {"period": "all", "kind": construct.kind, "name": construct.name}
    client.force_login(olga)

    page = client.get(reverse("portfolio:construct"), asked)
    sheet = client.get(reverse("portfolio:construct_csv"), asked).content.decode("utf-8-sig")

    header, *rows = csv.reader(io.StringIO(sheet))
    assert header == ["engagement", "customer", "times", "stands at"]
    assert len(rows) == length_of(page) == construct.engagements > 0
    assert sum(int(row[2]) for row in rows) == construct.times
    assert f"{reverse('portfolio:construct_csv')}?" in page.content.decode()
