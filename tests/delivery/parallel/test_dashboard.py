"""The dashboard says what goes the new way, how old that knowledge is, and what stands against the next step."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from delivery.domain.change_share import open_ramp
from delivery.domain.decide_trigger import report_trigger
from delivery.domain.roll_back import explain_rollback, note_resumed, tick_step
from delivery.models import Rollback
from tests.delivery.parallel.runs import run_until
from tests.delivery.parallel.test_rollback import at
from tests.factories.traffic import reconcile, start_rollback, take_in_small_day, with_phase

pytestmark = pytest.mark.django_db

MOST_QUERIES = 22  # of a page with navigation and session; two of them raise and lower the second guard


@pytest.fixture
def seen(client, engagement):
    def seen(person):
        client.force_login(person)
        page = client.get(reverse("parallel:dashboard", args=[engagement.code]))
        return " ".join(strip_tags(page.content.decode()).split())

    return seen


def test_before_there_is_anything_it_says_what_will_stand_here(seen, carl):
    shown = seen(carl)

    assert "Nothing has been reconciled yet" in shown
    assert "No ramp yet" in shown
    assert "The way back to Postfix has not been drilled yet." in shown


def test_the_warm_up_is_reached_before_there_is_a_run(client, engagement, carl):
    client.force_login(carl)

    page = client.get(reverse("parallel:dashboard", args=[engagement.code])).text

    assert page.count(f'href="{reverse("parallel:warm_up", args=[engagement.code])}"') == 1


def test_the_first_lines_say_the_share_and_the_open_cases_and_no_share_while_everything_goes_back(seen, ready, ada):
    take_in_small_day(ready.engagement, actor=ada, lost=[7])
    reconcile(ready.engagement, actor=ada)
    note_resumed(Rollback.objects.get(engagement=ready.engagement), said="The proxy goes on.", actor=ada)

    before = seen(ada)
    start_rollback(ready.engagement, is_drill=False, actor=ada)
    after = seen(ada)

    assert "All mail: 10&nbsp;% on the new route. 1 open case" in before
    assert "is under way. 1 open case" in after
    assert "All mail: 10" not in after


def test_old_data_are_a_problem_and_never_look_good(seen, engagement, ramp, ada, vera):
    with_phase(engagement, "parallel")
    run_until(engagement, ada, timezone.now() - timedelta(hours=3))

    shown = seen(vera)

    assert "Data until 3 h ago" in shown
    assert "(3 h ago)" not in shown
    assert "Cannot start yet" in shown
    assert "Northlake Logistics has not said yes to 10 % yet." in shown


def test_old_and_new_stand_side_by_side_and_no_traffic_is_not_zero_percent(seen, engagement, ramp, ada):
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)

    shown = seen(ada)

    assert "Google 0.00 % none" in shown
    assert "Fri 20 Nov 2026 30 1 0" in shown
    assert "Case 1: Missing on the old side, 1 message" in shown


def test_the_last_drill_is_shown_with_its_time(seen, engagement, ramp, ada):
    tick_step(start_rollback(engagement, is_drill=True, actor=ada).steps.get(position=2), actor=ada)

    assert "Armed Last drill 0:00" in seen(ada)


def test_after_a_drill_the_share_is_not_said_to_run_until_the_proxy_was_told(seen, engagement, ramp, ada):
    at(ramp, 25)
    drill = start_rollback(engagement, is_drill=True, actor=ada)
    tick_step(drill.steps.get(position=2), actor=ada)
    after = seen(ada)
    note_resumed(drill, said="The proxy goes on.", actor=ada)
    resumed = seen(ada)

    assert "On Postfix since Drill 1." in after
    assert "it sends everything to Postfix until it is told to resume" in after
    assert "Everything goes to Postfix. 25&nbsp;% on the new route is the step it left, set" in after
    assert "All mail: 25" not in after
    assert "10 % passed 25 % left 50 % to do" in after
    assert "until it is told to resume" not in resumed
    assert "Everything goes to Postfix" not in resumed
    assert "All mail: 25&nbsp;% on the new route." in resumed
    assert "10 % passed 25 % now 50 % to do" in resumed


def test_a_share_that_was_set_after_a_drill_ended_it_at_the_proxy(seen, engagement, ramp, ada):
    tick_step(start_rollback(engagement, is_drill=True, actor=ada).steps.get(position=2), actor=ada)
    at(ramp, 25)

    assert "until it is told to resume" not in seen(ada)


def test_its_queries_grow_neither_with_the_traffic_nor_with_the_ramps(
    client, ready, ada, django_assert_max_num_queries
):
    """With everything on it: three ramps, a crossed trigger, a case, and a drill that runs."""
    for rule in ("partners", "alerts"):
        open_ramp(ready.engagement, actor=ada, rule=rule)
    report_trigger(ready.engagement, key="bounces", seen="Nothing arrives.", actor=ada)
    take_in_small_day(ready.engagement, actor=ada, lost=[7])
    reconcile(ready.engagement, actor=ada)
    start_rollback(ready.engagement, is_drill=True, actor=ada)
    client.force_login(ada)

    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse("parallel:dashboard", args=[ready.engagement.code]))

    assert page.content.count(b"Cannot start yet") == 3


def test_what_is_over_can_be_opened_and_says_what_is_left(seen, engagement, ramp, ada):
    drill = start_rollback(engagement, is_drill=True, actor=ada)
    running = seen(ada)
    tick_step(drill.steps.get(position=2), actor=ada)
    over = seen(ada)
    explain_rollback(drill, reason="Held as planned.", actor=ada)
    explained = seen(ada)

    assert "Drill 1, over since" not in running
    assert "; what led to it is not recorded yet" in over
    assert "Drill 1, over since" in explained
    assert "; what led to it is not recorded yet" not in explained


def test_the_command_after_a_drill_names_the_shares_whatever_the_proxy_was_told_before(client, engagement, ramp, ada):
    at(ramp, 25)
    drill = start_rollback(engagement, is_drill=True, actor=ada)
    tick_step(drill.steps.get(position=2), actor=ada)
    client.force_login(ada)

    shown = client.get(reverse("parallel:rollback", args=[engagement.code, drill.number])).content.decode()

    assert "--config proxy.toml set &quot;new=25&quot;" in shown or '--config proxy.toml set "new=25"' in shown
    assert "proxy.toml resume" not in shown
