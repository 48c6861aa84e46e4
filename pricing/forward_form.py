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
