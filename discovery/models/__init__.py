from discovery.models.answers import Answer, AnswerRevision, AnswerSheet
from discovery.models.component_import import ComponentImport
from discovery.models.contents import HiddenSecret, SkippedMember, StoredFile
from discovery.models.dictionary_override import DictionaryOverride
from discovery.models.dossier import Dossier
from discovery.models.estate import (
    Domain,
    Door,
    Filter,
    Pool,
    SendingAddress,
    SigningKey,
    StreamProposal,
    Tenant,
)
from discovery.models.external_key import ExternalKey
from discovery.models.finding import Confidence, Finding, Severity, TranslationClass
from discovery.models.gap import Gap
from discovery.models.inventory import (
    CronJob,
    Instance,
    MapTable,
    Milter,
    MissingFile,
    Parameter,
    Problem,
    Script,
    Service,
    Transport,
)
from discovery.models.log_reading import LogDay, LogHour, LogReading
from discovery.models.review import FindingDraft, ReviewStep
from discovery.models.selection import SelectionAnswer
from discovery.models.sighting import Sighting
from discovery.models.stream import Stream
from discovery.models.translation import TranslatedConstruct, TranslatedFile, TranslationSet, TranslationSource
from discovery.models.translation_evidence import StartOutput, SyntaxCheck
from discovery.models.unread_file import UnreadFile, UnreadPiece
from discovery.models.upload import UnreadContent, Upload

__all__ = [
    "Answer",
    "AnswerRevision",
    "AnswerSheet",
    "ComponentImport",
    "Confidence",
    "CronJob",
    "DictionaryOverride",
    "Domain",
    "Door",
    "Dossier",
    "ExternalKey",
    "Filter",
    "Finding",
    "FindingDraft",
    "Gap",
    "HiddenSecret",
    "Instance",
    "LogDay",
    "LogHour",
    "LogReading",
    "MapTable",
    "Milter",
    "MissingFile",
    "Parameter",
    "Pool",
    "Problem",
    "ReviewStep",
    "Script",
    "SelectionAnswer",
    "SendingAddress",
    "Service",
    "Severity",
    "Sighting",
    "SigningKey",
    "SkippedMember",
    "StartOutput",
    "StoredFile",
    "Stream",
    "StreamProposal",
    "SyntaxCheck",
    "Tenant",
    "TranslatedConstruct",
    "TranslatedFile",
    "TranslationClass",
    "TranslationSet",
    "TranslationSource",
    "Transport",
    "UnreadContent",
    "UnreadFile",
    "UnreadPiece",
    "Upload",
]
