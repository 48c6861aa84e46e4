from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import Permission, allowed, allowed_any, consultancy_role, is_staff
from accounts.reader import reader_of
from core.models import AuditEvent
from core.reading import one_reading
from engagements import schedule
from engagements.beside import said_beside
from engagements.content import AT_WORK
from engagements.decisions import Decision, decisions_for
from engagements.domain.announce import team_of
from engagements.found import find_engagement, find_gate
from engagements.listed import listed_engagements, listed_rows
from engagements.models import (
    ChangeRequest,
    Engagement,
    FrozenDocument,
    Gate,
    GateTask,
    RequiredSigner,
    Revocation,
    SchedulePhase,
)
from engagements.overview import (
    asked_of,
    phases_of,
    reopened_before,
    signed_share,
    standing_of,
)
from engagements.parties import PARTY_PERMISSIONS
from engagements.parts import held_parts, release_offer
from engagements.records import told_events
from engagements.signing_order import signing_order
from engagements.steps import ENGAGEMENT_STEPS, OVER, STEPS
from engagements.views.page_context import page_context

PER_PAGE = 50
HOME_PER_PAGE = 25  # engagements in which something waits
_LARGE = ("signoff__document__pdf", "signoff__document__snapshot")


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What needs this reader now, then where each of their engagements stands."""
    reader = reader_of(request)
    decisions = decisions_for(reader)
    if is_staff(reader):
        return _home_of_practice(request, reader, decisions)
    engagements = Engagement.objects.visible_to(reader).select_related("organization").prefetch_related("gates")
    shown = [
        {
            "engagement": engagement,
            "phases": phases_of(engagement, reader, list(engagement.gates.all())),
            "versions": (versions := _versions_owed(engagement, reader)),
            "owed": [*map(_new_version, versions), *_tasks_owed(engagement, reader)],
            "turns": _turns_of(engagement, reader),
        }
        for engagement in engagements[:5]
    ]
    percent = signed_share(shown[0]["engagement"]) if len(shown) == 1 else 0
    waited_for = _waited_for([gate for row in shown for gate in row["versions"]], is_one=len(shown) == 1)
    context = {"decisions": decisions, "shown": shown, "split_percent": percent, "waited_for": waited_for}
    return render(request, "engagements/home.html", context)


def _home_of_practice(request: HttpRequest, reader: User, decisions: list[Decision]) -> HttpResponse:
    """By engagement, the one with the most pressing first. Where nothing waits, what this person works from."""
    if not decisions:
        return redirect("pricing:pipeline" if consultancy_role(reader) == "sales" else "engagements:list")
    groups: dict[Engagement, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(decision.engagement, []).append(decision)
    page = Paginator(list(groups.items()), HOME_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "engagements/home_of_practice.html", {"decisions": decisions, "page": page})


def _versions_owed(engagement: Engagement, reader: User) -> list[Gate]:
    """Gates that are worked at again after signatures were asked for: nothing later can be signed before them."""
    if engagement.phase in (*OVER, Engagement.Phase.ON_HOLD):
        return []
    at_work = [gate for gate in engagement.gates.all() if gate.state in AT_WORK]
    asked = set(RequiredSigner.objects.visible_to(reader).filter(gate__in=at_work).values_list("gate", flat=True))
    return [gate for gate in at_work if gate.pk in asked]


def _new_version(gate: Gate) -> str:
    return f"A new version of phase {gate.number} for signature"


def _waited_for(gates: list[Gate], *, is_one: bool) -> str:
    """Of which phases a new version is owed; with the engagement where there are several."""
    return " and ".join(f"phase {gate.number}{'' if is_one else f' of {gate.engagement.code}'}" for gate in gates)


def _tasks_owed(engagement: Engagement, reader: User) -> list[str]:
    number = engagement.number_of_phase or 0
    theirs = GateTask.objects.visible_to(reader).filter(gate__engagement=engagement, gate__number=number)
    return list(theirs.filter(party="consultancy", done_at=None).in_force().values_list("title", flat=True))


def _turns_of(engagement: Engagement, reader: User) -> list[RequiredSigner]:
    """Who else is asked to sign now."""
    out = [gate.current_document_id for gate in engagement.gates.all() if gate.state == Gate.State.SUBMITTED]
    turns = RequiredSigner.objects.visible_to(reader).whose_turn_it_is().filter(document__in=out).exclude(user=reader)
    return list(turns.select_related("user", "gate"))


@require_safe
@login_required
def engagement_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(listed_engagements(reader_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "engagements/list.html", {"page": page, "rows": listed_rows(page)})


@require_safe
@login_required
def engagement_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The overview: the phases, and the gate that is worked on now; the last one of what is completed."""
    engagement = find_engagement(request, code)
    is_completed = engagement.phase == Engagement.Phase.COMPLETED
    number = engagement.last_phase if is_completed else engagement.number_of_phase or 1
    return _show_gate(request, find_gate(request, code, number), template="engagements/detail.html")


@require_safe
@login_required
def gate_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return _show_gate(request, find_gate(request, code, number), "engagements/gate.html")


def _show_gate(request: HttpRequest, gate: Gate, template: str) -> HttpResponse:
    with one_reading():
        return render(request, template, _seen_at(gate, reader_of(request)))


def _seen_at(gate: Gate, reader: User) -> dict[str, Any]:
    engagement = gate.engagement
    prefetch_related_objects([engagement], "gates")  # several parts of the page ask for all of them
    rows, points = asked_of(gate, reader)
    planned = list(engagement.schedule.all())
    return page_context(
        engagement,
        gate=gate,
        phases=phases_of(engagement, reader, list(engagement.gates.all())),
        rows=rows,
        held_parts=[(held, release_offer(held, reader)) for held in held_parts(engagement)],
        besides=said_beside(gate, reader),
        signatures=signing_order(gate.current_document) if gate.current_document else [],
        open_comments=gate.comments.unresolved().select_related("asked_by").order_by("pk"),
        gate_title="Gate to completion" if gate.number == engagement.last_phase else f"Gate to phase {gate.number + 1}",
        gate_note=standing_of(gate, points),
        reopened=reopened_before(engagement, gate),
        schedule=planned,
        schedule_warnings=schedule.warnings(_as_planned(planned)),
        team=team_of(engagement),
        submit_reasons=[str(point) for point in points],
        is_to_submit=gate.state in AT_WORK,
        **unsettled(gate, reader),
        moves=moves_for(engagement, reader),
        **_offers(engagement, reader),
    )


def unsettled(gate: Gate, reader: User) -> dict[str, Any]:
    """What was taken back, asked for or overtaken on the document that the gate stands over."""
    return {
        "revocation": _revocation_of(gate, reader),
        "change_request": _change_request_of(gate),
        "overtaken": _overtaken(gate, reader),
    }


def _revocation_of(gate: Gate, reader: User) -> Revocation | None:
    """The first one on the document that the gate stands over; None once a new version is frozen."""
    found = Revocation.objects.visible_to(reader).filter(signoff__document=gate.current_document_id)
    return found.select_related("signed_by", "signoff__document").defer(*_LARGE).first()


def _change_request_of(gate: Gate) -> ChangeRequest | None:
    """What the last version was sent back with, until there is a new one."""
    if gate.state not in AT_WORK:
        return None
    asked = gate.change_requests.filter(document=gate.current_document_id)
    return asked.select_related("requested_by", "document").defer("document__pdf", "document__snapshot").first()


def _overtaken(gate: Gate, reader: User) -> AuditEvent | None:
    """Why a gate is open again over what people were asked to sign; None once a new version is frozen."""
    if gate.state != Gate.State.OPEN or gate.current_document_id is None:
        return None
    about = {"subject_type": FrozenDocument._meta.label, "subject_id": str(gate.current_document_id)}
    return told_events(reader, gate.engagement).filter(action="document.stale", **about).last()


def _offers(engagement: Engagement, reader: User) -> dict[str, bool]:
    """What this reader is offered here beside the rows of the gate."""

    def may(permission: Permission) -> bool:
        return bool(allowed(reader, permission, engagement.organization))

    return {
        "may_freeze": may(Permission.FREEZE),
        "may_see_quote": may(Permission.VIEW_QUOTE),
        "may_staff": may(Permission.STAFF),
        "may_note": allowed_any(reader, PARTY_PERMISSIONS[GateTask.Party.JOINT], engagement.organization),
        "may_see_request": engagement.phase == Engagement.Phase.INTAKE and may(Permission.EDIT_REQUEST),
        "may_advise_stay": engagement.phase in STEPS["advise_to_stay"].source and may(Permission.ADVISE_STAY),
    }


def _as_planned(rows: list[SchedulePhase]) -> list[schedule.PlannedPhase]:
    return [schedule.PlannedPhase(row.number, row.planned_start, row.planned_end, row.minimum_weeks) for row in rows]


def moves_for(engagement: Engagement, reader: User) -> list[tuple[str, str]]:
    """The moves this reader may start from here, as (step, label)."""
    return [
        (step.name, step.label)
        for step in ENGAGEMENT_STEPS
        if not step.follows
        and engagement.phase in step.source
        and allowed(reader, step.permission, engagement.organization)
    ]
