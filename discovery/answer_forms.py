"""The forms of the questionnaire: one field for each question that is asked, and what may stand beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from core.forms import number_in
from core.uploads import file_too_large, is_too_large
from discovery.domain.judge_answers import LONGEST_NOTE as LONGEST_RETURN
from discovery.domain.save_answers import Written
from discovery.questions.book import CHOICE, DATE, LONGEST_NOTE, NUMBER, SEVERAL, TEXT, YESNO
from discovery.questions.values import UNKNOWN_WORDS, AnswerError, Given, read_value, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.forms import BoundField

    from discovery.models import Answer
    from discovery.questionnaire import AnswerRow
    from discovery.questions.book import Question
    from discovery.questions.values import Value

UNKNOWN, NOTE, CONFIRM, VERSION = "unknown", "note", "confirm", "version"
ONE_CHOICE = frozenset({CHOICE, YESNO})


@dataclass(frozen=True, slots=True)
class QuestionFields:
    """What a page draws for one question; `unknown` and `confirm` are None where they make no sense."""

    row: AnswerRow
    main: BoundField
    note: BoundField
    version: BoundField
    unknown: BoundField | None
    confirm: BoundField | None

    @property
    def is_note_open(self) -> bool:
        return bool(self.note.value() or self.note.errors or self.row.is_returned)


class SectionForm(forms.Form):
    """Every field may stay empty: a section is saved as far as somebody got."""

    def __init__(self, *args: Any, rows: Sequence[AnswerRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self._add(row)

    def _add(self, row: AnswerRow) -> None:
        name, given = row.question.id, row.answer.given if row.answer else Given()
        self.fields[name] = _field_of(row.question)
        self.initial[name] = UNKNOWN if given.is_unknown and row.question.kind in ONE_CHOICE else given.value
        if row.question.kind not in ONE_CHOICE:
            self.fields[part(name, UNKNOWN)] = forms.BooleanField(label=UNKNOWN_WORDS, required=False)
            self.initial[part(name, UNKNOWN)] = given.is_unknown
        if (found := row.suggested) and not given.is_given:
            # What is ticked is what stood there, not what is read by the time it is sent.
            tick = forms.CheckboxInput(attrs={"value": json.dumps(found.value)})
            label = f"That is right: {found.text}"
            self.fields[part(name, CONFIRM)] = forms.BooleanField(label=label, required=False, widget=tick)
        label = f"Note to “{row.question.ask}”"
        area = forms.Textarea(attrs={"rows": 2})
        self.fields[part(name, NOTE)] = forms.CharField(
            label=label, required=False, max_length=LONGEST_NOTE, widget=area
        )
        self.initial[part(name, NOTE)] = given.note
        self.fields[part(name, VERSION)] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[part(name, VERSION)] = row.answer.version if row.answer else 0

    @property
    def questions(self) -> Iterator[QuestionFields]:
        for row in self.rows:
            name = row.question.id
            yield QuestionFields(
                row,
                self[name],
                self[part(name, NOTE)],
                self[part(name, VERSION)],
                self._optional(part(name, UNKNOWN)),
                self._optional(part(name, CONFIRM)),
            )

    def _optional(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._given = {row.question.id: self._given_of(row) for row in self.rows if self._was_sent(row)}
        return cleaned

    def _was_sent(self, row: AnswerRow) -> bool:
        return part(row.question.id, VERSION) in self.data

    def _given_of(self, row: AnswerRow) -> Given:
        question, cleaned = row.question, self.cleaned_data
        note = cleaned.get(part(question.id, NOTE), "").replace("\r\n", "\n").strip()
        typed = cleaned.get(question.id)
        if typed == UNKNOWN and question.kind in ONE_CHOICE:
            return Given(is_unknown=True, note=note)
        try:
            value = read_value(question, typed)
        except AnswerError as error:
            self.add_error(question.id, str(error))
            return Given(note=note)
        return self._settled(row, value, note)

    def _settled(self, row: AnswerRow, value: Value, note: str) -> Given:
        name = row.question.id
        is_unknown, is_confirmed = self.cleaned_data.get(part(name, UNKNOWN), False), self._is_confirmed(name)
        if is_unknown and (value is not None or is_confirmed):
            self.add_error(name, f"Either answer this, or choose “{UNKNOWN_WORDS}”.")
        if is_confirmed:
            shown = _shown_value(row.question, str(self.data[part(name, CONFIRM)]))
            if value not in (None, shown):
                text = value_text(row.question, shown)
                self.add_error(name, f"Either say that {text} is right, or write another answer.")
            return Given(shown, note=note)
        return Given(value, is_unknown, note)

    def _is_confirmed(self, name: str) -> bool:
        """A tick counts although its box may be gone by now: then it has to be refused, not forgotten."""
        return part(name, CONFIRM) in self.data

    def written(self) -> dict[str, Written]:
        versions = {name: number_in(str(self.data.get(part(name, VERSION), ""))) for name in self._given}
        return {name: Written(given, versions[name], self._is_confirmed(name)) for name, given in self._given.items()}

    def untick(self) -> None:
        """What was confirmed has moved: it takes a new look to confirm what stands there now."""
        if isinstance(self.data, QueryDict):
            shown = self.data.copy()
            for name in self._given:
                shown.pop(part(name, CONFIRM), None)
            self.data = shown

    def show_versions(self, theirs: Mapping[str, Answer]) -> None:
        """After a conflict the next saving is over what stands there now."""
        if isinstance(self.data, QueryDict):
            shown = self.data.copy()
            for name, answer in theirs.items():
                shown[part(name, VERSION)] = str(answer.version)
            self.data = shown


def part(name: str, what: str) -> str:
    return f"{name}-{what}"


def _shown_value(question: Question, sent: str) -> Value:
    """The value a ticked box stands for; None for one that no page of ours has sent."""
    try:
        return read_value(question, json.loads(sent))
    except (ValueError, RecursionError):
        return None


def _field_of(question: Question) -> forms.Field:
    told: dict[str, Any] = {"label": question.ask, "help_text": question.why, "required": False}
    if question.kind in ONE_CHOICE:
        choices = [*question.choices.items(), (UNKNOWN, UNKNOWN_WORDS)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    if question.kind == SEVERAL:
        choices = list(question.choices.items())
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **told)
    return forms.CharField(widget=_WIDGETS[question.kind](), strip=False, **told)


def _number_input() -> forms.Widget:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "field__number"})


def _text_input() -> forms.Widget:
    return forms.Textarea(attrs={"rows": 4})


def _day_input() -> forms.Widget:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


_WIDGETS = {NUMBER: _number_input, TEXT: _text_input, DATE: _day_input}


class SheetVersionForm(forms.Form):
    """The version of the questionnaire that was on screen."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ReturnForm(SheetVersionForm):
    """A note for each answer that has to change."""

    def __init__(self, *args: Any, rows: Sequence[AnswerRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[part(row.question.id, NOTE)] = forms.CharField(
                label=f"What has to change about “{row.question.ask}”",
                required=False,
                max_length=LONGEST_RETURN,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def note_of(self, row: AnswerRow) -> BoundField:
        return self[part(row.question.id, NOTE)]

    def notes(self) -> dict[str, str]:
        return {row.question.id: self.cleaned_data[part(row.question.id, NOTE)] for row in self.rows}


class AnswerFileForm(forms.Form):
    answers = forms.FileField(
        label="Filled in file",
        help_text="The CSV or YAML file from this portal, up to 1 MB.",
        allow_empty_file=True,  # the domain says what is wrong with an empty or a large file
        error_messages={"required": "Select the file to import."},
    )

    def clean_answers(self) -> UploadedFile:
        sent: UploadedFile = self.cleaned_data["answers"]
        if is_too_large(sent):
            raise forms.ValidationError(file_too_large())
        return sent
