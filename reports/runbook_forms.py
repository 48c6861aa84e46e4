"""What people tell the runbooks: a fact that no file says, and a drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from delivery.domain.person_words import MOST_LETTERS
from reports.domain.approve_runbook import MOST_MINUTES

if TYPE_CHECKING:
    from reports.runbooks.book import Ask


class FactForm(forms.Form):
    value = forms.CharField(
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what is known."},
    )

    def __init__(self, *arguments: object, ask: Ask, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # passed on as they came
        self.fields["value"].label = ask.title
        self.fields["value"].help_text = ask.ask


class ChosenForm(forms.Form):
    """Carries the reasons; its boxes are those of the list."""


class DrillForm(forms.Form):
    revision = forms.TypedChoiceField(
        label="Revision that was tried out",
        coerce=int,
        error_messages={
            "required": "Choose the revision that was tried out.",
            "invalid_choice": "Choose a revision from the list.",
        },
    )
    held_on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": "Enter the day, such as 2026-05-14.",
            "invalid": "Enter the day, such as 2026-05-14.",
        },
    )
    minutes = forms.IntegerField(
        label="Minutes it took",
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={"required": "Enter how many minutes it took."},
    )
    participants = forms.CharField(
        label="Who took part",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Name who took part."},
    )
    outcome = forms.CharField(
        label="What came of it",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What held, what did not, what has to be changed in the runbook.",
        error_messages={"required": "Say what came of it."},
    )

    def __init__(self, *arguments: object, newest: int, **keywords: object) -> None:
        """`newest` is the number of the newest revision; every one before it can be chosen as well."""
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # passed on as they came
        choices = [(number, f"Revision {number}") for number in range(newest, 0, -1)]
        self.fields["revision"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
