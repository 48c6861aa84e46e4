"""What gate 2 asks for: the configuration that is installed can be read by its target.

Loaded by DeliveryConfig.ready().
"""

from collections.abc import Iterator

from discovery.domain.check_translation import digest_of_files
from discovery.models import StartOutput
from discovery.translation_evidence import newest_of, told_about
from engagements.gates import check
from engagements.models import Engagement

INSTALL = 2
MOST_SENTENCES = 10


@check(INSTALL, key="target_files_checked", title="The generated files passed their syntax check")
def the_files_were_checked(engagement: Engagement) -> Iterator[str]:
    translation = newest_of(engagement.pk, engagement.target) if engagement.target else None
    if translation is None:
        yield "There are no generated files for the chosen target yet."
        return
    newest = translation.syntax_checks.first()
    if newest is None:
        yield f"The files of {translation} have not been checked yet."
        return
    yield from newest.lines[:MOST_SENTENCES]
    if (more := newest.line_count - MOST_SENTENCES) > 0:
        yield f"And {more} more lines stand against the files of {translation}."


@check(INSTALL, key="target_accepts_files", title="Nothing the target printed speaks against the files")
def the_target_printed_no_failure(engagement: Engagement) -> Iterator[str]:
    """Only what was attached for exactly the files that count, and only the latest of it."""
    translation = newest_of(engagement.pk, engagement.target) if engagement.target else None
    if translation is None:
        return
    told = told_about(digest_of_files(translation), engagement.pk)
    if told and told[0].verdict == StartOutput.Verdict.FAILED:
        yield f"{translation}: {translation.get_target_display()} printed “{told[0].verdict_line}”."
