"""What a gate asks for. The spine does not know the apps above it: they register checks here, from their own gates.py.

A check is a function of the engagement that yields a sentence for everything that is still missing, and nothing when it
holds. It is computed each time it is asked; nobody ticks it. A gate for which no app registered anything stays shut.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission, allowed
from engagements.models import CheckOverride, Engagement, Gate, GateTask
from engagements.parties import party_name

Reasons = Callable[[Engagement], Iterable[str]]
Several = Callable[[Engagement], Mapping[str, Iterable[str]]]

GATES = (1, 2, 3, 4, 5)
SHOWN_REASONS = 3
MOST_SENTENCES = 10


class Rest(str):
    """A sentence that stands for several `records` of which nobody kept the words."""

    __slots__ = ("records",)
    records: int

    @classmethod
    def of(cls, count: int, sentence: str) -> "Rest":
        rest = cls(sentence)
        rest.records = count
        return rest


@dataclass(frozen=True, slots=True)
class Check:
    """A registered system check, which gives a sentence for each record that stands against it.

    `is_own` marks the spine's: they alone open no gate, and no lead overrides them. `page` shows what it counts.
    `together` is the function that answers this check and others at once, where they rest on the same reading.
    """

    key: str
    gate: int
    title: str
    reasons: Reasons
    is_own: bool = False
    can_override: bool = True
    together: Several | None = None
    page: "Page | None" = None


@dataclass(frozen=True, slots=True)
class Page:
    """Where a check leads: a page of the engagement, of the gate, or one `part`, for whoever has the permission."""

    name: str
    permission: Permission = Permission.VIEW
    is_of_gate: bool = False
    part: str = ""

    def url_for(self, reader: User, gate: Gate) -> str:
        """Empty for whoever may not open it."""
        if not allowed(reader, self.permission, gate.engagement.organization):
            return ""
        more: list[int | str] = [gate.number] if self.is_of_gate else [self.part] if self.part else []
        return reverse(self.name, args=[gate.engagement.code, *more])


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One thing that stands between a gate and its signatures: what every page of a gate counts.

    `reasons` are the sentences of a check, and empty for a task.
    """

    title: str
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.title}: {shortened(self.reasons)}" if self.reasons else f"{self.title}."

    @property
    def sentences(self) -> list[str]:
        """One a reason, the first ones where there are many; never none."""
        return [*_first(self.reasons, MOST_SENTENCES)] or [str(self)]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check says now. `overridden_by` is the label of the lead who let it pass, or empty."""

    check: Check
    reasons: tuple[str, ...]
    overridden_by: str = ""
    override_reason: str = ""

    @property
    def holds(self) -> bool:
        return not self.reasons or bool(self.overridden_by)


_checks: dict[tuple[int, str], Check] = {}
_for_steps: dict[str, list[Reasons]] = {}


def check(
    *gates: int, key: str, title: str, is_own: bool = False, can_override: bool = True, page: Page | None = None
) -> Callable[[Reasons], Reasons]:
    """Register a system check for one gate or several. The function gets the engagement.

    `can_override` is False where not even a lead may let it pass.
    """

    def register(reasons: Reasons) -> Reasons:
        for gate in gates:
            if (gate, key) in _checks:
                raise ValueError(f"Gate {gate} has a check {key} already")
            _checks[gate, key] = Check(key, gate, title, reasons, is_own, can_override and not is_own, page=page)
        return reasons

    return register


def checks_together(gate: int, titles: Mapping[str, str], *, page: Page | None = None) -> Callable[[Several], Several]:
    """Register several checks of a gate, `titles` by key, that one function answers: reasons by key, all of them."""

    def register(several: Several) -> Several:
        for key, title in titles.items():
            check(gate, key=key, title=title, page=page)(partial(_one_of, several, key))
            _checks[gate, key] = replace(_checks[gate, key], together=several)
        return several

    return register


def _one_of(several: Several, key: str, engagement: Engagement) -> Iterable[str]:
    return several(engagement)[key]


def requires_for_step(step: str) -> Callable[[Reasons], Reasons]:
    """Register a requirement of a move that has no gate, such as start_discovery."""

    def register(reasons: Reasons) -> Reasons:
        _for_steps.setdefault(step, []).append(reasons)
        return reasons

    return register


def checks_of(gate: int) -> list[Check]:
    return [known for (number, _), known in _checks.items() if number == gate]


def unclaimed_gates() -> list[int]:
    """Gates for which no app above the spine registered anything. They stay shut."""
    return [gate for gate in GATES if all(known.is_own for known in checks_of(gate))]


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that a lead let pass, as people read it."""

    title: str
    reason: str
    by: str


def passed_by_decision(gate: Gate, *, until: datetime | None = None) -> list[Passed]:
    """What was let pass at the gate, up to a moment."""
    titles = {known.key: known.title for known in checks_of(gate.number)}
    rows = gate.overrides.select_related("overridden_by")
    rows = rows.filter(overridden_at__lte=until) if until else rows
    return [Passed(titles.get(one.check_key, one.check_key), one.reason, str(one.overridden_by)) for one in rows]


def results(gate: Gate) -> list[CheckResult]:
    """Every check of the gate, computed now, with the overrides a lead decided on."""
    overrides = {override.check_key: override for override in gate.overrides.select_related("overridden_by")}
    known = checks_of(gate.number)
    said = {several: several(gate.engagement) for several in {each.together for each in known} if several}
    return [
        _result(
            each,
            tuple(said[each.together][each.key] if each.together else each.reasons(gate.engagement)),
            overrides.get(each.key),
        )
        for each in known
    ]


def _result(known: Check, reasons: tuple[str, ...], override: CheckOverride | None) -> CheckResult:
    """An override holds for what the check said then; whatever it says beyond that is open again."""
    if override is None or not set(reasons) <= set(override.said):
        return CheckResult(known, reasons)
    return CheckResult(known, reasons, overridden_by=str(override.overridden_by), override_reason=override.reason)


def unmet(step: str, engagement: Engagement, gate: Gate | None = None) -> list[str]:
    """Everything that stands against a move, in sentences; empty when it may be made."""
    reasons = [sentence for requirement in _for_steps.get(step, []) for sentence in requirement(engagement)]
    if gate is not None and step in {"submit_gate", "sign_gate"}:
        reasons += [sentence for point in open_points(gate) for sentence in point.sentences]
    if gate is not None and step == "revoke_gate":
        reasons += _built_on(gate)
    return reasons


def _built_on(gate: Gate) -> Iterator[str]:
    """What stands on the signature of this gate, and what has to be done with it first."""
    for later in gate.engagement.gates.filter(number__gt=gate.number).order_by("-number"):
        if later.state == Gate.State.SUBMITTED:
            yield (
                f"Phase {later.number} is out for signature on top of phase {gate.number}. "
                f"Request changes on phase {later.number} first."
            )
        if later.state == Gate.State.SIGNED:
            yield (
                f"Phase {later.number} was signed on top of phase {gate.number}. "
                f"The signature on phase {later.number} has to be revoked first; each receipt leads to that."
            )


def open_points(
    gate: Gate, known: Sequence[CheckResult] | None = None, tasks: Iterable[GateTask] | None = None
) -> list[OpenPoint]:
    """Each check that does not hold and each task that is not done.

    `known` saves computing the checks again, `tasks` reading those that are in force.
    """
    found = []
    if gate.number in unclaimed_gates():
        found.append(OpenPoint(f"Nothing has been registered that gate {gate.number} asks for, so it stays shut"))
    checked = results(gate) if known is None else known
    found += [OpenPoint(result.check.title, result.reasons) for result in checked if not result.holds]
    customer = gate.engagement.organization.name
    undone = gate.tasks.filter(done_at=None).in_force() if tasks is None else [one for one in tasks if not one.is_done]
    return found + [OpenPoint(f"Task of {party_name(task.party, customer)}: {task.title}") for task in undone]


def shortened(reasons: Sequence[str]) -> str:
    """The first sentences, and how many more records stand against it."""
    return " ".join(_first(reasons, SHOWN_REASONS))


def _first(reasons: Sequence[str], most: int) -> Iterator[str]:
    yield from reasons[:most]
    rest = reasons[most:]
    if len(rest) == 1 and isinstance(rest[0], Rest):
        yield rest[0]
    elif rest:
        yield f"And {sum(one.records if isinstance(one, Rest) else 1 for one in rest):,} more."
