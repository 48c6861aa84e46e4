from typing import Any

from django.db.models import Model

from accounts.models import User
from core.audit import record
from core.jobs import enqueue
from core.models import Job
from pricing.papers import unfinished_paper


def request_paper(kind: str, *, subject: Model, actor: User, action: str, about: str, **arguments: Any) -> Job:
    """Have a worker draw a paper and do what goes with it; while it is at it, asking again changes nothing.

    Part of an act that holds the engagement's lock, has asked for the permission and checked what can be checked now.
    """
    if under_way := unfinished_paper(subject, kind):
        return under_way
    record(action, subject=subject, actor=actor, about=about)
    return enqueue(kind, subject=subject, actor=actor, key=f"{subject._meta.model_name}-{subject.pk}", **arguments)
