"""What a revision says differently from the one before it: on the page, on the paper, and as a rule."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from pypdf import PdfReader

from pricing.calculation.books import book_on
from pricing.calculation.changes import changes_between
from pricing.calculation.proposal import work_out
from pricing.content import offer_content
from pricing.domain.draft_quote import draft_quote
from pricing.domain.record_request import change_request
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest
from pricing.revisions import changes_in
from tests.factories.pricing import CONTACT, MULTI_IP, STANDARD, fetch, send_quote
from tests.pricing.test_calculation_laws import POINTS

BOOK = book_on(date(2026, 11, 23))


def offer(points):
    return offer_content(work_out(points, BOOK), BOOK)


def rows(before, after):
    return [(change.what, change.before, change.after) for change in changes_between(offer(before), offer(after))]


def test_one_more_ip_changes_the_data_point_alone():
    assert rows(MULTI_IP, replace(MULTI_IP, ips=7)) == [("IPs", "6", "7")]


def test_another_tier_is_told_with_its_line_its_total_and_its_terms():
    found = rows(STANDARD, replace(STANDARD, pools=2))

    assert found[:5] == [
        ("Pools", "1", "2"),
        ("Tier", "Standard: one domain, one pool", "Multi-IP: up to 8 IPs, streams kept apart"),
        ("Line: Standard: one domain, one pool", "USD 14,500", ""),
        ("Line: Multi-IP: up to 8 IPs, streams kept apart", "", "USD 28,500"),
        ("Total fixed fee", "USD 14,500", "USD 28,500"),
    ]
    assert ("Promised", "6 to 8 weeks of work", "10 to 14 weeks of work") in found
    assert ("Promised", "6 to 8 weeks of work", "") not in found


def test_a_last_day_is_compared_only_where_both_have_one():
    before, after = {**offer(MULTI_IP), "valid_until": "Mon"}, offer(MULTI_IP)

    assert changes_between(before, after) == ()
    assert [change.what for change in changes_between(before, {**after, "valid_until": "Tue"})] == ["Valid until"]


@given(POINTS, POINTS)
def test_equal_offers_have_no_changes_and_changes_read_backwards_are_the_same(one, other):
    there, back = changes_between(offer(one), offer(other)), changes_between(offer(other), offer(one))

    assert changes_between(offer(one), offer(one)) == ()
    assert {(each.what, each.before, each.after) for each in there} == {
        (each.what, each.after, each.before) for each in back
    }
    assert all(each.before != each.after for each in there)


@pytest.fixture
def revised(sent, sam):
    """Revision B, sent, with 7 IPs."""
    revision = revise_quote(sent, actor=sam)
    request = revision.engagement.request
    change_request(request, actor=sam, contact=CONTACT, points=replace(MULTI_IP, ips=7), shown_version=request.version)
    draft = fetch(draft_quote(request, actor=sam))
    return fetch(send_quote(draft, actor=sam, shown_digest=draft_digest(draft)))


@pytest.mark.django_db
def test_a_first_revision_changes_nothing(sent):
    assert changes_in(sent) is None
    assert sent.document.snapshot["changes"] is None


@pytest.mark.django_db
def test_the_paper_of_a_revision_keeps_what_its_page_shows(revised):
    changes = changes_in(revised)

    assert changes == revised.document.snapshot["changes"]
    assert changes["against"] == "A"
    assert {"what": "IPs", "before": "6", "after": "7"} in changes["rows"]


@pytest.mark.django_db
def test_both_sides_read_the_changes_on_the_page(revised, client, sam, carl):
    for reader in (sam, carl):
        client.force_login(reader)

        page = client.get(reverse("pricing:quote", args=[revised.reference])).content.decode()

        assert "Changes against revision A" in page
        assert f"Read {revised.number}-A" in page


@pytest.mark.django_db
def test_a_discarded_draft_is_nothing_to_compare_with(sent, sam):
    revision = revise_quote(sent, actor=sam)

    withdraw_quote(revision, actor=sam, reason="Typed twice")

    assert changes_in(fetch(revision))["against"] == "A"


class TestPrinted:
    @pytest.fixture
    def quick_paper(self):
        """Here the paper is drawn by `reports` itself."""

    @pytest.mark.django_db
    def test_the_changes_are_printed(self, revised):
        reader = PdfReader(io.BytesIO(bytes(revised.document.pdf)))
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())

        assert "Changes against revision A" in text
        assert "IPs 6 7" in text
        assert revised.document.page_count <= 3
