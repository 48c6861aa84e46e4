"""What people say of training: when it is, that it was held or cancelled, who came, and how the exercises went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.models import User
from delivery.domain.person_words import MOST_LETTERS
from engagements.domain.announce import team_of
from reports.domain.plan_training import MOST_MINUTES, MOST_TITLE, TrainingPlan
from reports.models import TrainingExercise
from reports.runbook_state import newest_revisions
from reports.training_book import subjects
from reports.training_state import people_of

if TYPE_CHECKING:
    from engagements.models import Engagement
    from reports.models import TrainingSession

OTHER = ("", "Another one: write the title")
DAY = "Enter the day, such as 2026-05-14."
TIME = "Enter the time, such as 14:30."


def _minutes(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={"required": "Enter how many minutes, for example 90."},
    )


class PlanForm(forms.Form):
    subject = forms.ChoiceField(label="Subject", required=False)
    title = forms.CharField(label="Title", required=False, max_length=MOST_TITLE)
    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": DAY, "invalid": DAY},
    )
    at = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"required": TIME, "invalid": TIME},
    )
    minutes = _minutes("Minutes planned")
    trainer = forms.ModelChoiceField(
        queryset=User.objects.none(),
        to_field_name="email",
        empty_label="Choose the trainer",
        error_messages={
            "required": "Choose who trains.",
            "invalid_choice": "Choose somebody who is on this engagement.",
        },
    )
    runbooks = forms.MultipleChoiceField(
        label="Runbooks it goes through",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The newest revision of each. Without a choice, those of the subject.",
    )
    material = forms.CharField(
        label="Other material",
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What people read or bring.",
    )

    def __init__(self, *arguments: Any, engagement: Engagement, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        zone = engagement.organization.time_zone
        team = User.objects.filter(pk__in=[person.pk for person in team_of(engagement)])
        self.fields["trainer"].queryset = team.order_by("full_name")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["at"].help_text = f"On the clock of {engagement.organization}, {zone}."
        titles = [OTHER, *((subject.key, subject.title) for subject in subjects().values())]
        self.fields["subject"].choices = titles  # type: ignore[attr-defined]  # a ChoiceField
        drawn = [(key, str(revision)) for key, revision in newest_revisions(engagement).items()]
        if drawn:
            self.fields["runbooks"].choices = drawn  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["runbooks"]

    def plan(self) -> TrainingPlan:
        return TrainingPlan(**self.cleaned_data)


class HeldForm(forms.Form):
    minutes = _minutes("Minutes it took")


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it is cancelled."},
    )


class AttendanceForm(forms.Form):
    """Whoever trains names the person; somebody of the customer speaks for themself and names nobody."""

    person = forms.ModelChoiceField(
        label="Who came",
        queryset=User.objects.none(),
        to_field_name="email",
        empty_label="Choose who came",
        error_messages={"required": "Choose who came.", "invalid_choice": "Choose somebody of the customer."},
    )

    def __init__(self, *arguments: Any, session: TrainingSession, is_trainer: bool, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        people = people_of(session.engagement.organization)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["person"].required = is_trainer


class ExerciseForm(forms.Form):
    trainee = forms.ModelChoiceField(
        label="Who did it",
        queryset=User.objects.none(),
        to_field_name="email",
        empty_label="Choose who did it",
        error_messages={"required": "Choose who did it.", "invalid_choice": "Choose somebody who came."},
    )
    task = forms.CharField(
        label="What there was to do",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what there was to do."},
    )
    result = forms.ChoiceField(
        label="How it went",
        choices=TrainingExercise.Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it was passed, or has to be done again."},
    )

    def __init__(self, *arguments: Any, session: TrainingSession, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        came = User.objects.filter(pk__in=[one.person_id for one in session.attendances.all()])
        self.fields["trainee"].queryset = came.order_by("full_name")  # type: ignore[attr-defined]  # a ModelChoiceField
