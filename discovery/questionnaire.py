"""The questionnaire of an engagement as it stands: its questions with what was answered, read, measured and noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.measured import is_login_seen, volume_of
from discovery.models import Answer, AnswerSheet
from discovery.prefills import prefills_for
from discovery.queries import answering_facts
from discovery.questions.conditions import asked_in
from discovery.questions.disputes import fact_text, is_disputed
from discovery.questions.facts import RULES, TABLES, Measure, facts_in
from discovery.questions.loading import load_book
from discovery.questions.values import given_text, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from discovery.prefills import Prefill
    from discovery.questions.book import Question, Section
    from discovery.questions.facts import Fact
    from discovery.questions.values import Value
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Suggested:
    """A value and its words."""

    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with everything known about it. `is_asked` is false for one whose condition does not hold."""

    question: Question
    answer: Answer | None
    fact: Fact | None
    prefill: Prefill | None
    is_asked: bool

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.given.is_given

    @property
    def says_something(self) -> bool:
        """Answered with more than that nobody knows."""
        return self.answer is not None and self.answer.given.is_given and not self.answer.given.is_unknown

    @property
    def is_missing(self) -> bool:
        return self.is_asked and not self.is_answered

    @property
    def is_returned(self) -> bool:
        return self.is_asked and self.answer is not None and self.answer.is_returned

    @property
    def is_disputed(self) -> bool:
        return self.is_asked and is_disputed(self.question, self.answer.given if self.answer else None, self.fact)

    @property
    def suggested(self) -> Suggested | None:
        """What a person only has to confirm: what was read, else what was told before."""
        if self.fact and not self.fact.is_offer:
            return Suggested(self.fact.value, self.fact_text)
        return Suggested(self.prefill.value, self.prefill_text) if self.prefill else None

    @property
    def text(self) -> str:
        return given_text(self.question, self.answer.given) if self.answer else ""

    @property
    def fact_text(self) -> str:
        return fact_text(self.question, self.fact) if self.fact else ""

    @property
    def prefill_text(self) -> str:
        return value_text(self.question, self.prefill.value) if self.prefill else ""


@dataclass(frozen=True, slots=True)
class SectionRows:
    section: Section
    rows: tuple[AnswerRow, ...]

    @property
    def asked(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.is_asked]

    @property
    def answered_count(self) -> int:
        return sum(row.is_answered for row in self.asked)

    @property
    def returned(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.is_returned]

    @property
    def not_asked(self) -> list[AnswerRow]:
        """Questions that are not asked any more, and were answered before."""
        return [row for row in self.rows if not row.is_asked and row.is_answered]

    @property
    def is_complete(self) -> bool:
        return self.answered_count == len(self.asked)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """`sheet` is None until somebody has answered something."""

    sheet: AnswerSheet | None
    sections: tuple[SectionRows, ...]

    @property
    def rows(self) -> list[AnswerRow]:
        return [row for section in self.sections for row in section.rows]

    @property
    def asked(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.is_asked]

    @property
    def missing(self) -> list[AnswerRow]:
        return [row for row in self.asked if row.is_missing]

    @property
    def returned(self) -> list[AnswerRow]:
        return [row for row in self.asked if row.is_returned]

    @property
    def open_count(self) -> int:
        """What keeps it from being submitted."""
        return len(self.missing) + len(self.returned)

    @property
    def disputed(self) -> list[AnswerRow]:
        return [row for row in self.asked if row.is_disputed]

    @property
    def answered_count(self) -> int:
        return sum(row.is_answered for row in self.asked)

    @property
    def state(self) -> str:
        return self.sheet.state if self.sheet else AnswerSheet.State.DRAFT

    @property
    def state_label(self) -> str:
        return str(AnswerSheet.State(self.state).label)

    @property
    def version(self) -> int:
        return self.sheet.version if self.sheet else 0

    @property
    def is_open(self) -> bool:
        return self.sheet is None or self.sheet.is_open

    def find(self, name: str) -> AnswerRow | None:
        return next((row for row in self.rows if row.question.id == name), None)

    def section(self, slug: str) -> SectionRows | None:
        return next((rows for rows in self.sections if rows.section.slug == slug), None)


def questionnaire_of(engagement: Engagement, reader: User) -> Questionnaire:
    """The number of queries does not depend on how much was answered."""
    visible = AnswerSheet.objects.visible_to(reader).filter(engagement=engagement)
    sheet = visible.select_related("begun_by", "submitted_by", "returned_by", "accepted_by").first()
    return questionnaire_with(sheet, engagement)


def questionnaire_with(sheet: AnswerSheet | None, engagement: Engagement) -> Questionnaire:
    """The same over a sheet that is in hand."""
    answers = list(sheet.answers.select_related("answered_by")) if sheet else []
    return arranged(sheet, answers, facts_of_estate(engagement), prefills_for(engagement))


def arranged(
    sheet: AnswerSheet | None,
    answers: Sequence[Answer],
    facts: Mapping[str, Fact],
    prefills: Mapping[str, Prefill],
) -> Questionnaire:
    """What was asked is settled when the sheet is submitted, and open again when it is returned."""
    by_question = {answer.question: answer for answer in answers}
    given = {name: answer.given for name, answer in by_question.items()}
    book = load_book()
    asked = asked_in(book, given, facts) if sheet is None or sheet.is_open else sheet.asked
    sections = []
    for section in book.sections:
        rows = tuple(
            AnswerRow(
                question=question,
                answer=by_question.get(question.id),
                fact=facts.get(question.answered_by),
                prefill=prefills.get(question.id),
                is_asked=question.id in asked,
            )
            for question in section.questions
        )
        sections.append(SectionRows(section, rows))
    return Questionnaire(sheet, tuple(sections))


def facts_of_estate(engagement: Engagement) -> dict[str, Fact]:
    """What the current uploads and all mail logs answer by themselves."""
    measured = volume_of(engagement)
    peak = measured.peak_day
    measure = Measure(
        days=len(measured.days),
        ended=sum(day.ended for day in measured.days),
        peak=peak.ended if peak else 0,
        peak_day=peak.name if peak else "",
        is_login_seen=is_login_seen(engagement),
    )
    return facts_in(answering_facts(engagement, tables=TABLES, rules=RULES), measure)
