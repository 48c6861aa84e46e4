from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from accounts.models import User
from core.audit import record
from core.errors import Conflict
from core.jobs import enqueue
from core.jobs.kinds import label_of
from core.models import Job
from core.wording import told
from pricing.papers import unfinished_paper


def request_paper(
    kind: str, *, subject: Model, actor: User, action: str, about: str, words: Mapping[str, Any], **facts: Any
) -> Job:
    """Have a worker draw a paper and do what goes with it; while it is at it, asking again changes nothing.

    Part of an act that holds the engagement's lock, has asked for the permission and checked what can be checked now.
    `words` are what it will say or stand on: raises Conflict when it was asked for with others and is not there yet.
    """
    if under_way := unfinished_paper(subject, kind):
        _refuse_other(under_way, words)
        return under_way
    record(action, subject=subject, actor=actor, about=about)
    key = f"{subject._meta.model_name}-{subject.pk}"
    return enqueue(kind, subject=subject, actor=actor, key=key, **words, **facts)


def _refuse_other(under_way: Job, words: Mapping[str, Any]) -> None:
    if all(under_way.arguments.get(name) == word for name, word in words.items()):
        return
    by = f"{under_way.actor} asked" if under_way.actor else "It was asked"
    raise Conflict(
        f"{label_of(under_way.kind)} is under way already. {by} for it on {told(under_way.created_at)}, otherwise "
        "than you do now, and that is what will be sent. Yours was not taken: look again when it is there."
    )
