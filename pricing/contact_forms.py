from typing import Any

from django import forms


class ForwardForm(forms.Form):
    """To whom else a quote goes."""

    full_name = forms.CharField(
        label="Full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter your colleague's name."},
    )
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="The link and the code go to this address and to no other.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the address of your colleague."},
    )


class RowForm(forms.Form):
    """A form of which the page shows one for each row. `contact` is the row it is about."""

    def __init__(self, *arguments: Any, contact: int, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.contact = contact
        self.auto_id = f"id_{contact}_%s"


class BounceForm(RowForm):
    """What a report says about a mail that came back."""

    note = forms.CharField(
        label="The mail came back",
        max_length=400,
        help_text="What the report says, for example: 550 no such user.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write what the report says."},
    )


class ResumeForm(RowForm):
    """Why mail is sent again to an address from which it came back."""

    reason = forms.CharField(
        label="How you know that mail arrives",
        max_length=400,
        help_text="For example: they told us on the telephone that the mailbox is back.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write how you know that mail arrives."},
    )
