"""The steps of a request on the website, for whoever answers about their own mail. “I do not know” is an answer."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.calculation.sanity import doubts
from pricing.forms import LARGEST, CountField
from pricing.in_force import book_now

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_CALL = "none"
UNKNOWN = "unknown"
FEWEST_DIGITS = 5
_LINK = re.compile(r"://|\bwww\.|[<>]|[\x00-\x1f\x7f]", re.IGNORECASE)


def refuse_links(text: str) -> None:
    """A name goes into mails to an address that nobody has checked; it must carry nothing to follow."""
    if _LINK.search(text):
        raise ValidationError("Write the name alone, without a link or special signs.")


class NameField(forms.CharField):
    default_validators = [refuse_links]

    def clean(self, value: Any) -> str:
        return " ".join(str(super().clean(value)).split())


def zone_choices() -> list[tuple[str, Any]]:
    """Zones by region, as a select groups them; UTC and the practice's own first."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, _, place = zone.partition("/")
        if place and region not in {"Etc", "SystemV", "US", "posix", "right"}:
            regions.setdefault(region, []).append((zone, place.replace("_", " ")))
    own = settings.CONSULTANCY["time_zone"]
    first = [(own, f"Ours, {own.replace('Etc/GMT+', 'GMT-')}"), ("UTC", "UTC")]
    return [*first, *regions.items()]


class ZoneField(forms.ChoiceField):
    def __init__(self, **keywords: Any) -> None:
        super().__init__(label="Your time zone", choices=zone_choices, **keywords)


class AboutForm(forms.Form):
    contact_name = NameField(label="Your name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    company = NameField(label="Company", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    contact_email = forms.EmailField(
        label="Work e-mail",
        max_length=254,
        help_text="Our answer goes there. We write about this request and nothing else.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    time_zone = ZoneField(help_text="Times of calls and the last day of the quote are told in it.")
    # Not shown. Programs fill it in; people do not see it.
    homepage = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if not self.is_bound:  # a zone that was chosen is not guessed over
            self.fields["time_zone"].widget.attrs["data-zone-guess"] = ""

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError("A field that is not shown was filled in. If your browser did it, empty it and send.")
        return ""


class PointsForm(forms.Form):
    """A part of the data points. What is left empty is unknown, once the visitor has said so."""

    facts: ClassVar[tuple[str, ...]] = ()
    rest_label = "I do not know what I left empty"

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.doubts: Sequence[str] = ()
        for field in self.fields.values():
            if isinstance(field, CountField):
                field.is_asked = True
        self.fields["rest"] = forms.BooleanField(label=self.rest_label, required=False)

    @property
    def figures(self) -> str:
        """What a confirmation is about: it holds for these numbers and no others."""
        return " ".join(f"{fact}={self.cleaned_data.get(fact)}" for fact in self.facts)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        empty = [fact for fact in self.facts if fact not in self.errors and typed.get(fact) is None]
        if empty and not typed.get("rest"):
            names = ", ".join(f"“{self.fields[fact].label}”" for fact in empty)
            self.add_error("rest", f"Left empty: {names}. Fill in what you know, and tick this for the rest.")
        self._ask_about_doubts()
        return typed

    def _ask_about_doubts(self) -> None:
        self.doubts = doubts(self.points(), book_now().thresholds)
        if self.doubts and self.data.get("sure") != self.figures:
            self.add_error(None, "Two numbers hardly fit. Correct them, or confirm them below and go on.")

    @property
    def is_sure(self) -> bool:
        return bool(self.doubts) and self.data.get("sure") == self.figures

    def points(self) -> DataPoints:
        counts: dict[str, Any] = {fact: self.cleaned_data.get(fact) for fact in self.facts}
        return DataPoints(**counts)


class VolumeForm(PointsForm):
    facts = ("month", "peak")
    month = CountField(
        label="Messages a month", example="9,400,000 or 9.4 M", least=1, most=LARGEST, hint="9.4 M or 410 K will do."
    )
    peak = CountField(label="Messages on your busiest day", example="410,000 or 410 K", least=1, most=LARGEST)


class StreamsForm(PointsForm):
    facts = ("ips", "pools", "streams", "tenants", "domains")
    ips = CountField(label="Sending IPs", example="6", least=1, hint="Addresses from which your mail leaves.")
    pools = CountField(label="IP pools", example="2", least=1, hint="Groups of addresses that are used apart.")
    streams = CountField(
        label="Kinds of mail to keep apart", example="2", least=1, hint="Receipts and newsletters are two."
    )
    tenants = CountField(
        label="Other companies that send through you", example="0", hint="0 when you send for yourselves alone."
    )
    domains = CountField(label="Sending domains", example="1", least=1)


class ComponentsForm(PointsForm):
    facts = ("milters", "bounce", "fbl", "other")
    milters = CountField(label="Milters", example="2", hint="Filters that Postfix asks about each message. 0 for none.")
    bounce = CountField(label="Bounce processors", example="1", hint="Programs that read returned mail.")
    fbl = CountField(label="Complaint scripts", example="1", hint="Programs that read feedback loops (FBL).")
    other = CountField(label="Other programs around Postfix", example="0")

    def points(self) -> DataPoints:
        return DataPoints(components=CustomComponents(**{fact: self.cleaned_data.get(fact) for fact in self.facts}))


class TeamForm(forms.Form):
    team = forms.ChoiceField(
        label="Who would do the work?",
        choices=[
            (Team.FULL_EXECUTION, "You do it, with us"),
            (Team.COULD_RUN, "Our team could run it and wants the plan"),
            (UNKNOWN, "I do not know yet"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one; “I do not know yet” is an answer."},
    )
    note = forms.CharField(
        label="Anything we should know beforehand",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="No passwords and no configuration: those come later, over a protected upload.",
    )

    def points(self) -> DataPoints:
        team = self.cleaned_data.get("team")
        return DataPoints(team=Team(team) if team and team != UNKNOWN else None)


class ZoneForm(forms.Form):
    """In which zone times are shown."""

    zone = ZoneField()


def refuse_no_number(text: str) -> None:
    """Loosely: numbers are written in many ways, with extensions as well."""
    if sum(sign.isdigit() for sign in text) < FEWEST_DIGITS or not text.isprintable():
        raise ValidationError("Write the number to call with its country, for example +47 22 55 01 00.")


class CallForm(forms.Form):
    """A time for the call, or none. `offered` are (value, words) of the free moments."""

    time = forms.ChoiceField(
        label="When shall we call?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a time, or no call.",
            "invalid_choice": "That time is no longer offered. Choose another one; the rest is kept.",
        },
    )
    telephone = forms.CharField(
        label="Telephone number",
        required=False,
        max_length=40,
        validators=[refuse_links, refuse_no_number],
        help_text="We call it at the time you choose and for nothing else. Not needed without a call.",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(
        self, *arguments: Any, offered: Sequence[tuple[str, str]], may_decline: bool = True, **keywords: Any
    ) -> None:
        super().__init__(*arguments, **keywords)
        declined = [(NO_CALL, "No call: write to me")] if may_decline else []
        self.fields["time"].choices = [*offered, *declined]  # type: ignore[attr-defined]  # ChoiceField's own attribute

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if moment_in(typed.get("time", "")) and typed.get("telephone") == "":
            self.add_error("telephone", "Write the number that we call, or choose no call.")
        return typed

    @property
    def wished(self) -> datetime | None:
        return moment_in(self.cleaned_data["time"])


def moment_in(text: str) -> datetime | None:
    """The moment that a page wrote into a choice; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
