from delivery.models.cases import CaseItem, DiscrepancyCase
from delivery.models.cutover import (
    ArmedCheck,
    Cutover,
    CutoverStep,
    Decommission,
    FrozenConfiguration,
    QueueCount,
    WindowSignature,
)
from delivery.models.feedback import FeedbackFile, FeedbackItem, Suppression
from delivery.models.mailbox import Mailbox
from delivery.models.preflight import DnsAnswer, PreflightRun, PreflightStatement, SelectorKey
from delivery.models.ramp import ProxyCount, ProxyLine, Ramp, ShareChange, StepApproval, StepCheck
from delivery.models.rollback import OwnTrigger, Rollback, RollbackStep, TriggerDecision
from delivery.models.traffic import JournalKey, ReconciliationRun, TrafficHour, TrafficLog
from delivery.models.warm_up import WarmUp
from delivery.models.watch import Baseline, InsightCard, SeedResult, SeedUpload, Watch
from delivery.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "ArmedCheck",
    "Baseline",
    "CaseItem",
    "Cutover",
    "CutoverStep",
    "Decommission",
    "DiscrepancyCase",
    "DnsAnswer",
    "FeedbackFile",
    "FeedbackItem",
    "FrozenConfiguration",
    "InsightCard",
    "JournalKey",
    "Mailbox",
    "OwnTrigger",
    "PreflightRun",
    "PreflightStatement",
    "ProxyCount",
    "ProxyLine",
    "QueueCount",
    "Ramp",
    "ReconciliationRun",
    "Rollback",
    "RollbackStep",
    "SeedResult",
    "SeedUpload",
    "SelectorKey",
    "ShareChange",
    "StepApproval",
    "StepCheck",
    "Suppression",
    "TrafficHour",
    "TrafficLog",
    "TriggerDecision",
    "WarmUp",
    "Watch",
    "Webhook",
    "WebhookDelivery",
    "WindowSignature",
]
