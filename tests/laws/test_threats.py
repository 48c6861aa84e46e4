"""The threat model speaks of what is there: every module and test it names exists, and nothing is left half said."""

import ast
import re

import pytest

from tests.laws.sources import ROOT

TEXT = (ROOT / "docs" / "threats.md").read_text()
CATEGORIES = (
    "Spoofing",
    "Tampering",
    "Repudiation",
    "Information disclosure",
    "Denial of service",
    "Elevation of privilege",
)
SUBJECTS = (
    "archive that unpacks",
    "path that climbs",
    "PDF",
    "by accident",
    "link that was forwarded",
    "token",
    "webhook that points inside",
    "mailbox that points inside",
    "DNS",
    "Lines in the log",
    "control",
    "open relay",
    "pack that was made up",
    "session",
    "Locking somebody out",
    "Staff who read",
    "backup",
    "package",
)


def boundaries():
    parts = re.split(r"^## (?=\d\. )", TEXT, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: part for part in parts}


def threats():
    found = {}
    for part in boundaries().values():
        for one in re.split(r"^### ", part, flags=re.MULTILINE)[1:]:
            title, _, rest = one.partition("\n")
            found[title] = rest
    return found


def line_of(text, name):
    return "\n".join(line for line in text.splitlines() if line.startswith(f"- {name}: "))


def functions(path):
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("title", threats())
def test_a_threat_names_its_kind_its_guard_its_proof_and_what_stays_open(title):
    said = threats()[title]

    assert said.strip().split(". ")[0] in CATEGORIES
    modules = re.findall(r"`([\w/]+\.(?:py|in|txt))`", line_of(said, "Guard"))
    proofs = re.findall(r"`([\w/]+\.py)::(\w+)`", line_of(said, "Proof"))
    assert modules
    assert proofs
    assert len(line_of(said, "Open")) > len("- Open: a word")
    assert [name for name in modules if not (ROOT / name).is_file()] == []
    assert [(path, name) for path, name in proofs if name not in functions(ROOT / path)] == []


@pytest.mark.parametrize("boundary", boundaries())
def test_a_boundary_speaks_of_every_kind_of_threat(boundary):
    part = boundaries()[boundary]

    treated = {said.strip().split(". ")[0] for title, said in threats().items() if f"### {title}\n" in part}
    left_out = part.partition("\nNot treated here: ")[2].lower()

    assert [kind for kind in CATEGORIES if kind not in treated and kind.lower() not in left_out] == []


def test_what_was_asked_about_is_answered():
    titles_and_texts = " ".join(f"{title} {said}" for title, said in threats().items())

    assert [subject for subject in SUBJECTS if subject.lower() not in titles_and_texts.lower()] == []
    assert len(boundaries()) == 7
