"""The plan prints which target the answers lead to, and what each way costs."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.utils import timezone

from discovery.domain.answer_selection import SelectionText, answer_selection
from engagements.content import current_content
from pricing.domain.assume_cost import Assumed, assume_cost
from pricing.domain.size_stream import Sized, size_stream
from pricing.models import Request
from reports.outline import outline_of
from reports.rendering import document_html
from tests.discovery.test_selection import answer_all
from tests.engagements.journey import gate_of, put_up, sign

pytestmark = pytest.mark.django_db


def printed(content):
    """The pages on the target and on costs, and the annex with every answer."""
    wanted = [
        section
        for section in outline_of("plan")
        if section.key in {"verdict", "chosen", "costs", "weighed", "evidence"}
    ]
    stamp = {"reference": "E-2026-0147-G1", "version": 1, "title": "Migration plan", "organization": "Northlake"}
    return unescape(document_html("plan", {"stamp": stamp, "content": content}, wanted))


def test_the_sum_stands_there_with_who_answered_and_what_would_change_it(begun, carl):
    answer_all(begun, actor=carl)

    content = current_content(gate_of(begun, 1))

    chosen = content["chosen"]
    assert (chosen["result"], chosen["total"], chosen["method"]) == ("PowerMTA", "+26", "1.0")
    assert [row["points"] for row in chosen["answers"]] == ["+18", "+14", "0", "+10", "-12", "-8", "+4"]
    assert {row["who"] for row in chosen["answers"]} == {"Carl Brandt"}
    assert "KumoMTA by 10" in printed(content)


def test_half_an_answer_prints_no_sum(begun, carl):
    answer_selection(begun, variable="licence_budget", text=SelectionText("yes"), actor=carl)

    content = current_content(gate_of(begun, 1))

    assert content["chosen"]["total"] == ""
    assert {row["points"] for row in content["chosen"]["answers"]} == {""}
    assert "+18" not in printed(content)


def test_a_replaced_number_is_printed_with_its_reason(begun, carl):
    assume_cost(begun, key="hour_rate", assumed=Assumed(Decimal(110), "Our own rate"), actor=carl)

    content = current_content(gate_of(begun, 1))

    assert content["costs"]["rate"] == "USD 110"
    assert content["costs"]["replaced"] == [
        {"label": "An engineering hour", "number": "110 USD", "reason": "Our own rate", "who": "Carl Brandt"}
    ]
    assert "Our own rate" in printed(content)


def test_another_answer_makes_the_signed_plan_stale(begun, ada, carl):
    answer_all(begun, actor=carl)
    sign(put_up(begun, 1, consultant=ada, customer=carl), signer=carl)

    answer_selection(begun, variable="redesign", text=SelectionText("greenfield", version=1), actor=ada)

    assert gate_of(begun, 1).state == "open"


def test_a_new_day_makes_no_signed_plan_stale(begun, ada, carl, time_machine):
    document = put_up(begun, 1, consultant=ada, customer=carl)

    time_machine.move_to(timezone.now() + timedelta(days=40))

    assert current_content(gate_of(begun, 1))["costs"] == document.snapshot["costs"]


def test_a_plan_from_before_there_was_a_choice_still_opens():
    assert "Nothing had been weighed when this was made" in printed({})


def test_the_plan_tells_the_streams_apart_once_their_numbers_are_known(begun, ada, sam):
    facts = {"month": 9_400_000, "peak": 410_000, "ips": 6, "streams": 2, "tenants": 0}
    Request.objects.create(engagement=begun, owner=sam, contact_email="carl@northlake.example", **facts)
    assert current_content(gate_of(begun, 1))["weighed"] is None
    size_stream(begun.streams.get(number=1), sized=Sized("A report.", month=600_000, ips=1), actor=ada)
    size_stream(begun.streams.get(number=2), sized=Sized("A report.", month=8_800_000, ips=5), actor=ada)

    content = current_content(gate_of(begun, 1))

    page = printed(content)
    assert content["weighed"]["label"] == "Migrate one of 2 streams, keep one on Postfix"
    assert [(row["says"], row["marked"]) for row in content["weighed"]["streams"]] == [
        ("Stay on Postfix", "Not decided"),
        ("Migrate", "Not decided"),
    ]
    assert "600,000 a month, one IP" in page
    assert "A report. (Ada Quint)" in page


def test_figures_carry_a_true_minus_and_the_price_book_its_own_date(begun, carl):
    answer_all(begun, actor=carl)

    content = current_content(gate_of(begun, 1))

    page = printed(content)
    assert ">\u221212</td>" in page
    assert "-12" not in page
    assert content["costs"]["book_date"] == "2026-01-01"
    assert "Price book of Thu 1 Jan 2026; " in page
    assert "Carl Brandt. A person who decides said so" in page
