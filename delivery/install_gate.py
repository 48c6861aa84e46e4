"""What gate 2 asks for: files that can be read by their target, and the list of the pre-flight.

Loaded by DeliveryConfig.ready().
"""

from collections.abc import Iterator

from accounts.permissions import Permission
from core.counting import counted
from delivery.preflight.book import load_book
from delivery.preflight_state import NO_FILES, states_of
from discovery.translation_evidence import newest_of
from engagements.gates import Page, Rest, check, checks_together
from engagements.models import Engagement

INSTALL = 2


@check(
    INSTALL,
    key="target_files_checked",
    title="The generated files passed their syntax check",
    page=Page("discovery:translation", Permission.VIEW_EVIDENCE),
)
def the_files_were_checked(engagement: Engagement) -> Iterator[str]:
    translation = newest_of(engagement.pk, engagement.target) if engagement.target else None
    if translation is None:
        yield NO_FILES
        return
    newest = translation.syntax_checks.first()
    if newest is None:
        yield f"The files of {translation} have not been checked yet."
        return
    yield from newest.lines
    if more := newest.left_off:
        yield Rest.of(
            more, f"And {counted(more, 'more line stands', 'more lines stand')} against the files of {translation}."
        )


@checks_together(
    INSTALL,
    {f"preflight_{item.key}": item.title for item in load_book().items},
    page=Page("delivery:preflight", Permission.VIEW_EVIDENCE),
)
def the_preflight_holds(engagement: Engagement) -> dict[str, list[str]]:
    return {f"preflight_{state.item.key}": state.reasons for state in states_of(engagement)}
