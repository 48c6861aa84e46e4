"""Forms of what people put into a quote beyond the rules, and of its afterlife."""

from decimal import Decimal
from typing import Any

from django import forms

from pricing.calculation.terms import Reduction
from pricing.domain.give_terms import Seen
from pricing.in_force import book_now

LONGEST_REASON = 2000


def reason_field(label: str, hint: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_REASON,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=hint,
        error_messages={"required": "Say why: the reason is kept."},
    )


def _number_field(label: str, hint: str, digits: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=digits,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=hint,
        error_messages={"invalid": "Enter a number, for example 5 or 7.50.", "min_value": "Enter more than nothing."},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 14}),
    )


class SeenForm(forms.Form):
    """What was on screen when it was sent."""

    shown_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def seen(self) -> Seen:
        return Seen(self.cleaned_data.get("reason", ""), self.cleaned_data["shown_digest"])


class DiscountForm(SeenForm):
    percent = _number_field("Percent of the fee", "For example 5. Leave it empty to take off an amount.", 5)
    amount = _number_field("Or an amount", "In the currency of the tier.", 12)
    reason = reason_field("Reason", "Whoever approves it reads this. The customer does not.")

    field_order = ("percent", "amount", "reason", "shown_digest")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        both = typed.get("percent"), typed.get("amount")
        if not self.errors and both.count(None) != 1:
            self.add_error("percent", "Enter a percentage or an amount, one of the two.")
        return typed

    def reduction(self) -> Reduction:
        return Reduction(percent=self.cleaned_data["percent"], amount=self.cleaned_data["amount"])


class TierForm(SeenForm):
    tier = forms.ChoiceField(label="Tier", widget=forms.RadioSelect)
    reason = reason_field("Reason", "Whoever approves it reads this. The tier of the rules needs none.", required=False)

    field_order = ("tier", "reason", "shown_digest")

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        tiers = [(tier.key, f"{tier.label}: {tier.scope}") for tier in book_now().tiers]
        self.fields["tier"].choices = tiers  # type: ignore[attr-defined]  # ChoiceField's own attribute


class ApproveForm(forms.Form):
    covers = forms.CharField(max_length=64)


class RedateForm(forms.Form):
    last_day = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the last day on which it can be accepted.", "invalid": "Enter a day."},
    )
    reason = reason_field("Reason", "The ledger keeps it with your name.")
