from engagements.models.disposal import DataExport, DataExportPiece, Erasure, LegalHold, RetentionRound
from engagements.models.document import FrozenDocument
from engagements.models.endpoint import Endpoint, EndpointDelivery, TellingMark
from engagements.models.engagement import Engagement
from engagements.models.gate import CheckOverride, Gate, GateTask
from engagements.models.question import Question, Reply
from engagements.models.reminder import Reminder
from engagements.models.reservation import Condition, HeldPart, PartRelease
from engagements.models.revocation import Revocation
from engagements.models.schedule import SchedulePhase
from engagements.models.signer import Delegation, RequiredSigner
from engagements.models.signing import ChangeRequest, SignOff, StaleMark
from engagements.models.transition import Transition

__all__ = [
    "ChangeRequest",
    "CheckOverride",
    "Condition",
    "DataExport",
    "DataExportPiece",
    "Delegation",
    "Endpoint",
    "EndpointDelivery",
    "Engagement",
    "Erasure",
    "FrozenDocument",
    "Gate",
    "GateTask",
    "HeldPart",
    "LegalHold",
    "PartRelease",
    "Question",
    "Reminder",
    "Reply",
    "RequiredSigner",
    "RetentionRound",
    "Revocation",
    "SchedulePhase",
    "SignOff",
    "StaleMark",
    "TellingMark",
    "Transition",
]
