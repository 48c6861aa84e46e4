"""What is known about the files of the newest set: which check speaks, and what has become outdated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from core.components import Status, StatusKind
from core.models import Job
from discovery.domain.check_translation import digest_of_files
from discovery.models import StartOutput, SyntaxCheck, TranslationSet
from discovery.syntax import VERSION, command_of

SHOWN = {
    StartOutput.Verdict.PASSED: Status(StatusKind.COMPLETED, "Passed"),
    StartOutput.Verdict.FAILED: Status(StatusKind.PROBLEM, "Failed"),
    StartOutput.Verdict.NOT_JUDGED: Status(StatusKind.NOT_STARTED, "Not judged"),
}


@dataclass(frozen=True)
class SetEvidence:
    """All that was said about one set. `newest` is the set that counts now for the same target."""

    translation: TranslationSet
    newest: TranslationSet
    checks: list[SyntaxCheck]
    outputs: list[StartOutput]
    job: Job | None

    @property
    def check(self) -> SyntaxCheck | None:
        return self.checks[0] if self.checks else None

    @property
    def is_older_check(self) -> bool:
        return self.check is not None and self.check.version != VERSION

    @property
    def command(self) -> str:
        return command_of(self.translation.target)

    @cached_property
    def is_outdated(self) -> bool:
        """Whether a newer set holds other files: the same files made anew leave all evidence as it is."""
        if self.newest.pk == self.translation.pk:
            return False
        return digest_of_files(self.newest) != digest_of_files(self.translation)

    @property
    def check_status(self) -> Status:
        if self.check is None:
            under_way = self.job is not None and not self.job.is_finished
            return Status(StatusKind.IN_PROGRESS) if under_way else Status(StatusKind.NOT_STARTED, "Not checked yet")
        if not self.check.has_passed:
            return Status(StatusKind.PROBLEM)
        return Status(StatusKind.COMPLETED, "Passed")

    @property
    def told_outputs(self) -> list[tuple[StartOutput, Status]]:
        return [(output, SHOWN[StartOutput.Verdict(output.verdict)]) for output in self.outputs]


def evidence_of(translation: TranslationSet) -> SetEvidence:
    newest = translation.engagement.translations.filter(target=translation.target).order_by("-number")[0]
    return SetEvidence(
        translation=translation,
        newest=newest,
        checks=list(translation.syntax_checks.select_related("asked_by")),
        outputs=list(translation.start_outputs.select_related("attached_by")),
        job=Job.objects.of(translation).filter(kind="check_translation").first(),
    )


def newest_of(engagement_id: int, target: str) -> TranslationSet | None:
    sets = TranslationSet.objects.filter(engagement=engagement_id, target=target)
    return sets.select_related("engagement").order_by("-number").first()


def told_about(digest: str, engagement_id: int) -> list[StartOutput]:
    """The outputs attached for exactly these files, in whichever set they were, latest first."""
    mine = StartOutput.objects.filter(translation__engagement=engagement_id, set_digest=digest)
    return list(mine.select_related("attached_by", "translation").order_by("-pk"))
