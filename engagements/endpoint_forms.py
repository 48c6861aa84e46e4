from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from engagements.webhooks.book import kinds_for

if TYPE_CHECKING:
    from accounts.models import Organization

KINDS = "kinds_"


class EndpointForm(forms.Form):
    """A list of kinds for each of their groups, so that each has its own legend."""

    title = forms.CharField(
        label="Name",
        max_length=80,
        help_text="The system that is told.",
        error_messages={"required": "Name the system that is told."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="https://host/path, at a public address.",
        error_messages={"required": "Write the address as https://host/path."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *arguments: Any, organization: Organization, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        groups: dict[str, list[tuple[str, str]]] = {}
        for kind in kinds_for(organization):
            groups.setdefault(kind.group, []).append((kind.key, f"{kind.title} ({kind.key})"))
        for number, (group, choices) in enumerate(groups.items()):
            field = forms.MultipleChoiceField(
                label=group, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
            field.is_asked = True  # type: ignore[attr-defined]  # read by forms/field.html: one of all groups has to be chosen
            self.fields[f"{KINDS}{number}"] = field

    def kind_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(KINDS)]

    def facts(self) -> dict[str, Any]:
        """What `set_endpoint` and `change_endpoint` take."""
        typed = self.cleaned_data
        chosen = [key for name, keys in typed.items() if name.startswith(KINDS) for key in keys]
        return {"title": typed["title"], "url": typed["url"], "kinds": chosen}


class EndpointChangeForm(EndpointForm):
    """An empty address stays as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["url"].required = False
        self.fields["url"].label = "Another address"
        self.fields["url"].help_text = "Left empty, it stays as it is."

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "version": self.cleaned_data["version"]}


def chosen_before(organization: Organization, kinds: list[str]) -> dict[str, list[str]]:
    """What the lists of the form begin with."""
    groups: dict[str, list[str]] = {}
    for kind in kinds_for(organization):
        groups.setdefault(kind.group, []).extend([kind.key] if kind.key in kinds else [])
    return {f"{KINDS}{number}": chosen for number, chosen in enumerate(groups.values())}


class ReplayForm(forms.Form):
    since = forms.DateTimeField(
        label="Given up since",
        help_text="In your time zone.",
        error_messages={
            "required": "Say since when.",
            "invalid": "Enter the moment as a date and a time, for example 2026-05-25 06:00.",
        },
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        initial=lambda: timezone.localtime() - timedelta(days=3),
    )
