import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.organization import Organization
from accounts.models.visible import OrganizationPartQuerySet

CONSULTANCY_ROLES = ("owner", "lead", "consultant", "sales")
CUSTOMER_ROLES = ("signatory", "finance", "contributor", "viewer")


# What somebody of an organization answers with it for; a program answers for nothing.
ROLES_OF_PEOPLE = ("owner", "signatory")


class MembershipQuerySet(OrganizationPartQuerySet["Membership"]):
    def people(self) -> "MembershipQuerySet":
        return self.filter(user__is_service=False)

    def working(self) -> "MembershipQuerySet":
        """People whose accounts are open: who can be asked for something."""
        return self.people().filter(user__is_active=True)

    def services(self, organization: Organization) -> "MembershipQuerySet":
        """Those of an organization that have not been ended, by name, with what their tokens tell."""
        found = self.filter(organization=organization, user__is_service=True, user__is_active=True)
        found = found.annotate(
            token_count=models.Count("user__auth_token_set"),
            last_used_at=models.Max("user__auth_token_set__last_used_at"),
        )
        return found.select_related("user", "organization").order_by("user__full_name", "pk")


class Membership(models.Model):
    """A person's role in an organization. A role says what one works on; a duty says what one answers for."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        LEAD = "lead", "Lead"
        CONSULTANT = "consultant", "Consultant"
        SALES = "sales", "Sales"
        SIGNATORY = "signatory", "Signatory"
        FINANCE = "finance", "Finance"
        CONTRIBUTOR = "contributor", "Contributor"
        VIEWER = "viewer", "Viewer"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    organization_kind = models.CharField(max_length=12, choices=Organization.Kind, editable=False)
    role = models.CharField(max_length=12, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="membership_once_an_organization"),
            models.CheckConstraint(
                condition=Q(organization_kind="consultancy", role__in=CONSULTANCY_ROLES)
                | Q(organization_kind="customer", role__in=CUSTOMER_ROLES),
                name="membership_role_fits_the_organization",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="membership_copies_the_kind",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="SELECT kind INTO NEW.organization_kind FROM accounts_organization WHERE id = NEW.organization_id;"
                " RETURN NEW;",
            ),
            # Called after the one above, in the order of their names; the lock lets two sides at once see each other.
            pgtrigger.Trigger(
                name="membership_on_one_side",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id", "organization_id"),
                func="PERFORM pg_advisory_xact_lock(hashtextextended('one side of ' || NEW.user_id, 0));"
                " IF EXISTS (SELECT 1 FROM accounts_membership WHERE user_id = NEW.user_id AND id <> NEW.id"
                " AND organization_kind <> NEW.organization_kind) THEN RAISE EXCEPTION"
                " 'A person works for the consultancy or for its customers, not for both'"
                " USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="membership_of_a_service_user",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="IF (SELECT is_service FROM accounts_user WHERE id = NEW.user_id)"
                " AND (NEW.role IN ('owner', 'signatory') OR EXISTS (SELECT 1 FROM accounts_membership"
                " WHERE user_id = NEW.user_id AND id <> NEW.id)) THEN RAISE EXCEPTION"
                " 'A service user belongs to one organization, and neither owns it nor signs for it'"
                " USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.organization}"


class DutyQuerySet(OrganizationPartQuerySet["Duty"]):
    path_to_organization = "membership__organization"


class Duty(models.Model):
    """Something a member answers for by name: signing a phase, accepting quotes, ordering a rollback."""

    class Kind(models.TextChoices):
        SIGN_PHASE = "sign_phase", "Signs phase"
        ACCEPT_QUOTES = "accept_quotes", "Accepts quotes"
        ORDER_ROLLBACK = "order_rollback", "May order a rollback"

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=16, choices=Kind)
    phase = models.PositiveSmallIntegerField(null=True, blank=True)
    given_by_label = models.CharField(max_length=520, blank=True)  # who gave it, and of which side they were then

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="sign_phase", phase__range=(1, 5)) | (~Q(kind="sign_phase") & Q(phase__isnull=True)),
                name="duty_phase_belongs_to_signing",
            ),
            models.UniqueConstraint(
                fields=["membership", "kind", "phase"], nulls_distinct=False, name="duty_given_once"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="duty_is_of_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("membership_id"),
                func="IF EXISTS (SELECT 1 FROM accounts_membership AS m JOIN accounts_user AS u ON u.id = m.user_id"
                " WHERE m.id = NEW.membership_id AND u.is_service) THEN RAISE EXCEPTION"
                " 'A service user answers for nothing by name' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.phase}" if self.phase else self.get_kind_display()
