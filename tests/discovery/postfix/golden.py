"""Finds and reads the golden outputs of the real Postfix, kept beside the repository."""

import csv
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from discovery.postfix.bundle import BundleFile

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "tests" / "postfix_samples"
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"
TORTURE = SHARED / "domain" / "parser-torture"
ABSENT = "the golden corpus is not beside this repository"
# One repository keeps many main.cf beside a folder of many master.cf; its prints were made with this one.
PRINTED_WITH = "master.cf.mailman"
POSTCONF = shutil.which("postconf") or shutil.which("postconf", path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Case:
    name: str
    main: Path
    master: Path | None
    golden: Path
    is_fatal: bool

    def print_of(self, kind):
        return text_of(self.golden / f"postconf-{kind}.txt")


def text_of(path):
    return BundleFile.of(path.name, path.read_bytes()).text


def corpus_cases():
    """One case a customer configuration whose print by postconf was kept."""
    index = CORPUS / "index.tsv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source, delimiter="\t") if (CORPUS / row["dir"] / "_golden").is_dir()]
    return [case_of(row) for row in rows]


def case_of(row):
    folder = CORPUS / row["dir"]
    main = folder / row["path"]
    masters = [path for name in ("master.cf", PRINTED_WITH) for path in (main.with_name(name), *folder.rglob(name))]
    masters = [path for path in masters if path.is_file() and (path.parent == main.parent or path.name == PRINTED_WITH)]
    master = masters[0] if masters and row["has_master"] == "Y" else None
    return Case(row["dir"], main, master, folder / "_golden", row["postconf_fatal"] == "Y")


def pairs(printed):
    """`name = value` lines of postconf, without the directory it was called with."""
    found = {}
    for line in filter(None, printed.split("\n")):
        name, _, value = line.partition(" =")
        found[name] = value.removeprefix(" ")
    found.pop("config_directory", None)
    return found


def ask_postconf(folder, *options):
    """What the Postfix of this machine prints for a folder; empty values keep their line."""
    done = subprocess.run([POSTCONF, "-c", str(folder), *options], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")
