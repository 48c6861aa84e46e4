from collections.abc import Mapping, Sequence

from django import forms

LONGEST_COMMENT = 5000

Sections = Sequence[tuple[str, str | Sequence[tuple[str, str]]]]


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
        self.offer(list(sections.items()))

    def offer(self, sections: Sections) -> None:
        """Show these to choose from, in groups or one after the other."""
        field = self.fields["section"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose the section"), *sections]
