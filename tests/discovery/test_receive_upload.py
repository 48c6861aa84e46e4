import io

import pytest

from core.errors import DomainError, GateClosed, Refused
from core.models import AuditEvent, Job
from discovery.domain.receive_upload import receive_upload
from discovery.models import UnreadContent, Upload
from engagements import gates
from engagements.domain.perform import perform
from tests.factories.discovery import SMALL_ESTATE, pack, read, receive

pytestmark = pytest.mark.django_db


def test_an_upload_is_numbered_queued_and_recorded(engagement, ada):
    first = receive(engagement, actor=ada)
    second = receive(engagement, actor=ada, host=" MTA2 ")

    assert (first.number, second.number) == (1, 2)
    assert (second.host_label, second.state) == ("mta2", "received")
    assert second.job == Job.objects.get(kind="parse_upload", subject_id=str(second.pk))
    assert AuditEvent.objects.filter(chain=engagement.audit_chain, action="upload.received").count() == 2


def test_the_bytes_that_wait_are_not_readable_in_the_database(engagement, ada):
    upload = receive(engagement, actor=ada, content=b"smtp_sasl_type = cyrus\n" * 40, filename="main.cf")

    sealed = bytes(UnreadContent.objects.get(upload=upload).sealed)

    assert b"smtp_sasl_type" not in sealed
    assert not UnreadContent.objects.visible_to(ada).exists()


@pytest.mark.parametrize("person", ["ada", "lea", "carl"])
def test_consultants_and_contributors_upload(engagement, person, request):
    upload = receive(engagement, actor=request.getfixturevalue(person))

    assert upload.state == Upload.State.RECEIVED


@pytest.mark.parametrize("person", ["vera", "sam", "otto"])
def test_nobody_else_uploads_and_nothing_is_kept(engagement, person, request):
    actor = request.getfixturevalue(person)

    with pytest.raises(Refused):
        receive(engagement, actor=actor)

    assert not Upload.objects.exists()
    assert not UnreadContent.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The selected file is empty."),
        (b"%PDF-1.7\x00\x01", "must be a .tar, .tar.gz or .zip archive, or a text file such as main.cf"),
        (b"a" * 101, "must be smaller than"),
    ],
)
def test_a_file_of_no_use_is_refused_with_a_sentence(engagement, ada, settings, content, sentence):
    settings.UPLOAD_LIMIT_BYTES = 100

    with pytest.raises(DomainError, match=sentence):
        receive(engagement, actor=ada, content=content)

    assert not Upload.objects.exists()


def test_a_host_is_asked_for(engagement, ada):
    with pytest.raises(DomainError, match="Name the host"):
        receive(engagement, actor=ada, host=" \x00 ")


def test_the_name_of_the_file_is_made_plain(engagement, ada):
    upload = receive(engagement, actor=ada, filename="C:\\secret\\..\\post\x00fix.tar.gz")

    assert upload.filename == "postfix.tar.gz"


def test_an_app_above_can_lock_uploads(engagement, ada, monkeypatch):
    monkeypatch.setattr(gates, "_for_steps", {"receive_upload": [lambda engagement: ["The NDA is not signed yet."]]})

    with pytest.raises(GateClosed, match="The NDA is not signed yet"):
        receive(engagement, actor=ada)


def test_nothing_is_uploaded_to_an_engagement_that_is_over(engagement, ada, lea):
    perform("cancel", engagement=engagement, actor=lea, note="The customer left.")

    with pytest.raises(GateClosed, match="nothing is uploaded to it any more"):
        receive(engagement, actor=ada)


def test_without_the_ledger_nothing_is_received(engagement, ada, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no ledger")

    monkeypatch.setattr(AuditEvent, "save", refuse)

    with pytest.raises(RuntimeError, match="no ledger"):
        receive_upload(
            engagement, filename="a.tar.gz", content_file=io.BytesIO(pack({"main.cf": ""})), host_label="a", actor=ada
        )

    assert not Upload.objects.exists()


def test_the_latest_read_upload_of_each_host_is_the_inventory(engagement, ada):
    read(engagement, actor=ada, host="mta1")
    latest = read(engagement, actor=ada, host="mta1", files=SMALL_ESTATE | {"etc/postfix/notes": "moved"})
    other = read(engagement, actor=ada, host="mta2")
    read(engagement, actor=ada, host="mta2", content=b"PK\x03\x04 torn")

    assert list(Upload.objects.filter(engagement=engagement).current()) == [latest, other]
