"""What apps say beside a gate or a task without holding it shut. They register it here, from their own gates.py."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.models import User
from engagements.models import Engagement, Gate, GateTask


@dataclass(frozen=True, slots=True)
class Beside:
    """A short panel of the page of a gate, or a link below a task.

    `action` is the text of the link to `url`, `anchor` the panel's name.
    """

    anchor: str
    title: str
    text: str
    action: str
    url: str


Source = Callable[[Engagement, User], Iterator[Beside]]

TaskSource = Callable[[GateTask, User], Iterator[Beside]]

_sources: list[tuple[int, Source]] = []
_task_sources: list[TaskSource] = []


def beside(gate: int) -> Callable[[Source], Source]:
    """Register what stands beside a gate. The function gets the engagement and the reader, and may say nothing."""

    def register(source: Source) -> Source:
        _sources.append((gate, source))
        return source

    return register


def said_beside(gate: Gate, reader: User) -> list[Beside]:
    return [said for number, source in _sources if number == gate.number for said in source(gate.engagement, reader)]


def beside_task(source: TaskSource) -> TaskSource:
    """Register what stands below every task. The function gets the task and the reader, and may say nothing."""
    _task_sources.append(source)
    return source


def said_beside_task(task: GateTask, reader: User) -> list[Beside]:
    return [said for source in _task_sources for said in source(task, reader)]
