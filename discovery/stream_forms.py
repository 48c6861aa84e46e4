from typing import Any

from django import forms

from discovery.domain.settle_stream import StreamText
from discovery.forms import VersionForm
from discovery.models import Stream


class StreamForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="As people call it, for example newsletters or order confirmations.",
        error_messages={"required": "Give the stream a name."},
    )
    purpose = forms.CharField(
        label="What it carries", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    route = forms.ChoiceField(
        label="What becomes of it",
        choices=Stream.Route.choices,
        initial=Stream.Route.UNDECIDED,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the stream migrates, stays on Postfix, or is not decided yet."},
    )
    route_reason = forms.CharField(
        label="Why",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A stream that stays says why. The plan prints it.",
    )

    def text(self) -> StreamText:
        return StreamText(**{name: self.cleaned_data[name] for name in ("name", "purpose", "route", "route_reason")})


class RouteForm(forms.Form):
    """Marks several streams at once; which ones are ticked in the table above it."""

    route = forms.ChoiceField(
        label="Mark the selected streams",
        choices=[choice for choice in Stream.Route.choices if choice[0] != Stream.Route.UNDECIDED]
        + [(Stream.Route.UNDECIDED.value, "Not decided")],
        error_messages={"required": "Say what becomes of the streams."},
    )
    route_reason = forms.CharField(
        label="Why", required=False, max_length=2000, help_text="A stream that stays says why. The plan prints it."
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("route") == Stream.Route.STAY and not told.get("route_reason"):
            self.add_error("route_reason", "Say why the selected streams stay on Postfix.")
        return told


class StreamVersionForm(StreamForm, VersionForm):
    """The same about a stream that exists, as it was on screen."""

    @staticmethod
    def initial_of(stream: Stream) -> dict[str, Any]:
        fields = ("version", "name", "purpose", "route", "route_reason")
        return {name: getattr(stream, name) for name in fields}
