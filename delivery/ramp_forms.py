from typing import Any

from django import forms

from delivery.domain.person_words import MOST_LETTERS
from delivery.models.ramp import REST
from discovery.maillog.providers import provider_names


class LineForm(forms.Form):
    url = forms.CharField(
        label="Address of the control endpoint",
        max_length=300,
        help_text="http://host:port, as this portal reaches it.",
        error_messages={"required": "Write the address as http://host:port."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    token = forms.CharField(
        label="Its token",
        max_length=500,
        help_text="As the proxy's file names it. It is kept encrypted and not shown again.",
        error_messages={"required": "Paste the token of the control endpoint."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class RampForm(forms.Form):
    """`streams` are (primary key, name) of those that migrate."""

    rule = forms.CharField(
        label="Rule of the proxy",
        max_length=60,
        initial=REST,
        help_text="As the proxy's file calls it; “new” is everything that no rule decides.",
        error_messages={"required": "Name the rule, or “new” for everything that no rule decides."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    stream = forms.ChoiceField(label="Stream", required=False)
    provider = forms.ChoiceField(label="Mailbox provider", required=False)

    def __init__(self, *arguments: Any, streams: list[tuple[str, str]], providers: list[str], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["stream"].choices = [("", "All streams"), *streams]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["provider"].choices = [("", "All providers"), *((name, name) for name in providers)]  # type: ignore[attr-defined]  # a ChoiceField


class ShareForm(forms.Form):
    share = forms.IntegerField(
        label="Share on the new route, in percent",
        min_value=0,
        max_value=100,
        error_messages={"required": "Enter the share in percent, for example 25."},
    )
    why = forms.CharField(
        label="Why",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the share changes: it goes into the record."},
    )


class WarmUpForm(forms.Form):
    pool = forms.CharField(
        label="Pool",
        max_length=40,
        help_text="As the rules of the proxy shall call it.",
        error_messages={"required": "Name the pool, as the proxy's file calls it."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    addresses = forms.IntegerField(
        label="New addresses in it",
        help_text="Only those that never sent before; a moved address needs no warm-up.",
        error_messages={"required": "Enter how many new addresses the pool has.", "invalid": "Enter a whole number."},
    )
    hosts = forms.IntegerField(
        label="Hosts of the proxy",
        initial=1,
        help_text="Each counts for itself, so the figures are divided by their number.",
        error_messages={"required": "Enter on how many hosts the proxy runs.", "invalid": "Enter a whole number."},
    )
    begins = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the first day.", "invalid": "Write the day as 2026-11-30."},
    )
    providers = forms.MultipleChoiceField(
        label="Mailbox providers",
        choices=[(name, name) for name in provider_names()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one provider."},
    )
