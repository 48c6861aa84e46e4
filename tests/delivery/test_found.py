"""What an address names is found in one place, for pages and programs alike."""

import ast
from pathlib import Path

import pytest

import delivery.api

PAGES = "delivery.views."
FILES = sorted(Path(delivery.api.__file__).parent.glob("*.py"))


def taken_from_pages(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {module for module in modules if module.startswith(PAGES)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_api_takes_nothing_from_a_page_but_what_finds_rows(path):
    assert taken_from_pages(path) <= {PAGES + "found"}
