import io
import secrets
import zipfile

import pytest

from core.models import AuditEvent, Job
from discovery.domain import store_upload as module
from discovery.domain.store_upload import Refusal, store_upload
from discovery.models import Instance, Milter, Parameter, StoredFile, UnreadContent, Upload
from tests.discovery.database import everything_in_the_database
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, pack, read, read_by_job, receive

pytestmark = pytest.mark.django_db


def test_a_job_reads_the_upload(engagement, ada):
    upload = read_by_job(engagement, actor=ada)

    assert (upload.state, upload.file_count, upload.skipped_count) == ("read", 3, 0)
    assert (upload.job.state, upload.job.result) == (Job.State.DONE, {"state": "read", "files": 3})
    assert upload.job.progress_sentence.startswith("3 files read")
    assert Instance.objects.get(upload=upload).bind_addresses


def test_every_fact_keeps_its_file_and_line(engagement, ada):
    read(engagement, actor=ada)

    parameter = Parameter.objects.get(name="smtpd_milters")
    milter = Milter.objects.get()
    assert (parameter.value, parameter.place) == ("unix:/run/tagger/tagger.sock", "etc/postfix/main.cf:6")
    assert (milter.parameter, milter.place) == ("smtpd_milters", "etc/postfix/main.cf:6")


def test_the_bytes_that_were_sent_go_when_they_are_read(engagement, ada):
    upload = receive(engagement, actor=ada)
    assert UnreadContent.objects.filter(upload=upload).exists()

    module.store_upload(upload, module.read_upload(upload, tell=lambda *stage: None))

    assert not UnreadContent.objects.exists()


def test_storing_twice_changes_nothing(engagement, ada):
    upload = receive(engagement, actor=ada)
    reading = module.read_upload(upload, tell=lambda *stage: None)
    store_upload(upload, reading)

    store_upload(upload, reading)

    assert StoredFile.objects.count() == 3
    assert AuditEvent.objects.filter(action="upload.read").count() == 1


def test_no_secret_is_anywhere_in_the_database(engagement, ada, mailoutbox):
    password, key = secrets.token_urlsafe(18), secrets.token_hex(48)
    pem = f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"
    files = SMALL_ESTATE | {
        "etc/postfix/main.cf": MAIN_CF + "smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\n",
        "etc/postfix/sasl_passwd": f"[relay.example]:587 northlake:{password}\n",
        "etc/postfix/keys/mta1.key": pem,
    }

    upload = read_by_job(engagement, actor=ada, files=files)

    everything = everything_in_the_database()
    assert (upload.state, upload.secret_count >= 2) == ("read", True)
    for secret in (password, key, password.encode().hex(), key.encode().hex()):
        assert secret not in everything
    assert b"smtp_sasl_password_maps".hex() in everything


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"readme": "nothing of Postfix\n"}, "There is no main.cf in "),
        ({"../../etc/passwd": "root\n"}, "climbs out of the archive"),
    ],
)
def test_a_bundle_of_no_use_ends_as_refused(engagement, ada, files, sentence):
    upload = read_by_job(engagement, actor=ada, files=files)

    assert (upload.state, upload.job.state) == ("refused", "done")
    assert sentence in upload.refusal
    assert not StoredFile.objects.exists()
    assert not UnreadContent.objects.exists()
    assert AuditEvent.objects.filter(action="upload.refused").count() == 1


def test_a_member_that_climbs_out_is_skipped_with_its_reason(engagement, ada):
    upload = read(engagement, actor=ada, files=SMALL_ESTATE | {"../../root/evil": "x\n"})

    assert (upload.state, upload.file_count, upload.skipped_count) == ("read", 3, 1)
    assert "climbs out of the archive" in upload.skippedmembers.get().reason


def test_a_bomb_is_refused_or_left_out(engagement, ada):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("etc/postfix/main.cf", MAIN_CF)
        archive.writestr("etc/postfix/bomb", b"a" * 30_000_000)

    upload = read(engagement, actor=ada, content=packed.getvalue(), filename="bomb.zip")

    assert upload.state == "refused" or upload.skippedmembers.filter(path="etc/postfix/bomb").exists()
    assert not StoredFile.objects.filter(path="etc/postfix/bomb").exists()


def test_a_refusal_leaves_the_earlier_inventory(engagement, ada):
    kept = read(engagement, actor=ada)

    read(engagement, actor=ada, files={"readme": "no\n"})

    assert list(Upload.objects.filter(engagement=engagement).current()) == [kept]
    assert engagement.findings.current().exists()


def test_when_the_job_gives_up_the_bytes_go_and_the_page_says_so(engagement, ada, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError("out of order")

    monkeypatch.setattr(module, "audit_masked", break_down)
    monkeypatch.setattr("core.jobs.kinds._kinds", {"parse_upload": _single_attempt()})

    upload = read_by_job(engagement, actor=ada)

    assert (upload.state, upload.job.state) == ("refused", "failed")
    assert upload.refusal.endswith("Upload it once more, or tell us the reference.")
    assert not UnreadContent.objects.exists()


def _single_attempt():
    from discovery.job_kinds import ParseUpload

    class Once(ParseUpload):
        max_attempts = 1

    return Once()


def test_an_estate_of_ten_thousand_lines_is_stored_whole(engagement, ada):
    lines = [f"own_parameter_{number} = value {number}\n" for number in range(10_000)]
    upload = receive(engagement, actor=ada, files={"etc/postfix/main.cf": MAIN_CF + "".join(lines)})
    reading = module.read_upload(upload, tell=lambda *stage: None)

    store_upload(upload, reading)

    assert Parameter.objects.filter(upload=upload).count() >= 10_000


def test_facts_of_any_length_are_kept(engagement, ada):
    name = "p" * 5000
    text = f"{MAIN_CF}{name} = {'v' * 5000}\n"

    upload = read(engagement, actor=ada, content=pack({"main.cf": text}))

    assert Parameter.objects.get(upload=upload, name=name).value == "v" * 5000


def test_a_refusal_is_a_sentence_of_its_own(engagement, ada):
    upload = receive(engagement, actor=ada, content=b"PK\x03\x04 torn to pieces", filename="torn.zip")

    reading = module.read_upload(upload, tell=lambda *stage: None)

    assert isinstance(reading, Refusal)
    assert reading.sentence.endswith(".")
