"""`gatepost translate PATH --target powermta --out DIR [--json]`: the files of a target, without a database."""

import argparse
import json
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.counting import counted as told
from discovery.postfix import BundleRefused, read_path
from discovery.translation.coverage import dropped_class
from discovery.translation.not_translated import TITLES
from discovery.translation.outcomes import Fate, counted
from discovery.translation.translating import EMITTERS, MAP, Translation, translate
from discovery.translation.treatments import DROPPED

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
    if standing := another_set(Path(options.out), options.target, files):
        return refuse(f"{options.out} holds {standing}. Nothing was written: name another folder, or empty this one.")
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
        "--out", required=True, metavar="DIR", help="where the files go; a folder with another set is refused"
    )
    made.add_argument("--json", action="store_true", help="print the map and the coverage as JSON")
    return made


def refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return REFUSED


def another_set(folder: Path, target: str, files: Mapping[str, str]) -> str:
    """What stands in a folder that the new set would not replace, by the map of the earlier one; "" for nothing."""
    try:
        rows = json.loads((folder / MAP).read_text(encoding="utf-8"))
        targets = {str(row["target"]) for row in rows} - {target}
        paths = {str(line["file"]) for row in rows for line in row["emitted"]} - set(files)
    except OSError:
        return ""
    except (ValueError, TypeError, KeyError):
        return f"a {MAP} that is none of a translation"
    if targets:
        return f"a set for {' and '.join(TITLES.get(each, each) for each in sorted(targets))}"
    left = sorted(path for path in paths if (folder / path).exists())
    return f"an earlier set with files that this one does not have ({', '.join(left)})" if left else ""


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
    yield from filter(None, [dropped_class(tally.counts[DROPPED], fates[Fate.DROPPED])])
    blocking = sum(finding.severity == "blocker" for finding in translation.report.findings)
    if blocking:
        yield f"{told(blocking, 'blocking finding')} about what was read: gatepost audit says which"
    yield f"Effort {coverage.person_days:g} person-days, level {coverage.level}"
    yield from (f"  {path}" for path in files)
