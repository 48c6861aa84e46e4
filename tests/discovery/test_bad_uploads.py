"""Every kind of bad configuration through the portal: the upload is kept, and the finding names file and line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.jobs import run_job
from discovery.models import Finding, Parameter, StoredFile, Upload
from tests.discovery.postfix.test_flaws import FLAWS
from tests.factories.discovery import MASTER_CF, pack

pytestmark = pytest.mark.django_db

BINARY = ("binary-file", bytes(range(256)) * 40, 1)
BY_RULE = {rule: (rule, main, line) for rule, main, line in [*FLAWS, BINARY]}


def send(client, engagement, filename, content):
    """The form of the inventory page, then the job that reads the upload."""
    page = client.post(
        reverse("discovery:inventory", args=[engagement.code]),
        {"bundle": SimpleUploadedFile(filename, content), "host_label": "mta1"},
    )
    assert page.status_code == 302, page.content.decode()
    upload = Upload.objects.get(engagement=engagement)
    run_job(upload.job_id)
    upload.refresh_from_db()
    return upload


@pytest.mark.parametrize(("rule", "main", "line"), BY_RULE.values(), ids=BY_RULE)
def test_a_bad_file_in_an_archive_is_kept_and_its_flaw_has_file_and_line(client, engagement, ada, rule, main, line):
    client.force_login(ada)
    files = {"etc/postfix/main.cf": main, "etc/postfix/master.cf": MASTER_CF}

    upload = send(client, engagement, "estate.tar.gz", pack(files))

    finding = Finding.objects.get(engagement=engagement, rule=rule)
    assert (upload.state, upload.file_count) == ("read", 2)
    assert (finding.file, finding.line) == ("etc/postfix/main.cf", line)
    assert StoredFile.objects.filter(upload=upload, path="etc/postfix/main.cf").exists()
    assert Parameter.objects.filter(upload=upload, name="relayhost").exists() == (rule != "binary-file")
    for name, args in (
        ("upload", [upload.number]),
        ("inventory", []),
        ("finding", [finding.number]),
        ("file", [upload.number, "etc/postfix/main.cf"]),
    ):
        page = client.get(reverse(f"discovery:{name}", args=[engagement.code, *args]))
        assert page.status_code == 200, name


@pytest.mark.parametrize(("rule", "main", "line"), BY_RULE.values(), ids=BY_RULE)
def test_a_bad_main_cf_by_itself_is_kept_too(client, engagement, ada, rule, main, line):
    client.force_login(ada)

    upload = send(client, engagement, "main.cf", main)

    finding = Finding.objects.get(engagement=engagement, rule=rule)
    assert upload.state == "read"
    assert (finding.file, finding.line) == ("main.cf", line)
