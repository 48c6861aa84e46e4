from reports.models.handoff import HandoffPack, RestoredEngagement, RestoredFile, RestoredRow
from reports.models.portfolio import DaysSpent, PortfolioSubscription, PublishedFigure
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
from reports.models.training import (
    TrainingAttendance,
    TrainingEnding,
    TrainingExercise,
    TrainingMaterial,
    TrainingSession,
)

__all__ = [
    "DaysSpent",
    "DraftReview",
    "HandoffPack",
    "PortfolioSubscription",
    "Preview",
    "PreviewPage",
    "PublishedFigure",
    "RestoredEngagement",
    "RestoredFile",
    "RestoredRow",
    "RunbookApproval",
    "RunbookDrill",
    "RunbookFact",
    "RunbookPaper",
    "RunbookReading",
    "RunbookRevision",
    "TrainingAttendance",
    "TrainingEnding",
    "TrainingExercise",
    "TrainingMaterial",
    "TrainingSession",
]
