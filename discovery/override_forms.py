"""What a consultant types to override an entry of the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from discovery.dictionary_words import CLASS_WORDS, RELATION_WORDS, kinds
from discovery.domain.propose_override import LONGEST_NAME, LONGEST_TEXT, LONGEST_VALUE, OverrideText
from discovery.translation.overrides import MOST_UNITS
from discovery.translation.treatments import DROPPED, KUMOMTA, POWERMTA, TARGETS
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discovery.translation.treatments import Treatment

TITLES = dict(Engagement.Target.choices)
EVERY = ("", "Every engagement")
EXAMPLES = {POWERMTA: "host-name@virtual-mta", KUMOMTA: "make_egress_path.connection_limit"}


def short_text(label: str, *, help_text: str = "", required: bool = False, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def fields_of(target: str) -> dict[str, forms.Field]:
    """What is said of one target, under names that begin with it."""
    title = TITLES[target]
    return {
        f"{target}_class": forms.ChoiceField(label=f"{title}: class", choices=[("", "Choose"), *CLASS_WORDS.items()]),
        f"{target}_relation": forms.ChoiceField(
            label=f"{title}: compared with Postfix",
            required=False,
            choices=[("", "As usual for the class"), *RELATION_WORDS.items()],
            help_text="A rewrite and custom work say which.",
        ),
        f"{target}_names": short_text(
            f"{title}: becomes", help_text=f"One name a line, as the dictionary writes them: {EXAMPLES[target]}."
        ),
        f"{target}_loss": short_text(
            f"{title}: what changes", help_text="One sentence for the customer. If it is dropped: why nothing is left."
        ),
        f"{target}_how": short_text(f"{title}: how it is carried over"),
        f"{target}_needs": forms.CharField(label=f"{title}: version it needs", required=False, max_length=100),
        f"{target}_units": forms.IntegerField(
            label=f"{title}: effort in quarters of an hour",
            required=False,
            min_value=0,
            max_value=MOST_UNITS,
            help_text="Of the first such construct. Empty takes the published number of the class.",
        ),
    }


class OverrideForm(forms.Form):
    engagement = forms.ChoiceField(
        label="Holds for",
        required=False,
        help_text="What holds for every engagement is shown to every customer: name nobody in it.",
    )
    kind = forms.ChoiceField(label="Kind of construct")
    name = forms.CharField(
        label="Construct", max_length=LONGEST_NAME, help_text="As Postfix writes it, for example smtp_helo_name."
    )
    value = forms.CharField(
        label="Only with this value", required=False, max_length=LONGEST_VALUE, help_text="Empty means every value."
    )

    def __init__(self, *arguments: Any, engagements: Iterable[Engagement], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        here = [(each.code, f"{each.code} {each.organization}") for each in engagements]
        known = [(kind, kind.capitalize()) for kind in kinds()]
        self.fields["engagement"].choices = [EVERY, *here]  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["kind"].choices = known  # type: ignore[attr-defined]  # the same
        for target in TARGETS:
            self.fields.update(fields_of(target))
        self.fields["source"] = short_text(
            "Where that is written", required=True, help_text="A manual, a test, a note."
        )
        self.fields["reason"] = short_text("Why the dictionary does not hold", required=True)

    def text(self) -> OverrideText:
        said = self.cleaned_data
        return OverrideText(
            **{name: said[name] for name in ("kind", "name", "value", "source", "reason")},
            treatments={target: treatment_in(said, target) for target in TARGETS},
        )


def treatment_in(said: Mapping[str, Any], target: str) -> dict[str, Any]:
    """One target as `discovery.translation.overrides.said_treatments` reads it; a dropped one has a reason, no loss."""
    letter, told = said[f"{target}_class"], said[f"{target}_loss"].strip()
    names = [name.strip() for name in said[f"{target}_names"].splitlines() if name.strip()]
    return {
        "class": letter,
        "relation": said[f"{target}_relation"],
        "names": [] if letter == DROPPED else names,
        ("reason" if letter == DROPPED else "loss"): told,
        "how": said[f"{target}_how"].strip(),
        "needs": said[f"{target}_needs"].strip(),
        "units": said[f"{target}_units"],
    }


def initial_of(treatments: Mapping[str, Treatment]) -> dict[str, Any]:
    """The form as an entry or an earlier override says it."""
    found: dict[str, Any] = {}
    for target, treatment in treatments.items():
        said = {
            "class": treatment.letter,
            "relation": treatment.relation,
            "names": "\n".join(treatment.names),
            "loss": treatment.reason if treatment.is_dropped else treatment.loss,
            "how": treatment.how,
            "needs": treatment.needs,
            "units": treatment.units,
        }
        found |= {f"{target}_{name}": value for name, value in said.items()}
    return found


class AcceptOverrideForm(forms.Form):
    note = short_text("Note")


class RejectOverrideForm(forms.Form):
    note = forms.CharField(
        label="Why not",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Its author reads this.",
        error_messages={"required": "Say why it is rejected."},
    )


class WithdrawOverrideForm(forms.Form):
    reason = forms.CharField(
        label="Why it no longer holds",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it no longer holds."},
    )
