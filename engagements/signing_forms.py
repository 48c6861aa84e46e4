"""What is typed around a signature: its order and who stands in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from core.wording import day_text
from engagements.conditions import closed_meanwhile
from engagements.domain.note_reference import LONGEST as LONGEST_REFERENCE
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.forms import SignForm
from engagements.models import Condition, Gate, GateTask
from engagements.models.reservation import ConditionQuerySet
from engagements.models.signer import MOST_TURNS
from engagements.parts import Part, parts_of
from engagements.today import today_of

CONDITION_ROWS = 3
LONGEST_CONDITION = 1000
LONGEST_REASON = 500
_EARLIER_NAME = "earlier-"
_KEEP, _DROP = "keep", "drop"
_EARLIER = [(_KEEP, "Keep this condition"), (_DROP, "Let it fall with this signature")]


class TurnsForm(forms.Form):
    """A turn for each signer, from the first on. Those of one turn sign in any order."""

    def __init__(self, *arguments: object, signers: Sequence[User], **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        self.signers = signers
        turns = [(turn, f"Turn {turn}") for turn in range(1, min(len(signers), MOST_TURNS) + 1)]
        for signer in signers if len(signers) > 1 else ():
            title = f", {signer.job_title}" if signer.job_title else ""
            self.fields[_name(signer)] = forms.TypedChoiceField(
                label=f"{signer}{title} ({signer.email})",
                choices=turns,
                coerce=int,
                initial=1,
                error_messages={
                    "required": f"Choose when {signer} signs.",
                    "invalid_choice": f"Choose one of the turns listed for {signer}.",
                },
            )

    @property
    def turns(self) -> dict[int, int]:
        return {signer.pk: self.cleaned_data[_name(signer)] for signer in self.signers if _name(signer) in self.fields}


def _name(signer: User) -> str:
    return f"turn-{signer.pk}"


class GateSignForm(SignForm):
    """A signature at a gate, with what is reserved: dated conditions, and parts that are held back.

    `earlier` are the conditions of this signer's earlier signatures; those that are open are asked about.
    """

    def __init__(
        self, *arguments: object, gate: Gate, held: Mapping[str, str], earlier: ConditionQuerySet, **keywords: Any
    ) -> None:
        super().__init__(*arguments, **keywords)
        self.parts, self.before, self.today = parts_of(gate), earlier, today_of(gate.engagement)
        self.earlier = list(earlier.open())
        self.fields |= {_earlier_name(condition): _earlier_field(condition) for condition in self.earlier}
        self.has_conditions = gate.number < gate.engagement.last_phase
        for number in range(1, CONDITION_ROWS + 1 if self.has_conditions else 1):
            self.fields |= _condition_fields(number)
        for part in self.parts:
            field = _prose(f"Hold {part.label} back because", LONGEST_REASON, initial=held.get(part.key, ""))
            self.fields[_held_name(part)] = field

    @property
    def earlier_fields(self) -> list[forms.BoundField]:
        return [self[_earlier_name(condition)] for condition in self.earlier]

    @property
    def condition_rows(self) -> list[list[forms.BoundField]]:
        rows = range(1, CONDITION_ROWS + 1 if self.has_conditions else 1)
        return [[self[f"condition-{number}{part}"] for part in ("", "-due", "-party")] for number in rows]

    @property
    def part_fields(self) -> list[forms.BoundField]:
        return [self[_held_name(part)] for part in self.parts]

    @property
    def is_reserving(self) -> bool:
        """Whether something is entered there already, so that it is not folded away."""
        fields = [*self.part_fields, *(field for row in self.condition_rows for field in row[:2])]
        return any(field.value() or field.errors for field in fields)

    def clean(self) -> dict[str, Any]:
        """A condition has words and a date, or neither; a choice about one that closed meanwhile is not passed over."""
        typed = super().clean()
        for sentence in closed_meanwhile(self._chosen_before()):
            self.add_error(None, sentence)
        for number in range(1, CONDITION_ROWS + 1 if self.has_conditions else 1):
            text, due = typed.get(f"condition-{number}"), typed.get(f"condition-{number}-due")
            if text and not due and not self.has_error(f"condition-{number}-due"):
                self.add_error(f"condition-{number}-due", "Say by when: a condition is dated.")
            if due and due < self.today:
                self.add_error(f"condition-{number}-due", "That day has passed: a condition is due today or later.")
            if due and not text and not self.has_error(f"condition-{number}"):
                self.add_error(f"condition-{number}", "Say what has to be done by this date.")
        return typed

    def _chosen_before(self) -> list[Condition]:
        """Their earlier conditions that the page asked about when it was opened, and that are not asked about now."""
        if not any(name.startswith(_EARLIER_NAME) for name in self.data):
            return []
        open_ones = {condition.pk for condition in self.earlier}
        closed = (condition for condition in self.before.order_by("pk") if condition.pk not in open_ones)
        return [condition for condition in closed if _earlier_name(condition) in self.data]

    @property
    def reservations(self) -> Reservations:
        typed = self.cleaned_data
        rows = [f"condition-{number}" for number in range(1, CONDITION_ROWS + 1) if typed.get(f"condition-{number}")]
        return Reservations(
            conditions=tuple(
                ConditionText(typed[row], typed[f"{row}-due"], typed[f"{row}-party"] or GateTask.Party.CONSULTANCY)
                for row in rows
            ),
            held={part.key: typed[_held_name(part)] for part in self.parts if typed[_held_name(part)].strip()},
            dropped=[condition.pk for condition in self.earlier if typed[_earlier_name(condition)] == _DROP],
        )


def _prose(label: str, longest: int, **more: Any) -> forms.CharField:
    said = f"It has %(show_value)d characters; {longest:,} fit. What you typed is still here: shorten it, then sign."
    area = forms.Textarea(attrs={"rows": 2})
    hint = f"Up to {longest:,} characters."
    messages = {"max_length": said}
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=area, help_text=hint, error_messages=messages, **more
    )


def _condition_fields(number: int) -> dict[str, forms.Field]:
    return {
        f"condition-{number}": _prose(f"Condition {number}", LONGEST_CONDITION),
        f"condition-{number}-due": forms.DateField(
            label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        ),
        f"condition-{number}-party": forms.ChoiceField(
            label="Who does it", choices=GateTask.Party.choices, initial=GateTask.Party.CONSULTANCY, required=False
        ),
    }


class _KeptUnlessSaid(forms.ChoiceField):
    """Always has an answer, so that the page does not call it optional."""

    is_asked = True


def _earlier_field(condition: Condition) -> forms.Field:
    whose = GateTask.Party(condition.task.party).label
    set_with = f"Set with {condition.signoff.reference}, due {day_text(condition.due_on)}. Who does it: {whose}."
    return _KeptUnlessSaid(label=condition.text, choices=_EARLIER, initial=_KEEP, required=False, help_text=set_with)


def _earlier_name(condition: Condition) -> str:
    return f"{_EARLIER_NAME}{condition.pk}"


def _held_name(part: Part) -> str:
    return f"held-{part.key}"


class ReleaseForm(forms.Form):
    note = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReferenceForm(forms.Form):
    text = forms.CharField(
        label="Your change number",
        required=False,
        max_length=LONGEST_REFERENCE,
        help_text="As your own change management calls it, for example CHG0048213. Empty takes it off.",
    )


class RevokeForm(SignForm):
    """The evidence of a signature, with a reason instead of the word that the document was read."""

    has_read = None  # type: ignore[assignment]  # Django's way to leave out a field of the class above
    reason = forms.CharField(
        label="Why do you revoke it?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everybody who signed reads it.",
        error_messages={"required": "Say why: the reason is kept with the signature and sent to everybody who signed."},
    )


class DelegateForm(forms.Form):
    to = forms.ModelChoiceField(
        label="Who signs in your place",
        queryset=User.objects.none(),
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose who signs in your place.",
            "invalid_choice": "Choose one of the colleagues listed: the others do not have this duty.",
        },
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands on the receipt beside both names.",
        error_messages={"required": "Say why: the reason stands on the receipt beside both names."},
    )

    def __init__(self, *arguments: object, deputies: Sequence[User], **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]  # Django's form arguments, passed on
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(pk__in=[deputy.pk for deputy in deputies]).order_by("full_name")
