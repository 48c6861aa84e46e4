from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from core.queues import COMMON

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.jobs.handle import Handle
    from core.models import Job

Result = TypeVar("Result")
KindClass = TypeVar("KindClass", bound="type[JobKind[Any]]")

_kinds: dict[str, JobKind[Any]] = {}


class JobKind(ABC, Generic[Result]):
    """A kind of slow work in two halves, so that what it does happens once however often it is begun.

    `prepare` may be killed and begun again at any line: it reads, computes and reports progress, and writes nothing.
    `apply` runs in one transaction with marking the job done, under the job's row lock, and only while this worker
    still holds the lease: either all of it is there and the job is done, or nothing is.

    A DomainError from either fails the job at once with its sentences. Any other exception is tried again later,
    `max_attempts` times in all. `give_up` runs in the transaction that marks the job failed.
    """

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    max_attempts: ClassVar[int] = 3
    queue: ClassVar[str] = COMMON

    @abstractmethod
    def prepare(self, handle: Handle) -> Result:
        """The slow half. Its result goes to `apply` as it is, in the same process."""

    @abstractmethod
    def apply(self, handle: Handle, result: Result) -> dict[str, Any]:
        """The half that counts. Returns what the row shows as result, JSON-ready."""

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        """What else has to be written when the job has failed for good: a state on the subject, a mail."""


def job(name: str, *, label: str, max_attempts: int = 3, queue: str = COMMON) -> Callable[[KindClass], KindClass]:
    """Register a kind. `label` is what people see while it runs; `queue` is one of `core.queues`."""

    def register(kind: KindClass) -> KindClass:
        if name in _kinds:
            raise ValueError(f"Two kinds of job are called {name}")
        kind.name, kind.label, kind.max_attempts = name, label, max_attempts
        kind.queue = queue
        _kinds[name] = kind()
        return kind

    return register


def kind_of(name: str) -> JobKind[Any]:
    """Raises KeyError for a kind nobody registered."""
    return _kinds[name]


def queue_of(name: str) -> str:
    return _kinds[name].queue if name in _kinds else COMMON


def label_of(name: str) -> str:
    """What people see; a kind that is no longer known is shown by its name."""
    return _kinds[name].label if name in _kinds else name.replace("_", " ").capitalize()
