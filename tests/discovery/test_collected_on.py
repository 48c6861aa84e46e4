"""The day an upload speaks of: as it was said, else that of its newest file; runs are in the order of those days."""

import io
import tarfile
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import DomainError
from discovery.domain.receive_upload import receive_upload
from discovery.domain.store_upload import read_upload, store_upload
from discovery.models import Upload
from discovery.postfix import read_archive
from discovery.run_queries import runs_by_host
from tests.discovery.pages import text_of, url
from tests.discovery.postfix.archives import MAIN, tar_of

pytestmark = pytest.mark.django_db

CF = "etc/postfix/main.cf"
OLDER, NEWER = (datetime(2026, 3, day, 9, tzinfo=UTC).timestamp() for day in (4, 9))


def written(*moments):
    return tar_of(*((f"etc/postfix/{number}.cf", MAIN, {"mtime": at}) for number, at in enumerate(moments)), (CF, MAIN))


def hand_over(engagement, actor, content, **more):
    upload = receive_upload(
        engagement, filename="x.tgz", content_file=io.BytesIO(content), host_label="mta1", actor=actor, **more
    )
    return store_upload(upload, read_upload(upload, tell=lambda *told: None))


def test_the_newest_file_says_the_day(engagement, ada):
    assert hand_over(engagement, ada, written(NEWER, OLDER)).collected_on == date(2026, 3, 9)


def test_what_was_said_counts_more_than_the_newest_file(engagement, ada):
    upload = hand_over(engagement, ada, written(NEWER), collected_on=date(2026, 2, 1))

    assert upload.collected_on == date(2026, 2, 1)


@pytest.mark.parametrize("moment", [0, 1000, 9_000_000_000_000, datetime(2035, 1, 1, tzinfo=UTC).timestamp()])
def test_a_day_that_cannot_be_is_left_open(engagement, ada, moment):
    assert hand_over(engagement, ada, written(moment)).collected_on is None


def test_a_zip_says_it_too():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.cf", (2026, 3, 9, 10, 0, 0)), MAIN)

    newest = read_archive("x.zip", packed.getvalue()).newest

    assert datetime.fromtimestamp(newest, UTC).date() == date(2026, 3, 9)


def test_a_day_in_the_future_is_refused_and_nothing_is_kept(engagement, ada):
    with pytest.raises(DomainError, match="lies in the future"):
        hand_over(engagement, ada, written(), collected_on=date(2999, 1, 1))

    assert not Upload.objects.exists()


def test_runs_are_in_the_order_of_the_days_they_speak_of(engagement, ada):
    hand_over(engagement, ada, written(NEWER))
    hand_over(engagement, ada, tar_of((CF, MAIN + b"biff = no\n", {"mtime": OLDER})))

    runs = runs_by_host(engagement, ada)

    assert [upload.number for upload in runs["mta1"]] == [1, 2]


def test_the_page_takes_the_day_and_shows_it(as_ada, engagement, ada):
    sent = {"host_label": "mta1", "collected_on": "2026-03-01", "bundle": SimpleUploadedFile("x.tgz", written(NEWER))}

    as_ada.post(url("inventory", engagement), sent)

    upload = Upload.objects.get()
    store_upload(upload, read_upload(upload, tell=lambda *told: None))
    assert upload.collected_on == date(2026, 3, 1)
    assert "Collected on 1 March 2026" in text_of(as_ada.get(url("runs", engagement)))


def test_a_day_nobody_can_read_is_refused_in_words(as_ada, engagement):
    sent = {"host_label": "mta1", "collected_on": "last week", "bundle": SimpleUploadedFile("x.tgz", written())}

    answer = as_ada.post(url("inventory", engagement), sent)

    assert answer.status_code == 422
    assert "Enter the day it was collected as a date, for example 2026-05-14." in text_of(answer)


def test_the_api_takes_it_and_lists_runs_by_it(as_ada, engagement):
    address = reverse("api:discovery:uploads", args=[engagement.code])
    sent = {"host_label": "mta1", "collected_on": "2026-03-01", "bundle": SimpleUploadedFile("x.tgz", written())}

    told = as_ada.post(address, sent).json()
    upload = Upload.objects.get()
    store_upload(upload, read_upload(upload, tell=lambda *told: None))
    (run,) = as_ada.get(reverse("api:discovery:runs", args=[engagement.code])).json()["results"]

    assert told["collected_on"] == run["collected_on"] == "2026-03-01"
    assert (run["host_label"], run["same_as"], run["gone_count"]) == ("mta1", None, 0)


def test_tar_members_without_a_time_say_nothing():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("main.cf")
        member.size = len(MAIN)
        archive.addfile(member, io.BytesIO(MAIN))

    assert read_archive("x.tgz", packed.getvalue()).newest == 0
