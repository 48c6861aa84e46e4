import pytest

from delivery.logs import journal
from delivery.logs.engine import open_engine
from delivery.logs.reading import read_log
from delivery.logs.sources import Source
from delivery.reconciliation.reconciling import set_year

SEEN = "SELECT kind::VARCHAR, message_id, recipient, original, next FROM seen WHERE file = 1 ORDER BY ALL"


@pytest.fixture
def engine():
    with open_engine() as made:
        set_year(made)
        yield made


@pytest.fixture
def read(engine, tmp_path):
    """Write a log and read it: what the file came to, and its rows."""

    def write_and_read(kind, text, *, name="log"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_log(engine, Source(kind, path, 1)), engine.rows(SEEN)

    return write_and_read


@pytest.fixture
def read_journal(engine, tmp_path):
    def write_and_read(*texts):
        told = []
        for number, text in enumerate(texts):
            path = tmp_path / f"journal-{number}"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            told.append(read_log(engine, Source("journal", path, number)))
        journal.conclude(engine)
        columns = "trace, path, message_id, recipient, outcome::VARCHAR"
        return told, engine.rows(f"SELECT {columns} FROM journal ORDER BY ALL")

    return write_and_read
