from reports.models.preview import Preview, PreviewPage
from reports.models.review import DraftReview
from reports.models.runbook import (
    RunbookApproval,
    RunbookDrill,
    RunbookFact,
    RunbookPaper,
    RunbookReading,
    RunbookRevision,
)

__all__ = [
    "DraftReview",
    "Preview",
    "PreviewPage",
    "RunbookApproval",
    "RunbookDrill",
    "RunbookFact",
    "RunbookPaper",
    "RunbookReading",
    "RunbookRevision",
]
