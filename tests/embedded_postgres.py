"""Gives the tests a PostgreSQL of their own where DATABASE_URL names none. Loaded by `addopts` in pyproject.toml.

The server stops and its folder goes when this process ends, however it ends: see `portal.embedded`.
"""

import os
import tempfile
from pathlib import Path

import pytest

from portal.embedded import Hold

_holds = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    """Before pytest-django reads the settings. Workers of pytest-xdist inherit the address from the controller."""
    if not os.environ.get("DATABASE_URL"):
        folder = Path(tempfile.mkdtemp(prefix="gatepost-tests-"))
        _holds.append(Hold(folder, throwaway=True))
        os.environ["DATABASE_URL"] = _holds[0].url
    return (yield)


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests():
    """Tests that commit empty the tables after each; the append-only ones refuse that to anybody else."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def flush_without_triggers(self, sql_list):
        flush(self, ["SET session_replication_role = replica", *sql_list, "SET session_replication_role = DEFAULT"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield
