"""Forms of requests and quotes. A count may be written as people say it: 9.4 M, 410 K."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import time_zones
from accounts.models import Organization
from pricing.calculation.books import Assumption
from pricing.calculation.counts import read_count
from pricing.calculation.facts import DATA_POINTS, CustomComponents, DataPoints, Team, capitalized
from pricing.domain.assume_cost import LONGEST_REASON, Assumed
from pricing.domain.decline_quote import OTHER, decline_reasons
from pricing.domain.record_request import Contact
from pricing.models import Request
from pricing.typed_requests import MARKED

LARGEST = 10**12
MOST = 10**6


class CountField(forms.CharField):
    """A whole number, or nothing for unknown. Cleans to int or None. What `is_asked` is not called optional."""

    is_asked = False

    def __init__(self, *, label: str, example: str, least: int = 0, most: int = MOST, hint: str = "") -> None:
        self.least, self.most, self.example = least, most, example
        widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "size": 14})
        super().__init__(label=label, help_text=hint, required=False, max_length=24, widget=widget)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text.strip():
            return None
        try:
            count = read_count(text)
        except ValueError:
            raise ValidationError(f"Enter a whole number, for example {self.example}, or nothing.") from None
        if not self.least <= count <= self.most:
            raise ValidationError(f"Enter a number from {self.least:,} to {self.most:,}.")
        return count

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


_NONE = "0 for none."


def _not_known() -> forms.BooleanField:
    return forms.BooleanField(label="Not known yet", required=False)


class DataPointsForm(forms.Form):
    """The four data points. Every field may stay empty: empty is unknown, and a tick says so in words."""

    month = CountField(label="Messages a month", example="9,400,000 or 9.4 M", least=1, most=LARGEST)
    peak = CountField(label="Messages on the busiest day", example="410,000 or 410 K", least=1, most=LARGEST)
    ips = CountField(
        label="IPs", example="6", least=1, hint="Sending IPs that need shaping by mailbox provider. At least one."
    )
    pools = CountField(label="IP pools", example="2", least=1)
    streams = CountField(
        label="Streams", example="2", least=1, hint="Kinds of mail to keep apart, such as receipts and newsletters."
    )
    tenants = CountField(
        label="Tenants", example="0", hint="Other companies that send through the customer. 0 for none."
    )
    domains = CountField(label="Sending domains", example="1", least=1)
    milters = CountField(label="Milters", example="2", hint=_NONE)
    bounce = CountField(label="Bounce processors", example="1", hint=_NONE)
    fbl = CountField(label="FBL scripts", example="1", hint=_NONE)
    other = CountField(label="Other programs", example="0", hint=_NONE)
    team = forms.ChoiceField(
        label="The customer's team",
        choices=[("", "Not known yet"), *Request.TeamWish.choices],
        widget=forms.RadioSelect,
        required=False,
    )

    volume_unknown, shape_unknown, components_unknown = _not_known(), _not_known(), _not_known()

    volume_fields, shape_fields = MARKED["volume_unknown"], MARKED["shape_unknown"]
    component_fields = MARKED["components_unknown"]

    @property
    def marked(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The data points of several numbers: name, box, numbers. The fourth is a choice that has “not known” in it."""
        return [(name, mark, numbers) for name, (mark, numbers) in zip(DATA_POINTS, MARKED.items(), strict=False)]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by data point, as the page groups them."""
        several = [[self[name] for name in (*numbers, mark)] for _, mark, numbers in self.marked]
        titles = (f"{place}. {capitalized(name)}" for place, name in enumerate(DATA_POINTS, start=1))
        return list(zip(titles, [*several, [self["team"]]], strict=True))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name, mark, numbers in self.marked:
            if typed.get(mark) and any(str(self[number].data or "").strip() for number in numbers):
                says = (
                    f"{capitalized(name)}: “Not known yet” is ticked, yet numbers stand here. Clear one or the other."
                )
                self.add_error(mark, says)
        return typed

    def points(self) -> DataPoints:
        """What was typed. A field with an error counts as unknown, so that a preview can be shown beside it."""
        unknown = {number for _, mark, numbers in self.marked if self[mark].data for number in numbers}
        typed = {name: value for name, value in self.cleaned_data.items() if name not in unknown}
        shape = {name: typed.get(name) for name in (*self.volume_fields, *self.shape_fields)}
        components = CustomComponents(**{name: typed.get(name) for name in self.component_fields})
        team = typed.get("team")
        return DataPoints(**shape, components=components, team=Team(team) if team else None)


def initial_points(request: Request) -> dict[str, Any]:
    points = request.points
    shape = {name: getattr(points, name) for name in (*DataPointsForm.volume_fields, *DataPointsForm.shape_fields)}
    components = {name: getattr(points.components, name) for name in DataPointsForm.component_fields}
    return {**shape, **components, "team": request.team}


class ContactForm(forms.Form):
    contact_name = forms.CharField(
        label="Contact", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    contact_email = forms.EmailField(
        label="Contact's e-mail",
        max_length=254,
        help_text="The quote goes to this address, unless somebody at the customer has the duty to accept quotes.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    source = forms.ChoiceField(label="Where the request came from", choices=Request.Source.choices)

    def contact(self) -> Contact:
        typed = self.cleaned_data
        return Contact(typed["contact_name"].strip(), typed["contact_email"].strip().lower(), typed["source"])


class CustomerForm(forms.Form):
    """A customer we know, or the name of a new one."""

    organization = forms.ModelChoiceField(
        label="Customer", queryset=Organization.objects.none(), required=False, empty_label="A new customer"
    )
    name = forms.CharField(
        label="Name of the new customer",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    time_zone = forms.ChoiceField(
        label="The new customer's time zone",
        choices=[("", "Ask them"), *time_zones()],
        required=False,
        help_text="The quote is valid to the end of the last day there, and their people read every time in it.",
        error_messages={"invalid_choice": "Choose a time zone, for example Europe/Madrid."},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["organization"].queryset = Organization.objects.customers()  # type: ignore[attr-defined]  # Field's own attribute
        for name in ("organization", "name", "time_zone"):  # a customer we know, or all about a new one
            self.fields[name].is_asked = True  # type: ignore[attr-defined]  # read by the template of a field

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("organization") and not typed.get("name", "").strip():
            self.add_error("name", "Choose a customer, or name a new one.")
        if not typed.get("organization") and not typed.get("time_zone") and "time_zone" not in self.errors:
            self.add_error("time_zone", "Choose the customer's time zone, for example Europe/Madrid.")
        return typed


class AcceptForm(forms.Form):
    may_accept = forms.BooleanField(error_messages={"required": "Confirm that you may accept this quote."})
    po_number = forms.CharField(
        label="PO number", max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    shown_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *arguments: Any, consent: str, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["may_accept"].label = consent


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why do you decline?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the reason that fits best."},
    )
    text = forms.CharField(
        label="In your words", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["reason"].choices = decline_reasons()  # type: ignore[attr-defined]  # ChoiceField's own attribute

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("reason") == OTHER and not typed.get("text", "").strip():
            self.add_error("text", "Say in your own words why.")
        return typed


class ChangedForm(forms.Form):
    text = forms.CharField(
        label="What changed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For example: we send from 9 IPs since May. This asks a question; it accepts and declines nothing.",
        error_messages={"required": "Write what changed, or go back."},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why: the reason is kept."},
    )


class SendForm(forms.Form):
    shown_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AssumptionForm(forms.Form):
    """One number of the running costs, with where it comes from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    value = forms.DecimalField(
        label="Number",
        max_digits=12,
        decimal_places=2,
        error_messages={"required": "Enter a number.", "invalid": "Enter a number, for example 120 or 95.50."},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 14}),
    )
    reason = forms.CharField(
        label="Where it comes from",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="An offer, a measurement, an estimate of yours. The plan prints it.",
        error_messages={"required": "Say where the number comes from: the plan prints it."},
    )

    def __init__(self, *args: Any, known: Assumption, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = f"{known.label}, in {known.unit}"
        self.fields["value"].help_text = f"From {known.least:,f} to {known.most:,f}."

    def assumed(self) -> Assumed:
        return Assumed(**{name: self.cleaned_data[name] for name in ("value", "reason", "version")})
