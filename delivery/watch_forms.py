from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from delivery.domain.person_words import MOST_LETTERS
from delivery.watch.book import load_watch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from delivery.models import Baseline


class AgreeForm(forms.Form):
    days = forms.IntegerField(
        label="Days",
        error_messages={"required": "Enter for how many days the new route is watched.", "invalid": "Whole days."},
    )
    baseline = forms.TypedChoiceField(label="Held against", coerce=int)
    why_short = forms.CharField(
        label="Why a short baseline will do",
        required=False,
        max_length=MOST_LETTERS,
        help_text="Only where the baseline is short.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *arguments: Any, baselines: Iterable[Baseline], promised: int, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        book = load_watch()
        self.fields["days"].initial = min(max(promised, book.shortest), book.longest)
        self.fields["days"].help_text = f"From the cutover on, {book.shortest} to {book.longest}."
        self.fields["baseline"].choices = [(each.number, _name(each)) for each in baselines]  # type: ignore[attr-defined]  # a ChoiceField


def _name(baseline: Baseline) -> str:
    return f"{baseline} (short)" if baseline.is_short else str(baseline)


class WordsForm(forms.Form):
    words = forms.CharField(
        label="What you make of it",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what you make of it: both sides read it."},
    )


class EscalationForm(forms.Form):
    to = forms.ChoiceField(
        label="Who is called", error_messages={"required": "Choose who is called: they are mailed at once."}
    )
    words = forms.CharField(
        label="What is asked of them",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what is asked of them."},
    )

    def __init__(self, *arguments: Any, people: Iterable[User], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        choices = [("", "Choose a person"), *((each.email, each.full_name) for each in people)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class ClosingForm(forms.Form):
    cause = forms.ChoiceField(label="Cause", error_messages={"required": "Choose the cause."})
    words = forms.CharField(
        label="What was found and done",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what was found, and what was done about it."},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        choices = [("", "Choose a cause"), *((each.key, each.title) for each in load_watch().causes)]
        self.fields["cause"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class SeedForm(forms.Form):
    seeds = forms.FileField(
        label="File",
        help_text="CSV with the columns tested_on, provider, stream, sent, inbox, spam.",
        allow_empty_file=True,  # the domain says what is wrong with an empty file
        error_messages={"required": "Select the file to upload."},
    )
