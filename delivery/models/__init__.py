from delivery.models.cases import CaseItem, DiscrepancyCase
from delivery.models.preflight import DnsAnswer, PreflightRun, PreflightStatement, SelectorKey
from delivery.models.traffic import ReconciliationRun, TrafficHour, TrafficLog

__all__ = [
    "CaseItem",
    "DiscrepancyCase",
    "DnsAnswer",
    "PreflightRun",
    "PreflightStatement",
    "ReconciliationRun",
    "SelectorKey",
    "TrafficHour",
    "TrafficLog",
]
