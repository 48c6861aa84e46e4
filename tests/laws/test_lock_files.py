"""What is installed is what was locked, by digest, in one version, and under a licence we can keep."""

import re
from importlib.metadata import PackageNotFoundError, distributions, version
from itertools import combinations

import pytest

from tests.laws.sources import ROOT

FOLDER = ROOT / "requirements"
LISTS = ("installer", "runtime", "development")
# Licences that ask for the source of whatever is made with them, and why each package is here all the same.
COPYLEFT = {
    "djlint": "a program of the checks, run beside the code and never imported",
    "pyphen": "may be taken under the LGPL or the MPL instead",
    "docutils": "concerns a file for an editor, which is not in what is installed; builds the documentation only",
}


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def blocks(name):
    text = (FOLDER / f"{name}.txt").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def locked(name):
    rows = (re.match(r"([\w.-]+)==(\S+)", line) for line in blocks(name))
    return {plain(row[1]): row[2] for row in rows if row}


def asked_for(name):
    lines = (FOLDER / f"{name}.in").read_text().splitlines()
    return [plain(re.match(r"[\w.-]+", line)[0]) for line in lines if re.match(r"[A-Za-z]", line)]


def licences(one):
    said = [one.metadata.get("License-Expression") or "", (one.metadata.get("License") or "")[:80]]
    classifiers = one.metadata.get_all("Classifier") or []
    return " ".join([*said, *(line for line in classifiers if line.startswith("License"))])


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_locked_to_one_version_with_its_digests(name):
    loose = [
        line[:60]
        for line in blocks(name)
        if not re.fullmatch(r"[\w.-]+(?:\[[\w,-]+\])?==\S+(?: ;[^-]*)?(?:\s+--hash=sha256:[0-9a-f]{64})+\s*", line)
    ]

    assert loose == []
    assert locked(name)


@pytest.mark.parametrize("name", LISTS)
def test_what_is_asked_for_is_locked(name):
    assert [one for one in asked_for(name) if one not in locked(name)] == []


@pytest.mark.parametrize("pair", list(combinations(LISTS, 2)))
def test_no_two_lists_lock_two_versions_of_one_package(pair):
    first, second = (locked(name) for name in pair)

    assert {
        name: (first[name], second[name]) for name in first.keys() & second.keys() if first[name] != second[name]
    } == {}


def test_what_runs_is_part_of_what_is_tested():
    assert locked("runtime").keys() - locked("development").keys() == set()


def test_what_is_installed_is_what_was_locked():
    different = {}
    for name, expected in locked("development").items():
        try:
            found = version(name)
        except PackageNotFoundError:
            continue  # for another system or another Python
        if found != expected:
            different[name] = (found, expected)

    assert different == {}


def test_no_licence_asks_for_more_than_we_can_keep():
    names = locked("development")
    bound = {
        plain(one.name)
        for one in distributions()
        if plain(one.name) in names and re.search(r"\bA?GPL|(?<!Lesser )General Public License", licences(one))
    }

    assert bound - COPYLEFT.keys() == set()
