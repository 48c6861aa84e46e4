from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.uploads import file_too_large, is_too_large
from discovery.domain.attach_output import MOST_BYTES


class OutputForm(forms.Form):
    """The output as text or as a file; the text counts where both are there."""

    output = forms.CharField(
        label="What it printed",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=f"All of it, with the last line that says the exit status. Up to {MOST_BYTES // 1024} KB.",
    )
    file = forms.FileField(
        label="Or a file with it",
        required=False,
        allow_empty_file=True,  # the domain says what is wrong with an empty file
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and is_too_large(file):
            raise ValidationError(file_too_large())
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("output", "").strip() and not cleaned.get("file") and not self.errors:
            raise ValidationError("Paste what the command printed, or select a file with it.")
        return cleaned

    def text(self) -> str:
        """One byte past the limit is read, so that the domain refuses what is too long in its own words."""
        typed: str = self.cleaned_data["output"]
        file: UploadedFile | None = self.cleaned_data.get("file")
        if typed.strip() or file is None:
            return typed
        content: bytes = file.read(MOST_BYTES + 1)
        return content.decode("utf-8", "surrogateescape")
