"""The slow work of discovery. Loaded by DiscoveryConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.models import User
from core.jobs import Handle, JobKind, job
from discovery.domain.check_translation import read_set, store_check
from discovery.domain.store_log_reading import LogSays, store_log_reading
from discovery.domain.store_upload import Reading, Refusal, read_upload, store_upload
from discovery.domain.translate_uploads import Translated, store_translations, translate_uploads
from discovery.models import LogReading, TranslationSet, Upload
from discovery.syntax import SyntaxReport
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Job


@job("parse_upload", label="Reading the upload")
class ParseUpload(JobKind[Reading | Refusal]):
    def prepare(self, handle: Handle) -> Reading | Refusal:
        return read_upload(_upload_of(handle.job), tell=handle.progress)

    def apply(self, handle: Handle, result: Reading | Refusal) -> dict[str, Any]:
        upload = store_upload(_upload_of(handle.job), result)
        return {"state": upload.state, "files": upload.file_count}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        """The bytes that were sent are let go here too, and the page says what to do."""
        store_upload(_upload_of(job), _given_up(reasons))


@job("read_log", label="Reading the mail log")
class ReadLog(JobKind[LogSays | Refusal]):
    def prepare(self, handle: Handle) -> LogSays | Refusal:
        from discovery.domain.read_log import read_log  # loads numpy, which no web process needs

        return read_log(_log_of(handle.job), tell=handle.progress)

    def apply(self, handle: Handle, result: LogSays | Refusal) -> dict[str, Any]:
        log = store_log_reading(_log_of(handle.job), result)
        return {"state": log.state, "lines": log.line_count}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        store_log_reading(_log_of(job), _given_up(reasons))


@job("translate", label="Translating the configuration")
class Translate(JobKind[Translated]):
    def prepare(self, handle: Handle) -> Translated:
        return translate_uploads(_engagement_of(handle.job), tell=handle.progress)

    def apply(self, handle: Handle, result: Translated) -> dict[str, Any]:
        actor = User.objects.get(jobs=handle.job)
        made = store_translations(_engagement_of(handle.job), result, actor=actor)
        return {"translations": [translation.number for translation in made]}


@job("check_translation", label="Checking the generated files")
class CheckTranslation(JobKind[SyntaxReport]):
    def prepare(self, handle: Handle) -> SyntaxReport:
        return read_set(_set_of(handle.job))

    def apply(self, handle: Handle, result: SyntaxReport) -> dict[str, Any]:
        actor = User.objects.get(jobs=handle.job)
        check = store_check(_set_of(handle.job), result, actor=actor)
        return {"exit_status": check.exit_status, "lines": check.line_count}


def _given_up(reasons: Sequence[str]) -> Refusal:
    return Refusal(" ".join([*reasons, "Upload it once more, or tell us the reference."]))


def _engagement_of(job: Job) -> Engagement:
    engagement: Engagement = Engagement.objects.get(pk=job.subject_id)
    return engagement


def _set_of(job: Job) -> TranslationSet:
    return TranslationSet.objects.select_related("engagement__organization").get(pk=job.subject_id)


def _log_of(job: Job) -> LogReading:
    return LogReading.objects.select_related("engagement", "uploaded_by").get(pk=job.subject_id)


def _upload_of(job: Job) -> Upload:
    return Upload.objects.select_related("engagement", "uploaded_by").get(pk=job.subject_id)
