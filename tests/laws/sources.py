"""The files of the project, as the laws read them. What is installed, built or handed over by others is left out."""

import ast
import io
import tokenize
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("portal", "reports", "delivery", "pricing", "discovery", "engagements", "accounts", "core")

_LEFT_OUT = {
    ".git",
    ".venv",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "__pycache__",
    "node_modules",
    "var",
    "static-collected",
    "_build",
    "vendor",
    "fonts",
}
_BINARY = {".png", ".jpg", ".ico", ".woff2", ".ttf", ".pdf", ".gz", ".tgz", ".zip", ".tar", ".pyc", ".mo"}


@cache
def project_files():
    """Every file, whether it is committed or not yet."""
    found, folders = [], [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.is_dir() and not path.is_symlink():
                folders += [path] if path.name not in _LEFT_OUT else []
            elif path.is_file():
                found.append(path)
    return tuple(sorted(found))


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def text_files():
    """Readable files with their text."""
    for path in project_files():
        if path.suffix not in _BINARY:
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def python_files(*folders):
    """Python of the project, without migrations (which are written by Django)."""
    for path in project_files():
        parts = path.relative_to(ROOT).parts
        if path.suffix == ".py" and "migrations" not in parts and (not folders or parts[0] in folders):
            yield path


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def comments_of(path):
    """(line, comment) of a Python file; strings that merely contain a hash are not comments."""
    reader = io.StringIO(path.read_text(encoding="utf-8")).readline
    return [
        (token.start[0], token.string) for token in tokenize.generate_tokens(reader) if token.type == tokenize.COMMENT
    ]


def templates(*suffixes):
    wanted = suffixes or (".html",)
    for path in project_files():
        if "templates" in path.relative_to(ROOT).parts and path.suffix in wanted:
            yield path


def lines_with(path, pattern):
    """Where a compiled pattern occurs, as `file:line: text`, for a failure that can be clicked."""
    return [
        f"{name_of(path)}:{number}: {line.strip()[:120]}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def over(cases, name=name_of):
    """One test of a law that holds for each of many: it judges them all and tells of every one that breaks it."""

    assert cases, "a law over nothing holds nothing"

    def judge_all(law):
        def test():
            broken = [f"{name(case)}\n{said}" for case in cases if (said := breach(law, case))]
            if broken:
                pytest.fail("\n\n".join(broken), pytrace=False)

        test.__name__, test.__qualname__, test.__module__ = law.__name__, law.__qualname__, law.__module__
        return test

    return judge_all


def breach(law, case):
    """What the law says of a case that breaks it."""
    try:
        law(case)
    except AssertionError as broken:
        return str(broken) or "breaks it"
    return None
