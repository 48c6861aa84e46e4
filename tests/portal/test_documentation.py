"""`./gatepost docs`: it builds without a warning, every link inside leads somewhere, and the reference has it all."""

import os
import re
import subprocess
import sys

import pytest
from lxml import html

from core.metrics import measured
from delivery.proxy.figures import FIGURES
from discovery.postfix.rule_packs import load_rules
from discovery.translation.book import load_book
from portal import reference
from portal.api_schema import api_schema
from portal.cli import BARE, KEEPING
from portal.documentation import BUILT, DOCS, why_not_into
from portal.embedded import ROOT
from tests.laws.pictures import WRITTEN, shown_in

OUTSIDE = re.compile(r"^(?:[a-z]+:|//)")


def build(out, *words):
    command = [sys.executable, "-m", "portal.cli", "docs", "--out", str(out), *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "COLUMNS": "100"}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("docs")
    done = build(out)
    assert done.returncode == 0, done.stderr
    return out / "html"


@pytest.fixture(scope="module")
def pages(built):
    paths = [path for path in built.rglob("*.html") if "_static" not in path.parts]
    return {path.resolve(): html.fromstring(path.read_bytes()) for path in paths}


def words_of(pages, built, name):
    return pages[(built / "reference" / f"{name}.html").resolve()].text_content()


def leads_nowhere(path, link, pages):
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    return not target.exists() or bool(anchor and not pages[target].xpath("//*[@id=$id]", id=anchor))


def test_every_link_inside_leads_to_a_page_and_a_place_on_it(pages):
    links = [
        (path, link)
        for path, page in pages.items()
        for link in page.xpath("//a/@href")
        if not OUTSIDE.match(link) and link != "#"
    ]

    assert [(path.name, link) for path, link in links if leads_nowhere(path, link, pages)] == []
    assert len(pages) > 50
    assert len(links) > 1_000


def test_every_picture_is_there_and_shown_with_its_words(pages):
    shown = [(path, image) for path, page in pages.items() for image in page.xpath("//article//img")]

    files = [(path.parent / image.get("src")).resolve() for path, image in shown]
    assert [file.name for file in files if not file.is_file()] == []
    assert {(file.name, image.get("alt")) for file, (_, image) in zip(files, shown, strict=True)} == {
        (file.name, words) for page in WRITTEN for words, file in shown_in(page)
    }


def test_nothing_is_fetched_from_elsewhere(pages):
    addresses = [
        address for page in pages.values() for address in page.xpath("//script/@src | //link/@href | //img/@src")
    ]

    assert [address for address in addresses if OUTSIDE.match(address)] == []
    assert addresses


def test_every_written_page_is_there(built):
    written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}

    missing = [str(path) for path in written if "_build" not in path.parts and not (built / path).exists()]

    assert missing == []


def test_no_written_page_lies_where_the_documentation_has_its_own():
    taken = {"search.md", "genindex.md"}

    assert not taken & {path.name for path in (ROOT / "docs").iterdir()}


def test_every_rule_row_command_and_setting_is_in_the_reference(pages, built):
    rules, rows = words_of(pages, built, "rules"), words_of(pages, built, "dictionary")
    commands, settings = words_of(pages, built, "commands"), words_of(pages, built, "settings")

    assert [rule.id for rule in load_rules() if rule.id not in rules] == []
    assert [row.title for row in load_book().rows if " ".join(row.title.split()) not in " ".join(rows.split())] == []
    assert [name for name in (*BARE, *KEEPING) if f"./gatepost {name}" not in commands] == []
    assert commands.count("usage:") == len(BARE) + len(KEEPING)
    read = {
        name
        for part in ("base", "production")
        for name in re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', (reference.SETTINGS / f"{part}.py").read_text())
    }
    assert {name for name in read if name not in settings} == set()
    assert len(read) > 40


def test_every_address_of_the_api_and_every_metric_is_in_the_reference(pages, built):
    addresses, metrics = words_of(pages, built, "api"), words_of(pages, built, "metrics")

    assert [path for path in api_schema()["paths"] if path not in addresses] == []
    assert [one.name for one in measured() if one.name not in metrics] == []
    assert [figure.metric for figure in FIGURES if figure.metric not in metrics] == []


def test_what_is_said_of_a_setting_is_its_comment_kind_and_default():
    source = '# How long.\n# In words.\nWAIT = env.int("WAIT", default=3)\n\nNAME = env("NAME")\n'

    assert list(reference.variables(source)) == [
        ("WAIT", "int", "`3`", "How long. In words."),
        ("NAME", "text", "required", ""),
    ]


def test_markup_in_a_text_stays_text():
    assert reference.cell("a | b `c` *d* <e> [f](g) $h") == r"a \| b \`c\` \*d\* \<e\> \[f\](g) \$h"
    assert reference.code("^(a|b)$") == r"`^(a\|b)$`"


def test_a_folder_with_files_of_somebody_else_is_refused_and_left_as_it_was(tmp_path):
    mine = tmp_path / "html" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("a page of my own")

    done = build(tmp_path)

    assert done.returncode == 2
    assert "did not make. Nothing was changed." in " ".join(done.stderr.split())
    assert mine.read_text() == "a page of my own"
    assert [path.name for path in tmp_path.iterdir()] == ["html"]


@pytest.mark.parametrize("place", [".", "..", "new", "html/new"])
def test_nothing_is_built_around_or_among_the_written_pages(tmp_path, place):
    written = tmp_path / "written"
    written.mkdir()

    assert "around or among the written pages" in why_not_into((written / place).resolve(), written)


def test_what_was_built_here_a_new_folder_and_an_empty_one_are_built_into(built, tmp_path):
    note = tmp_path / "note.txt"
    note.touch()

    assert [why_not_into(out, DOCS) for out in (built.parent, tmp_path / "new", BUILT)] == ["", "", ""]
    assert "did not make" in why_not_into(note, DOCS)
    assert "did not make" in why_not_into(tmp_path, DOCS)
    note.unlink()
    assert why_not_into(tmp_path, DOCS) == ""


def test_a_reference_that_leads_nowhere_is_an_error_and_named(tmp_path):
    source = tmp_path / "written"
    source.mkdir()
    (source / "index.md").write_text("# A page\n\nSee [that](nowhere.md).\n")
    (source / "new.md").write_text("# A page that no list names\n")

    done = build(tmp_path / "out", "--source", str(source))

    assert done.returncode == 1
    assert "new.md" not in done.stderr
    assert "nowhere.md" in done.stderr
    assert "not in order" in done.stdout
