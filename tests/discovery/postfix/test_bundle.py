"""Uploads are read in memory, within caps, and say what was left out."""

import contextlib
import gzip
import io
import os
import tarfile
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix import Bundle, BundleRefused, Caps, read_archive, read_folder, read_single_file
from discovery.postfix.folders import read_path
from tests.discovery.postfix.archives import MAIN, MEGABYTE, PACKERS, reasons, tar_of, zip_of

NOT_TEXT = (
    "virtual.db was skipped: it holds NUL bytes, so it is not a text file (compiled tables are read from their source)."
)
DAMAGED = "x.tgz cannot be unpacked: the file is damaged or cut short. Pack it once more and upload it again."
DAMAGED_ZIP = "x.zip cannot be opened: the file is damaged or cut short. Pack the folder once more and upload it again."


@pytest.mark.parametrize("mode", PACKERS)
def test_a_tar_is_read_whatever_packs_it(mode):
    bundle = read_archive("upload", tar_of(("etc/postfix/main.cf", MAIN), mode=mode))

    assert {path: file.content for path, file in bundle.files.items()} == {"etc/postfix/main.cf": MAIN}
    assert bundle.skipped == ()


def test_a_zip_is_read():
    bundle = read_archive("upload.zip", zip_of(("etc/postfix/main.cf", MAIN)))

    assert list(bundle.files) == ["etc/postfix/main.cf"]


@pytest.mark.parametrize("pack", PACKERS.values())
def test_a_single_file_is_read_whatever_packs_it(pack):
    bundle = read_archive("main.cf", pack(MAIN))

    assert bundle.files["main.cf"].content == MAIN


def test_an_open_file_is_read_like_its_bytes():
    packed = tar_of(("main.cf", MAIN))

    assert read_archive("upload", io.BytesIO(packed)).sha256 == read_archive("upload", packed).sha256


def test_an_absolute_path_loses_its_leading_slash():
    bundle = read_archive("upload", tar_of(("/etc/postfix/main.cf", MAIN)))

    assert list(bundle.files) == ["etc/postfix/main.cf"]


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (("../../etc/passwd", b"x"), "../../etc/passwd was skipped: its path climbs out of the archive with '..'."),
        (("a/../../b", b"x"), "a/../../b was skipped: its path climbs out of the archive with '..'."),
        (
            ("link", b"", {"type": tarfile.SYMTYPE, "linkname": "/etc/shadow"}),
            "link was skipped: it is a symbolic link to /etc/shadow, and links are not followed.",
        ),
        (
            ("hard", b"", {"type": tarfile.LNKTYPE, "linkname": "main.cf"}),
            "hard was skipped: it is a hard link to main.cf, and links are not followed.",
        ),
        (("null", b"", {"type": tarfile.CHRTYPE}), "null was skipped: it is a device or a pipe, not a file."),
        (("pipe", b"", {"type": tarfile.FIFOTYPE}), "pipe was skipped: it is a device or a pipe, not a file."),
        (
            ("main.cf", b"another = 1\n"),
            "main.cf was skipped: the archive holds this path twice; the first one was kept.",
        ),
        (
            ("virtual.db", b"\x00\x01"),
            NOT_TEXT,
        ),
        (
            ("notes.txt", "ä".encode("utf-16")),
            "notes.txt was skipped: it is UTF-16, which Postfix cannot read; please save it as UTF-8.",
        ),
        (
            ("inner.tar.gz", gzip.compress(b"x")),
            "inner.tar.gz was skipped: it is an archive inside the archive; unpack it first, or upload it by itself.",
        ),
        (
            ("sparse", b"", {"type": tarfile.GNUTYPE_SPARSE}),
            "sparse was skipped: it is a sparse file, which holds next to nothing however large it looks.",
        ),
        (("a/" * 25 + "b", b"x"), "a/" * 25 + "b was skipped: it lies more than 20 folders deep."),
        (("new\nline", b"x"), "'new\\nline' was skipped: its name holds control characters."),
    ],
)
def test_a_bad_member_is_skipped_with_one_sentence_and_the_rest_is_read(member, reason):
    bundle = read_archive("upload", tar_of(("main.cf", MAIN), member, ("after.cf", b"x = 1\n"), mode="w:"))

    assert reasons(bundle) == [reason]
    assert list(bundle.files) == ["main.cf", "after.cf"]
    assert bundle.files["main.cf"].content == MAIN


def test_a_zip_member_that_climbs_or_links_is_skipped():
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO(zip_of(("main.cf", MAIN), ("../up", b"x")))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(link, "/etc/shadow")

    bundle = read_archive("upload.zip", packed.getvalue())

    assert list(bundle.files) == ["main.cf"]
    assert reasons(bundle) == [
        "../up was skipped: its path climbs out of the archive with '..'.",
        "link was skipped: it is a symbolic link, and links are not followed.",
    ]


def test_an_encrypted_zip_member_is_skipped():
    packed = bytearray(zip_of(("main.cf", MAIN), ("secret.cf", MAIN)))
    entry = packed.rindex(b"PK\x01\x02")
    packed[entry + 8] |= 1

    bundle = read_archive("upload.zip", bytes(packed))

    assert reasons(bundle) == ["secret.cf was skipped: it is encrypted."]


def test_a_bomb_never_takes_the_memory_it_asks_for():
    bomb = tar_of(("main.cf", MAIN), ("zeros", bytes(150 * MEGABYTE)), ("later", b"x"))
    packed_zip = zip_of(("main.cf", MAIN), ("zeros", bytes(150 * MEGABYTE)))

    tracemalloc.start()
    tar_bundle = read_archive("bomb.tgz", bomb)
    zip_bundle = read_archive("bomb.zip", packed_zip)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20 * MEGABYTE
    assert "main.cf" in tar_bundle.files
    assert "main.cf" in zip_bundle.files
    assert reasons(zip_bundle) == ["zeros was skipped: it unpacks to more than 200 times its size."]


def test_a_stream_that_unpacks_without_end_is_cut_off():
    bomb = tar_of(("main.cf", MAIN), ("zeros", bytes(3 * MEGABYTE)))

    bundle = read_archive("bomb.tgz", bomb, Caps(member=MEGABYTE, stream=MEGABYTE))

    assert reasons(bundle)[-1] == (
        "The archive unpacks to far more than a configuration holds, so reading ended, after main.cf. "
        "What came before was kept. Pack the folder once more and upload it again."
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.tgz", b"", "empty.tgz is empty."),
        ("x.7z", b"7z\xbc\xaf\x27\x1c", "x.7z is a 7-Zip archive; please send .tar.gz or .zip."),
        ("x.rar", b"Rar!\x1a\x07", "x.rar is a RAR archive; please send .tar.gz or .zip."),
        ("x.tgz", b"\x1f\x8bnonsense", DAMAGED),
        ("x.zip", b"PK\x03\x04nonsense", DAMAGED_ZIP),
        ("none.tar", bytes(10240), "none.tar holds no file that can be read."),
    ],
)
def test_an_upload_that_cannot_be_used_is_refused_with_one_sentence(name, content, sentence):
    with pytest.raises(BundleRefused) as refused:
        read_archive(name, content)

    assert refused.value.sentence == sentence


def test_an_upload_over_the_size_limit_is_refused():
    with pytest.raises(BundleRefused, match=r"huge\.tgz is larger than 1 MB"):
        read_archive("huge.tgz", io.BytesIO(bytes(2 * MEGABYTE)), Caps(compressed=MEGABYTE))


def test_latin_1_is_read_and_said():
    file = read_single_file("main.cf", "# Müller\n".encode("latin-1")).files["main.cf"]

    assert (file.encoding, file.text) == ("latin-1", "# Müller\n")


def test_a_folder_is_read_without_links_that_leave_it(tmp_path):
    (tmp_path / "outside").write_text("secret")
    root = tmp_path / "etc"
    (root / "postfix").mkdir(parents=True)
    (root / "postfix" / "main.cf").write_bytes(MAIN)
    (root / "postfix" / "inside").symlink_to(root / "postfix" / "main.cf")
    (root / "escape").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "pipe")

    bundle = read_folder(root)

    assert list(bundle.files) == ["postfix/inside", "postfix/main.cf"]
    assert reasons(bundle) == [
        "escape was skipped: it is a link out of the folder.",
        "loop was skipped: it is a link that leads nowhere.",
        "pipe was skipped: it is a device, socket or pipe, not a file.",
    ]


def test_a_path_may_be_a_folder_an_archive_or_a_file(tmp_path):
    (tmp_path / "main.cf").write_bytes(MAIN)
    (tmp_path / "x.tgz").write_bytes(tar_of(("main.cf", MAIN)))

    assert "main.cf" in read_path(tmp_path).files
    assert list(read_path(tmp_path / "x.tgz").files) == ["main.cf"]
    assert list(read_path(tmp_path / "main.cf").files) == ["main.cf"]
    with pytest.raises(BundleRefused):
        read_path(tmp_path / "absent")


def test_the_digest_does_not_depend_on_the_order_of_files():
    one = Bundle.of({"a": b"1", "b": b"2"})
    other = Bundle.of({"b": b"2", "a": b"1"})

    assert one.sha256 == other.sha256
    assert one.sha256 != Bundle.of({"a": b"2", "b": b"1"}).sha256


@settings(deadline=None)
@given(
    st.binary(max_size=600),
    st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"BZh9", b"\xfd7zXZ\x00", b"(\xb5/\xfd"]),
)
def test_no_bytes_whatever_make_the_reader_fail(content, start):
    with contextlib.suppress(BundleRefused):
        read_archive("upload", start + content)


@settings(deadline=None)
@given(st.data())
def test_no_damage_to_an_archive_makes_the_reader_fail(data):
    packed = bytearray(data.draw(st.sampled_from([tar_of(("main.cf", MAIN), mode="w:"), zip_of(("main.cf", MAIN))])))
    for _ in range(data.draw(st.integers(1, 5))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(BundleRefused):
        read_archive("upload", bytes(packed))
