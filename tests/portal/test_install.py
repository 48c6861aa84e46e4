"""What is missing on a machine is known by the packages that hold it; only tests need what they compare with."""

import pytest

from portal import install


@pytest.mark.parametrize("program", install.COMPARED)
def test_the_tests_miss_a_program_that_no_other_command_asks_for(monkeypatch, program):
    monkeypatch.setattr(install.shutil, "which", lambda name, path=None: None if name == program else f"/bin/{name}")
    monkeypatch.setattr(install, "has_pcre_tables", lambda path: True)

    assert install.COMPARED[program] in install.missing_parts("test")
    assert install.COMPARED[program] not in install.missing_parts("up")


def test_nothing_is_missed_where_every_program_is(monkeypatch):
    monkeypatch.setattr(install.shutil, "which", lambda name, path=None: f"/bin/{name}")
    monkeypatch.setattr(install, "has_pcre_tables", lambda path: True)

    assert set(install.COMPARED.values()).isdisjoint(install.missing_parts("test"))
