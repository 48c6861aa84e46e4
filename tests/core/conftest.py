"""A kind of job whose halves a test fills in."""

import pytest

from core.jobs import JobKind, enqueue, job
from core.jobs.kinds import _kinds
from core.models import Counter


@pytest.fixture
def kind():
    """A kind whose halves the test fills in; `given_up` holds the reasons it was told."""

    @job("try_it", label="Trying it")
    class TryIt(JobKind):
        given_up = ()

        def prepare(self, handle):
            return handle.arguments.get("add", 1)

        def apply(self, handle, result):
            counter = handle.subject
            counter.value += result
            counter.save()
            return {"value": counter.value}

        def give_up(self, *told):
            type(self).given_up = tuple(told[1])

    yield TryIt
    del _kinds["try_it"]


@pytest.fixture
def subject(db):
    return Counter.objects.create(name="jobs")


@pytest.fixture
def queued(kind, subject):
    return enqueue("try_it", subject=subject, actor=None, add=3)
