"""What one types to look something up. It is sent with GET: nothing changes, and an answer can be passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from discovery.lookup.uses import uses

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from discovery.models import Instance

LONGEST = 2000
PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class LookupForm(forms.Form):
    at = forms.ChoiceField(label="Instance")
    service = forms.CharField(
        label="As a service of master.cf sees it",
        required=False,
        max_length=120,
        help_text="For example submission/inet. Empty: as main.cf says.",
        widget=forms.TextInput(attrs=PLAIN),
    )
    parameter = forms.ChoiceField(label="Table or list")
    key = forms.CharField(
        label="Address, name or header line",
        max_length=LONGEST,
        help_text="For example anna@example.com, a client as name[address], Subject: hello, or &lt;&gt; for no sender.",
        error_messages={"required": "Type what is to be looked up, for example anna@example.com."},
        widget=forms.TextInput(attrs=PLAIN),
    )

    def __init__(self, *words: Any, instances: Sequence[Instance], in_use: Collection[str], **more: Any) -> None:
        """Offer the instances there are, and first the parameters that are in use."""
        super().__init__(*words, **more)
        self.instances = {f"{each.upload.number}:{each.name}": each for each in instances}
        self.fields["at"].choices = [  # type: ignore[attr-defined]  # a field is typed as any field here
            (value, f"{each.upload.host_label}, {each.name}") for value, each in self.instances.items()
        ]
        others = [name for name in uses() if name not in in_use]
        self.fields["parameter"].choices = [  # type: ignore[attr-defined]  # a field is typed as any field here
            ("Set here", [(name, name) for name in sorted(in_use)]),
            ("Others", [(name, name) for name in sorted(others)]),
        ]

    @property
    def instance(self) -> Instance:
        return self.instances[self.cleaned_data["at"]]
