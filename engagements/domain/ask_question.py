from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, allowed, require
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from core.masking import without_secrets
from core.numbering import next_number
from core.wording import told
from engagements.domain.announce_question import announce_question, announce_reply
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement, Gate, Question, Reply


@dataclass(frozen=True, slots=True)
class About:
    """What a thread is about: in words, where that is read, and of which section of which gate's document it speaks."""

    words: str = ""
    url: str = ""
    gate: Gate | None = None
    section: str = ""


NOTHING_IN_PARTICULAR = About()


@transaction.atomic
def ask_question(
    engagement: Engagement,
    *,
    actor: User,
    text: str,
    is_blocking: bool = False,
    about: About = NOTHING_IN_PARTICULAR,
    told_otherwise: Collection[User] = (),
) -> Question:
    """Open a thread. It blocks the signature only when the asker says so.

    `told_otherwise` get a mail of the caller's instead of the one about a question.
    """
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.ASK, engagement.organization)
    if not text.strip():
        raise DomainError("Write the question first.")
    question = Question.objects.create(
        engagement=engagement,
        number=next_number(Question.objects.filter(engagement=engagement)),
        text=without_secrets(text),
        is_blocking=is_blocking,
        about=about.words,
        about_url=about.url,
        gate=about.gate,
        section=about.section,
        asked_by=actor,
        asked_at=timezone.now(),
    )
    record("question.asked", subject=question, actor=actor, text=question.text[:120], is_blocking=is_blocking)
    announce_question(question, told_otherwise=told_otherwise)
    return question


@transaction.atomic
def answer_question(question: Question, *, actor: User, text: str) -> Reply:
    require(actor, Permission.ASK, lock_engagement(question.engagement_id).organization)
    if not text.strip():
        raise DomainError("Write the answer first.")
    reply = Reply.objects.create(
        question=question, text=without_secrets(text), written_by=actor, written_at=timezone.now()
    )
    record("question.answered", subject=question, actor=actor, question=question.number)
    announce_reply(reply)
    return reply


@transaction.atomic
def resolve_question(question: Question, *, actor: User) -> Question:
    """Close a thread. One that blocks a signature is closed by whoever asked, or by a lead.

    Raises Conflict when somebody has closed it, saying who.
    """
    organization = lock_engagement(question.engagement_id).organization
    question = Question.objects.select_for_update(of=("self",)).select_related("resolved_by").get(pk=question.pk)
    require(actor, Permission.ASK, organization)
    if question.is_blocking and actor.pk != question.asked_by_id:
        _require_lead(question, actor)
    if question.resolved_at:
        raise Conflict(f"{question.resolved_by} closed this on {told(question.resolved_at)}.")
    question.resolved_by, question.resolved_at = actor, timezone.now()
    question.save(update_fields=["resolved_by", "resolved_at"])
    record("question.resolved", subject=question, actor=actor, question=question.number)
    return question


def _require_lead(question: Question, actor: User) -> None:
    if not allowed(actor, Permission.OVERRIDE_CHECK, question.engagement.organization):
        raise Refused(f"This question blocks a signature: {question.asked_by}, who asked it, or the lead closes it.")
