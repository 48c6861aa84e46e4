"""A secret of a customer is kept nowhere once the sealed bytes are gone: not stored, logged, shown or exported."""

import json
import secrets
from itertools import count
from pathlib import PurePosixPath
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from discovery.api.estate import TABLE_VIEWS
from discovery.models import Finding, StoredFile, Upload
from discovery.postfix.command import main
from discovery.questions.values import Given
from tests.discovery.database import everything_in_the_database
from tests.discovery.pages import url
from tests.discovery.postfix.secret_forms import FORMS, TABLE_FORMS
from tests.factories.answers import write
from tests.factories.discovery import pack, read_by_job

pytestmark = pytest.mark.django_db

FOLDERS = {
    "main.cf": "etc/postfix", "master.cf": "etc/postfix", "aliases": "etc", "crontab": "etc",
    "job.sh": "etc/cron.daily", "job.py": "opt/mail", "job.pl": "opt/mail",
}  # fmt: skip
START = {"main.cf": "mydestination = a.example\n", "job.sh": "#!/bin/sh\n", "job.py": "#!/usr/bin/python3\n"}


def new_secret():
    """With a letter, a digit and a mark that no other secret has."""
    return f"Zq7{secrets.token_hex(9)}x"


def planted():
    """({path: text}, every secret in it): each form once, in a file of its kind."""
    files, known, numbers = {}, [], count()
    for name, form in FORMS:
        known.append(new_secret())
        folder = FOLDERS.get(name, "etc/postfix")
        path = f"{folder}/{name}" if name in FOLDERS else f"{folder}/{next(numbers)}/{name}"
        files[path] = files.get(path, START.get(name, "")) + form.format(known[-1]) + "\n"
    for number, form in enumerate(TABLE_FORMS):
        known.append(new_secret())
        files["etc/postfix/sasl_passwd"] = files.get("etc/postfix/sasl_passwd", "") + form.format(known[-1]) + "\n"
        files[f"etc/postfix/notes{number}"] = f"# somebody wrote {known[-1]} here\n"
    lines = [secrets.token_hex(30) for _ in range(3)]
    known += lines
    for kind in ("RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"):
        body = "\n".join(lines)
        files[f"etc/keys/{kind.replace(' ', '')}.pem"] = f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"
    known.append("AK" + "IA" + secrets.token_hex(8).upper())
    files["opt/mail/aws.conf"] = f"id: {known[-1]}\n"
    return files, known


def found_in(text, known):
    """Secrets that stand in a text, also as the hexadecimal digits of their bytes."""
    return [secret for secret in known if secret in text or secret.encode().hex() in text]


def test_no_planted_secret_is_stored_logged_shown_or_exported(as_ada, engagement, ada, carl, caplog, capfd):
    files, known = planted()

    known.append(new_secret())
    write(engagement, actor=carl, send_hosts=Given(3, note=f"The password = {known[-1]}"))
    upload = read_by_job(engagement, actor=ada, files=files)

    assert upload.state == Upload.State.READ
    assert upload.secret_count >= len(FORMS)
    assert found_in(everything_in_the_database(), known) == []
    for page in pages_of(engagement):
        answer = as_ada.get(page)
        assert (page, answer.status_code, found_in(b"".join(answer).decode(), known)) == (page, 200, [])
    assert found_in(caplog.text, known) == []
    assert found_in("".join(capfd.readouterr()), known) == []


def pages_of(engagement):
    """What shows, lists or exports what was read: pages, routes of the API, downloads."""
    code = engagement.code
    yield from (url(name, engagement) for name in ("inventory", "queue", "runs", "xray", "inventory_csv"))
    asked = {"at": "1:postfix", "host": Upload.objects.get().host_label, "key": "relay.example"}
    for parameter in ("smtp_sasl_password_maps", "lmtp_sasl_password_maps", "transport_maps"):
        query = urlencode(asked | {"parameter": parameter})
        yield f"{url('lookup', engagement)}?{query}"
        yield f"{reverse('api:discovery:lookup', args=[code])}?{query}"
    yield from (url(name, engagement) for name in ("answers_csv", "answers_yaml"))
    yield url("upload", engagement, 1)
    for path in StoredFile.objects.values_list("path", flat=True):
        yield url("file", engagement, 1, path)
        yield reverse("api:discovery:file", args=[code, 1, path])
    for finding in Finding.objects.values_list("number", flat=True):
        yield url("finding", engagement, finding)
        yield reverse("api:discovery:finding", args=[code, finding])
    yield from (reverse(f"api:discovery:{name}", args=[code, 1]) for name in ("upload", "files", "skipped", "secrets"))
    yield from (reverse(f"api:discovery:{name}", args=[code]) for name in ("findings", "streams", *TABLE_VIEWS))


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_no_planted_secret_is_printed_by_the_audit(tmp_path, capsys, options):
    files, known = planted()
    archive = tmp_path / "estate.tar.gz"
    archive.write_bytes(pack(files))

    code = main([str(archive), *options])

    printed = capsys.readouterr()
    assert code == 0
    assert found_in(printed.out + printed.err, known) == []
    if options:
        assert json.loads(printed.out)["secrets_masked"] >= len(FORMS)


def test_every_form_is_planted_in_a_file_of_its_name():
    files, known = planted()

    assert {PurePosixPath(path).name for path in files} >= {name for name, _ in FORMS}
    assert all(any(secret in text for text in files.values()) for secret in known)
