from discovery.models.component import Component
from discovery.models.contents import HiddenSecret, SkippedMember, StoredFile
from discovery.models.finding import Confidence, Finding, Severity, TranslationClass
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
from discovery.models.review import FindingDraft, ReviewStep
from discovery.models.sighting import Sighting
from discovery.models.upload import UnreadContent, Upload

__all__ = [
    "Component",
    "Confidence",
    "CronJob",
    "Finding",
    "FindingDraft",
    "HiddenSecret",
    "Instance",
    "MapTable",
    "Milter",
    "MissingFile",
    "Parameter",
    "Problem",
    "ReviewStep",
    "Script",
    "Service",
    "Severity",
    "Sighting",
    "SkippedMember",
    "StoredFile",
    "TranslationClass",
    "Transport",
    "UnreadContent",
    "Upload",
]
