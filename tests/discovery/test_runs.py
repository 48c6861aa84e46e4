"""The list of runs, the comparison of two, and what it says over the API."""

import pytest
from django.urls import reverse

from discovery.models import Finding, Upload
from discovery.run_queries import compare_runs
from tests.discovery.pages import text_of, url
from tests.factories.discovery import MAIN_CF, MASTER_CF, SMALL_ESTATE, read
from tests.kept import kept

pytestmark = pytest.mark.django_db

CHANGED = SMALL_ESTATE | {
    "etc/postfix/main.cf": MAIN_CF.replace("message_size_limt = 20480000", "soft_bounce = yes").replace("2.10", "2.99"),
    "etc/postfix/master.cf": MASTER_CF.replace("192.0.2.11", "192.0.2.98").replace("20      smtp", "40      smtp"),
    "etc/postfix/header_checks": "/^X-Old:/ IGNORE\n/^X-New:/ IGNORE\n",
}


@kept
def two_runs(engagement, ada):
    return read(engagement, actor=ada), read(engagement, actor=ada, files=CHANGED)


def told(before, after):
    return {
        section.slug: [(change.kind, change.shown.name) for change in section.changes]
        for section in compare_runs(before, after).sections
    }


def test_every_subject_says_what_differs(two_runs):
    differences = told(*two_runs)

    assert differences["parameters"] == [
        ("changed", "smtp_bind_address"),
        ("removed", "message_size_limt"),
        ("added", "soft_bounce"),
    ]
    assert differences["services"] == [("changed", "bulk/unix")]
    assert differences["options"] == [("changed", "bulk/unix -o smtp_bind_address")]
    assert differences["tables"] == [("changed", "header_checks regexp:/etc/postfix/header_checks")]
    assert differences["rows"] == [
        ("removed", "etc/postfix/header_checks /^List-Unsubscribe:(.*)/"),
        ("added", "etc/postfix/header_checks /^X-Old:/"),
        ("added", "etc/postfix/header_checks /^X-New:/"),
    ]
    assert {name for _, name in differences["files"]} == set(SMALL_ESTATE)
    gone = Finding.objects.get(evidence__startswith="message_size_limt")
    assert ("removed", str(gone)) in differences["findings"]


def test_old_and_new_value_stand_with_file_and_line(two_runs):
    parameters = compare_runs(*two_runs).sections[0]

    bind = parameters.changes[0]
    assert (bind.before.value, bind.before.file, bind.before.line) == ("192.0.2.10", "etc/postfix/main.cf", 5)
    assert (bind.after.value, bind.after.line) == ("192.0.2.99", 5)
    assert parameters.unchanged == 6


ROUTES = "a.example slow:\nb.example slow:\nc.example fast:\n"
MOVED = "a.example fast:\n# kept\nb.example slow:\nd.example fast:\n"


def rows_between(before, after):
    return next(section for section in compare_runs(before, after).sections if section.slug == "rows")


def test_a_row_of_a_table_that_changed_is_told_old_and_new(as_ada, engagement, ada):
    before, after = (
        read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/transport": text}) for text in (ROUTES, MOVED)
    )

    rows = rows_between(before, after)

    changed, removed, added = rows.changes
    assert (changed.before.value, changed.before.line) == ("slow:", 1)
    assert (changed.after.value, changed.after.file, changed.after.line) == ("fast:", "etc/postfix/transport", 1)
    assert (removed.before.name, removed.after) == ("etc/postfix/transport c.example", None)
    assert (added.before, added.after.line) == (None, 4)
    assert rows.unchanged == 1
    page = text_of(as_ada.get(url("compare", engagement)))
    assert "Rows of tables" in page
    assert "1 added, 1 removed, 1 changed, 1 unchanged." in page


def test_a_table_that_is_too_large_is_named_instead_of_read(as_ada, engagement, ada):
    large = "".join(f"host{number}.example slow:\n" for number in range(60_000))
    before, after = (
        read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/transport": text})
        for text in (large, large + "b.example x:\n")
    )

    rows = rows_between(before, after)

    assert rows.too_large == ("etc/postfix/transport",)
    assert rows.changes == ()
    assert "etc/postfix/transport</span> is too large to be compared" in text_of(as_ada.get(url("compare", engagement)))


def test_tables_that_did_not_change_are_not_listed_row_by_row(two_runs):
    slugs = [section.slug for section in compare_runs(two_runs[0], two_runs[0]).sections]

    assert "tables" in slugs
    assert "rows" not in slugs


def test_two_hosts_with_one_configuration_differ_in_nothing(engagement, ada):
    one, other = (read(engagement, actor=ada, host=host) for host in ("mta1", "mta2"))

    comparison = compare_runs(one, other)

    assert comparison.change_count == 0
    assert comparison.unchanged > 20


def test_a_repeated_upload_compares_by_the_one_it_repeats(engagement, ada, two_runs):
    repeat = Upload.objects.get(pk=read(engagement, actor=ada, files=CHANGED).pk)

    assert compare_runs(two_runs[1], repeat).change_count == 0
    assert told(two_runs[0], repeat) == told(*two_runs)


def test_the_page_of_a_repeated_upload_names_the_one_it_repeats_and_counts_nothing(as_ada, engagement, ada, two_runs):
    repeat = read(engagement, actor=ada, files=CHANGED)

    page = text_of(as_ada.get(url("upload", engagement, repeat.number)))
    first = text_of(as_ada.get(url("upload", engagement, 2)))

    assert f'<a href="{url("upload", engagement, 2)}">The same as upload 2</a>: nothing changed.' in page
    assert ("0 parameters" in page, "0 files" in page) == (False, False)
    assert "The same as upload" not in first


def test_one_run_on_both_sides_is_refused(as_ada, engagement, two_runs):
    both = {"before": 2, "after": 2}
    page = as_ada.get(url("compare", engagement), both)
    route = as_ada.get(reverse("api:discovery:compare", args=[engagement.code]), both)

    assert (page.status_code, route.status_code) == (422, 422)
    assert "Upload 2 stands on both sides" in text_of(page)


def test_the_list_says_what_each_run_did(as_ada, engagement, ada, two_runs):
    read(engagement, actor=ada, files=CHANGED)
    latest = Upload.objects.get(pk=two_runs[1].pk)

    page = text_of(as_ada.get(url("runs", engagement)))

    assert "The same as upload 2: nothing changed" in page
    assert f"{latest.new_count} new, {latest.changed_count} changed, {latest.gone_count} gone" in page
    assert latest.gone_count > 0


def test_the_page_compares_the_two_latest_runs_unless_it_is_told_which(as_ada, engagement, two_runs):
    page = text_of(as_ada.get(url("compare", engagement)))
    backwards = text_of(as_ada.get(url("compare", engagement), {"before": 2, "after": 1}))

    assert "Upload 1 against upload 2" in page
    assert f"{url('file', engagement, 1, 'etc/postfix/main.cf')}?line=5#L5" in page
    assert f"{url('file', engagement, 2, 'etc/postfix/main.cf')}?line=5#L5" in page
    assert "Upload 2 against upload 1" in backwards


def test_links_of_a_repeat_lead_to_the_upload_that_has_the_files(as_ada, engagement, ada, two_runs):
    read(engagement, actor=ada, files=CHANGED)

    page = text_of(as_ada.get(url("compare", engagement), {"before": 1, "after": 3}))

    assert "Upload 1 against upload 3" in page
    assert url("file", engagement, 2, "etc/postfix/main.cf") in page
    assert url("file", engagement, 3, "etc/postfix/main.cf") not in page


@pytest.mark.parametrize("number", ["99", "3"])
def test_a_run_that_is_not_there_or_was_refused_is_not_found(as_ada, engagement, ada, two_runs, number):
    read(engagement, actor=ada, content=b"PK\x03\x04 torn")

    assert as_ada.get(url("compare", engagement), {"before": "1", "after": number}).status_code == 404


def test_one_run_has_nothing_to_be_compared_with(as_ada, engagement, ada):
    read(engagement, actor=ada)

    assert "There are not two runs yet" in text_of(as_ada.get(url("compare", engagement)))


def test_the_next_run_proves_a_fix(as_ada, engagement, two_runs):
    gone = engagement.findings.get(evidence__startswith="message_size_limt")

    page = text_of(as_ada.get(url("finding", engagement, gone.number)))

    assert "Proven fixed by" in page
    assert f"{url('compare', engagement)}?before=1&after=2" in page


@pytest.mark.parametrize("name", ["runs", "compare"])
def test_more_rows_cost_no_more_queries(as_ada, engagement, ada, two_runs, name, django_assert_max_num_queries):
    as_ada.get(url(name, engagement))
    with django_assert_max_num_queries(40) as few:
        as_ada.get(url(name, engagement))

    for number in range(3):
        main = MAIN_CF + "".join(f"made_up_{number}_{line} = 1\n" for line in range(20))
        read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/main.cf": main})
    with django_assert_max_num_queries(40) as many:
        as_ada.get(url(name, engagement))

    assert len(many) == len(few)


def test_the_api_answers_the_same_comparison(as_ada, engagement, two_runs):
    route = reverse("api:discovery:compare", args=[engagement.code])

    body = as_ada.get(route, {"before": 1, "after": 2}).json()
    unknown = as_ada.get(route, {"before": 1, "after": 9})
    odd = as_ada.get(route, {"before": "one"})

    assert (body["before"]["number"], body["after"]["number"]) == (1, 2)
    bind = body["sections"][0]["changes"][0]
    assert (bind["kind"], bind["before"]["value"], bind["after"]["line"]) == ("changed", "192.0.2.10", 5)
    assert (unknown.status_code, odd.status_code) == (404, 422)
