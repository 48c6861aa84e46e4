"""Raw values stand in the tokens alone, and pages need neither inline style nor inline script."""

import re
from pathlib import Path

from django.conf import settings

from core.palette import PRINT_INKS

STATIC = Path(settings.BASE_DIR) / "static"


def test_paper_uses_the_same_inks_in_drawings_and_in_the_style_sheet():
    print_part = (STATIC / "css/tokens.css").read_text().split("@media print")[1]
    tokens = dict(re.findall(r"--p-([a-z0-9-]+): (#[0-9A-F]{6});", print_part))

    assert {name: tokens.get(name) for name in PRINT_INKS} == PRINT_INKS


def test_colours_stand_in_the_tokens_alone():
    sheets = [path for path in (STATIC / "css").rglob("*.css") if path.name != "tokens.css"]

    raw = [
        f"{path.name}: {value}"
        for path in sheets
        for value in re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(", path.read_text())
    ]

    assert sheets
    assert raw == []


def test_every_token_that_is_used_is_defined():
    sheets = "\n".join(path.read_text() for path in (STATIC / "css").rglob("*.css"))

    used = set(re.findall(r"var\((--(?:p|t|s)-[a-z0-9-]+)\)", sheets))
    defined = set(re.findall(r"^\s+(--(?:p|t|s)-[a-z0-9-]+):", sheets, re.MULTILINE))

    assert used - defined == set()


def test_templates_hold_neither_inline_style_nor_inline_script():
    folder = Path(settings.BASE_DIR) / "templates"

    offenders = [
        path.name
        for path in folder.rglob("*.html")
        if re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script>", path.read_text())
    ]

    assert offenders == []
