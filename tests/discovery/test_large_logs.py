"""A mail log may be far larger than other files: it is taken in, kept and read in pieces, under bounds of its own."""

import gzip
import hashlib
import io
import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import Refused
from core.jobs import run_job
from core.spools import SealedSpool
from core.uploads import BESIDE_THE_FILE
from discovery.domain.keep_pieces import PIECE
from discovery.domain.receive_log import receive_log
from discovery.models import LogReading, UnreadFile, UnreadPiece, Upload
from discovery.waiting_log import WaitingLog
from tests.factories.discovery import MAIL_LOG, read_mail_log, receive_mail_log

pytestmark = pytest.mark.django_db

SMALL = 1000  # what other files may have
LARGE = 4 * 1024 * 1024
ROUTES = pytest.mark.parametrize("route", ["discovery:volumes", "api:discovery:volumes"])
NOISE = "".join(
    f"2026-11-02T10:00:00+00:00 mta1 postfix/smtpd[1]: connect from {os.urandom(30).hex()}.example[192.0.2.1]\n"
    for _ in range(16_000)
).encode()


@pytest.fixture(autouse=True)
def limits(settings):
    settings.UPLOAD_LIMIT_BYTES, settings.LOG_LIMIT_BYTES = SMALL, LARGE


def send(client, route, engagement, content, **headers):
    sent = {"host_label": "mta1", "zone": "UTC", "log": SimpleUploadedFile("mail.log", content)}
    return client.post(reverse(route, args=[engagement.code]), sent, headers=headers)


@ROUTES
def test_a_log_past_the_limit_of_other_files_is_taken_in_pieces_and_read(as_ada, engagement, route):
    content = MAIL_LOG.encode() + NOISE

    answer = send(as_ada, route, engagement, content)

    log = LogReading.objects.get()
    sizes = [len(piece.sealed) for piece in log.unread.pieces.all()]
    assert answer.status_code in {201, 302}
    assert len(content) > 2 * PIECE
    assert len(sizes) == len(content) // PIECE + 1
    assert (log.byte_count, log.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    run_job(log.job_id)
    log.refresh_from_db()
    assert (log.state, log.line_count, log.figures["sent"]) == (LogReading.State.READ, 16_006, 1)
    assert not UnreadFile.objects.exists()
    assert not UnreadPiece.objects.exists()


@ROUTES
@pytest.mark.parametrize("beyond", [1, BESIDE_THE_FILE + 1])
def test_a_log_past_its_own_limit_is_refused_with_what_to_do_and_nothing_is_kept(as_ada, engagement, route, beyond):
    answer = send(as_ada, route, engagement, b"x" * (LARGE + beyond))

    said = answer.content.decode()
    assert answer.status_code in {413, 422}
    assert "must be smaller than 4 MB" in said
    assert "Compress the log with xz or zstd" in said
    assert not LogReading.objects.exists()
    assert not UnreadFile.objects.exists()


def test_other_files_keep_their_limit(as_ada, engagement):
    bundle = SimpleUploadedFile("main.cf", b"#" * (SMALL + 1))

    answer = as_ada.post(
        reverse("discovery:inventory", args=[engagement.code]), {"host_label": "mta1", "bundle": bundle}
    )

    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_nobody_sends_a_large_file_before_signing_in(client, engagement):
    answer = send(client, "discovery:volumes", engagement, b"x" * (BESIDE_THE_FILE + SMALL + 1))

    assert answer.status_code == 413
    assert "must be smaller than 0 MB" in answer.content.decode()


def test_a_made_up_token_makes_nobody_of_a_page_somebody(client, engagement, monkeypatch):
    spools = []
    monkeypatch.setattr("core.uploads.SealedSpool", lambda: spools.append(SealedSpool()) or spools[-1])

    large = send(client, "discovery:volumes", engagement, NOISE, authorization="Bearer abc")
    small = send(client, "discovery:volumes", engagement, b"x", authorization="Bearer abc")

    assert large.status_code == 413
    assert "must be smaller than 0 MB" in large.content.decode()
    assert small.status_code != 413
    assert spools == []
    assert not UnreadFile.objects.exists()


def test_a_token_that_is_none_has_nothing_read(client, engagement):
    answer = send(client, "api:discovery:volumes", engagement, NOISE, authorization="Bearer abc")

    assert answer.status_code == 401
    assert not hasattr(answer.wsgi_request, "_files")
    assert not UnreadFile.objects.exists()


def test_a_viewer_leaves_no_piece_behind(engagement, vera):
    with pytest.raises(Refused):
        receive_mail_log(engagement, actor=vera, content=NOISE)

    assert not UnreadPiece.objects.exists()


def test_a_sealed_spool_is_taken_as_any_file_is(engagement, ada):
    spool = SealedSpool()
    spool.write(NOISE)

    log = receive_log(engagement, filename="mail.log", content_file=spool, host_label="mta1", zone="UTC", actor=ada)

    assert log.sha256 == hashlib.sha256(NOISE).hexdigest()


def test_what_waits_is_read_on_from_piece_to_piece_and_again_from_its_beginning(engagement, ada):
    log = receive_mail_log(engagement, actor=ada, content=NOISE)
    told = []

    waiting = WaitingLog(log.unread, told=told.append)
    read = b"".join(iter(lambda: waiting.read(300_000), b""))
    waiting.seek(0)

    assert read == NOISE
    assert waiting.read(5) == NOISE[:5]
    assert told[-2] == len(NOISE)
    with pytest.raises(ValueError, match="from its beginning"):
        waiting.seek(1)


def test_a_log_that_unpacks_to_more_than_is_read_says_what_was_read_and_what_was_left(engagement, ada, settings):
    settings.LOG_UNPACKED_LIMIT_BYTES, settings.LOG_LIMIT_BYTES = 2 * 1024 * 1024, 4 * LARGE
    tail = os.urandom(3 * 1024 * 1024)

    log = read_mail_log(engagement, actor=ada, content=gzip.compress(MAIL_LOG.encode() + NOISE * 2 + tail))

    (sentence,) = log.figures["troubles"]
    assert log.state == LogReading.State.READ
    assert log.figures["sent"] == 1
    assert 6 < log.line_count < 32_006
    assert sentence.startswith("mail.log holds more than 2 MB when it is unpacked")
    assert f"its first {log.line_count:,} lines were counted" in sentence
    assert re.search(r"among it the last [2-4] MB of what was sent\.", sentence)
    assert "Cut the log into smaller files" in sentence


def test_a_bomb_is_refused_after_the_bound(engagement, ada, settings):
    settings.LOG_UNPACKED_LIMIT_BYTES = 2 * 1024 * 1024
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(64):
            file.write(b"\0\n" * 512 * 1024)

    log = read_mail_log(engagement, actor=ada, content=packed.getvalue())

    assert log.state == LogReading.State.REFUSED
    assert "holds more than 2 MB when it is unpacked" in log.refusal
