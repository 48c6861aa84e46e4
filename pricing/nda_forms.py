"""Forms of the NDA: which text, an answer to the customer's, one that was signed on paper."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.uploads import file_too_large, is_too_large, size_in_words
from pricing.models import Nda


class PdfField(forms.FileField):
    """A PDF. What is wrong with its content the domain says."""

    def __init__(self, *, label: str, required: bool = True) -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=f"A PDF up to {size_in_words(settings.NDA_LIMIT_BYTES)}.",
            allow_empty_file=True,  # the domain says what is wrong with an empty file
            error_messages={"required": "Select the PDF."},
            widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        )

    def clean(self, value: Any, initial: Any = None) -> Any:
        sent = super().clean(value, initial)
        if isinstance(sent, UploadedFile) and is_too_large(sent):
            raise ValidationError(file_too_large())
        return sent


class ChooseForm(forms.Form):
    kind = forms.ChoiceField(
        label="Which text",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a text.", "invalid_choice": "Choose a text."},
    )
    pdf = PdfField(label="Your own NDA", required=False)

    def __init__(self, *arguments: object, ours: str, theirs: str, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [(Nda.Kind.OURS, ours), (Nda.Kind.THEIRS, theirs)]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("kind") == Nda.Kind.THEIRS and "pdf" in typed and not typed["pdf"]:
            self.add_error("pdf", "Select the PDF.")
        return typed


class ReviewForm(forms.Form):
    shown_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    act = forms.ChoiceField(choices=[("accept", "accept"), ("send_back", "send back")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label="What has to change",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Needed to send it back; the customer reads it.",
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("act") == "send_back" and not str(typed.get("reason", "")).strip():
            self.add_error("reason", "Say what has to change: the reason goes to the customer.")
        return typed


class PaperForm(forms.Form):
    pdf = PdfField(label="The signed NDA")
    signed_on = forms.DateField(
        label="Signed on",
        help_text="The day of the second signature, as it stands on the paper.",
        error_messages={
            "required": "Enter the day it was signed.",
            "invalid": "Enter the day it was signed as a date, for example 2026-05-14.",
        },
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label="Why it was not signed in the portal",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Both sides read it.",
        error_messages={
            "required": "Say why it was not signed in the portal: the reason is kept and shown to both sides."
        },
    )
