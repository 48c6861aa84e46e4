"""Gate 4 asks for every cutover, gate 5 for what Postfix leaves behind: after it nothing could be answered any more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delivery.cutover_gate import everything_is_cut_over, what_postfix_leaves_is_answered
from delivery.domain.change_share import open_ramp
from delivery.domain.close_window import decommission
from delivery.models import Cutover
from tests.delivery.parallel.test_cutover import ANSWERS, done

pytestmark = pytest.mark.django_db


def test_gate_4_asks_that_each_ramp_is_cut_over(engagement, cutover, ada):
    planned = list(everything_is_cut_over(engagement))
    done(cutover)
    after = list(everything_is_cut_over(engagement))
    open_ramp(engagement, actor=ada, rule="partners")

    assert planned == ["Cutover 1 of All mail is not done."]
    assert after == []
    assert list(everything_is_cut_over(engagement)) == ["No cutover of partners is planned."]


def test_gate_4_stays_shut_without_a_ramp_and_after_a_fall_back(engagement, cutover):
    done(cutover)
    Cutover.objects.update(fallen_back_at=timezone.now(), fallen_back_by=cutover.planned_by)

    assert list(everything_is_cut_over(engagement)) == ["No cutover of All mail is planned."]
    assert list(what_postfix_leaves_is_answered(engagement)) == []


def test_gate_4_without_a_ramp(engagement):
    assert list(everything_is_cut_over(engagement)) == ["No ramp was opened, so nothing is cut over."]


def test_gate_5_waits_for_the_end_of_the_window_and_for_the_answers(engagement, cutover, ada):
    assert list(what_postfix_leaves_is_answered(engagement)) == []
    done(cutover)
    (inside,) = what_postfix_leaves_is_answered(engagement)
    Cutover.objects.update(done_at=timezone.now() - timedelta(days=31))
    (over,) = what_postfix_leaves_is_answered(engagement)

    decommission(cutover, answers=ANSWERS, actor=ada)

    assert "The window is open until" in inside
    assert over == "Cutover 1 waits for the answers on what Postfix leaves behind."
    assert list(what_postfix_leaves_is_answered(engagement)) == []


def test_a_window_that_is_over_is_not_said_to_be_open(client, engagement, cutover, lea):
    done(cutover, days_ago=31)
    client.force_login(lea)

    page = client.get(reverse("parallel:cutover", args=[engagement.code, cutover.number])).content.decode()

    assert "The window is over" in page
    assert "You can go back for" not in page
    assert "Sign for your side" not in page
