"""Days spent on a phase, as somebody types them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from delivery.domain.person_words import MOST_LETTERS
from engagements.steps import PHASE_LABELS

if TYPE_CHECKING:
    from engagements.models import Engagement

DAYS = "Enter the days as a number, such as 2.5."


class DaysForm(forms.Form):
    phase = forms.TypedChoiceField(label="Phase", coerce=int)
    days = forms.DecimalField(
        label="Days",
        max_digits=5,
        decimal_places=1,
        localize=False,
        help_text="In half days. Below zero takes back what was noted before.",
        error_messages={"required": DAYS, "invalid": DAYS},
    )
    note = forms.CharField(
        label="On what",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say on what they were spent."},
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = range(1, engagement.last_phase + 1)
        self.fields["phase"].choices = [(number, f"{number} {PHASE_LABELS[number]}") for number in phases]  # type: ignore[attr-defined]  # it is a field of choices
