"""The slow work of documents. Loaded by ReportsConfig.ready()."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from accounts.models import User
from core.jobs import Handle, JobKind, job
from core.models import Job
from engagements.content import title_of
from engagements.domain.announce_failure import announce_failure
from engagements.domain.file_paper import Paper
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.models import FrozenDocument, Gate
from reports.domain.draw_preview import draw_preview, keep_only
from reports.domain.issue_receipt import issue_receipt, prepare_receipt
from reports.domain.request_preview import PREVIEW
from reports.models import Preview

FREEZE = "freeze_document"
RECEIPT = "issue_receipt"


def _gate_of(handle: Handle) -> Gate:
    gates = Gate.objects.select_related("engagement__organization", "current_document")
    gate: Gate = gates.get(pk=handle.job.subject_id)
    return gate


@job(FREEZE, label="Building the document")
class FreezeDocument(JobKind[Paper]):
    """Renders first and files the bytes in the transaction that ends the job: a killed worker leaves no second one."""

    def prepare(self, handle: Handle) -> Paper:
        handle.progress(0, 2, "Laying out the pages")
        prepared = prepare_document(_gate_of(handle))
        handle.progress(2, 2, f"Laid out {prepared.rendered.page_count} pages")
        return prepared

    def apply(self, handle: Handle, result: Paper) -> dict[str, Any]:
        if not isinstance(handle.actor, User):
            raise TypeError("a document is frozen by a person")
        document = freeze_document(_gate_of(handle), result, actor=handle.actor)
        return {
            "document": document.pk,
            "version": document.version,
            "digest": document.digest,
            "pages": document.page_count,
        }

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        gate = Gate.objects.select_related("engagement").get(pk=job.subject_id)
        path = reverse("reports:document", args=[gate.engagement.code, gate.number])
        about = f"the {title_of(gate).lower()} ({gate.engagement.code})"
        announce_failure(job, about=about, path=path, reasons=reasons)


@job(PREVIEW, label="Drawing the preview")
class DrawPreview(JobKind[Preview]):
    """What it stores as it goes nobody signs; the earlier preview is taken away when this one is complete."""

    def prepare(self, handle: Handle) -> Preview:
        if not isinstance(handle.actor, User):
            raise TypeError("a preview is asked for by a person")
        return draw_preview(_gate_of(handle), job=handle.job, actor=handle.actor, tell=handle.progress)

    def apply(self, handle: Handle, result: Preview) -> dict[str, Any]:  # noqa: ARG002 (the shape of a kind)
        keep_only(result)
        return {"pages": result.page_count}


def _document_of(handle: Handle) -> FrozenDocument:
    documents = FrozenDocument.objects.select_related("engagement__organization", "gate")
    document: FrozenDocument = documents.get(pk=handle.job.subject_id)
    return document


@job(RECEIPT, label="Writing the receipt")
class IssueReceipt(JobKind[Paper]):
    """Drawn first, filed and sent in the transaction that ends the job."""

    def prepare(self, handle: Handle) -> Paper:
        return prepare_receipt(_document_of(handle))

    def apply(self, handle: Handle, result: Paper) -> dict[str, Any]:
        if not isinstance(handle.actor, User):
            raise TypeError("a receipt follows the signature of a person")
        receipt = issue_receipt(_document_of(handle), result, actor=handle.actor)
        if receipt is None:
            return {"sentence": "A signature was revoked meanwhile. No receipt was issued and nothing was sent."}
        return {"document": receipt.pk, "digest": receipt.digest}


def latest_build(gate: Gate) -> Job | None:
    """The last time somebody had this gate's document built."""
    return Job.objects.of(gate).filter(kind=FREEZE).first()
