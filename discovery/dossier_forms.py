"""The forms of a dossier, with one field for each row of dossiers/fields.yaml."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from discovery.domain.lock_dossier import DossierFacts
from discovery.dossiers.book import Field, fields
from discovery.models import Dossier

LONGEST_TEXT = 4000
MOST_LINES = 10_000_000


def _field_of(field: Field) -> forms.Field:
    told: dict[str, Any] = {"label": field.label, "help_text": field.ask, "required": False}
    if field.key == "source":
        told |= {"choices": Dossier.Source.choices, "initial": Dossier.Source.UNKNOWN, "widget": forms.RadioSelect}
        return forms.ChoiceField(**(told | {"required": True}))
    if field.key == "line_count":
        return forms.IntegerField(min_value=0, max_value=MOST_LINES, **told)
    if field.long:
        return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}), **told)
    return forms.CharField(max_length=Dossier.longest(field.key), **told)


class DossierForm(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=Dossier.Kind.choices)
    name = forms.CharField(label="Name", max_length=300, help_text="As people call it, or the path it once had.")

    def __init__(self, *args: Any, dossier: Dossier | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields():
            shown = _field_of(field)
            if dossier and (told := dossier.told(field.key)):
                places = ", ".join(f"{file}:{line}" if line else file for _, file, line in dossier.read[field.key])
                shown.help_text = format_html("{} Read in {}: {}", field.ask, places, told)  # hints are not escaped
            self.fields[field.key] = shown

    def facts(self) -> DossierFacts:
        stated = {name: self.cleaned_data[name] for name in ("kind", "name", *(field.key for field in fields()))}
        return DossierFacts(**stated)


class NewDossierForm(DossierForm):
    host_label = forms.CharField(label="Host", max_length=80, required=False)

    field_order = ("kind", "name", "host_label")


class EditDossierForm(DossierForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """The fields that were read, each with what was read; chosen ones become stated."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    keys = forms.MultipleChoiceField(
        label="What is right",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what is right among the fields that were read."},
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = self.fields["keys"]
        assert isinstance(keys, forms.MultipleChoiceField)  # noqa: S101 (tells the type checker which field it is)
        keys.choices = [(field.key, f"{field.label}: {dossier.told(field.key)}") for field in dossier.unconfirmed]
