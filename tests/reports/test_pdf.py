"""The paper: nothing comes in from outside, the bytes are always the same, and everybody can read it."""

import gc
import io
import json
import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from pypdf import PdfReader

from core.errors import DomainError
from reports.outline import plan_pages
from reports.pdf import StaticFilesOnly, render_pdf
from reports.rendering import render_kind
from tests.reports.snapshots import MARKUP, plan_snapshot

OUTSIDE = {
    "image over https": '<img src="https://tracker.example/x.png" alt="">',
    "image over http": '<img src="http://127.0.0.1:9/x.png" alt="">',
    "image from the disk": '<img src="file:///etc/hostname" alt="">',
    "image as data": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">',
    "image over ftp": '<img src="ftp://files.example/x.png" alt="">',
    "image without a scheme": '<img src="x.png" alt="">',
    "image beside the protocol": '<img src="//tracker.example/x.png" alt="">',
    "style sheet link": '<link rel="stylesheet" href="https://tracker.example/x.css">',
    "import in a style": "<style>@import url(https://tracker.example/x.css);</style>",
    "import from the disk": "<style>@import url(file:///etc/x.css);</style>",
    "background": "<style>p { background: url(https://tracker.example/x.png) }</style><p>x</p>",
    "list mark": "<style>ul { list-style-image: url(https://tracker.example/x.png) }</style><ul><li>x</li></ul>",
    "generated content": "<style>p::before { content: url(https://tracker.example/x.png) }</style><p>x</p>",
    "font": "<style>@font-face { font-family: f; src: url(https://x.example/f.ttf) } p { font: 9pt f }</style><p>x",
    "image in a drawing": '<svg width="9" height="9"><image href="https://x.example/x" width="9" height="9"/></svg>',
    "object": '<object data="https://tracker.example/x.svg"></object>',
    "embed": '<embed src="https://tracker.example/x.svg">',
    "attachment": '<link rel="attachment" href="file:///etc/passwd">',
    "a static name that climbs out": '<img src="static:../portal/settings/base.py" alt="">',
    "a static name that is absolute": '<img src="static:/etc/passwd" alt="">',
    "a static name nobody has": '<img src="static:css/nothing.png" alt="">',
}


@pytest.fixture
def no_network(monkeypatch):
    def refuse(self, address):
        raise AssertionError(f"connected to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="module")
def plan():
    return render_kind("plan", plan_snapshot(evidence=MARKUP))


@pytest.fixture(scope="module")
def pages(plan):
    return PdfReader(io.BytesIO(plan.pdf)).pages


@pytest.mark.parametrize("markup", OUTSIDE.values(), ids=OUTSIDE)
def test_nothing_from_outside_is_fetched(markup, no_network):
    with pytest.raises(DomainError, match="nothing was fetched and nothing was built"):
        render_pdf(f"<!DOCTYPE html><html lang=en><title>x</title>{markup}")


@pytest.mark.parametrize("address", ["https://tracker.example/x.svg#a", "file:///etc/hostname#a", "static:x.svg#a"])
def test_a_drawing_that_uses_another_file_is_drawn_without_it(address, no_network):
    drawing = f'<svg width="9" height="9"><use href="{address}"/></svg>'

    rendered = render_pdf(f"<!DOCTYPE html><html lang=en><title>x</title>{drawing}")

    assert rendered.page_count == 1
    assert b"/XObject" not in rendered.pdf


def test_a_static_file_is_served_and_never_redirects():
    answer = StaticFilesOnly().fetch("static:css/print.css")

    assert (answer.url, answer.status, answer.content_type) == ("static:css/print.css", 200, "text/css")


def test_an_address_to_read_is_a_link_and_nothing_is_fetched(no_network):
    rendered = render_pdf('<!DOCTYPE html><html lang=en><title>x</title><a href="https://example.com/">x</a>')

    assert rendered.page_count == 1


def test_the_same_snapshot_gives_the_same_bytes_in_two_processes():
    script = (
        "import django; django.setup();"
        "from reports.rendering import render_kind; from tests.reports.snapshots import plan_snapshot;"
        "print(render_kind('plan', plan_snapshot()).digest)"
    )
    digests = []
    for seed, hour in (("1", "86400"), ("2", "172800")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "SOURCE_DATE_EPOCH": hour,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        }
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        )
        digests.append(done.stdout.split()[-1])

    assert digests[0] == digests[1] == render_kind("plan", plan_snapshot()).digest


def test_rendering_leaves_the_process_as_it_was():
    before = dict(os.environ)

    render_pdf("<!DOCTYPE html><html lang=en><title>x</title><p>x")

    assert dict(os.environ) == before
    assert gc.isenabled()


def test_the_page_count_is_that_of_the_file(plan, pages):
    assert plan.page_count == len(pages) > 25


def test_every_page_has_its_running_head_and_foot(plan, pages):
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert (f"Page {number} of 25" in text) is (number <= 25)
        assert "Confidential under NDA" in text
        assert "E-2026-0147-G1" in text
        assert "Migration plan" in text


def test_it_is_tagged_and_has_a_title_and_a_language(plan):
    reader = PdfReader(io.BytesIO(plan.pdf))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Migration plan, Northlake Logistics, E-2026-0147-G1 version 3"
    metadata = root["/Metadata"].get_data()
    assert b"<pdfaid:part>3" in metadata or b'pdfaid:part="3"' in metadata


def test_a_draft_is_for_reading_and_carries_no_files():
    snapshot = plan_snapshot()
    snapshot["stamp"]["is_draft"] = True

    reader = PdfReader(io.BytesIO(render_kind("plan", snapshot).pdf))

    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert reader.attachments == {}


def test_a_copy_for_keeping_carries_the_data_it_was_made_from(plan):
    files = PdfReader(io.BytesIO(plan.pdf)).attachments

    assert {"inventory.json", "findings.json", "translation.json"} <= files.keys()
    assert "costs.json" not in files
    content = json.loads(json.dumps(plan_snapshot(evidence=MARKUP)["content"]))
    assert json.loads(files["findings.json"][0]) == content["findings"]


def test_every_font_is_embedded(pages):
    fonts = {name: font.get_object() for page in pages for name, font in page["/Resources"]["/Font"].items()}
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]

    assert descriptors
    assert all("/FontFile2" in found or "/FontFile3" in found for found in descriptors)


def test_the_bookmarks_name_every_section(plan):
    def titles(entries):
        for entry in entries:
            yield from titles(entry) if isinstance(entry, list) else [" ".join(entry.title.split())]

    found = list(titles(PdfReader(io.BytesIO(plan.pdf)).outline))

    assert found[0] == "Migration plan"
    for section in plan_pages()[1:]:
        assert f"{section.number} {section.title}" in found or f"{section.number}{section.title}" in found


def test_markup_out_of_a_configuration_stays_text(pages):
    text = "".join("".join(page.extract_text() for page in pages).split())

    assert "<script>alert(1)</script>" in text
    assert '<imgsrc="https://tracker.example/x.png">' in text


def test_a_draft_says_so_on_every_page():
    rendered = render_kind("plan", plan_snapshot(is_draft=True, medium=3))

    pages = PdfReader(io.BytesIO(rendered.pdf)).pages
    assert all("Draft, not for signature" in page.extract_text() for page in pages)


def test_a_word_without_end_stays_on_the_page():
    rendered = render_kind("plan", plan_snapshot(evidence="x" * 30_000, medium=1))

    found = []
    for page in PdfReader(io.BytesIO(rendered.pdf)).pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: found.append((tm[4] * cm[0] + cm[4], text)))
    assert max(x for x, text in found if text.strip()) < 595


def test_a_section_that_cannot_be_laid_out_is_named():
    snapshot = plan_snapshot()
    del snapshot["content"]["schedule"]["phases"][0]["end"]

    with pytest.raises(DomainError, match="Page 2, Executive summary, could not be laid out"):
        render_kind("plan", snapshot)
