"""What gate 1 asks of discovery. Loaded by DiscoveryConfig.ready()."""

from collections.abc import Iterator

from discovery.models import Finding, Upload
from engagements.gates import check
from engagements.models import Engagement

MOST_SENTENCES = 10


@check(1, key="configuration_read", title="A configuration was read")
def a_configuration_was_read(engagement: Engagement) -> Iterator[str]:
    if not Upload.objects.filter(engagement=engagement).read().exists():
        yield "No configuration has been read yet."


@check(1, key="findings_answered", title="Every blocking and high finding is accepted or dismissed")
def urgent_findings_are_answered(engagement: Engagement) -> Iterator[str]:
    waiting = Finding.objects.filter(engagement=engagement).current().urgent().unanswered()
    for finding in waiting.by_severity()[:MOST_SENTENCES]:
        yield f"Finding {finding.reference} has no answer: {finding.title[:120]}."
    if (more := waiting.count() - MOST_SENTENCES) > 0:
        yield f"And {more} more findings have no answer."
