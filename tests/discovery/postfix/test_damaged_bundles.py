"""Archives that end early, hold too much or lie: what can be read is read, and the rest is said."""

import os
import tarfile

import pytest
import zstandard

from discovery.postfix import BundleRefused, Caps, read_archive
from tests.discovery.postfix.archives import MAIN, MEGABYTE, PACKERS, reasons, tar_of

NEWLINE = b"\n"


def test_what_came_before_the_damage_is_kept_up_to_the_last_whole_line():
    noise = "".join(f"{os.urandom(30).hex()}\n" for _ in range(5000)).encode()
    packed = tar_of(("etc/postfix/main.cf", MAIN), ("etc/postfix/transport", noise))

    bundle = read_archive("half.tgz", packed[: len(packed) // 2])

    kept = bundle.files["etc/postfix/transport"].content
    assert list(bundle.files) == ["etc/postfix/main.cf", "etc/postfix/transport"]
    assert noise.startswith(kept)
    assert len(kept) > len(noise) // 3
    assert bundle.skipped[-1].line == kept.count(b"\n")
    assert reasons(bundle)[0] == (
        f"The archive ends early, after line {kept.count(NEWLINE):,} of etc/postfix/transport. "
        "What came before was kept. Pack the folder once more and upload it again."
    )


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_that_ends_between_two_files_says_after_which(mode):
    whole = tar_of(("main.cf", MAIN), ("virtual", b"a@b.example c\n" * 20), mode="w:")
    first = whole[: 2 * tarfile.BLOCKSIZE]
    packed = PACKERS[mode](first + b"\1" * 40)

    bundle = read_archive("half", packed if mode == "w:" else packed[:-9])

    assert list(bundle.files) == ["main.cf"]
    assert [(skipped.path, skipped.line) for skipped in bundle.skipped] == [("main.cf", 1)]
    assert "it ends early, after main.cf." in reasons(bundle)[0]


def test_a_mail_spool_does_not_push_the_configuration_out():
    packed = tar_of(*((f"var/{number}", b"x = 1\n") for number in range(9)), ("etc/postfix/main.cf", MAIN))

    bundle = read_archive("many.tgz", packed, Caps(members=4))

    assert list(bundle.files) == ["var/0", "var/1", "var/2", "var/3", "etc/postfix/main.cf"]
    assert reasons(bundle) == [
        "5 more files were left out: an upload may hold 4 files. Files of Postfix were kept all the same."
    ]


def test_reasons_past_a_limit_are_counted():
    links = [(f"link{number}", b"", {"type": tarfile.SYMTYPE, "linkname": "x"}) for number in range(9)]

    bundle = read_archive("links.tgz", tar_of(("main.cf", MAIN), *links), Caps(reasons=2))

    assert len(bundle.skipped) == 3
    assert reasons(bundle)[-1] == "7 more members were skipped for reasons like these."


def test_a_table_of_ten_million_lines_is_counted_passed_over_and_the_rest_is_read():
    row = b"customer.example smtp:[203.0.113.1]:25\n"
    packed = tar_of(("main.cf", MAIN), ("transport", row * 30_000), ("after.cf", b"x = 1\n"))

    bundle = read_archive("x.tgz", packed, Caps(member=MEGABYTE))

    assert list(bundle.files) == ["main.cf", "after.cf"]
    assert reasons(bundle) == ["transport was skipped: it has 30,000 lines, 1 MB, and one file may have 1 MB."]


@pytest.mark.parametrize("link", ["caf\udce9", "a\x00b", "a\x1b[31mb"])
def test_what_is_said_of_a_hostile_link_can_be_stored(link):
    member = ("link", b"", {"type": tarfile.SYMTYPE, "linkname": link})

    (reason,) = reasons(read_archive("x.tgz", tar_of(("main.cf", MAIN), member)))

    assert reason.encode("utf-8")
    assert not any(letter < " " for letter in reason)


def test_names_that_are_not_utf_8_are_read_as_latin_1_and_stay_apart():
    packed = tar_of(("caf\udce9.cf", b"x = 1\n"), ("caf\udce8.cf", b"x = 2\n"), ("größe.cf", b"x = 3\n"))

    bundle = read_archive("x.tgz", packed)

    assert list(bundle.files) == ["café.cf", "cafè.cf", "größe.cf"]


def test_a_zstandard_tar_is_read_across_frames():
    whole = tar_of(("main.cf", MAIN), ("transport", b"a.example smtp:\n" * 40_000), mode="w:")
    half = len(whole) // 2
    packed = zstandard.compress(whole[:half]) + zstandard.compress(whole[half:])

    bundle = read_archive("x.tar.zst", packed)

    assert len(bundle.files["transport"].content) == 640_000
    assert bundle.skipped == ()


def test_a_zstandard_file_that_was_cut_short_is_refused():
    packed = zstandard.compress(MAIN * 100_000)

    with pytest.raises(BundleRefused, match=r"main\.cf\.zst cannot be unpacked: the file is damaged or cut short\."):
        read_archive("main.cf.zst", packed[:-5])
