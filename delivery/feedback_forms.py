from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from core.uploads import file_too_large, is_too_large, size_in_words
from delivery.feedback.lists import LONGEST_REASON
from delivery.models import Mailbox
from discovery.log_limit import LARGE_LOGS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class FeedbackFileForm(forms.Form):
    feedback = forms.FileField(
        label="File",
        help_text="A message, an mbox, a tar of a maildir, PowerMTA's accounting (CSV) or KumoMTA's log (JSON lines); "
        "plain, .gz, .xz or .zst.",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file to upload."},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        """The limit is a setting, so the hint is made when the form is."""
        super().__init__(*arguments, **keywords)
        field = self.fields["feedback"]
        field.help_text = f"{field.help_text} Up to {size_in_words(LARGE_LOGS.limit)} as it is sent."

    def clean_feedback(self) -> UploadedFile:
        sent: UploadedFile = self.cleaned_data["feedback"]
        if is_too_large(sent, LARGE_LOGS):
            raise ValidationError(f"{file_too_large(LARGE_LOGS)}.")
        return sent


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say why."},
    )


class SuppressionForm(ReasonForm):
    field_order = ["address", "scope", "reason"]

    address = forms.CharField(
        label="Address",
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Write the address."},
    )
    scope = forms.CharField(
        label="Stream or list",
        max_length=80,
        required=False,
        help_text="Leave it empty for all mail.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SuppressionImportForm(ReasonForm):
    field_order = ["suppressions", "reason"]

    suppressions = forms.FileField(
        label="List",
        help_text="An address a line, CSV with a column “address”, or JSON.",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file to import."},
    )


class WebhookForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="https://host/path, at a public address.",
        error_messages={"required": "Write the address as https://host/path."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    from_start = forms.BooleanField(label="Tell what is stored already, too", required=False)


class MailboxForm(forms.Form):
    host = forms.CharField(
        label="Host",
        max_length=253,
        help_text="Its name in DNS, at a public address.",
        error_messages={"required": "Write the host, for example imap.example.com."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    port = forms.TypedChoiceField(label="Port", choices=Mailbox.Port.choices, initial=Mailbox.Port.TLS, coerce=int)
    username = forms.CharField(
        label="User name",
        max_length=320,
        error_messages={"required": "Write the user name."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=1000,
        strip=False,
        help_text="It is kept encrypted and never shown again.",
        error_messages={"required": "Write the password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    folder = forms.CharField(
        label="Folder",
        max_length=200,
        initial="INBOX",
        help_text="As the server names it.",
        error_messages={"required": "Write the folder, for example INBOX."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
