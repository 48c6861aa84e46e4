"""What people choose for gaps, and say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html

from discovery.domain.lock_gaps import LONGEST_NOTE
from discovery.gap_choices import choices_for
from discovery.models import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable

OPTION = '<span>{}<br><span class="secondary">{}</span></span>'


class ChoiceForm(forms.Form):
    """The choices that every target among the selected gaps has."""

    choice = forms.ChoiceField(
        label="What is done",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is done: one of these ways.",
            "invalid_choice": "This is not on offer here. Choose one of the ways that are listed.",
        },
    )

    def __init__(self, *arguments: Any, targets: Iterable[str], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        offered = choices_for(frozenset(targets))
        self.fields["choice"].choices = [  # type: ignore[attr-defined]  # the field above has choices
            (one.key, format_html(OPTION, Gap.Choice(one.key).label, one.explains)) for one in offered
        ]


class ReopenForm(forms.Form):
    """Whether phase 1 may be opened again by it; asked only where a plan is out."""

    is_reopening = forms.BooleanField(
        label="Open phase 1 again",
        required=False,
        help_text="The plan with these decisions is out for signature or signed. It has to be frozen and signed anew.",
    )

    def __init__(self, *arguments: Any, is_plan_out: bool, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if not is_plan_out:
            del self.fields["is_reopening"]

    @property
    def may_reopen(self) -> bool:
        return bool(self.cleaned_data.get("is_reopening"))


class DecideForm(ChoiceForm, ReopenForm):
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stands in the plan beside your choice.",
    )

    field_order = ["choice", "note", "is_reopening"]


class RecommendForm(ChoiceForm):
    reason = forms.CharField(
        label="Why",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The customer reads this first.",
        error_messages={"required": "Say why: the reason is the first thing the customer reads."},
    )
