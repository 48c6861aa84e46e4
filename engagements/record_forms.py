from django import forms

from accounts.models import Organization
from engagements.forms import ReasonForm
from engagements.models import Engagement


class HoldForm(ReasonForm):
    engagement = forms.ModelChoiceField(
        Engagement.objects.none(), required=False, label="What is held", empty_label="Everything of this customer"
    )
    field_order = ["engagement", "reason"]

    def __init__(self, *arguments: object, organization: Organization, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        choice = self.fields["engagement"]
        choice.queryset = Engagement.objects.filter(organization=organization)  # type: ignore[attr-defined]  # of a model choice


class EraseForm(forms.Form):
    typed = forms.CharField(
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Type it as it stands in the hint: what is erased cannot be brought back."},
    )

    def __init__(self, *arguments: object, wanted: str, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        self.fields["typed"].label = f"Type “{wanted}”"
        self.fields["typed"].help_text = "As it stands here. What is erased cannot be brought back."
