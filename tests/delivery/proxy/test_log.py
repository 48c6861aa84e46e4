"""What the proxy says of itself."""

import json

from delivery.proxy import log as log_module
from delivery.proxy.log import MOST_A_SECOND, Log


def test_an_event_is_a_line_of_json_with_its_process_and_without_what_is_not_known(capsys):
    Log(3)("failover", to="old", why="it was lost\n", client=None)

    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said.pop("time").startswith("20")
    assert said == {"event": "failover", "process": 3, "to": "old", "why": "it was lost\n"}


def test_of_an_event_that_comes_too_often_the_rest_is_counted_and_told_with_the_next(capsys, monkeypatch):
    second = [100.0]
    monkeypatch.setattr(log_module.time, "monotonic", lambda: second[0])
    log = Log()

    for _ in range(MOST_A_SECOND + 7):
        log("unreachable")
    log("failover")
    second[0] += 1
    log("unreachable")

    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [one["event"] for one in said] == [*["unreachable"] * MOST_A_SECOND, "failover", "unreachable"]
    assert [one.get("left_out_before") for one in said] == [*[None] * (MOST_A_SECOND + 1), 7]
