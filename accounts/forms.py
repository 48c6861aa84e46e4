import zoneinfo
from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.text import capfirst

from accounts.domain.give_membership import CONSULTANCY_DUTIES, DutyGrant
from accounts.domain.make_service_user import roles_of_services
from accounts.domain.make_token import LIFETIMES
from accounts.domain.require_manager import roles_to_give
from accounts.models import Duty, Membership, Organization, User
from accounts.phases import SIGNED_PHASES, phases_to_sign
from core.scopes import Scope, words_of


def time_zones(current: str = "") -> list[tuple[str, str]]:
    """The zones of the world by their IANA names, without the aliases of single machines."""
    known = {name for name in zoneinfo.available_timezones() if "/" in name} | {"UTC"}
    return [(name, name) for name in sorted(known | {current} - {""})]


def duty_code(kind: str, phase: int | None) -> str:
    return f"{kind}:{phase}" if phase else str(kind)


def duty_grant(code: str) -> DutyGrant:
    kind, _, phase = code.partition(":")
    return kind, int(phase) if phase else None


def duty_choices(organization: Organization, held: Collection[str] = ()) -> list[tuple[str, str]]:
    """Every duty of this side, in words; of phases that were not bought those that are held already."""
    held_phases = {phase for kind, phase in map(duty_grant, held) if kind == Duty.Kind.SIGN_PHASE}
    offered = {*phases_to_sign(organization), *held_phases}
    grants: list[DutyGrant] = [(Duty.Kind.SIGN_PHASE, phase) for phase in SIGNED_PHASES if phase in offered]
    grants += [(Duty.Kind.ACCEPT_QUOTES, None), (Duty.Kind.ORDER_ROLLBACK, None)]
    if organization.kind == Organization.Kind.CONSULTANCY:
        grants = [grant for grant in grants if grant[0] in CONSULTANCY_DUTIES]
    return [(duty_code(kind, phase), str(Duty(kind=kind, phase=phase))) for kind, phase in grants]


class MembershipForm(forms.Form):
    """Role and duties, limited to what this side has and this person may give; `held` are offered in any case."""

    role = forms.ChoiceField(help_text="What they work on.", error_messages={"required": "Choose a role."})
    duties = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, help_text="What they answer for by name."
    )

    def __init__(
        self, *arguments: Any, organization: Organization, actor: User, held: Collection[str] = (), **keywords: Any
    ) -> None:
        super().__init__(*arguments, **keywords)
        labels = dict(Membership.Role.choices)
        given = [(role, labels[role]) for role in roles_to_give(actor, organization)]
        self.fields["role"].choices = [("", "Choose a role"), *given]  # type: ignore[attr-defined]  # the field is a ChoiceField, typed as Field
        self.fields["duties"].choices = duty_choices(organization, held)  # type: ignore[attr-defined]  # the same

    def clean_duties(self) -> list[DutyGrant]:
        return [duty_grant(code) for code in self.cleaned_data["duties"]]


class InviteForm(MembershipForm):
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="The link goes to this address and works for it alone.",
        error_messages={"required": "Enter the address the invitation goes to."},
    )
    full_name = forms.CharField(label="Full name", max_length=120, required=False)

    field_order = ["email", "full_name", "role", "duties"]


class ServiceForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        help_text="The program that will use it, as it is to stand in the history.",
        error_messages={"required": "Name the program that will use it."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        help_text="It does what this role may, except what only a person can answer for.",
        error_messages={"required": "Choose a role."},
    )

    def __init__(self, *arguments: Any, organization: Organization, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        labels = dict(Membership.Role.choices)
        offered = [(role, labels[role]) for role in roles_of_services(organization)]
        self.fields["role"].choices = [("", "Choose a role"), *offered]  # type: ignore[attr-defined]  # the field is a ChoiceField, typed as Field


class AcceptForm(forms.Form):
    """How an account begins."""

    full_name = forms.CharField(
        label="Full name",
        max_length=120,
        help_text="As it should stand on documents.",
        error_messages={"required": "Enter your full name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    def __init__(self, *arguments: Any, email: str, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """The password is judged together with name and address, which it must not repeat."""
        typed = self.cleaned_data
        if "password" in typed:
            person = User(email=self.email, full_name=typed.get("full_name", ""))
            try:
                validate_password(typed["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return typed


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker alone
    time_zone = forms.ChoiceField(help_text="Dates and clocks are shown in this zone.")

    class Meta:
        model = User
        fields = ["full_name", "job_title", "time_zone", "theme", "has_shortcuts"]
        help_texts = {
            "full_name": "As it stands on what you sign from now on. What is signed keeps its name.",
            "job_title": "Offered as your role when you sign.",
            "has_shortcuts": "Single letters act in lists and reviews, never while you type.",
        }
        error_messages = {"full_name": {"required": "Enter your full name."}}
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "job_title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
        }

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["time_zone"].choices = time_zones(self.initial["time_zone"])  # type: ignore[attr-defined]  # the field is a ChoiceField, typed as Field


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=80,
        help_text="The program that will use it, for example: ticket export.",
        error_messages={"required": "Name the program the token is for."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        label="For",
        initial=Scope.ALL,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the token is for."},
    )
    days = forms.TypedChoiceField(
        label="Valid for", coerce=int, choices=[*LIFETIMES.items()], initial=90, widget=forms.RadioSelect
    )

    def __init__(self, *arguments: Any, is_service: bool = False, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        choices = [(scope.value, capfirst(words_of(scope, is_service=is_service))) for scope in Scope]
        self.fields["scope"].choices = choices  # type: ignore[attr-defined]  # the field is a ChoiceField, typed as Field
