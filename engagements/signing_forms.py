"""What is typed around a signature: its order and who stands in."""

from collections.abc import Sequence

from django import forms

from accounts.models import User
from engagements.forms import SignForm
from engagements.models.signer import MOST_TURNS


class TurnsForm(forms.Form):
    """A turn for each signer, from the first on. Those of one turn sign in any order."""

    def __init__(self, *arguments: object, signers: Sequence[User], **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        self.signers = signers
        turns = [(turn, f"Turn {turn}") for turn in range(1, min(len(signers), MOST_TURNS) + 1)]
        for signer in signers if len(signers) > 1 else ():
            title = f", {signer.job_title}" if signer.job_title else ""
            self.fields[_name(signer)] = forms.TypedChoiceField(
                label=f"{signer}{title} ({signer.email})", choices=turns, coerce=int, initial=1
            )

    @property
    def turns(self) -> dict[int, int]:
        return {signer.pk: self.cleaned_data[_name(signer)] for signer in self.signers if _name(signer) in self.fields}


def _name(signer: User) -> str:
    return f"turn-{signer.pk}"


class RevokeForm(SignForm):
    """The evidence of a signature, with a reason instead of the word that the document was read."""

    has_read = None  # type: ignore[assignment]  # Django's way to leave out a field of the class above
    reason = forms.CharField(
        label="Why do you revoke it?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everybody who signed reads it.",
        error_messages={"required": "Say why: the reason is kept with the signature and sent to everybody who signed."},
    )


class DelegateForm(forms.Form):
    to = forms.ModelChoiceField(
        label="Who signs in your place",
        queryset=User.objects.none(),
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose who signs in your place.",
            "invalid_choice": "Choose one of the colleagues listed: the others do not have this duty.",
        },
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands on the receipt beside both names.",
        error_messages={"required": "Say why: the reason stands on the receipt beside both names."},
    )

    def __init__(self, *arguments: object, deputies: Sequence[User], **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(pk__in=[deputy.pk for deputy in deputies]).order_by("full_name")
