"""Names, sizes, and reasons: what holds for every file of Python."""

import ast
import re

import pytest

from tests.laws.sources import (
    APPS,
    comments_of,
    lines_with,
    name_of,
    over,
    project_files,
    python_files,
    text_files,
    tree_of,
)

LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 25

# Names that say nothing of what stands inside.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "process", "data", "common", "misc"}

# Python that talks to a terminal.
MAY_PRINT = re.compile(r"^(portal/cli\.py|gatepost|benchmarks/.*)$")

# Functions that are longer and why. Stays empty.
LONG_FUNCTIONS: dict[str, str] = {}

# A code or a rule, then words.
NOQA = re.compile(r"#\s*noqa\b(?P<rest>.*)", re.IGNORECASE)
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore\b(?P<rest>.*)")
PRAGMA = re.compile(r"#\s*pragma:\s*(?P<rest>.*)", re.IGNORECASE)
DJLINT_OFF = re.compile(r"djlint:\s*off(?P<rest>.*)")
_MARKS = r"(TO" + r"DO|FIX" + r"ME|X" + r"XX)"  # in pieces, so that the law does not find itself
UNFINISHED = re.compile(rf"(#|//|/\*|<!--)\s*{_MARKS}\b|(?<!\.)\b{_MARKS}[:(]")
CODE_LINES = {".py", ".html", ".js", ".sh"}

each_file = over(list(python_files()))
each_module = over(list(python_files(*APPS)))


def test_files_and_folders_are_named_after_what_they_hold():
    names = {part.partition(".")[0] for path in python_files() for part in name_of(path).split("/")}

    assert names & EMPTY_NAMES == set()


def test_files_can_be_read_in_one_go():
    long = {
        name_of(path): count
        for path, text in text_files()
        if path.suffix in CODE_LINES and "migrations" not in path.parts
        if (count := len(text.splitlines())) > LINES_OF_A_FILE
    }

    assert long == {}


def functions_of(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def code_lines(function, lines):
    """The lines of a function's body, without its docstring, blank lines and comments."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    written = lines[body[0].lineno - 1 : function.end_lineno]
    return sum(1 for line in written if line.strip() and not line.strip().startswith("#"))


@each_module
def test_functions_can_be_seen_whole(path):
    lines = path.read_text(encoding="utf-8").splitlines()

    long = {
        f"{name_of(path)}:{function.name}": count
        for function in functions_of(tree_of(path))
        if (count := code_lines(function, lines)) > LINES_OF_A_FUNCTION
    }

    assert long.keys() - LONG_FUNCTIONS.keys() == set()


def test_every_long_function_that_is_excused_exists():
    known = {f"{name_of(path)}:{node.name}" for path in python_files(*APPS) for node in functions_of(tree_of(path))}

    assert LONG_FUNCTIONS.keys() <= known


def says_why(rest):
    """Whether words follow the code of what is switched off."""
    words = re.sub(r"^\s*(:\s*[A-Z]+[0-9]+(\s*,\s*[A-Z]+[0-9]+)*|\[[a-z0-9, -]+\]|no cover|no branch)", "", rest)
    return bool(re.search(r"[A-Za-z]{3,}", words))


@each_file
def test_whatever_is_switched_off_says_why_on_its_line(path):
    silent = [
        f"{name_of(path)}:{line}: {comment}"
        for line, comment in comments_of(path)
        for pattern in (NOQA, TYPE_IGNORE, PRAGMA)
        if (found := pattern.search(comment)) and not says_why(found["rest"])
    ]

    assert silent == []


@each_file
def test_only_named_rules_are_switched_off(path):
    blanket = [
        f"{name_of(path)}:{line}: {comment}"
        for line, comment in comments_of(path)
        if re.search(r"#\s*(noqa(?!\s*:)|ruff:\s*noqa|type:\s*ignore(?!\[))", comment)
    ]

    assert blanket == []


def test_templates_say_why_they_are_not_checked():
    silent = [
        f"{name_of(path)}: {found[0]}"
        for path, text in text_files()
        if path.suffix in {".html", ".txt"}
        for found in DJLINT_OFF.finditer(text)
        if not says_why(":" + found["rest"].split("#}")[0].strip())
    ]

    assert silent == []


def test_nothing_is_left_for_later_in_a_comment():
    found = [
        line
        for path in project_files()
        if path.suffix in {".py", ".html", ".css", ".js", ".sh", ".yaml", ".yml", ".toml", ".md", ".txt"}
        for line in lines_with(path, UNFINISHED)
    ]

    assert found == []


@each_file
def test_an_error_is_caught_by_name(path):
    bare = [
        f"{name_of(path)}:{node.lineno}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]

    assert bare == []


@over([path for path in python_files() if not MAY_PRINT.match(name_of(path))])
def test_nothing_is_printed_but_by_the_command_line(path):
    prints = [
        f"{name_of(path)}:{node.lineno}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint"}
    ]

    assert prints == []


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (": F401 (it registers)", True),
        (": F401, E501 (one reason for both)", True),
        (": F401", False),
        (": F401 ()", False),
        ("[misc]  # allauth ships no types", True),
        ("[misc]", False),
        ("no cover", False),
        ("no cover (only on a machine without a database)", True),
    ],
)
def test_a_reason_is_more_than_the_name_of_a_rule(rest, expected):
    assert says_why(rest) is expected
