"""What becomes of every construct of the configurations in a folder: class shares for each target, and seconds.

.venv/bin/python benchmarks/dictionary_shares.py FOLDER [FOLDER ...]
"""

import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from discovery.postfix import Bundle, BundleRefused, audit_bundle, mask_bundle, read_path
from discovery.translation.book import load_book
from discovery.translation.constructs import Classified, classify_all, detect
from discovery.translation.coverage import Coverage, load_estimate, measure
from discovery.translation.treatments import TARGETS


def bundles_in(folders: list[str]) -> Iterator[tuple[str, Bundle]]:
    for path in sorted(each for folder in folders for each in Path(folder).iterdir() if each.is_dir()):
        try:
            yield path.name, read_path(str(path))
        except BundleRefused as refused:
            print(f"{path.name}: {refused.sentence}")


def classified_in(bundle: Bundle) -> tuple[tuple[Classified, ...], float]:
    """The constructs, and the seconds it took to find and classify them once the audit was there."""
    key = secrets.token_bytes(32)
    masked, _ = mask_bundle(bundle, key=key)
    report = audit_bundle(masked, secret_key=key)
    started = time.perf_counter()
    found = classify_all(detect(masked, report), load_book())
    return found, time.perf_counter() - started


def described(coverage: Coverage) -> str:
    whole = coverage.constructs
    letters = " ".join(f"{letter} {count}" for letter, count in whole.counts.items())
    share = f"{whole.covered} of {whole.all}, {whole.percent} %" if whole.all else "nothing to cover"
    return f"{coverage.target}: {share}; {letters}; {coverage.person_days} days, {coverage.level}"


def main() -> None:
    load_book()
    every: list[Classified] = []
    for name, bundle in bundles_in(sys.argv[1:]):
        found, seconds = classified_in(bundle)
        every += found
        if found:
            shown = "\n    ".join(described(measure(found, target, load_estimate())) for target in TARGETS)
            print(f"{name}: {len(found)} constructs in {seconds:.3f} s\n    {shown}")
    print(f"\n{len(every)} constructs, {sum(not each.is_classified for each in every)} not classified")
    for target in TARGETS:
        print(described(measure(every, target, load_estimate())))


if __name__ == "__main__":
    main()
