from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.uploads import file_too_large, is_too_large, size_in_words
from delivery.domain.person_words import MOST_LETTERS
from delivery.models import DiscrepancyCase, TrafficLog
from delivery.proxy.settings import SHORTEST_SECRET
from discovery.log_limit import LARGE_LOGS


class TrafficLogForm(forms.Form):
    kind = forms.ChoiceField(
        label="What it is",
        choices=[("", "Choose"), *TrafficLog.Kind.choices],
        error_messages={"required": "Choose what kind of log this is."},
    )
    log = forms.FileField(
        label="Log",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file to upload."},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        """The limit is a setting, so the hint is made when the form is."""
        super().__init__(*arguments, **keywords)
        limit = size_in_words(LARGE_LOGS.limit)
        self.fields["log"].help_text = f"As it lies there: plain, .gz, .xz, .bz2 or .zst, up to {limit} as it is sent."

    def clean_log(self) -> UploadedFile:
        log: UploadedFile = self.cleaned_data["log"]
        if is_too_large(log, LARGE_LOGS):
            raise ValidationError(f"{file_too_large(LARGE_LOGS)}.")
        return log


class JournalKeyForm(forms.Form):
    key = forms.CharField(
        label="Key",
        max_length=2000,
        help_text="What stands in the file that the proxy's recipients_key names. It has "
        f"{SHORTEST_SECRET} characters or more, is kept encrypted and is not shown again.",
        error_messages={"required": "Paste what stands in the file that the proxy's recipients_key names."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class CaseForm(forms.Form):
    """`version` is the one that was on screen: a case that has grown since is not closed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label="What it was",
        choices=[("", "Choose"), *DiscrepancyCase.Verdict.choices],
        error_messages={"required": "Choose whether it is explained, or confirmed with its cause removed."},
    )
    reason = forms.CharField(
        label="What happened",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what happened to these messages."},
    )
    evidence = forms.CharField(
        label="What shows it",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A line of a log, a run, an answer, a date. No passwords or keys.",
        error_messages={"required": "Say what shows it: a line of a log, a run, an answer, a date."},
    )


class ReasonForm(forms.Form):
    """A few words that go into the record with an act; `about` says what they are."""

    reason = forms.CharField(max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, about: str = "Why", **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["reason"].label = about
        self.fields["reason"].error_messages["required"] = "Write a few words: they go into the record."
