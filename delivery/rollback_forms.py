from django import forms

from delivery.domain.person_words import MOST_LETTERS
from delivery.models import OwnTrigger, TriggerDecision
from delivery.ramp.book import load_plan


class OrderForm(forms.Form):
    """The button that was pressed: whoever is led to a proof first finds it said again."""

    kind = forms.CharField(required=False)

    @property
    def is_drill(self) -> bool:
        return str(self["kind"].value()) == "drill"


class OwnTriggerForm(forms.Form):
    title = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give the trigger a name."})
    figure = forms.ChoiceField(
        label="What is looked at",
        choices=[("", "Choose"), *OwnTrigger.Figure.choices],
        error_messages={"required": "Choose what is looked at."},
    )
    limit = forms.DecimalField(
        label="From how many percent on",
        max_digits=6,
        decimal_places=3,
        error_messages={"required": "Enter the limit in percent, for example 2.5."},
    )


class ReportForm(forms.Form):
    key = forms.ChoiceField(label="Which", error_messages={"required": "Choose which trigger was crossed."})
    seen = forms.CharField(
        label="What was seen",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what was seen."},
    )

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # passed on as they came
        choices = [(trigger.key, trigger.title) for trigger in load_plan().triggers]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class DecisionForm(forms.Form):
    choice = forms.ChoiceField(
        label="What is done",
        choices=[("", "Choose"), *TriggerDecision.Decision.choices],
        error_messages={"required": "Choose whether to go back to Postfix or to stay."},
    )
    reason = forms.CharField(
        label="Why",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: both sides read it."},
    )
