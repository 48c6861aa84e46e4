"""A browser that waited in vain is tried once more, and nothing else is (docs/adr/0014)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAD = """
import pathlib, pytest
from playwright.sync_api import TimeoutError as WaitedInVain

def waits(name, times):
    tries = pathlib.Path(name)
    tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
    if len(tries.read_text()) <= times:
        raise WaitedInVain("the panel")
"""


@pytest.fixture
def run(tmp_path):
    def run_tests(source):
        (tmp_path / "test_it.py").write_text(HEAD + source)
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: a browser\n")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.second_try", "-p", "no:cacheprovider"]
        ended = subprocess.run(
            [*command, "--rootdir", str(tmp_path), "-c", str(tmp_path / "pytest.ini"), "test_it.py"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return ended.returncode, ended.stdout

    return run_tests


def test_a_browser_that_waited_once_passes_and_the_report_says_what_happened_first(run):
    code, told = run("@pytest.mark.browser\ndef test_panel():\n    waits('panel', 1)\n")

    assert code == 0
    assert "1 passed" in told
    assert "test_it.py::test_panel waited in vain at first" in told
    assert "the panel" in told


def test_a_browser_that_waits_twice_has_failed(run):
    code, told = run("@pytest.mark.browser\ndef test_panel():\n    waits('panel', 2)\n")

    assert code == 1
    assert "1 failed" in told


def test_an_assertion_and_a_test_without_a_browser_are_not_tried_again(run):
    code, told = run(
        "@pytest.mark.browser\ndef test_wrong():\n    pathlib.Path('wrong').open('a').write('x')\n"
        "    assert len(pathlib.Path('wrong').read_text()) > 1\n"
        "@pytest.mark.browser\ndef test_chained():\n    try:\n        waits('chained', 1)\n"
        "    except WaitedInVain as waited:\n        raise AssertionError('not there') from waited\n"
        "def test_other():\n    waits('other', 1)\n"
    )

    assert code == 1
    assert "3 failed" in told
    assert "waited in vain at first" not in told


def test_a_run_forgives_two_and_no_third(run):
    code, told = run("".join(f"@pytest.mark.browser\ndef test_{n}():\n    waits('{n}', 1)\n" for n in range(3)))

    assert code == 1
    assert "1 failed, 2 passed" in told
