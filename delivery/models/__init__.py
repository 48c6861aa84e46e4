from delivery.models.preflight import DnsAnswer, PreflightRun, PreflightStatement, SelectorKey

__all__ = ["DnsAnswer", "PreflightRun", "PreflightStatement", "SelectorKey"]
