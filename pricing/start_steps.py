"""The steps of a request on the website in their order, and what was typed into them so far."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from pricing.calculation.facts import DataPoints
from pricing.domain.record_request import Contact
from pricing.domain.send_intake import Asked
from pricing.models import Request
from pricing.start_forms import (
    NO_CALL,
    AboutForm,
    CallForm,
    ComponentsForm,
    PointsForm,
    StreamsForm,
    TeamForm,
    VolumeForm,
    moment_in,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django import forms

    from pricing.models import Intake

ABOUT, CALL, CHECK = "about", "call", "check"
TITLES = {
    ABOUT: "About you",
    "volume": "Volume",
    "streams": "IPs, pools and streams",
    "components": "Custom components",
    "team": "Your team",
    CALL: "A time for the call",
}
STEPS = tuple(TITLES)
FORMS: dict[str, type[AboutForm | PointsForm | TeamForm]] = {
    ABOUT: AboutForm,
    "volume": VolumeForm,
    "streams": StreamsForm,
    "components": ComponentsForm,
    "team": TeamForm,
}
KEPT = {step: tuple(form.base_fields) for step, form in FORMS.items()}


def words_of(step: str, sent: Mapping[str, str]) -> dict[str, str]:
    """What a page sent for a step: the words of its fields and nothing else."""
    names = (*KEPT.get(step, ("time", "telephone")), "rest", "sure")
    return {name: sent[name] for name in names if name in sent}


def next_step(step: str) -> str:
    """The step after this one; the check after the last."""
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else CHECK


@dataclass(frozen=True)
class Reading:
    """What an intake says, read by the forms of its steps."""

    intake: Intake

    @cached_property
    def forms(self) -> dict[str, forms.Form]:
        """The steps that somebody has been at, with what they typed; checked."""
        bound = {step: form(self.intake.typed[step]) for step, form in FORMS.items() if step in self.intake.typed}
        for form in bound.values():
            form.is_valid()
        return dict(bound)

    @property
    def open_steps(self) -> list[str]:
        """The steps that still want an answer, in order."""
        return [step for step in STEPS if not self.is_done(step)]

    def is_done(self, step: str) -> bool:
        if step == CALL:
            return self._time == NO_CALL or (self.wished is not None and self.telephone != "")
        return step in self.forms and self.forms[step].is_valid()

    @property
    def points(self) -> DataPoints:
        """What is known; a field with an error is not."""
        known = DataPoints()
        for form in self.forms.values():
            if isinstance(form, PointsForm | TeamForm):
                known = known.completed_by(form.points())
        return known

    @property
    def about(self) -> dict[str, str]:
        return self.intake.typed.get(ABOUT, {})

    @property
    def note(self) -> str:
        return self.intake.typed.get("team", {}).get("note", "").strip()

    @property
    def _time(self) -> str:
        return self.intake.typed.get(CALL, {}).get("time", "")

    @property
    def wished(self) -> datetime | None:
        return moment_in(self._time)

    @property
    def telephone(self) -> str:
        """The number to call; empty as long as what was typed is none."""
        field, typed = CallForm.base_fields["telephone"], self.intake.typed.get(CALL, {})
        with suppress(ValidationError):
            return str(field.clean(typed.get("telephone", "")))
        return ""

    def asked(self) -> Asked:
        """What is sent. Raises KeyError as long as the first step is not answered."""
        who = self.forms[ABOUT].cleaned_data
        contact = Contact(who["contact_name"], who["contact_email"].lower(), Request.Source.WEBSITE)
        return Asked(who["company"], who["time_zone"], contact, self.points, self.wished, self.telephone)
