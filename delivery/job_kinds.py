"""The slow work of delivery. Loaded by DeliveryConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.models import User
from core.errors import DomainError
from core.jobs import Handle, JobKind, job
from core.queues import OUTSIDE, URGENT
from core.webhooks.posting import Answer
from delivery.domain.ask_dns import Preflight, ask_dns, configured_source, store_run
from delivery.domain.change_share import Told, note_unknown, settle_change, tell_share
from delivery.domain.find_in_logs import KIND, look_up
from delivery.domain.keep_key import note_need
from delivery.domain.read_mailbox import KIND as READ_MAILBOX
from delivery.domain.read_mailbox import look, note_unread, store_look
from delivery.domain.receive_feedback import read_feedback, store_reading
from delivery.domain.reconcile_traffic import HASHED, Reconciled, read_traffic
from delivery.domain.reconcile_traffic import store_run as store_reconciliation
from delivery.domain.roll_back import end_rollback, note_resumed, note_silence, tell_resume, tell_rollback
from delivery.domain.tell_webhook import KIND as POST_WEBHOOK
from delivery.domain.tell_webhook import note_answers, note_given_up, send_due
from delivery.feedback.files import FileReading
from delivery.feedback.polling import Look
from delivery.models import FeedbackFile, Mailbox, Rollback, ShareChange, Webhook, WebhookDelivery
from discovery.domain.store_upload import Refusal
from discovery.models import TranslationSet
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Job


@job("ask_dns", label="Asking DNS", queue=OUTSIDE)
class AskDns(JobKind[Preflight]):
    def prepare(self, handle: Handle) -> Preflight:
        return ask_dns(_set_of(handle), source=configured_source(), tell=handle.progress)

    def apply(self, handle: Handle, result: Preflight) -> dict[str, Any]:
        run = store_run(_set_of(handle), result, actor=User.objects.get(jobs=handle.job))
        return {"run": run.number}


@job("reconcile_traffic", label="Reconciling the logs")
class ReconcileTraffic(JobKind[Reconciled]):
    def prepare(self, handle: Handle) -> Reconciled:
        return read_traffic(_engagement_of(handle), tell=handle.progress)

    def apply(self, handle: Handle, result: Reconciled) -> dict[str, Any]:
        actor = User.objects.get(jobs=handle.job)
        run = store_reconciliation(_engagement_of(handle), result, asked_at=handle.job.created_at, actor=actor)
        return {"run": run.number}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        if HASHED in reasons:
            note_need(Engagement.objects.get(pk=job.subject_id), is_needed=True)


@job(KIND, label="Looking a message up in the logs")
class FindMessage(JobKind[dict[str, Any]]):
    def prepare(self, handle: Handle) -> dict[str, Any]:
        return look_up(_engagement_of(handle), handle.arguments["asked"], tell=handle.progress)

    def apply(self, handle: Handle, result: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 (nothing is written but the job's own result)
        return result


@job("change_share", label="Telling the proxy", queue=URGENT)
class ChangeShare(JobKind[Told]):
    def prepare(self, handle: Handle) -> Told:
        return tell_share(_change_of(handle.job), asked_at=handle.job.created_at)

    def apply(self, handle: Handle, result: Told) -> dict[str, Any]:
        change = _change_of(handle.job)
        if result.is_done is None:
            note_unknown(change, said=result.said)
        else:
            settle_change(change, is_done=result.is_done, said=result.said, actor=handle.job.actor)
        return {"is_done": result.is_done, "said": result.said}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        """The proxy may have been told before the worker came to its end."""
        note_unknown(_change_of(job), said=" ".join(reasons))


class TellAgain(Exception):  # noqa: N818 (not an error yet: another try follows)
    """The proxy did not do as told; the text says why."""


@job("roll_back", label="Telling the proxy to roll back", max_attempts=4, queue=URGENT)
class RollBack(JobKind[str]):
    """Told again after 10, 20 and 40 seconds: a proxy that is just being restarted is back by then."""

    def prepare(self, handle: Handle) -> str:
        try:
            return tell_rollback(_rollback_of(handle.job), asked_at=handle.job.created_at)
        except DomainError as refusal:
            if handle.attempt >= self.max_attempts:
                raise
            raise TellAgain(str(refusal)) from refusal

    def apply(self, handle: Handle, result: str) -> dict[str, Any]:
        return {"rollback": end_rollback(_rollback_of(handle.job), said=result, actor=None).number}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        note_silence(_rollback_of(job), said=" ".join(reasons))


@job("resume_proxy", label="Telling the proxy to resume", queue=URGENT)
class ResumeProxy(JobKind[str]):
    def prepare(self, handle: Handle) -> str:
        return tell_resume(_rollback_of(handle.job), asked_at=handle.job.created_at)

    def apply(self, handle: Handle, result: str) -> dict[str, Any]:
        note_resumed(_rollback_of(handle.job), said=result, actor=User.objects.get(jobs=handle.job))
        return {"said": result}


def _rollback_of(job: Job) -> Rollback:
    return Rollback.objects.select_related("engagement__organization").get(pk=job.subject_id)


def _change_of(job: Job) -> ShareChange:
    return ShareChange.objects.select_related("ramp__engagement__organization").get(pk=job.subject_id)


def _engagement_of(handle: Handle) -> Engagement:
    engagement: Engagement = Engagement.objects.select_related("organization").get(pk=handle.job.subject_id)
    return engagement


@job(POST_WEBHOOK, label="Telling the customer's systems", queue=OUTSIDE)
class PostWebhook(JobKind[list[tuple[WebhookDelivery, Answer]]]):
    """Nothing is sent, and nothing noted, where the webhook was removed before its turn."""

    def prepare(self, handle: Handle) -> list[tuple[WebhookDelivery, Answer]]:
        webhook = _webhook_of(handle.job)
        return send_due(webhook) if webhook else []

    def apply(self, handle: Handle, result: list[tuple[WebhookDelivery, Answer]]) -> dict[str, Any]:
        if webhook := _webhook_of(handle.job):
            note_answers(webhook, result)
        return {"sent": len(result), "taken": sum(answer.is_taken for _, answer in result)}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        if webhook := _webhook_of(job):
            note_given_up(webhook, said=" ".join(reasons))


def _webhook_of(job: Job) -> Webhook | None:
    """None where it was removed, and for a job of an earlier release, which was about one delivery."""
    return Webhook.objects.filter(pk=job.subject_id).first() if job.subject_type == Webhook._meta.label else None


@job(READ_MAILBOX, label="Reading a mailbox", queue=OUTSIDE)
class ReadMailbox(JobKind[tuple[Mailbox, Look] | None]):
    """None for a mailbox that was removed before its turn."""

    def prepare(self, handle: Handle) -> tuple[Mailbox, Look] | None:
        mailbox = _mailbox_of(handle.job)
        return (mailbox, look(mailbox, is_test=handle.arguments["is_test"])) if mailbox else None

    def apply(self, handle: Handle, result: tuple[Mailbox, Look] | None) -> dict[str, Any]:
        stored = store_look(*result, is_test=handle.arguments["is_test"]) if result else None
        return {"said": stored.said} if stored else {}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        if mailbox := _mailbox_of(job):
            note_unread(mailbox, said=" ".join(reasons))


def _mailbox_of(job: Job) -> Mailbox | None:
    return Mailbox.objects.filter(pk=job.subject_id).first()


@job("read_feedback", label="Reading what came back")
class ReadFeedback(JobKind[FileReading | Refusal]):
    def prepare(self, handle: Handle) -> FileReading | Refusal:
        return read_feedback(_file_of(handle.job), tell=handle.progress)

    def apply(self, handle: Handle, result: FileReading | Refusal) -> dict[str, Any]:
        file = store_reading(_file_of(handle.job), result)
        return {"state": file.state, "new": file.new_count}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        """The bytes that were sent are let go here too, and the page says what to do."""
        store_reading(_file_of(job), Refusal(" ".join([*reasons, "Upload it once more, or tell us the reference."])))


def _file_of(job: Job) -> FeedbackFile:
    return FeedbackFile.objects.select_related("uploaded_by", "unread").get(pk=job.subject_id)


def _set_of(handle: Handle) -> TranslationSet:
    return TranslationSet.objects.select_related("engagement__organization").get(pk=handle.job.subject_id)
