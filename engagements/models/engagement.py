from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, FSMModelMixin, transition
from djmoney.models.fields import MoneyField

from accounts.models import Organization
from accounts.permissions import consultancy_role, organizations_of
from accounts.reach import sees_every_engagement
from engagements.steps import ACTIVE, OVER, PHASE_LABELS, PHASES, STEPS, Subject, legal_moves, phase_number

if TYPE_CHECKING:
    from accounts.models import User


def _arguments(name: str) -> dict[str, Any]:
    step = STEPS[name]
    return {"field": "phase", "source": list(step.source), "target": step.target}


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User) -> EngagementQuerySet:
        """Consultants see their assignments, the rest of the practice all, customers their own organization's."""
        if sees_every_engagement(user):
            return self.all()
        if consultancy_role(user) == "consultant":
            return self.of_team(user)
        return self.filter(organization__in=organizations_of(user))

    def worked_on_by(self, user: User) -> EngagementQuerySet:
        """Those of theirs that are neither over nor held."""
        return self.of_team_or_customer(user).exclude(phase__in=[*OVER, "on_hold"])

    def of_team_or_customer(self, user: User) -> EngagementQuerySet:
        """What a customer sees, or on whose team somebody of the practice is."""
        return self.of_team(user) if consultancy_role(user) else self.visible_to(user)

    def of_team(self, user: User) -> EngagementQuerySet:
        led = Engagement.objects.filter(lead=user).order_by().values("pk")
        assigned = Engagement.consultants.through.objects.filter(user=user).values("engagement")
        return self.filter(pk__in=led.union(assigned, all=True))

    def running(self) -> EngagementQuerySet:
        return self.filter(phase__in=[*PHASES, "on_hold"])


class Engagement(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """One customer's way from Postfix to another MTA, or to the well-founded advice to stay."""

    class Phase(models.TextChoices):
        INTAKE = "intake", "Intake"
        DISCOVERY = "discovery", PHASE_LABELS[1]
        INSTALL = "install", PHASE_LABELS[2]
        PARALLEL = "parallel", PHASE_LABELS[3]
        CUTOVER = "cutover", PHASE_LABELS[4]
        MONITORING = "monitoring", PHASE_LABELS[5]
        COMPLETED = "completed", "Completed"
        STAYED = "stayed", "Advised to stay on Postfix"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        ON_HOLD = "on_hold", "On hold"

    class Target(models.TextChoices):
        POWERMTA = "powermta", "PowerMTA"
        KUMOMTA = "kumomta", "KumoMTA"

    code = models.CharField(max_length=20, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="engagements")
    title = models.CharField(max_length=120)
    phase = FSMField(choices=Phase, default=Phase.INTAKE, protected=True)
    phase_before_hold = models.CharField(max_length=12, choices=Phase, blank=True)
    tier_key = models.CharField(max_length=20, blank=True)
    tier_label = models.CharField(max_length=40, blank=True)
    fee = MoneyField(max_digits=12, decimal_places=2, default_currency="USD", null=True, blank=True)
    is_plan_only = models.BooleanField(default=False)  # what was agreed ends with phase 1
    target = models.CharField(max_length=10, choices=Target, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="led_engagements"
    )
    consultants = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="assigned_engagements")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(phase="on_hold") & ~Q(phase_before_hold=""))
                | (~Q(phase="on_hold") & Q(phase_before_hold="")),
                name="engagement_on_hold_remembers_its_phase",
            )
        ]
        triggers = [
            pgtrigger.FSM(name="engagement_legal_moves", field="phase", transitions=legal_moves(Subject.ENGAGEMENT)),
            pgtrigger.Trigger(
                name="engagement_begins_at_intake",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__phase="intake"),
                func="RAISE EXCEPTION 'An engagement begins at intake';",
            ),
            pgtrigger.Trigger(
                name="engagement_keeps_the_held_phase",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("phase_before_hold"),
                condition=pgtrigger.Q(new__phase=pgtrigger.F("old__phase"))
                & ~pgtrigger.Q(new__phase_before_hold=pgtrigger.F("old__phase_before_hold")),
                func="RAISE EXCEPTION 'The phase an engagement was held in does not change while it is held';",
            ),
            pgtrigger.Trigger(
                name="engagement_resumes_where_it_held",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("phase"),
                condition=pgtrigger.Q(old__phase="on_hold") & ~pgtrigger.Q(new__phase="cancelled"),
                func="IF NEW.phase NOT IN (OLD.phase_before_hold, OLD.phase) THEN"
                " RAISE EXCEPTION 'An engagement resumes in the phase it was held in'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="engagement_needs_the_signed_gate",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("phase"),
                func=(
                    "IF (OLD.phase, NEW.phase) IN (('discovery','install'),('discovery','completed'))"
                    " AND NEW.is_plan_only <> (NEW.phase = 'completed')"
                    " THEN RAISE EXCEPTION 'A plan alone ends with phase 1, and nothing else does'; END IF;"
                    " IF (OLD.phase, NEW.phase) IN (('discovery','install'),('discovery','completed'),"
                    "('install','parallel'),('parallel','cutover'),('cutover','monitoring'),('monitoring','completed'))"
                    " AND NOT EXISTS (SELECT 1 FROM engagements_gate g WHERE g.engagement_id = NEW.id"
                    " AND g.state = 'signed' AND g.number = array_position("
                    "ARRAY['discovery','install','parallel','cutover','monitoring'], OLD.phase::text))"
                    " THEN RAISE EXCEPTION 'The gate of phase % is not signed', OLD.phase; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.pk}"

    @property
    def number_of_phase(self) -> int | None:
        """1 to 5 while a phase with a gate is running (also while it is held), otherwise None."""
        return phase_number(self.phase_before_hold or self.phase)

    @property
    def last_phase(self) -> int:
        return phases_agreed(is_plan_only=self.is_plan_only)

    @transition(**_arguments("start_discovery"))
    def start_discovery(self) -> None:
        """The quote was accepted."""

    @transition(**_arguments("finish_discovery"))
    def finish_discovery(self) -> None:
        """Gate 1 is signed."""

    @transition(**_arguments("finish_plan"))
    def finish_plan(self) -> None:
        """Gate 1 is signed, and nothing beyond the plan was agreed."""

    @transition(**_arguments("finish_install"))
    def finish_install(self) -> None:
        """Gate 2 is signed."""

    @transition(**_arguments("finish_parallel"))
    def finish_parallel(self) -> None:
        """Gate 3 is signed."""

    @transition(**_arguments("finish_cutover"))
    def finish_cutover(self) -> None:
        """Gate 4 is signed."""

    @transition(**_arguments("finish_monitoring"))
    def finish_monitoring(self) -> None:
        """Gate 5 is signed."""

    @transition(**_arguments("advise_to_stay"))
    def advise_to_stay(self) -> None:
        """Postfix is the right MTA for this sender."""

    @transition(**_arguments("decline"))
    def decline(self) -> None:
        """The customer declined the quote."""

    @transition(**_arguments("cancel"))
    def cancel(self) -> None:
        self.phase_before_hold = ""

    @transition(**_arguments("hold"))
    def hold(self) -> None:
        self.phase_before_hold = self.phase

    @transition(field="phase", source=["on_hold"], target=RETURN_VALUE(*ACTIVE))
    def resume(self) -> str:
        """Back into the phase it was held in."""
        phase, self.phase_before_hold = self.phase_before_hold, ""
        return phase


def phases_agreed(*, is_plan_only: bool) -> int:
    """How many phases were agreed: the plan alone, or all of them."""
    return 1 if is_plan_only else len(PHASES)
