"""The plan as a PDF: exactly 25 numbered pages whatever the records hold, and nothing of them is cut or runs off."""

import io
import shutil
import subprocess

import pytest
from django.conf import settings
from pypdf import PdfReader

from engagements.content import current_content
from engagements.models import Engagement
from reports.drafts import draft_of
from reports.outline import plan_pages
from reports.plan_layout import render_plan
from reports.rendering import render_kind
from tests.engagements.journey import gate_of
from tests.factories import discovery
from tests.reports.snapshots import MARKUP, finding, plan_snapshot

SAMPLES = settings.BASE_DIR / "tests" / "postfix_samples"
A4 = (595.3, 841.9)
LONG_WORD = "x" * 100_000
RIGHT_TO_LEFT = "\u202e" + "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 "
EMOJI = "\U0001f4e7\U0001f9d1\u200d\U0001f4bb"
# The pages most of whose words come from records.
OF_RECORDS = {
    "cover",
    "summary",
    "estate",
    "volumes",
    "dossiers",
    "findings",
    "gaps",
    "architecture",
    "duties",
    "terms",
}
HOSTILE = {
    "markup": MARKUP,
    "a word of 100 KB": LONG_WORD,
    "a sentence of 100 KB": "word " * 20_000,
    "right to left": RIGHT_TO_LEFT * 30,
    "emoji": EMOJI * 40,
    "addresses": "file:///etc/passwd http://127.0.0.1:9/x.png",
    "lines": "a\nb\n" * 200,
}


def read(rendered):
    return PdfReader(io.BytesIO(rendered.pdf)).pages


def seen_on(page):
    """The text of a page, and what of it begins outside of the sheet.

    pypdf puts a NUL before each letter of a font that also draws characters beyond 16 bits; pdftotext does not.
    """
    off = []

    def look(text, cm, tm, font, size):
        x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
        if text.strip() and not (0 < x < A4[0] and 0 < y < A4[1]):
            off.append((x, y, text))

    return page.extract_text(visitor_text=look).replace("\0", ""), off


def numbered(texts, word="Page", of="of"):
    return [text for text in texts if f"{word} " in text and f" {of} 25" in text]


def fonts_of(pages):
    fonts = {name: font.get_object() for page in pages for name, font in page["/Resources"]["/Font"].items()}
    return [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]


def judge(rendered, *, word="Page", of="of"):
    """What holds of every plan."""
    pages = read(rendered)
    seen = [seen_on(page) for page in pages]
    texts = [text for text, _ in seen]
    for number in range(1, 26):
        assert f"{word} {number} {of} 25" in texts[number - 1]
    assert len(numbered(texts, word, of)) == 25
    assert all(len(text.split()) > 25 for text in texts[:25]), "a page is blank"
    assert not [off for _, found in seen for off in found]
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts_of(pages))
    return texts


def with_everywhere(value, text):
    """A value whose words are all the same text, where no date, digest or name of a kind is needed."""
    kept = {"severity", "party", "means", "language", "start", "end", "at", "asked_at", "decided_at", "accepted_at"}
    kept |= {
        "sha256",
        "route",
        "question",
        "points",
        "total",
        "target",
        "first",
        "last",
        "first_day",
        "last_day",
        "code",
        "peak_day",
        "peak_month",
    }
    if isinstance(value, dict):
        return {key: inner if key in kept else with_everywhere(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_everywhere(inner, text) for inner in value]
    return text if isinstance(value, str) else value


def test_an_empty_engagement_has_25_pages(engagement, db):
    texts = judge(render_kind("plan", draft_of(gate_of(engagement, 1))))

    assert "not measured yet" in texts[4]


@pytest.mark.parametrize("sample", ["single_ip", "multi_ip", "multi_instance"])
def test_each_sample_has_25_pages(sample, begun, ada, carl):
    files = {
        str(path.relative_to(SAMPLES / sample)): path.read_bytes()
        for path in sorted((SAMPLES / sample).rglob("*"))
        if path.is_file()
    }
    discovery.stored_translations(begun, actor=ada, files=files)
    discovery.read_mail_log(begun, actor=ada)
    Engagement.objects.filter(pk=begun.pk).update(target="powermta" if sample == "multi_ip" else "kumomta")

    snapshot = draft_of(gate_of(begun, 1))

    texts = judge(render_kind("plan", snapshot))
    assert snapshot["content"]["basis"]["files"]
    assert "Generated configuration" in texts[12]


@pytest.fixture(scope="module")
def crowded():
    """2,000 findings, each with its own name."""
    snapshot = plan_snapshot(is_measured=True)
    for group in snapshot["content"]["findings"]:
        group["rows"] = [finding(number) | {"title": f"Finding {number} of all"} for number in range(1, 401)]
        group["count"] = 400
    return render_kind("plan", snapshot)


@pytest.fixture(scope="module")
def crowded_texts(crowded):
    return judge(crowded)


def test_2_000_findings_make_longer_annexes_and_no_longer_plan(crowded_texts):
    texts = crowded_texts

    rest = next(line for line in texts[8].splitlines() if "more in annex B" in line)
    shown = texts[8].count("of all")
    assert int(rest.split()[0].replace(",", "")) == 2_000 - shown
    annex = " ".join(" ".join(texts[25:]).split())
    assert all(annex.count(f"Finding {number} of all") == 5 for number in (1, 200, 400))


def test_the_plan_in_spanish_has_25_pages():
    snapshot = plan_snapshot(is_measured=True)
    snapshot["content"]["language"] = "es"

    rendered = render_kind("plan", snapshot)

    texts = judge(rendered, word="Página", of="de")
    assert PdfReader(io.BytesIO(rendered.pdf)).trailer["/Root"]["/Lang"] == "es"
    assert "Resumen ejecutivo" in texts[1]
    english = (
        "not measured",
        "Waiting",
        "Findings",
        "Everybody else",
        "The consultancy",
        "Both sides",
        "more in annex",
    )
    assert not [(number, word) for number, text in enumerate(texts[:25], 1) for word in english if word in text]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_stands_in_every_field_the_layout_holds(text):
    snapshot = plan_snapshot(is_measured=True, medium=2)
    snapshot["content"] = with_everywhere(snapshot["content"], text[:5_000])
    snapshot["stamp"]["organization"] = text[:200]
    of_records = [page for page in plan_pages() if page.key in OF_RECORDS]

    rendered = render_plan(snapshot, of_records)

    seen = [seen_on(page) for page in read(rendered)]
    assert len(seen) == len(numbered(text for text, _ in seen)) == len(OF_RECORDS)
    assert not [off for _, found in seen for off in found]


def test_a_word_of_100_kb_is_printed_whole_in_the_annex():
    snapshot = plan_snapshot(evidence=LONG_WORD, medium=0)

    texts = judge(render_kind("plan", snapshot))

    count = "".join(texts[25:]).count("x")
    assert 100_000 < count < 300_000  # whole where it is pointed at, and not once more in every table


def test_a_page_that_was_estimated_too_short_is_laid_out_again(monkeypatch):
    monkeypatch.setattr("reports.sheets.fitting.PAGE_HEIGHT", 320)
    snapshot = plan_snapshot(medium=60)

    rendered = render_plan(snapshot, plan_pages())

    assert len(read(rendered)) == 25


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's pdftotext is not installed")
def test_no_word_reaches_over_the_edge_of_the_paper(crowded, tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(crowded.pdf)

    boxes = subprocess.run(
        ["pdftotext", "-l", "25", "-bbox", str(path), "-"], capture_output=True, check=True, text=True
    ).stdout

    words = [line for line in boxes.splitlines() if "<word " in line]
    edges = [float(line.split('xMax="')[1].split('"')[0]) for line in words]
    assert len(words) > 2_000
    assert max(edges) < A4[0] - 20


def test_no_heading_stands_alone_at_the_foot_of_a_page(crowded_texts):
    for text in crowded_texts:
        lines = [line for line in text.splitlines() if line.strip()]
        assert lines[-1] not in {"Questions", "Checks passed by decision"}
        body = [line for line in lines if "Confidential under NDA" not in line and not line.startswith("Page ")]
        assert not body[-1].strip().endswith((": 400", "Not in the bundle"))


def test_the_content_of_a_plan_holds_its_basis_and_it_stays_when_logs_come_later(begun, ada, carl):
    content = current_content(gate_of(begun, 1))

    assert content["basis"]["volumes"]["logs"] == []
    assert {row["name"] for row in content["basis"]["addresses"]} == {"192.0.2.10", "192.0.2.11"}
