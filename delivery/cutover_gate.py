"""What gates 4 and 5 ask of the cutover. Loaded by DeliveryConfig.ready()."""

from collections.abc import Iterator

from accounts.permissions import Permission
from delivery.domain.close_window import decommission_reasons
from delivery.models import Cutover, Decommission, Ramp
from engagements.gates import Page, check
from engagements.models import Engagement
from engagements.schedule import CUTOVER, MONITORING

CUTOVERS = Page("parallel:cutovers", Permission.VIEW_EVIDENCE)


@check(CUTOVER, key="cutover_done", title="Everything that moves is cut over", page=CUTOVERS)
def everything_is_cut_over(engagement: Engagement) -> Iterator[str]:
    ramps = Ramp.objects.filter(engagement=engagement).select_related("stream")
    if not ramps:
        yield "No ramp was opened, so nothing is cut over."
    cutovers = {
        cutover.ramp_id: cutover for cutover in Cutover.objects.filter(engagement=engagement, fallen_back_at=None)
    }
    for ramp in ramps:
        cutover = cutovers.get(ramp.pk)
        if cutover is None:
            yield f"No cutover of {ramp.title} is planned."
        elif cutover.done_at is None:
            yield f"{cutover} of {ramp.title} is not done."


@check(MONITORING, key="leftovers_answered", title="What Postfix leaves behind is answered", page=CUTOVERS)
def what_postfix_leaves_is_answered(engagement: Engagement) -> Iterator[str]:
    """Once the engagement is completed nothing about it is written any more."""
    answered = Decommission.objects.filter(cutover__engagement=engagement).values("cutover")
    done = Cutover.objects.filter(engagement=engagement, fallen_back_at=None, done_at__isnull=False)
    for cutover in done.exclude(pk__in=answered).select_related("engagement"):
        reasons = decommission_reasons(cutover)
        yield f"{cutover} waits for the answers on what Postfix leaves behind. {' '.join(reasons)}".strip()
