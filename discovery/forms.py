from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.uploads import MEGABYTE, file_too_large, is_too_large, size_in_words
from discovery.domain.answer_finding import FindingAnswer
from discovery.gap_forms import ReopenForm
from discovery.log_limit import LARGE_LOGS
from discovery.models import Finding, TranslationClass

REOPENS = (
    "The plan is out for signature or signed, and what mail logs measure stands in it. If this log measures something "
    "else, the plan has to be frozen and signed anew."
)
LARGEST_SHEET = 2 * MEGABYTE


class UploadForm(forms.Form):
    host_label = forms.CharField(
        label="Host",
        max_length=80,
        help_text="The host the configuration was collected on, for example mta3. One upload speaks for one host.",
        error_messages={"required": "Name the host this configuration was collected on."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    bundle = forms.FileField(
        label="Configuration",
        help_text="A .tar, .tar.gz, .tar.xz, .tar.zst or .zip archive, or one file such as main.cf, up to 20 MB.",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file to upload."},
    )
    collected_on = forms.DateField(
        label="Collected on",
        required=False,
        help_text="Leave it empty to take the day of the newest file.",
        error_messages={"invalid": "Enter the day it was collected as a date, for example 2026-05-14."},
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_bundle(self) -> UploadedFile:
        bundle: UploadedFile = self.cleaned_data["bundle"]
        if is_too_large(bundle):
            raise ValidationError(file_too_large())
        return bundle


class LogForm(ReopenForm):
    host_label = forms.CharField(
        label="Host",
        max_length=80,
        help_text="The host that wrote this log, for example mta3.",
        error_messages={"required": "Name the host that wrote this log."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    zone = forms.CharField(
        label="Time zone of its stamps",
        max_length=40,
        initial="UTC",
        help_text="The host's time zone, written as Europe/Paris. Days and hours are counted in it.",
        error_messages={"required": "Name the time zone of the stamps, for example Europe/Paris."},
    )
    log = forms.FileField(
        label="Mail log",
        help_text="Postfix's log as it lies there: plain, .gz, .xz or .zst. Rotated files one by one.",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file to upload."},
    )

    field_order = ["host_label", "zone", "log", "is_reopening"]

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        """The limit is a setting, so the hint is made when the form is."""
        super().__init__(*arguments, **keywords)
        field = self.fields["log"]
        field.help_text = f"{field.help_text} Up to {size_in_words(LARGE_LOGS.limit)} as it is sent."
        if "is_reopening" in self.fields:
            self.fields["is_reopening"].help_text = REOPENS

    def clean_log(self) -> UploadedFile:
        log: UploadedFile = self.cleaned_data["log"]
        if is_too_large(log, LARGE_LOGS):
            raise ValidationError(f"{file_too_large(LARGE_LOGS)}.")
        return log


class VersionForm(forms.Form):
    """The version that was on screen: a decision on another text is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AcceptForm(VersionForm):
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class DismissForm(VersionForm):
    reason = forms.ChoiceField(
        label="Why it does not matter here",
        choices=[("", "Choose a reason"), *Finding.Dismissal.choices],
        widget=forms.Select(attrs={"data-key": "3"}),
        error_messages={"required": "Say why this finding is dismissed: choose a reason from the list."},
    )
    note = forms.CharField(
        label="In your words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The customer reads this as well.",
    )


class AnswerForm(VersionForm):
    translation_class = forms.ChoiceField(
        label="Class",
        required=False,
        choices=[("", "Not decided yet"), *TranslationClass.choices],
        widget=forms.Select(attrs={"data-key": "e"}),
    )
    impact = forms.CharField(
        label="What is lost without it", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    proposal = forms.CharField(
        label="What we propose", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def answer(self) -> FindingAnswer:
        return FindingAnswer(
            self.cleaned_data["translation_class"], self.cleaned_data["impact"], self.cleaned_data["proposal"]
        )


class SheetForm(forms.Form):
    """A form with a file of rows in `sheet`."""

    def clean_sheet(self) -> UploadedFile:
        sheet: UploadedFile = self.cleaned_data["sheet"]
        if is_too_large(sheet) or (sheet.size or 0) > LARGEST_SHEET:
            raise ValidationError(f"The selected file must be smaller than {LARGEST_SHEET // MEGABYTE} MB.")
        return sheet


class ComponentSheetForm(SheetForm):
    sheet = forms.FileField(
        label="CSV file",
        help_text="The template, filled in: one row a component, at most 1,000 rows.",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file to import."},
    )
