"""A file on its way lies sealed on disk, and comes back as it was written."""

import io

import pytest

from core.spools import PIECE, SealedSpool, pieces_of


@pytest.fixture
def spool():
    spool = SealedSpool()
    yield spool
    spool.close()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_what_was_written_comes_back_in_pieces_of_any_size(spool, size):
    content = bytes(number % 251 for number in range(size))
    for begin in range(0, size, 70_001):
        spool.write(content[begin : begin + 70_001])

    pieces = list(pieces_of(spool, 100_003))
    spool.seek(0)
    whole = spool.read()

    assert whole == content
    assert b"".join(pieces) == content
    assert all(len(piece) == 100_003 for piece in pieces[:-1])


def test_what_lies_on_disk_is_not_what_was_written(spool):
    spool.write(b"password=hunter2\n" * PIECE)
    spool.seek(0)

    lying = spool._file.read()

    assert len(lying) > PIECE
    assert b"hunter2" not in lying


def test_two_spools_do_not_share_a_key(spool):
    other = SealedSpool()
    for each in (spool, other):
        each.write(b"same")
        each.seek(0)

    assert spool._file.read() != other._file.read()


def test_a_spool_is_read_from_its_beginning_alone(spool):
    with pytest.raises(ValueError, match="from its beginning"):
        spool.seek(3)


def test_pieces_of_a_plain_file_begin_at_its_beginning():
    file = io.BytesIO(b"abcde")
    file.read(3)

    assert list(pieces_of(file, 2)) == [b"ab", b"cd", b"e"]
