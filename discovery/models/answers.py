from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.constraints import together
from core.triggers import append_only, never_emptied
from discovery.questions.values import Given
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class AnswerSheet(models.Model):
    """The questionnaire of one engagement on its way: draft, submitted, perhaps returned, accepted and then locked.

    `asked` are the questions that were asked when it was submitted; before that they follow from the answers.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Being answered"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned for changes"
        ACCEPTED = "accepted", "Accepted"

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="answer_sheet")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)  # counts every saving and every step
    asked = models.JSONField(default=list, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = EngagementPartQuerySet["AnswerSheet"].as_manager()

    class Meta:
        ordering = ["engagement"]
        constraints = [
            together("submitted_by", "submitted_at", name="answers_submitted_whole"),
            together("returned_by", "returned_at", name="answers_returned_whole"),
            together("accepted_by", "accepted_at", name="answers_accepted_whole"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None) | (~Q(state="draft") & Q(submitted_at__isnull=False)),
                name="answers_leave_the_draft_by_being_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_at__isnull=False) | (~Q(state="accepted") & Q(accepted_at=None)),
                name="answers_accepted_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(returned_at__isnull=False), name="answers_returned_has_its_moment"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="answers_accepted_stay", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="accepted")
            ),
            pgtrigger.Protect(
                name="answers_accepted_kept", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__state="accepted")
            ),
            never_emptied("answer_sheets_never_emptied"),
        ]

    def __str__(self) -> str:
        return "Questionnaire"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_open(self) -> bool:
        """Whether answers can be written."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}

    @property
    def was_submitted(self) -> bool:
        return self.submitted_at is not None


class SheetPartQuerySet(EngagementPartQuerySet["Answer"]):
    path_to_engagement = "sheet__engagement"


class Answer(models.Model):
    """What was answered to a question, as it stands. `question_version` is that of the question which was on screen.

    `return_note` is what a consultant wrote when handing it back at `returned_version`; it is open until the answer
    changes. Earlier values are AnswerRevisions.
    """

    sheet = models.ForeignKey(AnswerSheet, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    question_version = models.PositiveIntegerField()
    value = models.JSONField(null=True, blank=True)
    is_unknown = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    return_note = models.TextField(blank=True)
    returned_version = models.PositiveIntegerField(default=0)

    objects = SheetPartQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question"], name="answer_one_a_question"),
            models.CheckConstraint(condition=Q(is_unknown=False) | Q(value=None), name="answer_unknown_has_no_value"),
            models.CheckConstraint(
                condition=Q(return_note="", returned_version=0) | (Q(return_note__gt="") & Q(returned_version__gte=1)),
                name="answer_returned_with_a_note",
            ),
            models.CheckConstraint(
                condition=Q(returned_version__lte=F("version")), name="answer_returned_as_it_was_seen"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answers_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT FROM discovery_answersheet"
                    " WHERE state = 'accepted' AND id IN (OLD.sheet_id, NEW.sheet_id)) THEN"
                    " RAISE EXCEPTION 'pgtrigger: the answers of an accepted questionnaire are locked'; END IF;"
                    " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
                ),
            ),
            never_emptied("answers_never_emptied"),
        ]

    def __str__(self) -> str:
        return f"answer to {self.question}"

    @property
    def audit_chain(self) -> str:
        return self.sheet.audit_chain

    @property
    def is_returned(self) -> bool:
        """Whether it was handed back and nobody has changed it since."""
        return bool(self.return_note) and self.returned_version == self.version

    @property
    def given(self) -> Given:
        return Given(self.value, self.is_unknown, self.note)


class RevisionQuerySet(EngagementPartQuerySet["AnswerRevision"]):
    path_to_engagement = "answer__sheet__engagement"


class AnswerRevision(models.Model):
    """One value of an answer, the latest included; written once."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True, blank=True)
    is_unknown = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["answer", "version"]
        constraints = [models.UniqueConstraint(fields=["answer", "version"], name="answer_revision_once")]
        triggers = append_only("answer_revision_append_only")

    def __str__(self) -> str:
        return f"{self.answer}, version {self.version}"

    @property
    def audit_chain(self) -> str:
        return self.answer.audit_chain

    @property
    def given(self) -> Given:
        return Given(self.value, self.is_unknown, self.note)
