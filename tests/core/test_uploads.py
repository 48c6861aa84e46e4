"""What is sent is bounded before it is kept, and a file never touches the disk in plain text."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.uploads import BESIDE_THE_FILE, BoundedUploadHandler
from discovery.models import Upload

pytestmark = pytest.mark.django_db

LIMIT = 1000
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def small_limit(settings):
    settings.UPLOAD_LIMIT_BYTES = LIMIT


@pytest.fixture
def no_disk(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a file was written to disk")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)


def send(client, engagement, content):
    bundle = SimpleUploadedFile("main.cf", content)
    url = reverse("discovery:inventory", args=[engagement.code])
    return client.post(url, {"bundle": bundle, "host_label": "mta7"})


def test_a_file_too_large_is_refused_in_the_form_and_what_was_typed_stays(client, engagement, ada, no_disk):
    client.force_login(ada)

    page = send(client, engagement, b"#" * (LIMIT + 1))

    assert page.status_code == 422
    assert "The selected file must be smaller than" in page.text
    assert 'value="mta7"' in page.text
    assert not Upload.objects.exists()


def test_nothing_of_a_file_too_large_is_kept():
    handler = BoundedUploadHandler()
    handler.new_file("bundle", "main.cf", "text/plain", None)

    for start in range(0, LIMIT * 2, 100):
        handler.receive_data_chunk(b"#" * 100, start)

    kept = handler.file_complete(LIMIT * 2)
    assert (kept.size, kept.read()) == (LIMIT * 2, b"")


def test_a_file_of_the_largest_size_is_taken_in_without_the_disk(client, engagement, ada, no_disk):
    client.force_login(ada)

    page = send(client, engagement, b"#" * LIMIT)

    assert page.status_code == 302
    assert Upload.objects.get().byte_count == LIMIT


def test_a_body_past_the_limit_is_refused_by_its_length_before_it_is_parsed(client, engagement, ada):
    client.force_login(ada)

    page = send(client, engagement, b"#" * (LIMIT + BESIDE_THE_FILE))

    assert page.status_code == 413
    assert "The selected file must be smaller than" in page.text
    assert not hasattr(page.wsgi_request, "_post")


def test_a_huge_body_of_somebody_anonymous_is_refused_unread(client, no_disk):
    page = client.post(reverse("account_login"), b"x", content_type="multipart/form-data; boundary=b")
    huge = client.post(
        reverse("account_login"), b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=str(10**15)
    )

    assert page.status_code != 413
    assert huge.status_code == 413
    assert huge.wsgi_request._stream.read(1) == b"x"


@pytest.mark.parametrize(("bound", "left"), [(0, b""), (-1, b"x")])
def test_however_large_files_may_be_little_is_read_to_be_dropped(client, settings, monkeypatch, bound, left):
    settings.UPLOAD_LIMIT_BYTES = BESIDE_THE_FILE
    body = b"x" * (2 * BESIDE_THE_FILE + 1)
    monkeypatch.setattr("core.uploads.MOST_DROPPED", len(body) + bound)

    page = client.post(reverse("account_login"), body, content_type="multipart/form-data; boundary=b")

    assert page.status_code == 413
    assert page.wsgi_request._stream.read(1) == left


def test_a_form_without_a_file_has_the_smaller_limit(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

    page = client.post(reverse("account_login"), "a=" + "b" * 1024 * 1024, content_type=FORM)

    assert page.status_code == 413
    assert "What you sent is larger than 1 MB" in page.text
