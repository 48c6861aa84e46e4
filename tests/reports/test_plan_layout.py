"""The plan as a PDF: exactly 25 numbered pages whatever the records hold, and nothing of them is cut or runs off."""

import io
import subprocess

import pytest
from django.conf import settings
from pypdf import PdfReader

from engagements.content import current_content
from engagements.models import Engagement
from reports.drafts import draft_of
from reports.outline import plan_pages
from reports.pdf import render_pdf
from reports.plan_layout import render_plan
from reports.rendering import render_kind
from reports.seal import seal_pdf
from tests.engagements.journey import gate_of
from tests.factories import discovery
from tests.reports.plan_proofs import faults_of, is_heading, look_at, numbered, pages_of, words_over_the_edge
from tests.reports.snapshots import MARKUP, finding, plan_snapshot
from tests.reports.test_seal import verdict

SAMPLES = settings.BASE_DIR / "tests" / "postfix_samples"
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


def judge(rendered, language="en"):
    """What holds of every plan; the texts of its pages."""
    faults, texts = faults_of(rendered, language)
    assert faults == []
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


@pytest.mark.parametrize(("language", "words"), [("en", "not measured yet"), ("es", "aún sin medir")])
def test_an_empty_engagement_has_25_pages(engagement, db, language, words):
    gate = gate_of(engagement, 1)
    gate.language = language

    texts = judge(render_kind("plan", draft_of(gate)), language)

    assert words in texts[4]


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

    texts = judge(rendered, "es")
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

    seen = [look_at(page) for page in pages_of(rendered)]
    assert len(seen) == len(numbered([one.text for one in seen])) == len(OF_RECORDS)
    assert not [one.outside for one in seen if one.outside]


def test_a_word_of_100_kb_is_printed_whole_in_the_annex():
    snapshot = plan_snapshot(evidence=LONG_WORD, medium=0)

    faults, texts = faults_of(render_kind("plan", snapshot))

    # A row of many pages begins on a page of its own: the one before it may hold a heading alone.
    assert [fault for fault in faults if fault != "page 28 is blank"] == []
    count = "".join(texts[25:]).count("x")
    assert 100_000 < count < 300_000  # whole where it is pointed at, and not once more in every table


def test_a_page_that_was_estimated_too_short_is_laid_out_again(monkeypatch):
    monkeypatch.setattr("reports.sheets.fitting.PAGE_HEIGHT", 320)
    snapshot = plan_snapshot(medium=60)

    rendered = render_plan(snapshot, plan_pages())

    assert len(pages_of(rendered)) == 25


@pytest.fixture(scope="module")
def kept(crowded, tmp_path_factory):
    """The sealed copy as a file."""
    path = tmp_path_factory.mktemp("plan") / "plan.pdf"
    path.write_bytes(seal_pdf(crowded).pdf)
    return path


def test_no_word_reaches_over_the_edge_of_the_paper(kept):
    words, over = words_over_the_edge(kept)

    assert words > 20_000
    assert over == []


def test_the_sealed_plan_is_sound_to_qpdf_and_its_seal_to_pdfsig_and_pyhanko(kept):
    checked = subprocess.run(["qpdf", "--check", str(kept)], capture_output=True, text=True, check=False)
    sealed = subprocess.run(["pdfsig", "-nocert", str(kept)], capture_output=True, text=True, check=False)
    status = verdict(kept.read_bytes())

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Signature is Valid" in sealed.stdout
    assert "Total document signed" in sealed.stdout
    assert (status.bottom_line, status.coverage.name) == (True, "ENTIRE_FILE")


def test_a_heading_that_was_left_alone_would_be_found():
    headings = ("<h2>Alone</h2>", "<h3>Alone</h3>", "<h2>Not alone</h2><p>It has a text.</p>")
    found = [render_pdf(f"<!DOCTYPE html><html lang=en><title>x</title><p>Words</p>{end}") for end in headings]

    assert [is_heading(look_at(pages_of(rendered)[0]).lowest) for rendered in found] == [True, True, False]


def test_the_content_of_a_plan_holds_its_basis_and_it_stays_when_logs_come_later(begun, ada, carl):
    content = current_content(gate_of(begun, 1))

    assert content["basis"]["volumes"]["logs"] == []
    assert {row["name"] for row in content["basis"]["addresses"]} == {"192.0.2.10", "192.0.2.11"}
