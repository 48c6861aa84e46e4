"""Visitors of the demo's website: two who sent their request, one with a call, and one who left in the middle."""

from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from accounts.models import User
from portal.demo.clock import days_ago
from pricing.domain.book_call import book_call
from pricing.domain.keep_intake import begin_intake, find_intake, keep_step
from pricing.domain.publish_call_times import CallTimes, publish_call_times
from pricing.domain.send_intake import send_intake
from pricing.openings import free_times
from pricing.start_steps import ABOUT, CALL, Reading

_VISITORS = Path(__file__).with_name("website.yaml")


@cache
def _book() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load(_VISITORS.read_text(encoding="utf-8"))
    return book


def visit(staff: dict[str, User]) -> None:
    """Sales publishes times, then each visitor goes as far as they went."""
    facts = _book()["times"]
    hours = [(time.fromisoformat(facts["starts"]), time.fromisoformat(facts["ends"]))]
    week = dict.fromkeys(facts["weekdays"], hours)
    with days_ago(50):
        publish_call_times(staff["sales"], times=CallTimes(week, facts["minutes"]))
    for visitor in _book()["visitors"]:
        _ask(visitor)


def _ask(visitor: dict[str, Any]) -> None:
    with days_ago(visitor["days_ago"]):
        token = begin_intake(step=ABOUT, typed=visitor["about"])
        for step, typed in visitor["steps"].items():
            keep_step(token, step=step, typed=typed)
        if visitor["sent"]:
            keep_step(token, step=CALL, typed={"time": "none"})
            _send(token)
    if "call" in visitor:
        _book_call(token, visitor)


def _send(token: str) -> None:
    intake = find_intake(token)
    if intake is None:
        raise RuntimeError("what was begun a moment ago is gone")
    send_intake(token, asked=Reading(intake).asked())


def _book_call(token: str, visitor: dict[str, Any]) -> None:
    """By the link, after sending: the time is free now, whenever the demo is built."""
    intake = find_intake(token)
    if intake and intake.request:
        moment = free_times()[visitor["call"]]
        book_call(
            intake.request, starts_at=moment, time_zone=visitor["about"]["time_zone"], telephone=visitor["telephone"]
        )
