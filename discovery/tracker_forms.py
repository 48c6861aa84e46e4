from __future__ import annotations

from django import forms

from discovery.forms import SheetForm, VersionForm
from discovery.models import ExternalKey
from discovery.models.external_key import LONGEST_ADDRESS, LONGEST_KEY


class KeyForm(VersionForm):
    """The key of a ticket; its version is 0 where none stands."""

    key = forms.CharField(
        label="Key", max_length=LONGEST_KEY, error_messages={"required": "Enter the key of the ticket."}
    )
    address = forms.CharField(
        label="Address of the ticket",
        help_text="It begins with https:// and becomes a link here.",
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )


class KeySheetForm(SheetForm):
    system = forms.ChoiceField(
        label="Tracker",
        choices=ExternalKey.System,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the tracker."},
    )
    sheet = forms.FileField(
        label="CSV file",
        help_text="The tracker's own export, or a table with the columns External ID and Key: at most 2,000 rows.",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file with the keys."},
    )
    base = forms.CharField(
        label="Address before each key",
        help_text="For example https://example.atlassian.net/browse/. Keys become links with it.",
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
