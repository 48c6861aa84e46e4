from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from discovery.domain.answer_selection import LONGEST_NOTE, SelectionText
from discovery.forms import VersionForm
from discovery.selection.sensitivity import CERTAINTY_LABELS, Certainty

if TYPE_CHECKING:
    from discovery.selection.method import Variable


class SelectionForm(VersionForm):
    """One variable of the method with the answers that it offers."""

    choice = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose one of the answers."})
    certainty = forms.ChoiceField(
        label="How is this known?",
        choices=[(key.value, label) for key, label in CERTAINTY_LABELS.items()],
        initial=Certainty.STATED,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how the answer is known."},
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For example the document, or who said it. The plan prints it.",
    )

    def __init__(self, *args: Any, variable: Variable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["choice"]
        field.label, field.help_text = variable.ask, variable.why
        field.choices = [(choice.key, choice.label) for choice in variable.answers]  # type: ignore[attr-defined]  # a ChoiceField, see above

    def text(self) -> SelectionText:
        return SelectionText(**{name: self.cleaned_data[name] for name in ("choice", "certainty", "note", "version")})


class DisputeForm(VersionForm):
    dispute = forms.CharField(
        label="What is wrong with this answer?",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in your own words what is wrong with the answer."},
    )
