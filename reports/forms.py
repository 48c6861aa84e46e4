from collections.abc import Mapping

from django import forms

LONGEST_COMMENT = 5000


class CommentForm(forms.Form):
    section = forms.ChoiceField(label="Section")
    text = forms.CharField(
        label="Comment",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the comment first."},
    )

    def __init__(self, *arguments: object, sections: Mapping[str, str], **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        field = self.fields["section"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose the section"), *sections.items()]
