from delivery.models.cases import CaseItem, DiscrepancyCase
from delivery.models.feedback import FeedbackFile, FeedbackItem, Suppression
from delivery.models.preflight import DnsAnswer, PreflightRun, PreflightStatement, SelectorKey
from delivery.models.ramp import ProxyLine, Ramp, ShareChange, StepApproval, StepCheck
from delivery.models.rollback import OwnTrigger, Rollback, RollbackStep, TriggerDecision
from delivery.models.traffic import ReconciliationRun, TrafficHour, TrafficLog

__all__ = [
    "CaseItem",
    "DiscrepancyCase",
    "DnsAnswer",
    "FeedbackFile",
    "FeedbackItem",
    "OwnTrigger",
    "PreflightRun",
    "PreflightStatement",
    "ProxyLine",
    "Ramp",
    "ReconciliationRun",
    "Rollback",
    "RollbackStep",
    "SelectorKey",
    "ShareChange",
    "StepApproval",
    "StepCheck",
    "Suppression",
    "TrafficHour",
    "TrafficLog",
    "TriggerDecision",
]
