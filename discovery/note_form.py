"""The form with which somebody logs what no rule says."""

from __future__ import annotations

from django import forms

from discovery.domain.note_finding import NotedFinding
from discovery.models import Confidence, Severity

LONGEST_TITLE = 200
LONGEST_TEXT = 4000
LONGEST_FILE = 300
LONGEST_HOST = 80  # as the column


def _text(label: str, hint: str, *, rows: int = 3, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_TEXT, required=required, widget=widget)


class NoteFindingForm(forms.Form):
    title = forms.CharField(
        label="In a few words",
        max_length=LONGEST_TITLE,
        help_text="As it stands in the queue and in the plan: Invoices are sent by a cron job that nobody owns.",
        error_messages={"required": "Say in a few words what was found."},
    )
    severity = forms.ChoiceField(label="Severity", choices=Severity, initial=Severity.MEDIUM)
    confidence = forms.ChoiceField(
        label="How certain",
        choices=Confidence,
        initial=Confidence.LIKELY,
        help_text="Certain is what was seen, not heard.",
    )
    message = _text(
        "What was found", "Where, and how it is known: who said it, in which call, on which host.", required=True
    )
    why = _text("Why it matters", "What it means for the migration.")
    host_label = forms.CharField(label="Host", max_length=LONGEST_HOST, required=False)
    file = forms.CharField(
        label="File", max_length=LONGEST_FILE, required=False, help_text="Where it stands, if it stands in a file."
    )
    evidence = _text(
        "What it reads there", "The lines themselves. Passwords and keys in them are masked before they are stored."
    )

    def said(self) -> NotedFinding:
        return NotedFinding(**self.cleaned_data)
