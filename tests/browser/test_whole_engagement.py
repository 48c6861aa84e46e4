"""A whole engagement from intake to completed by four people, with a stream that stays and one fall-back.

Every click goes through pages of a portal of its own, with a real Postfix, the proxy and a stand-in for the new side.
Months pass on a calendar that all of them share: no limit is changed.
"""

import shutil
import tempfile
from pathlib import Path

import pytest

from benchmarks.parallel.calendar import MovedCalendar
from benchmarks.parallel_delivery import portal as started
from tests.browser.conftest import Portal
from tests.browser.whole.agreement import agree
from tests.browser.whole.cast import ZONE, Cast
from tests.browser.whole.cutover import cut_over, leave_the_cutover
from tests.browser.whole.discovery import discover
from tests.browser.whole.handoff import (
    answer_what_postfix_leaves,
    complete,
    monitor,
    note_what_runbooks_wait_for,
    pass_the_watch,
    put_the_runbooks_in_force,
    train_carl,
)
from tests.browser.whole.install import install
from tests.browser.whole.parallel import climb_with_a_fall_back, leave_parallel_delivery, plan_a_cutover
from tests.browser.whole.servers import HybridServers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def folder():
    """One that Postfix and PostgreSQL may read as accounts of their own."""
    folder = Path(tempfile.mkdtemp(prefix="gatepost-whole-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def calendar(folder):
    calendar = MovedCalendar(folder)
    calendar.environment["DNS_RESOLVER"] = str(ZONE)
    return calendar


@pytest.fixture
def cast(folder, calendar, chromium):
    var = folder / "portal"
    var.mkdir()
    with started(var, calendar) as url:
        yield Cast(chromium, Portal(url, var), calendar)


@pytest.fixture
def servers(folder, calendar):
    with HybridServers(folder, calendar) as servers:
        yield servers


def test_four_people_take_a_hybrid_engagement_from_intake_to_completed(cast, servers):
    agree(cast)
    discover(cast, servers)
    install(cast)
    journey, fell_back = climb_with_a_fall_back(cast, servers)
    leave_parallel_delivery(cast, journey)
    second = plan_a_cutover(cast, days=1)
    cut_over(cast, journey, second)
    leave_the_cutover(cast)
    note_what_runbooks_wait_for(cast)
    put_the_runbooks_in_force(cast)
    train_carl(cast)
    monitor(cast, journey)
    answer_what_postfix_leaves(cast, second)
    pass_the_watch(cast)
    receipt = complete(cast)

    run, truth = journey.people.read_run(journey.run_number), servers.truth()
    contracts = servers.contracts()
    assert "The engagement is completed." in receipt
    assert all("Signed" in phase for phase in phases_of(cast.carl, cast))
    assert "Fell back to Postfix" in cast.ada.go(fell_back)
    assert truth["accepted"] == truth["recipients"] == run["recipients"]
    assert (truth["lost"], truth["on both sides"], truth["twice on one side"]) == (0, 0, 0)
    assert {name for name, count in run["states"].items() if count} == {"Matched"}
    assert truth["ended on the new side"] > 0 < truth["taken by the world behind Postfix"]
    assert (contracts.old, contracts.new) == (contracts.sent, 0)


def phases_of(person, cast):
    person.go(cast.home)
    assert person.page.locator("h1").inner_text() == "Completed"
    return person.page.locator("[aria-label=Phases] li").all_inner_texts()
