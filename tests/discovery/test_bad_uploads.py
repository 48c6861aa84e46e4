"""Whatever is handed over at the page or the API: never a fault, the upload stays, and a sentence says what to do."""

import bz2
import lzma
import os
import tarfile
import zipfile
from io import BytesIO

import pytest
import zstandard
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.jobs import run_job
from core.models import Job
from discovery.models import Finding, UnreadContent, Upload
from tests.discovery.pages import text_of, url
from tests.discovery.postfix.archives import MAIN, MEGABYTE, tar_of, zip_of
from tests.factories.discovery import pack_short

pytestmark = pytest.mark.django_db

CF = "etc/postfix/main.cf"
NAMED = MAIN + b"transport_maps = hash:/etc/postfix/transport\n"
LINK = {"type": tarfile.SYMTYPE, "linkname": "/etc/sh\x00adow\udce9"}


def encrypted():
    packed = bytearray(zip_of((CF, MAIN), ("secret.cf", MAIN)))
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def spool():
    return tar_of(*((f"var/mail/{number}", b"x\n") for number in range(6000)), (CF, MAIN))


def huge_table():
    row = b"customer.example smtp:[203.0.113.1]:25\n"
    return tar_of((CF, NAMED), ("etc/postfix/transport", row * (65 * MEGABYTE // len(row))))


READ = {
    "a table of millions of lines": (huge_table, "etc/postfix/transport was skipped: it has 1,747,626 lines, 65 MB"),
    "a member of zeros": (lambda: tar_of((CF, MAIN), ("z", bytes(MEGABYTE))), "z was skipped: it holds NUL bytes"),
    "an archive in the archive": (lambda: tar_of((CF, MAIN), ("in.zip", zip_of(("x", b"y")))), "archive inside"),
    "a hostile link": (lambda: tar_of((CF, MAIN), ("link", b"", LINK)), "links are not followed"),
    "a path that climbs": (lambda: tar_of((CF, MAIN), ("../../x", b"y")), "climbs out of the archive"),
    "a device": (lambda: tar_of((CF, MAIN), ("null", b"", {"type": tarfile.CHRTYPE})), "a device or a pipe"),
    "a sparse file": (lambda: tar_of((CF, MAIN), ("s", b"", {"type": tarfile.GNUTYPE_SPARSE})), "a sparse file"),
    "one path twice": (lambda: tar_of((CF, MAIN), (CF, b"x = 1\n")), "holds this path twice"),
    "a name that is not UTF-8": (lambda: tar_of((CF, MAIN), ("caf\udce9.cf", b"x = 1\n")), "2 files"),
    "an absolute path": (lambda: tar_of((f"/{CF}", MAIN)), "1 files"),
    "a whole mail spool": (spool, "1,000 more files were left out"),
    "a member that is encrypted": (encrypted, "secret.cf was skipped: it is encrypted."),
    "xz": (lambda: tar_of((CF, MAIN), mode="w:xz"), "1 files"),
    "bzip2": (lambda: tar_of((CF, MAIN), mode="w:bz2"), "1 files"),
    "Zstandard": (lambda: zstandard.compress(tar_of((CF, MAIN), mode="w:")), "1 files"),
    "a tar that ends early": (lambda: pack_short({CF: MAIN.decode(), "x.cf": "a = 1\nb"}), "after line 1 of x.cf"),
    "one line of a megabyte": (lambda: tar_of((CF, MAIN + b"x = " + b"y" * MEGABYTE)), "1 files"),
    "a million settings on top of each other": (lambda: tar_of((CF, MAIN + b"biff = no\n" * 3000)), "1 files"),
}  # fmt: skip
REFUSED = {
    "nothing but zeros": (lambda: bytes(20480), "The selected file must be"),
    "a bomb of zeros in gzip": (lambda: tar_of(("zeros", bytes(90 * MEGABYTE))), "zeros was skipped"),
    "a bomb of zeros in bzip2": (lambda: bz2.compress(bytes(100 * MEGABYTE)), "holds no file that can be read"),
    "a bomb of letters in xz": (lambda: lzma.compress(b"x" * (70 * MEGABYTE), preset=0), "unpacks to more than 64 MB"),
    "half a zip": (lambda: zip_of((CF, MAIN * 100))[:-30], "Pack the folder once more and upload it again."),
    "half a gzip": (
        lambda: tar_of((CF, os.urandom(4000).hex().encode()))[:99],
        "Pack it once more and upload it again.",
    ),
    "an archive without a configuration": (lambda: tar_of(("readme", b"x\n")), "There is no main.cf"),
    "nothing at all": (lambda: b"", "The selected file is empty."),
    "a program": (lambda: b"\x7fELF\x02\x01\x01\x00" + bytes(90), "The selected file must be a .tar"),
    "7-Zip": (lambda: b"7z\xbc\xaf\x27\x1c" + b"x" * 40, "is a 7-Zip archive"),
}


def read_what_waits():
    for job in Job.objects.filter(state=Job.State.QUEUED):
        run_job(job.pk)


@pytest.mark.parametrize("case", READ)
def test_the_page_reads_what_can_be_read_and_says_what_not(as_ada, engagement, case):
    make, sentence = READ[case]

    sent = as_ada.post(
        url("inventory", engagement), {"host_label": "mta1", "bundle": SimpleUploadedFile("estate.tgz", make())}
    )
    read_what_waits()

    upload = Upload.objects.get()
    assert (sent.status_code, upload.state) == (302, "read")
    assert sentence in text_of(as_ada.get(url("upload", engagement, 1)))
    assert not UnreadContent.objects.exists()
    for page in (url("inventory", engagement), url("queue", engagement), url("file", engagement, 1, CF)):
        assert as_ada.get(page).status_code == 200


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_at_all_is_refused_in_words(as_ada, engagement, case):
    make, sentence = REFUSED[case]

    sent = as_ada.post(
        url("inventory", engagement), {"host_label": "mta1", "bundle": SimpleUploadedFile("estate.tgz", make())}
    )
    read_what_waits()

    upload = Upload.objects.first()
    page = sent if upload is None else as_ada.get(url("upload", engagement, 1))
    assert sent.status_code == (422 if upload is None else 302)
    assert upload is None or upload.state == "refused"
    assert sentence in text_of(page)


@pytest.mark.parametrize(
    "case", ["a hostile link", "a tar that ends early", "half a zip", "nothing at all", "a program"]
)
def test_the_api_says_the_same(as_ada, engagement, case):
    make, sentence = (READ | REFUSED)[case]
    address = reverse("api:discovery:uploads", args=[engagement.code])

    sent = as_ada.post(address, {"host_label": "mta1", "bundle": SimpleUploadedFile("estate.tgz", make())})
    read_what_waits()

    assert sent.status_code in {201, 422}
    if sent.status_code == 422:
        assert sentence in " ".join(sent.json()["reasons"])
        return
    told = as_ada.get(reverse("api:discovery:upload", args=[engagement.code, 1])).json()
    left_out = as_ada.get(reverse("api:discovery:skipped", args=[engagement.code, 1])).json()
    assert told["state"] == ("read" if case in READ else "refused")
    assert sentence in f"{told} {left_out} {told['file_count']} files"


def test_the_finding_about_a_table_that_was_left_out_stands_where_it_is_named(as_ada, engagement):
    content = tar_of((CF, NAMED), ("etc/postfix/transport", b"\x00" * 100))

    as_ada.post(url("inventory", engagement), {"host_label": "mta1", "bundle": SimpleUploadedFile("x.tgz", content)})
    read_what_waits()

    finding = Finding.objects.get(rule="table-left-out")
    assert (finding.file, finding.line) == (CF, 2)
    assert as_ada.get(url("finding", engagement, finding.number)).status_code == 200


def test_the_finding_about_an_archive_that_ends_early_stands_where_it_ends(as_ada, engagement):
    content = pack_short({CF: NAMED.decode(), "etc/postfix/transport": "a.example smtp:\nb.exam"})

    as_ada.post(url("inventory", engagement), {"host_label": "mta1", "bundle": SimpleUploadedFile("x.tar", content)})
    read_what_waits()

    finding = Finding.objects.get(rule="archive-cut-short")
    assert (finding.file, finding.line) == ("etc/postfix/transport", 1)
    assert as_ada.get(url("file", engagement, 1, finding.file)).status_code == 200


def test_a_zip_that_holds_a_path_of_another_system_is_read(as_ada, engagement):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("C:\\etc\\postfix\\main.cf", MAIN)

    as_ada.post(
        url("inventory", engagement), {"host_label": "x", "bundle": SimpleUploadedFile("x.zip", packed.getvalue())}
    )
    read_what_waits()

    assert Upload.objects.get().state == "read"
