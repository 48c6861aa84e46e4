from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from delivery.domain.person_words import MOST_LETTERS
from delivery.models import QueueCount
from delivery.ramp.sheet import leftovers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from delivery.models import Ramp


class CutoverForm(forms.Form):
    ramp = forms.ChoiceField(label="What is cut over", error_messages={"required": "Choose what is cut over."})
    planned_for = forms.DateTimeField(
        label="When",
        help_text="In your time zone.",
        error_messages={
            "required": "Say when it is planned.",
            "invalid": "Enter the moment as a date and a time, for example 2026-05-25 06:00.",
        },
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    on_call = forms.CharField(
        label="People on call, both sides",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Names and telephone numbers.",
        error_messages={"required": "Name the people on call on both sides, with their telephone numbers."},
    )

    def __init__(self, *arguments: Any, ramps: Sequence[Ramp], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["ramp"].choices = [(str(ramp.pk), ramp.title) for ramp in ramps]  # type: ignore[attr-defined]  # a ChoiceField


class QueueForm(forms.Form):
    side = forms.ChoiceField(
        label="Whose queue",
        choices=QueueCount.Side.choices,
        error_messages={"required": "Choose whose queue was counted."},
    )
    count = forms.IntegerField(
        label="Messages in it",
        min_value=0,
        error_messages={"required": "Enter how many messages stood in it, for example 412."},
    )


class DecommissionForm(forms.Form):
    """A yes or no and words for each thing that is left behind; nothing is chosen beforehand."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        for row in leftovers():
            self.fields[row.key] = forms.ChoiceField(
                label=row.title,
                choices=[("yes", "Yes"), ("no", "No")],
                widget=forms.RadioSelect,
                error_messages={"required": f"Answer yes or no: {row.title}."},
            )
            self.fields[f"{row.key}_words"] = forms.CharField(
                label="Where, until when, by whom",
                max_length=MOST_LETTERS,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": f"Say how: {row.title}."},
            )

    def answers(self) -> dict[str, tuple[bool | None, str]]:
        sent = self.cleaned_data
        return {row.key: (sent[row.key] == "yes", sent[f"{row.key}_words"]) for row in leftovers()}
