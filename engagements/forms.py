from typing import Any

from django import forms

from accounts.models import User
from engagements.models import Engagement


class SignForm(forms.Form):
    has_read = forms.BooleanField(
        label="I have read the document",
        error_messages={"required": "Tick that you have read the document, or request changes instead."},
    )
    typed_name = forms.CharField(
        label="Type your full name",
        max_length=120,
        help_text="As it should stand on the signed document.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    role_title = forms.CharField(
        label="Role", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization-title"})
    )
    is_name_right = forms.BooleanField(label="The name is right as I typed it", required=False)
    shown_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *arguments: object, profile_name: str, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        self.profile_name = profile_name
        self.asks_for_name = False

    def clean(self) -> dict[str, Any]:
        """A name that is not the profile's is asked about once, not refused."""
        typed: dict[str, Any] = super().clean() or {}
        name = " ".join(str(typed.get("typed_name", "")).split())
        self.asks_for_name = bool(name) and name.casefold() != self.profile_name.casefold()
        if self.asks_for_name and not typed.get("is_name_right"):
            self.add_error(
                "typed_name", f"Your profile says {self.profile_name}. Correct the name, or tick that it is right."
            )
        return typed


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why: the reason is kept with the decision."},
    )


class ChangeRequestForm(ReasonForm):
    shown_digest = forms.CharField(
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={"required": "The page did not say which document it showed. Read it again, then send this."},
    )

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        self.fields["reason"].label = "What has to change?"
        self.fields[
            "reason"
        ].help_text = "Your words go to the team as a task with a due date. The document stays unsigned."


class MoveForm(forms.Form):
    note = forms.CharField(label="Reason", required=False, widget=forms.Textarea(attrs={"rows": 4}))


class TaskForm(forms.Form):
    evidence = forms.CharField(
        label="What shows that it is done",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A name, a date, a version, a log line. No passwords or keys.",
    )

    def __init__(self, *arguments: object, needs_proof: bool, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        self.fields["evidence"].is_asked = needs_proof  # type: ignore[attr-defined]  # read by forms/field.html


class QuestionForm(forms.Form):
    text = forms.CharField(
        label="Your question",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the question first."},
    )
    is_blocking = forms.BooleanField(label="Do not let the phase be signed before this is answered", required=False)


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="Your answer",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write the answer first."},
    )


class TargetForm(forms.Form):
    target = forms.ChoiceField(label="Target MTA", choices=Engagement.Target.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Printed in the plan.",
        error_messages={"required": "Say why: the reason is kept with the decision."},
    )


class TeamForm(forms.Form):
    lead = forms.ModelChoiceField(queryset=User.objects.none(), empty_label="Choose the lead")
    consultants = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        offered = {"lead": User.objects.working(), "consultants": User.objects.filter(is_active=True)}
        roles = ["owner", "lead", "consultant"]
        for name, accounts in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                staff = accounts.filter(memberships__organization_kind="consultancy", memberships__role__in=roles)
                field.queryset = staff.order_by("full_name")
