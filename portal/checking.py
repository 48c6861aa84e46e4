"""`./gatepost test`: the checks of the code, then the tests. With arguments, pytest alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import ROOT, Hold

PYTHON = [sys.executable, "-m"]
DJANGO = [sys.executable, "manage.py"]
TOOLS = Path(sys.executable).parent
CHECKS = {
    "ruff: rules": [*PYTHON, "ruff", "check", "."],
    "ruff: format": [*PYTHON, "ruff", "format", "--check", "."],
    "types": [*PYTHON, "mypy", "."],
    "imports run one way": [str(TOOLS / "lint-imports")],
    "packages fit together": [*PYTHON, "uv", "pip", "check", "--python", sys.executable],
    "templates": [*PYTHON, "djlint", "templates", "--lint", "--quiet"],
    "migrations are there": [*DJANGO, "makemigrations", "--check", "--dry-run"],
    "Django's own checks": [*DJANGO, "check", "--fail-level", "WARNING"],
}


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    code: int
    said: str
    seconds: float


def test(arguments: list[str]) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    if not os.environ.get("DATABASE_URL"):
        hold = Hold(Path(tempfile.mkdtemp(prefix="gatepost-tests-")), throwaway=True)
        os.environ["DATABASE_URL"] = hold.url
    failed = [] if arguments else check()
    if failed:
        sys.stdout.write(f"\nNot in order: {', '.join(failed)}. The tests all the same:\n")
    sys.stdout.flush()
    words = [*PYTHON, "pytest", *(arguments or ["-n", "2", "--dist", "loadfile"])]
    code = subprocess.run(words, cwd=ROOT, check=False).returncode  # noqa: S603 (what the caller typed)
    return code or bool(failed)


def check() -> list[str]:
    """Run all checks, two at a time, and say how each went. Returns the names of those that failed."""
    with ThreadPoolExecutor(2) as pool:
        outcomes = pool.map(run, CHECKS, CHECKS.values())
        return [outcome.name for outcome in outcomes if not report(outcome)]


def run(name: str, words: list[str]) -> Outcome:
    begun = time.monotonic()
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    return Outcome(name, done.returncode, done.stdout + done.stderr, time.monotonic() - begun)


def report(outcome: Outcome) -> bool:
    verdict = "FAILED" if outcome.code else "ok"
    sys.stdout.write(f"{outcome.name:<24} {verdict} ({outcome.seconds:.1f} s)\n")
    if outcome.code:
        sys.stdout.write("".join(f"    {line}\n" for line in outcome.said.strip().splitlines()))
    sys.stdout.flush()
    return not outcome.code
