"""The questionnaire as a file that is filled in offline, CSV or YAML, and what stands in one that comes back."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from discovery.questions.book import LONGEST_NOTE, NUMBER, SEVERAL
from discovery.questions.values import UNKNOWN_WORDS, AnswerError, Given, number_wanted, read_value, storable
from discovery.questions.yaml_rows import Fraction, RowsError, yaml_rows
from discovery.spreadsheets import NoTableError, decoded, plain_cell, safe_cell, table_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from discovery.questions.book import Book, Question
    from discovery.questions.yaml_rows import Cell

HEADER = ("question", "section", "asked", "ask", "possible", "answer", "note", "version")
NEEDED = frozenset({"question", "answer"})
UNKNOWN_SIGNS = frozenset({UNKNOWN_WORDS.lower(), "unknown", "?"})
FIRST_ROW = 2  # the header stands in row 1
MOST_ROWS = 1000
LONGEST_VERSION = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One question as a file shows it. `version` is that of its answer, 0 without one."""

    question: Question
    given: Given
    is_asked: bool
    version: int


@dataclass(frozen=True, slots=True)
class SentLine:
    """One row as it came back, with the place for sentences: `Row 4` or `send_hosts`."""

    place: str
    question: str
    answer: Cell
    note: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a file says: answers by question with the version they were written over; every problem in a sentence."""

    given: Mapping[str, tuple[Given, int | None]]
    problems: tuple[str, ...]


def as_csv(lines: Iterable[Line]) -> str:
    """A row for each question. No cell begins as a formula does."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for line in lines:
        row = _row(line)
        writer.writerow([safe_cell(str(row[name])) for name in HEADER])
    return text.getvalue()


def as_yaml(lines: Iterable[Line]) -> str:
    """The same as a list; `answer` is empty, a word, a number or a list of words."""
    rows = [_row(line) | {"answer": _plain_answer(line)} for line in lines]
    written: str = yaml.safe_dump({"answers": rows}, allow_unicode=True, sort_keys=False, width=100)
    return written


def _row(line: Line) -> dict[str, Any]:
    answer = _plain_answer(line)
    return {
        "question": line.question.id,
        "section": line.question.section,
        "asked": "yes" if line.is_asked else "only if it applies",
        "ask": line.question.ask,
        "possible": possible_text(line.question),
        "answer": "; ".join(answer) if isinstance(answer, list) else "" if answer is None else answer,
        "note": line.given.note,
        "version": line.version,
    }


def _plain_answer(line: Line) -> Any:
    return UNKNOWN_WORDS if line.given.is_unknown else line.given.value


def possible_text(question: Question) -> str:
    """What may be written: the keys of the choices, the range, or the form of a day."""
    if question.choices:
        words = " | ".join(
            f"{key} ({label})" if key != label.lower() else key for key, label in question.choices.items()
        )
        return f"several of, with ; between: {words}" if question.kind == SEVERAL else f"one of: {words}"
    if question.unit:
        return f"{question.unit}, {question.least} to {question.most}"
    return "a day such as 2026-11-30" if question.kind == "date" else "text"


def read_answers(content: bytes, book: Book) -> Sent:
    """What a file says that was filled in; by its first line it is CSV or YAML."""
    text = decoded(content)
    if not text.strip():
        return Sent({}, ("The selected file is empty.",))
    lines, problem = _csv_lines(text) if _is_table(text) else _yaml_lines(text)
    if problem:
        return Sent({}, (problem,))
    return _read(lines, book)


def _read(lines: list[SentLine], book: Book) -> Sent:
    given: dict[str, tuple[Given, int | None]] = {}
    problems: list[str] = []
    for line in lines:
        question = book.find(line.question)
        if question is None:
            problems.append(f"{line.place}: the questionnaire has no question “{line.question[:60]}”.")
        elif line.question in given:
            problems.append(f"{line.place}: {line.question} stands there twice.")
        else:
            said = _given(question, line)
            given[line.question] = (said if isinstance(said, Given) else Given(), line.version)
            problems += [] if isinstance(said, Given) else [f"{line.place}, {line.question}: {said}"]
    return Sent(given, tuple(problems))


def _given(question: Question, line: SentLine) -> Given | str:
    """The answer, or the sentence that says why it is none."""
    if len(line.note) > LONGEST_NOTE:
        return f"Shorten the note to {LONGEST_NOTE:,} characters."
    answer = line.answer
    if isinstance(answer, str) and answer.strip().lower() in UNKNOWN_SIGNS:
        return Given(is_unknown=True, note=line.note)
    if isinstance(answer, Fraction) and question.kind == NUMBER:
        return number_wanted(question)
    try:
        return Given(read_value(question, answer), note=line.note)
    except AnswerError as error:
        return str(error)


def _is_table(text: str) -> bool:
    cells = re.split(r"[,;\t]", text.lstrip().partition("\n")[0].lower())
    return len(cells) > 1 and "question" in {cell.strip(' "') for cell in cells}


def _csv_lines(text: str) -> tuple[list[SentLine], str]:
    try:
        rows = table_in(text, ",;\t")
    except NoTableError as error:
        return [], str(error)
    header = [name.strip().lower() for name in rows[0]]
    if missing := sorted(NEEDED - set(header)):
        return [], f"Row 1 has to name the columns as the export does. Missing: {', '.join(missing)}."
    if len(rows) > MOST_ROWS:
        return [], f"The file has more than {MOST_ROWS:,} rows."
    return list(_table_lines(header, rows[1:])), ""


def _table_lines(header: list[str], rows: list[list[str]]) -> Iterator[SentLine]:
    for number, row in enumerate(rows, start=FIRST_ROW):
        cells = {name: plain_cell(cell) for name, cell in zip(header, row, strict=False)}
        if any(cell.strip() for cell in row):
            yield _line(f"Row {number}", cells)


def _yaml_lines(text: str) -> tuple[list[SentLine], str]:
    try:
        rows = yaml_rows(text)
    except RowsError as error:
        return [], str(error)
    if len(rows) > MOST_ROWS:
        return [], f"The file has more than {MOST_ROWS:,} answers."
    return [_line(f"Answer {number}", row) for number, row in enumerate(rows, start=1)], ""


def _line(place: str, cells: Mapping[str, Cell]) -> SentLine:
    version = _text_in(cells, "version")
    is_version = version.isascii() and version.isdigit() and len(version) <= LONGEST_VERSION
    return SentLine(
        place=place,
        question=_text_in(cells, "question"),
        answer=cells.get("answer"),
        note=_text_in(cells, "note"),
        version=int(version) if is_version else None,
    )


def _text_in(cells: Mapping[str, Cell], name: str) -> str:
    cell = cells.get(name)
    return storable(cell if isinstance(cell, str) else "; ".join(cell or ())).strip()
