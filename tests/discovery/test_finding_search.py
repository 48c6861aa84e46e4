"""Whoever sees every finding is answered from the names of the findings, and finds the same as by reading each."""

import pytest
from django.db import connection
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from accounts.reach import is_given_everywhere
from accounts.search import MOST_HITS, Asked
from discovery.finding_search import first_of_all
from discovery.models import Finding
from discovery.search import find_findings
from engagements.search import holding
from tests.factories.discovery import bare_upload, made_up
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db

NAMED = [
    ("open-relay", "Anybody may relay through this host"),
    ("open-relay", "The host relays for anybody"),  # as an older pack called it
    ("milter", "A milter has no program"),
    ("percent", "100 % of \\ the mail_queue"),
]


@pytest.fixture
def portfolio(engagement, northlake, sam, ada, lea):
    """Three engagements, each name in each of them, and in the second something that Ada noted."""
    others = [make_engagement(northlake, sales=sam, lead=lea, title=f"Another {number}") for number in (1, 2)]
    for each in (engagement, *others):
        upload = bare_upload(each, actor=lea)
        rows = [made_up(upload, 1 + place, rule=rule, title=title) for place, (rule, title) in enumerate(NAMED * 2)]
        Finding.objects.bulk_create(rows)
    noted = {"rule": "noted", "source": "person", "first_seen": None, "last_seen": None}
    Finding.objects.bulk_create([made_up(upload, 40, title="A relay nobody owns", **noted)])
    return upload.engagement


def fresh(person):
    return User.objects.get(pk=person.pk)


def titles(person, text):
    return [hit.title for hit in find_findings(fresh(person), Asked.read(text))]


def read_one_by_one(text):
    """What is found by looking at each finding, as for a reader of a few engagements."""
    asked = Asked.read(text)
    named = holding(asked.words, "title", "rule") | Q(number=asked.number)
    found = Finding.objects.filter(named).order_by("engagement_id", "number")
    return [str(finding) for finding in found[: MOST_HITS + 1]]


@pytest.mark.parametrize(
    "text",
    [
        "relay",
        "RELAY anybody",
        "open-relay host",
        "open-RELAYanybody",
        "milter",
        "noted",
        "nobody relay",
        "100 %",
        "mail_queue",
        "mailXqueue",
        "\\",
        "F-003",
        "7",
        "40",
        "F-999999999",
        "nothing of this name",
    ],
)
def test_the_owner_finds_the_same_in_the_same_order_as_when_each_finding_is_read(portfolio, olga, text):
    asked = read_one_by_one(text)

    assert titles(olga, text) == asked


def test_the_first_are_those_of_the_page_however_many_names_fit(portfolio, olga):
    found = titles(olga, "e")

    assert len(found) == MOST_HITS + 1
    assert found == read_one_by_one("e")


def test_what_a_person_noted_is_found_beside_what_rules_say(portfolio, olga, lea):
    assert titles(olga, "relay nobody") == titles(lea, "relay nobody") == ["F-040 A relay nobody owns"]


def test_nothing_found_costs_as_many_queries_as_something(portfolio, olga, django_assert_num_queries):
    reader = fresh(olga)
    is_given_everywhere(reader, Permission.VIEW_EVIDENCE)

    for text in ("relay", "nothing of this name", "F-003"):
        with django_assert_num_queries(1):
            list(find_findings(reader, Asked.read(text)))


def test_who_sees_a_few_engagements_or_no_evidence_is_not_answered_from_all(portfolio, olga, lea, ada, sam, carl):
    given = {person for person in (olga, lea, ada, sam, carl) if is_given_everywhere(person, Permission.VIEW_EVIDENCE)}

    assert given == {olga, lea}
    assert titles(sam, "relay") == []
    assert "F-040 A relay nobody owns" not in titles(ada, "relay")
    assert {title.split()[0] for title in titles(ada, "milter")} == {"F-003", "F-007"}


def test_the_index_of_names_serves_the_search(portfolio):
    """A plan that reads every finding would be noticed in a portfolio of a million alone."""
    found = Finding.objects.filter(pk__in=first_of_all(Asked.read("relay"), 11))
    with connection.cursor() as cursor:
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
            cursor.execute(f"SET LOCAL {setting} = off")

        plan = found.explain()

    assert plan.count("using finding_by_name") == 3
    assert "using finding_noted" in plan
    assert "Seq Scan on discovery_finding" not in plan
