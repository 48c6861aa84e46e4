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


def told_of(engagement):
    return list(engagement.findings.order_by("number").values_list("number", "gone_at", "version"))


def test_an_upload_of_an_earlier_day_proves_nothing_fixed(as_ada, engagement, ada):
    flawed = tar_of((CF, MAIN + b"message_size_limt = 1\n", {"mtime": NEWER}))
    now = hand_over(engagement, ada, flawed)
    findings, streams = told_of(engagement), list(engagement.streams.values_list("key", flat=True))

    older = hand_over(engagement, ada, written(OLDER))

    page = text_of(as_ada.get(url("upload", engagement, 2)))
    runs = text_of(as_ada.get(url("runs", engagement)))
    assert findings
    assert told_of(engagement) == findings
    assert list(engagement.streams.values_list("key", flat=True)) == streams
    assert (older.older_than, list(Upload.objects.current())) == (now, [now])
    assert older.storedfiles.exists()
    assert "as it was before upload 1. It is kept as a run to compare with" in page
    assert "Shows mta1 as it was before upload 1: findings stay as they are" in runs


def test_an_upload_of_a_later_day_speaks_for_the_host(engagement, ada):
    hand_over(engagement, ada, tar_of((CF, MAIN + b"message_size_limt = 1\n", {"mtime": OLDER})))

    now = hand_over(engagement, ada, written(NEWER))

    assert (now.older_than, list(Upload.objects.current())) == (None, [now])
    assert now.gone_count > 0


def test_of_one_day_the_higher_number_speaks_whichever_was_read_first(engagement, ada):
    contents = (written(NEWER), tar_of((CF, MAIN + b"biff = no\n", {"mtime": NEWER})))
    first, second = (
        receive_upload(engagement, filename="x.tgz", content_file=io.BytesIO(content), host_label="mta1", actor=ada)
        for content in contents
    )

    stored = [store_upload(upload, read_upload(upload, tell=lambda *told: None)) for upload in (second, first)]

    assert [upload.older_than for upload in stored] == [None, second]
    assert list(Upload.objects.current()) == [second]


def test_a_repeat_on_a_later_day_holds_against_what_lies_between(engagement, ada):
    now = hand_over(engagement, ada, written(), collected_on=date(2026, 3, 1))
    repeat = hand_over(engagement, ada, written(), collected_on=date(2026, 3, 9))

    between = hand_over(engagement, ada, tar_of((CF, MAIN + b"biff = no\n")), collected_on=date(2026, 3, 4))

    assert (between.older_than, list(Upload.objects.current())) == (repeat, [now])


def test_without_a_day_an_upload_is_of_the_day_it_was_handed_over(engagement, ada):
    hand_over(engagement, ada, written(NEWER))

    now = hand_over(engagement, ada, tar_of((CF, MAIN + b"biff = no\n", {"mtime": 0})))

    assert (now.collected_on, list(Upload.objects.current())) == (None, [now])


def test_an_older_run_is_compared_without_findings_nobody_looked_for(as_ada, engagement, ada):
    hand_over(engagement, ada, tar_of((CF, MAIN + b"biff = no\n", {"mtime": NEWER})))
    hand_over(engagement, ada, written(OLDER))

    page = as_ada.get(url("compare", engagement) + "?before=2&after=1")
    told = as_ada.get(reverse("api:discovery:runs", args=[engagement.code])).json()["results"]

    slugs = [section.slug for section in page.context["comparison"].sections]
    assert "parameters" in slugs
    assert "findings" not in slugs
    assert "as it was before upload 1: findings are not compared" in text_of(page)
    assert [(run["number"], run["older_than"]) for run in told] == [(1, None), (2, 1)]
