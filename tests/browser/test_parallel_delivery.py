"""Parallel delivery by its pages, with real servers behind them; all of it is benchmarks/parallel_delivery."""

import json
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from benchmarks.parallel.calendar import Calendar
from benchmarks.parallel.journey import Journey
from benchmarks.parallel.people import People
from benchmarks.parallel.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def servers():
    """In a folder that Postfix may read as an account of its own."""
    folder = Path(tempfile.mkdtemp(prefix="gatepost-parallel-"))
    folder.chmod(0o755)
    with Servers(folder, Calendar(), recipients=1, lost_replies=0) as servers:
        yield servers
    shutil.rmtree(folder)


def test_under_traffic_to_ten_percent_and_back_leaves_nothing_unexplained(portal, chromium, servers):
    people = People(chromium, portal.url, json.loads((portal.var / "demo-logins.json").read_text()))
    journey = Journey(servers, people, 2_000, seconds=9)

    journey.begin()
    journey.step_to(10)
    servers.send(150)
    journey.go_back("real")

    run, truth = people.read_run(journey.run_number), servers.truth()
    (back,) = journey.told["real"]
    assert truth["accepted"] == truth["recipients"] == run["recipients"] == 390
    assert truth["ended on the new side"] > 0 < truth["taken by the world behind Postfix"]
    assert (truth["lost"], truth["on both sides"], truth["twice on one side"]) == (0, 0, 0)
    assert {name for name, count in run["states"].items() if count} == {"Matched"}
    assert all(re.search(r"\+ 0 not accounted for", row) for row in run["balance"])
    assert len(run["balance"]) == 2
    assert people.open_cases() == []
    assert run["lines not understood"] == 0
    assert back["transactions on Postfix after the order"] >= 160 // 3
    assert back["seconds to the first one after it, all on Postfix"] >= back["seconds to the last one on the new route"]
    assert "All mail: 0 %" in people.ada.go(f"{people.parallel}ramps/1/")
