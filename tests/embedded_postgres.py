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
