"""`./gatepost docs`: docs/ and a reference drawn from the code, as HTML. A link that leads nowhere is an error."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.embedded import ROOT
from portal.reference import PAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS = ROOT / "docs"
UNREAD = "_build"  # of the written pages: no page, whatever lies in it
BUILT = DOCS / UNREAD
MARK = ".gatepost-docs"  # in a folder that was made here, and may be made anew
SETTINGS: dict[str, Any] = {
    "project": "Gatepost",
    "extensions": ["myst_parser"],
    "html_theme": "furo",
    "html_title": "Gatepost",
    "html_copy_source": False,
    "html_show_sphinx": False,
    "html_static_path": [],
    "myst_heading_anchors": 3,
    "nitpicky": True,
    "exclude_patterns": [],
}


def main(argv: Sequence[str]) -> int:
    words = argparse.ArgumentParser(prog="./gatepost docs", description="Build the documentation as HTML.")
    words.add_argument("--out", type=Path, default=BUILT, metavar="DIR", help="where to (docs/_build)")
    words.add_argument("--source", type=Path, default=DOCS, metavar="DIR", help="the written pages (docs)")
    said = words.parse_args(argv)
    written, out = said.source.resolve(), said.out.resolve()
    if reason := why_not_into(out, written):
        words.error(reason)
    code = build(written, out)
    sys.stdout.write(f"{said.out / 'html' / 'index.html'}\n" if code == 0 else "The documentation is not in order.\n")
    return code


def why_not_into(out: Path, written: Path) -> str:
    """What was built before is erased: why nothing is built there, as a sentence; empty where it may be."""
    own = written / UNREAD
    if out == own:
        return ""
    if written.is_relative_to(out) or (out.is_relative_to(written) and not out.is_relative_to(own)):
        return f"{out} lies around or among the written pages. Nothing was changed. Name a folder outside of {written}."
    if out.exists() and not (out / MARK).is_file() and not (out.is_dir() and not any(out.iterdir())):
        return f"{out} holds what this command did not make. Nothing was changed. Name a new folder or an empty one."
    return ""


def build(written: Path, out: Path) -> int:
    """0, or 1 where a page or a reference is wrong: what was wrong is told on standard error."""
    from sphinx.application import Sphinx

    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).touch()
    source = gather(written, out / "source")
    html, doctrees = out / "html", out / "doctrees"
    shutil.rmtree(html, ignore_errors=True)
    app = Sphinx(
        str(source),
        None,
        str(html),
        str(doctrees),
        "html",
        confoverrides=SETTINGS,
        status=None,
        warning=sys.stderr,
        freshenv=True,
        warningiserror=True,
    )
    app.build()
    return int(bool(app.statuscode))


def gather(written: Path, source: Path) -> Path:
    """The written pages and the drawn ones in one folder, made anew."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(written, source, ignore=shutil.ignore_patterns(UNREAD))
    index = source / "index.md"
    index.write_text(index.read_text(encoding="utf-8") + unnamed(source), encoding="utf-8")
    (source / "reference").mkdir()
    for name, draw in PAGES.items():
        (source / "reference" / f"{name}.md").write_text(draw(), encoding="utf-8")
    return source


def unnamed(source: Path) -> str:
    """A list of the pages that the index does not name: a page that was just written is found all the same."""
    named = set((source / "index.md").read_text(encoding="utf-8").split())
    rest = sorted(path.stem for path in source.glob("*.md") if path.stem not in {*named, "index"})
    return "\n".join(["\n```{toctree}", ":caption: More", ":maxdepth: 1\n", *rest, "```\n"]) if rest else ""
