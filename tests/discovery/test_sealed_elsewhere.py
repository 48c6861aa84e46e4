"""Files that were kept under another SECRET_KEY: a sentence that says what to do, at the first try."""

import pytest
from django.test import override_settings

from core.jobs import run_job
from core.models import Job
from discovery.models import LogReading, UnreadContent, UnreadPiece, Upload
from tests.factories.discovery import receive, receive_mail_log

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("receiving", "model"), [(receive, Upload), (receive_mail_log, LogReading)])
def test_an_upload_that_cannot_be_opened_is_refused_once_with_what_to_do(engagement, ada, receiving, model):
    upload = receiving(engagement, actor=ada)
    job = Job.objects.of(upload).get()

    with override_settings(SECRET_KEY="another one"):
        run_job(job.pk)

    job.refresh_from_db()
    refused = model.objects.get(pk=upload.pk)
    assert (job.state, job.attempts, refused.state) == (Job.State.FAILED, 1, "refused")
    assert "kept under another SECRET_KEY" in refused.refusal
    assert "Nothing of it was read." in refused.refusal
    assert "Upload it once more" in refused.refusal
    assert not UnreadContent.objects.exists()
    assert not UnreadPiece.objects.exists()
