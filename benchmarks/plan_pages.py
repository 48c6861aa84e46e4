"""Judges whole plans page by page, in both languages: `python -m benchmarks.plan_pages`.

A plan without findings and one with 2,000 are rendered and sealed; then each page is looked at (numbered, not blank,
nothing outside of the sheet, no heading left alone, fonts embedded), and qpdf and pyHanko say what they think of the
sealed copy. Takes minutes; the tests judge the same of the English ones.
"""

import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

FINDINGS_IN_A_GROUP = {"no findings": 0, "2,000 findings": 400}
LANGUAGES = ("en", "es")
MOST_FAULTS = 5


def snapshot_with(in_a_group: int, language: str) -> dict[str, Any]:
    snapshots = import_module("tests.reports.snapshots")  # the tests' own, which are not typed
    snapshot: dict[str, Any] = snapshots.plan_snapshot(is_measured=bool(in_a_group))
    snapshot["content"]["language"] = language
    for group in snapshot["content"]["findings"]:
        rows = [snapshots.finding(number) for number in range(1, in_a_group + 1)]
        group |= {"rows": rows, "count": len(rows), "unanswered": 0}
    return snapshot


def judged(snapshot: dict[str, Any], language: str) -> tuple[int, list[str]]:
    """How many pages there are, and what is wrong with them."""
    from reports.rendering import render_kind
    from reports.seal import seal_pdf

    proofs, seals = import_module("tests.reports.plan_proofs"), import_module("tests.reports.test_seal")
    sealed = seal_pdf(render_kind("plan", snapshot))
    faults, _ = proofs.faults_of(sealed, language)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.pdf"
        path.write_bytes(sealed.pdf)
        _, over = proofs.words_over_the_edge(path)
        words = ["qpdf", "--check", str(path)]
        checked = subprocess.run(words, capture_output=True, check=False)
    faults += [f"over the edge: {line}" for line in over]
    faults += ["qpdf finds faults"] if checked.returncode else []
    faults += [] if seals.verdict(sealed.pdf).bottom_line else ["pyHanko refuses the seal"]
    return sealed.page_count, faults


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    for name, in_a_group in FINDINGS_IN_A_GROUP.items():
        for language in LANGUAGES:
            pages, faults = judged(snapshot_with(in_a_group, language), language)
            sys.stdout.write(f"{name}, {language}: {pages} pages, {len(faults)} faults\n")
            sys.stdout.write("".join(f"  {fault}\n" for fault in faults[:MOST_FAULTS]))


if __name__ == "__main__":
    main()
