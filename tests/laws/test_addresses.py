"""The project works wherever it is put: no file names one machine, or a place that packages come from."""

import re

from tests.laws.sources import ROOT, lines_with, name_of, over, text_files

# Written in pieces, so that this file does not break the law it states.
REGISTRIES = [
    "py" + "pi.org",
    "py" + "pi.python.org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
    "npm.pkg.git" + "hub.com",
    "crates" + ".io",
    "proxy.go" + "lang.org",
    "ruby" + "gems.org",
    "repo.maven" + ".apache.org",
    "conda.ana" + "conda.org",
    "art" + "ifactory",
    "nexus" + "-repo",
]
# Folders of one machine: homes, scratch folders, the folder somebody happened to work in.
MACHINES = [
    r"/wo" + r"rk/(?:main|shared)\b",
    r"(?<![\w.])/ro" + r"ot/",
    r"/ho" + r"me/[a-z]",
    r"/Us" + r"ers/[A-Za-z]",
    r"[A-Z]:\\\\Us" + r"ers\\\\",
    r"(?<![\w.$}])/tm" + r"p/",
    r"/mn" + r"t/[a-z]",
    r"/workspa" + r"ces?/",
]

# Configurations of customers' hosts, as they are, with the paths of those hosts.
SAMPLES = re.compile(r"^(tests/postfix_samples/|discovery/postfix/.*\.tsv$)")

FILES = [path for path, _ in text_files() if not SAMPLES.match(name_of(path))]
each_file = over(FILES)
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@each_file
def test_no_file_names_a_place_packages_come_from(path):
    assert lines_with(path, re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)) == []


@each_file
def test_no_file_names_a_folder_of_one_machine(path):
    assert lines_with(path, re.compile("|".join(MACHINES))) == []


@over(LOCKS)
def test_a_lock_file_names_packages_and_hashes_but_no_address(path):
    assert lines_with(path, re.compile(r"https?://|git\+|file:|@\s*\S+://|^\s*-(?:i|f)\b|^\s*--(?!hash)")) == []


def test_there_are_lock_files():
    assert {"requirements/runtime.txt", "requirements/development.txt"} <= {name_of(path) for path in LOCKS}
