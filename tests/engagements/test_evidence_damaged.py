"""A pack whose bytes are damaged is a sentence or a fault, and never a crash."""

import zipfile

import pytest

from core.evidence import verify
from tests.engagements.test_evidence_pack import write_again

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("share", [each / 40 for each in range(40)])
def test_damaged_bytes_are_a_sentence_or_a_fault_and_never_a_crash(taken, capsys, share):
    content = bytearray(taken.read_bytes())
    for place in range(int(len(content) * share), len(content), len(content) // 7 or 1):
        content[place] ^= 0xFF
    taken.write_bytes(content)

    code = verify.main([str(taken)])  # what tells the time of a member is in no digest, and may be anything

    said = capsys.readouterr()
    assert (said.out, bool(said.err)) == ("", True) if code == verify.UNREADABLE else "HOLD" in said.out


def test_a_member_whose_bytes_do_not_unpack_is_named(taken, capsys):
    with zipfile.ZipFile(taken) as archive:
        member = archive.getinfo("ledger.jsonl")
    content = bytearray(taken.read_bytes())
    start = member.header_offset + 30 + len(member.filename)
    content[start : start + 16] = b"\xff" * 16
    taken.write_bytes(content)

    assert verify.main([str(taken)]) == verify.UNREADABLE
    assert capsys.readouterr().err.startswith("ledger.jsonl cannot be unpacked: the file is damaged (")


def test_brackets_without_end_are_a_sentence(taken, capsys):
    write_again(taken, documents__json=b"[" * 100_000)

    assert verify.main([str(taken)]) == verify.UNREADABLE
    assert "documents.json is not JSON" in capsys.readouterr().err
