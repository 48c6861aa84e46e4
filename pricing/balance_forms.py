"""Booking a call, or minutes of questions."""

from typing import Any

from django import forms

from pricing.domain.book_balance import LONGEST, Booking
from pricing.models import BalanceEntry


class MinutesField(forms.IntegerField):
    """Asked for with questions and not with a call, so it is not called optional."""

    is_asked = True


class BookingForm(forms.Form):
    kind = forms.ChoiceField(label="What", choices=BalanceEntry.Kind.choices, widget=forms.RadioSelect)
    minutes = MinutesField(
        label="Minutes",
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text="Needed for questions. A call counts as one, however long it is.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )
    on_day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    with_whom = forms.CharField(label="With whom", max_length=200)
    note = forms.CharField(label="About what", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    is_on_us = forms.BooleanField(
        label="On the practice's cost",
        required=False,
        help_text="Takes nothing off what is left; the customer sees that it was not counted.",
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        is_missing = typed.get("kind") == BalanceEntry.Kind.QUESTIONS and typed.get("minutes") is None
        if is_missing and "minutes" not in self.errors:
            self.add_error("minutes", "Enter the minutes, for example 45.")
        return typed

    def booking(self) -> Booking:
        typed = dict(self.cleaned_data)
        minutes = typed.pop("minutes")
        return Booking(units=1 if typed["kind"] == BalanceEntry.Kind.CALL else minutes, **typed)
