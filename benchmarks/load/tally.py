"""What the requests took and which of them failed, and whether a fault was the reason."""

from __future__ import annotations

from collections import Counter
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.load.faults import AFTER

SHOWN_OUT = {401, 404}  # who walks is signed in, and walks where they may

if TYPE_CHECKING:
    from benchmarks.load.browser import Seen
    from benchmarks.load.faults import Fault
    from benchmarks.load.walk import Walked


def summary(walked: Walked, faults: list[Fault]) -> dict[str, Any]:
    seen = walked.seen
    failed = [one for one in seen if one.is_failed]
    outside = [one for one in failed if not any(_touches(one, fault) for fault in faults)]
    refused = [one for one in seen if 400 <= one.status < 500]
    return {
        "requests": len(seen),
        "a_second": round(len(seen) / (walked.ended - walked.began), 1),
        "milliseconds": times(seen),
        "errors": _counted(failed),
        "errors_outside_of_a_fault": len(outside),
        "outside": [_told(one, walked.began) for one in outside[:10]],
        "refused": _counted(refused),
        "shown_out": sum(one.status in SHOWN_OUT for one in seen),
        "faults": [
            {
                "killed": fault.what,
                "after_s": round(fault.at - walked.began, 1),
                "replaced_after_s": round(fault.part_back - fault.at, 1),
                "without_service_s": round(fault.serves - fault.at, 1),
                "errors": sum(_touches(one, fault) for one in failed),
            }
            for fault in faults
        ],
    }


def per_page(walked: Walked) -> dict[str, dict[str, float]]:
    names = sorted({one.name for one in walked.seen})
    return {name: times([one for one in walked.seen if one.name == name]) for name in names}


def times(seen: list[Seen]) -> dict[str, float]:
    """Of what was answered."""
    spans = sorted((one.ended - one.began) * 1000 for one in seen if not one.is_failed)
    if not spans:
        return {"n": 0}
    cuts = quantiles(spans, n=100, method="inclusive") if len(spans) > 1 else spans * 99
    return {
        "n": len(spans),
        "p50": round(cuts[49]),
        "p95": round(cuts[94]),
        "p99": round(cuts[98]),
        "max": round(spans[-1]),
    }


def _touches(one: Seen, fault: Fault) -> bool:
    """Whether it was under way between the kill and a moment after the portal served again."""
    over = max(fault.serves, fault.part_back) + AFTER
    return one.began <= over and one.ended >= fault.at


def _counted(seen: list[Seen]) -> dict[str, int]:
    return dict(Counter(f"{one.name}: {one.status or one.error}" for one in seen).most_common())


def _told(one: Seen, began: float) -> str:
    return f"{one.began - began:.1f} to {one.ended - began:.1f} s {one.name}: {one.status} {one.error[:200]}"
