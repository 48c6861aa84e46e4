from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from engagements.models import Engagement, Question, Reply


@transaction.atomic
def ask_question(
    engagement: Engagement, *, actor: User, text: str, is_blocking: bool = False, about: str = "", about_url: str = ""
) -> Question:
    """Open a thread. It blocks the signature only when the asker says so."""
    require(actor, Permission.ASK, engagement.organization)
    if not text.strip():
        raise DomainError("Write the question first.")
    question = Question.objects.create(
        engagement=engagement,
        text=text.strip(),
        is_blocking=is_blocking,
        about=about,
        about_url=about_url,
        asked_by=actor,
        asked_at=timezone.now(),
    )
    record("question.asked", subject=question, actor=actor, text=question.text[:120], is_blocking=is_blocking)
    return question


@transaction.atomic
def answer_question(question: Question, *, actor: User, text: str) -> Reply:
    require(actor, Permission.ASK, question.engagement.organization)
    if not text.strip():
        raise DomainError("Write the answer first.")
    reply = Reply.objects.create(question=question, text=text.strip(), written_by=actor, written_at=timezone.now())
    record("question.answered", subject=question, actor=actor, question=question.pk)
    return reply


@transaction.atomic
def resolve_question(question: Question, *, actor: User) -> Question:
    """Close a thread. Raises Conflict when somebody has, saying who."""
    question = Question.objects.select_for_update(of=("self",)).select_related("resolved_by").get(pk=question.pk)
    require(actor, Permission.ASK, question.engagement.organization)
    if question.resolved_at:
        raise Conflict(f"{question.resolved_by} closed this on {told(question.resolved_at)}.")
    question.resolved_by, question.resolved_at = actor, timezone.now()
    question.save(update_fields=["resolved_by", "resolved_at"])
    record("question.resolved", subject=question, actor=actor, question=question.pk)
    return question
