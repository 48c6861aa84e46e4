"""Forms of the promise to answer: pausing it, giving a request away, saying why an answer was late."""

from typing import Any

from django import forms

from accounts.models import User
from pricing.domain.explain_delay import LONGEST_TEXT, OTHER, late_reasons
from pricing.domain.pause_clock import LONGEST_REASON
from pricing.domain.reassign_request import possible_owners


class PauseForm(forms.Form):
    reason = forms.CharField(
        label="What you wait for",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The customer reads it on their page.",
        error_messages={"required": "Say what you are waiting for: the customer reads it."},
    )


class LateReasonForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why it was late",
        choices=late_reasons,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason from the list."},
    )
    text = forms.CharField(
        label="In your own words",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Asked for with “Another reason”.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == OTHER and not cleaned.get("text", "").strip():
            self.add_error("text", "Say in your own words why.")
        return cleaned


class OwnerForm(forms.Form):
    """`shown_owner` is whom the page named when it was read."""

    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="New owner",
        help_text="Everybody who may send quotes.",
        error_messages={"required": "Choose who takes the request."},
    )
    shown_owner = forms.ModelChoiceField(User.objects.all(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(pk__in=[person.pk for person in possible_owners()]).order_by("full_name")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # django-stubs sees only Field
