"""What an operator can set is written down: every variable of the environment that the product reads."""

import ast
import re

import pytest

from portal.embedded import ROOT
from portal.reference import kind_of

ROOMS = ("portal", "reports", "delivery", "pricing", "discovery", "engagements", "accounts", "core")
READING = {"os.environ.get", "os.environ.setdefault", "os.environ.pop", "os.getenv"}
# Set by ./gatepost and systemd's own kin for the next process; nobody types them.
NOT_FOR_OPERATORS = {"GATEPOST_CALLED_FROM", "PATH"}


def read_by(node):
    """The variable that this piece of code reads, if it is one and known from the text."""
    match node:
        case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
            return name if kind_of(function) or ast.unparse(function) in READING else None
        case ast.Subscript(value=value, slice=ast.Constant(value=str(name))) if ast.unparse(value) == "os.environ":
            return name
        case ast.Compare(left=ast.Constant(value=str(name)), comparators=[right]):
            return name if ast.unparse(right) == "os.environ" else None
    return None


def variables():
    sources = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    nodes = (node for path in sources for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {name for node in nodes if (name := read_by(node))}


def missing_from(text):
    return sorted(name for name in variables() - NOT_FOR_OPERATORS if not re.search(rf"\b{name}\b", text))


def test_every_variable_of_the_environment_stands_in_the_pages_for_operators():
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")

    assert missing_from(text) == []
    assert {"SECRET_KEY", "GATEPOST_VAR", "JOB_LEASE_SECONDS"} <= variables()


@pytest.mark.parametrize(
    "code",
    ["env('A_B')", "os.environ['A_B']", "os.environ.get('A_B')", "'A_B' in os.environ"],
)
def test_every_way_to_read_one_is_seen(code):
    assert [name for node in ast.walk(ast.parse(code)) if (name := read_by(node))] == ["A_B"]


def test_a_variable_that_is_not_written_down_is_named():
    assert missing_from("SECRET_KEY only") == sorted(variables() - NOT_FOR_OPERATORS - {"SECRET_KEY"})
