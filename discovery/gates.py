"""What gate 1 asks of discovery. Loaded by DiscoveryConfig.ready()."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission, allowed
from core.counting import counted
from discovery.gaps import targets_of, waiting_gaps
from discovery.models import Finding, Parameter, Stream, Upload
from discovery.override_changes import overrides_since
from discovery.scene import scene_of
from discovery.translation_queries import newer_than, sets_to_deliver, unclassified_in
from discovery.untold import NOTHING_READ, NOTHING_TRANSLATED, is_anything_read
from discovery.xray.registry import PROBLEM, UNTOLD, thresholds
from discovery.xray.verdicts import verdicts
from engagements.beside import Beside, beside
from engagements.gates import Page, check
from engagements.models import Engagement

INVENTORY = Page("discovery:inventory", Permission.VIEW_EVIDENCE)
QUEUE = Page("discovery:queue", Permission.VIEW_EVIDENCE)
TRANSLATION = Page("discovery:translation", Permission.VIEW_EVIDENCE)
DECISIONS = Page("discovery:translation_gaps", Permission.VIEW_EVIDENCE)
STREAMS = Page("discovery:subject", Permission.VIEW_EVIDENCE, part="streams")


@check(1, key="configuration_read", title="A configuration was read", page=INVENTORY)
def a_configuration_was_read(engagement: Engagement) -> Iterator[str]:
    if not is_anything_read(engagement):
        yield "No configuration has been read yet."


@check(1, key="findings_answered", title="Every blocking and high finding is accepted or dismissed", page=QUEUE)
def urgent_findings_are_answered(engagement: Engagement) -> Iterator[str]:
    if not is_anything_read(engagement):
        yield NOTHING_READ
        return
    waiting = Finding.objects.filter(engagement=engagement).current().urgent().unanswered()
    for finding in waiting.by_severity().only("number", "title"):
        yield f"Finding {finding.reference} has no answer: {finding.title[:120]}."


@beside(1)
def xray_beside_the_gate(engagement: Engagement, reader: User) -> Iterator[Beside]:
    """How many checks of the X-ray are open, once there is anything to check; it holds no gate shut."""
    if is_anything_read(engagement) and allowed(reader, Permission.VIEW_EVIDENCE, engagement.organization):
        url = reverse("discovery:xray", args=[engagement.code])
        yield Beside("xray", "X-ray", _open_checks(engagement), "See what does not fit together", url)


def _open_checks(engagement: Engagement) -> str:
    most = thresholds()["counted_beside_a_gate_up_to"]
    if Parameter.objects.filter(upload__in=Upload.objects.filter(engagement=engagement).current()).count() > most:
        return f"The hosts have more than {most:,} settings: the X-ray itself counts what does not fit together."
    found = [verdict.state for verdict in verdicts(scene_of(engagement))]
    return (
        f"{counted(found.count(PROBLEM), 'check is', 'checks are')} open of {len(found)}, "
        f"and {found.count(UNTOLD)} cannot be told yet. This gate does not wait for them."
    )


@check(1, key="constructs_classified", title="Every construct is classified", can_override=False, page=TRANSLATION)
def constructs_are_classified(engagement: Engagement) -> Iterator[str]:
    if not is_anything_read(engagement):
        yield NOTHING_READ
        return
    for row in unclassified_in(sets_to_deliver(engagement)):
        yield f"{row} is not classified ({row.upload.host_label}, {row.place})."


@check(
    1,
    key="translation_current",
    title="The translation is made from the newest uploads and overrides",
    page=TRANSLATION,
)
def the_translation_is_current(engagement: Engagement) -> Iterator[str]:
    if not is_anything_read(engagement):
        yield NOTHING_READ
        return
    sets = sets_to_deliver(engagement)
    made = {each.target for each in sets}
    missing = [target for target in targets_of(engagement) if target not in made]
    yield from (f"Nothing has been translated to {Engagement.Target(target).label} yet." for target in missing)
    for upload in newer_than(sets):
        yield f"The translation is older than upload {upload.number} of {upload.host_label}."
    for override in overrides_since(sets):
        yield f"The translation is older than {override.reference} of the dictionary, about {override.name}."


@check(1, key="streams_decided", title="Every stream is marked migrate or stay", page=STREAMS)
def streams_are_decided(engagement: Engagement) -> Iterator[str]:
    """A stream that stays is a supported end; one that nobody decided on is no plan. A lead may let it pass."""
    if not is_anything_read(engagement):
        yield NOTHING_READ
        return
    for stream in Stream.objects.filter(engagement=engagement).undecided().order_by("number"):
        yield f"Stream {stream} is marked neither migrate nor stay."


@check(1, key="gaps_decided", title="Every gap and all custom work has the customer's decision", page=DECISIONS)
def gaps_are_decided(engagement: Engagement) -> Iterator[str]:
    if untold := _why_gaps_are_untold(engagement):
        yield untold
        return
    for gap in waiting_gaps(engagement).select_related("row"):
        place = f"{gap.get_target_display()}, {gap.host_label}, {gap.row.place}"
        yield f"{gap} waits for the customer's decision ({place})."


def _why_gaps_are_untold(engagement: Engagement) -> str:
    """Nobody has decided on every gap as long as nobody has looked for them."""
    if not is_anything_read(engagement):
        return NOTHING_READ
    return "" if sets_to_deliver(engagement) else NOTHING_TRANSLATED
