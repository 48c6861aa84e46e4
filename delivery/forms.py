from django import forms

from delivery.domain.person_words import MOST_LETTERS


class StatementForm(forms.Form):
    note = forms.CharField(
        label="What holds",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what holds."},
    )
    evidence = forms.CharField(
        label="What shows it",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="An answer that was seen, a line of a log, a date, a name. No passwords or keys.",
        error_messages={"required": "Say what shows it: an answer that was seen, a line, a date, a name."},
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why it no longer holds",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it no longer holds."},
    )


class SelectorKeyForm(forms.Form):
    """`selectors` are the records that are planned, by name."""

    record_name = forms.ChoiceField(
        label="Selector",
        error_messages={"required": "Choose the selector.", "invalid_choice": "Choose the selector from the list."},
    )
    public_key = forms.CharField(
        label="Its public key",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"}),
        help_text="As openssl rsa -in FILE -pubout prints it on the new host. The private key stays there.",
        error_messages={"required": "Paste the public key."},
    )

    def __init__(self, *arguments: object, selectors: list[str], **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # passed on as they came
        self.fields["record_name"].choices = [(name, name) for name in selectors]  # type: ignore[attr-defined]  # a ChoiceField
