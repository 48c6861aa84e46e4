"""What holds of every plan on paper: 25 numbered pages, nothing blank, nothing outside, no heading left alone."""

import io
import subprocess
from dataclasses import dataclass

from pypdf import PdfReader

A4 = (595.3, 841.9)
BODY = (40, 795)  # points from the foot: above the running foot, beneath the running head
LETTERS = 12  # of a word: one that runs over whole pages counts as many
LEAST_WORDS = {True: 25, False: 8}  # on a numbered page, and on one of an annex, head and foot aside
WORDS = {"en": ("Page", "of"), "es": ("Página", "de")}


@dataclass(frozen=True)
class Seen:
    """A page: its text, what of it begins outside of the sheet, its words between head and foot, its lowest line."""

    text: str
    outside: list
    words: int
    lowest: tuple  # font, size, text


def look_at(page):
    """pypdf puts a NUL before each letter of a font that also draws characters beyond 16 bits; pdftotext does not."""
    found = []

    def look(text, cm, tm, font, size):
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            name = str((font or {}).get("/BaseFont", "")).rpartition("+")[2]
            found.append((y, x, name, size * abs(tm[3] * cm[3]), text.replace("\0", "").strip()))

    text = page.extract_text(visitor_text=look).replace("\0", "")
    body = [run for run in found if BODY[0] < run[0] < BODY[1]]
    lowest = min(body, default=(0, 0, "", 0, ""))
    outside = [run for run in found if not (0 < run[1] < A4[0] and 0 < run[0] < A4[1])]
    words = sum(max(len(run[4].split()), len(run[4]) // LETTERS) for run in body)
    return Seen(text, outside, words, lowest[2:])


def pages_of(rendered):
    return PdfReader(io.BytesIO(rendered.pdf)).pages


def numbered(texts, language="en"):
    word, of = WORDS[language]
    return [text for text in texts if f"{word} " in text and f" {of} 25" in text]


def is_heading(lowest):
    """h2 and h3 of print.css; nothing else is set in their fonts at their sizes."""
    font, size, _ = lowest
    return font.startswith("Source-Serif") or (font == "Atkinson-Next-Bold" and size > 9.5)


def fonts_left_out(pages):
    fonts = {name: font.get_object() for page in pages for name, font in page["/Resources"]["/Font"].items()}
    kept = {name: font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for name, font in fonts.items()}
    return [name for name, font in kept.items() if not {"/FontFile2", "/FontFile3"} & set(font)]


def faults_of(rendered, language="en"):
    """Every place where a plan is not as it has to be, in words, and the texts of its pages."""
    pages = pages_of(rendered)
    seen, (word, of) = [look_at(page) for page in pages], WORDS[language]
    faults = [] if len(numbered([one.text for one in seen], language)) == 25 else ["not 25 numbered pages"]
    for number, one in enumerate(seen, start=1):
        is_numbered = number <= 25
        if is_numbered and f"{word} {number} {of} 25" not in one.text:
            faults.append(f"page {number} is not numbered so")
        if one.words < LEAST_WORDS[is_numbered]:
            faults.append(f"page {number} is blank")
        if one.outside:
            faults.append(f"page {number} writes outside of the sheet: {one.outside[0][4]}")
        if is_heading(one.lowest):
            faults.append(f"page {number} ends with a heading: {one.lowest[2]}")
    faults += [f"font {name} is not embedded" for name in fonts_left_out(pages)]
    return faults, [one.text for one in seen]


def words_over_the_edge(path):
    """Words whose box, as poppler measures it, reaches into the last 20 points at the right or beyond an edge."""
    told = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True, text=True).stdout
    words = [line for line in told.splitlines() if "<word " in line]
    return len(words), [line for line in words if not _is_inside(line)]


def _is_inside(line):
    x_min, y_min, x_max, y_max = (
        float(line.split(f'{side}="')[1].split('"')[0]) for side in ("xMin", "yMin", "xMax", "yMax")
    )
    return x_min >= 0 and y_min >= 0 and x_max < A4[0] - 20 and y_max < A4[1]
