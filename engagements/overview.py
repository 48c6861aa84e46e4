"""How an engagement looks from where the reader stands: its phases and the rows of a gate."""

from collections.abc import Iterable, Sequence

from django.db.models import Subquery
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission, allowed, is_staff
from core.components import Phase, PhaseState, Status, StatusKind, Task
from core.counting import counted
from core.wording import day_text
from engagements import gates
from engagements.models import Engagement, Gate, GateTask, Revocation, SignOff
from engagements.parties import party_name
from engagements.signing_order import SignerRow, signers_of_gate, signing_order
from engagements.steps import PHASE_LABELS
from engagements.today import day_of, today_of


def signed_share(engagement: Engagement) -> int:
    """Percent of what was agreed that is signed: what the line under the header shows."""
    signed: int = sum(gate.state == Gate.State.SIGNED for gate in engagement.gates.all())
    return signed * 100 // engagement.last_phase


def phases_of(engagement: Engagement, reader: User, gate_rows: Sequence[Gate]) -> list[Phase]:
    """The phases that were agreed, as the stepper draws them."""
    signed_on = _days_of_signature(engagement)
    first_open = _reopened(gate_rows, engagement)
    return [
        Phase(
            number=gate.number,
            label=PHASE_LABELS[gate.number],
            status=_waits_for(first_open, gate) or _phase_status(engagement, gate, reader, signed_on),
            state=_phase_state(engagement, gate),
            url=reverse("engagements:gate", args=[engagement.code, gate.number]),
        )
        for gate in gate_rows
        if gate.number <= engagement.last_phase
    ]


def reopened_before(engagement: Engagement, gate: Gate) -> Gate | None:
    """The earliest gate before this one that was signed and is open again, so that nothing can be signed on top."""
    first_open = _reopened(engagement.gates.all(), engagement)
    return first_open if first_open and first_open.number < gate.number else None


def _reopened(gate_rows: Iterable[Gate], engagement: Engagement) -> Gate | None:
    number = engagement.number_of_phase or 0
    behind = (gate for gate in gate_rows if gate.number < number and gate.state != Gate.State.SIGNED)
    return min(behind, key=lambda gate: gate.number, default=None)


def _waits_for(first_open: Gate | None, gate: Gate) -> Status | None:
    """A phase that runs on top of a signature that does not hold can be worked in, but not signed."""
    if first_open is None or first_open.number >= gate.number or gate.state != Gate.State.OPEN:
        return None
    return Status(StatusKind.BLOCKED, label=f"Waits for phase {first_open.number} to be signed again")


def _days_of_signature(engagement: Engagement) -> dict[int, str]:
    rows = SignOff.objects.filter(gate__engagement=engagement).values_list("gate__number", "signed_at").order_by("pk")
    return {number: day_text(day_of(engagement, at)) for number, at in rows}


def _phase_state(engagement: Engagement, gate: Gate) -> PhaseState:
    if gate.state == Gate.State.SIGNED:
        return PhaseState.DONE
    return PhaseState.NOW if engagement.number_of_phase == gate.number else PhaseState.TODO


def _phase_status(engagement: Engagement, gate: Gate, reader: User, signed_on: dict[int, str]) -> Status:
    if gate.state == Gate.State.SIGNED:
        return Status(StatusKind.COMPLETED, label=f"Signed {signed_on.get(gate.number, '')}".strip())
    if gate.state == Gate.State.SUBMITTED:
        return waiting_on_signers(gate, reader)
    if gate.state == Gate.State.CHANGES_REQUESTED:
        return Status(StatusKind.PROBLEM, label="Changes requested")
    if gate.state == Gate.State.OPEN and (moved := _moved_after_signing(engagement, gate)):
        return Status(StatusKind.PROBLEM, label=moved)
    if engagement.phase == Engagement.Phase.ON_HOLD and engagement.number_of_phase == gate.number:
        return Status(StatusKind.BLOCKED, label="On hold")
    return Status(StatusKind.IN_PROGRESS if gate.state == Gate.State.OPEN else StatusKind.BLOCKED)


def _moved_after_signing(engagement: Engagement, gate: Gate) -> str:
    if last_revocation(gate):
        return "Signature revoked"
    return "" if gate.number == engagement.number_of_phase else "Changed after it was signed"


def last_revocation(gate: Gate) -> Revocation | None:
    """What took the last signatures back; as long as nobody signed again it is how the gate stands."""
    last = SignOff.objects.filter(gate=gate).order_by("-pk").values("document")[:1]
    return Revocation.objects.filter(signoff__document=Subquery(last)).order_by("pk").last()


def waiting_on_signers(gate: Gate, reader: User) -> Status:
    """Waiting on you, or on the customer by name."""
    document = gate.current_document
    is_reader = bool(document and document.required_signers.whose_turn_it_is().filter(user=reader).exists())
    return Status(StatusKind.WAITING, party=gate.engagement.organization.name, is_reader=is_reader)


def asked_of(gate: Gate, reader: User) -> tuple[list[Task], list[gates.OpenPoint]]:
    """Everything the gate asks for: system checks, then people's tasks, then the signature; and what is open of it."""
    results = gates.results(gate)
    tasks = list(gate.tasks.in_force().select_related("done_by"))
    points = gates.open_points(gate, results, tasks)
    rows = [_check_row(gate, result, reader) for result in results]
    rows += [_task_row(gate, task, reader) for task in tasks]
    return [*rows, _signature_row(gate, reader, len(points))], points


def standing_of(gate: Gate, points: Sequence[gates.OpenPoint]) -> str:
    """The gate in a word or two: how much is open, or else its state."""
    if gate.state == Gate.State.LOCKED or (not points and gate.state in {Gate.State.SUBMITTED, Gate.State.SIGNED}):
        return str(gate.get_state_display())
    return f"{len(points)} open" if points else "Nothing open"


def _check_row(gate: Gate, result: gates.CheckResult, reader: User) -> Task:
    known = result.check
    if gate.state == Gate.State.LOCKED:
        return Task(known.title, Status(StatusKind.BLOCKED), who="System check")
    page = known.page.url_for(reader, gate) if known.page else ""
    if result.overridden_by:
        who = f"System check, overridden by {result.overridden_by}: {result.override_reason}"
        return Task(known.title, Status(StatusKind.COMPLETED, label="Passed by decision"), who=who, url=page)
    if result.holds:
        return Task(known.title, Status(StatusKind.COMPLETED), who="System check", url=page)
    may = known.can_override and allowed(reader, Permission.OVERRIDE_CHECK, gate.engagement.organization)
    override = reverse("engagements:override", args=[gate.engagement.code, gate.number, known.key]) if may else ""
    return Task(
        known.title,
        Status(StatusKind.NOT_STARTED, label="Open"),
        who="System check",
        reason=gates.shortened(result.reasons),
        url=page,
        act="Let it pass by decision",
        act_url=override,
    )


def _task_row(gate: Gate, task: GateTask, reader: User) -> Task:
    url = reverse("engagements:task", args=[gate.engagement.code, task.pk])
    if task.done_at and task.done_by:
        done = f"{task.done_by}, {day_text(day_of(gate.engagement, task.done_at))}"
        return Task(task.title, Status(StatusKind.COMPLETED), who=done, url=url)
    if gate.state == Gate.State.LOCKED:
        return Task(task.title, Status(StatusKind.BLOCKED), who=_party_name(gate, task), reason=_due_text(gate, task))
    status = Status(StatusKind.WAITING, party=_party_name(gate, task), is_reader=_is_readers(task, reader))
    return Task(task.title, status, who=_party_name(gate, task), url=url, reason=_due_text(gate, task))


def _due_text(gate: Gate, task: GateTask) -> str:
    if task.due_on is None:
        return ""
    days = (today_of(gate.engagement) - task.due_on).days
    late = f", {counted(days, 'day')} overdue" if days > 0 else ""
    return f"Due {day_text(task.due_on)}{late}"


def _party_name(gate: Gate, task: GateTask) -> str:
    return party_name(task.party, gate.engagement.organization.name)


def _is_readers(task: GateTask, reader: User) -> bool:
    return task.party == GateTask.Party.JOINT or is_staff(reader) == (task.party == GateTask.Party.CONSULTANCY)


def _names_of_signers(gate: Gate) -> str:
    """Who signs, in their order; with whoever they stand in for and whom they wait for while it is out."""
    if gate.state not in {Gate.State.SUBMITTED, Gate.State.SIGNED} or gate.current_document is None:
        return ", ".join(str(person) for person in signers_of_gate(gate))
    return ", ".join(_signer_name(row) for row in signing_order(gate.current_document))


def _signer_name(row: SignerRow) -> str:
    notes = [f"for {row.stands_in.given_by}"] if row.stands_in else []
    notes += ["signed"] if row.signoff else [f"waits for {row.waits_for}"] if row.waits_for else []
    return f"{row.person} ({', '.join(notes)})" if notes else str(row.person)


def _signature_row(gate: Gate, reader: User, open_count: int) -> Task:
    title = f"Sign phase {gate.number}"
    names = _names_of_signers(gate)
    who = names or f"Nobody at {gate.engagement.organization} has this duty yet"
    if gate.state == Gate.State.SIGNED:
        return Task(title, Status(StatusKind.COMPLETED, label="Signed"), who=who)
    if gate.state == Gate.State.SUBMITTED:
        may = allowed(reader, Permission.SIGN, gate.engagement.organization, phase=gate.number)
        url = reverse("engagements:sign", args=[gate.engagement.code, gate.number]) if may else ""
        return Task(title, waiting_on_signers(gate, reader), who=who, url=url)
    if gate.state == Gate.State.LOCKED:
        return Task(title, Status(StatusKind.BLOCKED), who=who)
    if not names and allowed(reader, Permission.MANAGE_PEOPLE, gate.engagement.organization):
        people = reverse("accounts:people", args=[gate.engagement.organization_id])
        return Task(title, Status(StatusKind.PROBLEM, label="Nobody to sign"), who=who, url=people)
    reason = f"{open_count} still open above" if open_count else "Not asked for yet"
    return Task(title, Status(StatusKind.BLOCKED), who=who, reason=reason)
