"""`gatepost translate PATH --target powermta --out DIR [--json]`: the files of a target, without a database."""

import argparse
import json
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from discovery.postfix import BundleRefused, read_path
from discovery.translation.outcomes import counted
from discovery.translation.translating import EMITTERS, Translation, translate

REFUSED = 2


def main(argv: Sequence[str]) -> int:
    """Write the set and print what was written; 0, or 2 with one sentence on stderr when nothing could be."""
    options = parser().parse_args(list(argv))
    try:
        bundle = read_path(options.path)
    except BundleRefused as refused:
        return refuse(refused.sentence)
    translation = translate(bundle, options.target, secret_key=secrets.token_bytes(32))
    if not translation.report.instances:
        return refuse(f"{options.path} holds no main.cf and no master.cf.")
    files = translation.files
    try:
        write(Path(options.out), files)
    except OSError as error:
        return refuse(f"{error.filename or options.out} cannot be written: {error.strerror or error}.")
    text = json.dumps(translation.as_json(), indent=2) if options.json else "\n".join(described(translation, files))
    sys.stdout.write(text + "\n")
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="gatepost translate",
        description="Write the configuration of the target that does what a Postfix one does.",
    )
    made.add_argument("path", help="a folder, .tar.gz, .zip or single main.cf")
    made.add_argument("--target", required=True, choices=sorted(EMITTERS))
    made.add_argument(
        "--out", required=True, metavar="DIR", help="where the files go; files of the same name are replaced"
    )
    made.add_argument("--json", action="store_true", help="print the map and the coverage as JSON")
    return made


def refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return REFUSED


def write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8", errors="surrogateescape")


def described(translation: Translation, files: Mapping[str, str]) -> Iterator[str]:
    """What was written, and how much of the upload is in it."""
    fates = counted(translation.outcomes)
    coverage = translation.coverage
    yield f"{len(translation.outcomes)} constructs: " + ", ".join(f"{count} {fate}" for fate, count in fates.items())
    tally = coverage.constructs
    share = f" ({tally.percent} %)" if tally.percent is not None else ""
    yield f"{tally.covered} of {tally.all} that count have an equivalent or a rewrite{share}, here or by hand"
    blocking = sum(finding.severity == "blocker" for finding in translation.report.findings)
    if blocking:
        yield f"{blocking} blocking findings about what was read: gatepost audit says which"
    yield f"Effort {coverage.person_days:g} person-days, level {coverage.level}"
    yield from (f"  {path}" for path in files)
