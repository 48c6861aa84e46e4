"""What came back, taken in as in production."""

import io
from pathlib import Path

from core.jobs import run_job
from delivery.domain.receive_feedback import receive_feedback
from delivery.domain.take_feedback import take_feedback
from delivery.feedback.records import read_record
from delivery.models import FeedbackFile, FeedbackItem

SAMPLES = Path(__file__).parents[1] / "delivery" / "feedback" / "samples"


def sample(name):
    return (SAMPLES / f"{name}.eml").read_bytes()


def mbox(*names):
    return b"".join(b"From MAILER-DAEMON Tue Nov 10 09:00:05 2026\n" + sample(name) + b"\n" for name in names)


def bounce(recipient="anna@example.org", message_id="<m1@shop.example.com>", **fields):
    """A record of KumoMTA."""
    return {
        "type": "Bounce",
        "id": "f684",
        "sender": "news@shop.example.com",
        "recipient": recipient,
        "response": {"code": 550, "enhanced_code": {"class": 5, "subject": 1, "detail": 1}, "content": "User unknown"},
        "peer_address": {"name": "mx.example.org.", "addr": "192.0.2.1"},
        "timestamp": 1794301200,
        "headers": {"Message-Id": message_id},
        **fields,
    }


def hard_bounce(engagement, *, actor, **fields):
    take_feedback(engagement, read_record(bounce(**fields)), actor=actor)
    return FeedbackItem.objects.filter(engagement=engagement).first()


def hand_over(engagement, content, *, actor, filename="bounces.mbox"):
    """A file, read by its job."""
    file = receive_feedback(engagement, filename=filename, content_file=io.BytesIO(content), actor=actor)
    run_job(file.job_id)
    return FeedbackFile.objects.get(pk=file.pk)
