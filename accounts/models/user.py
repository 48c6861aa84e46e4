from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.mail_kinds import NO_READER

if TYPE_CHECKING:
    from accounts.models.membership import Membership


def person_name(full_name: str, email: str) -> str:
    """What people are called everywhere."""
    return full_name or email


class UserQuerySet(BaseUserManager["User"]):
    """Named so by Django's contract: `create_user` is what allauth and management commands call."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def people(self) -> models.QuerySet[User]:
        return self.filter(is_service=False)

    def working(self) -> models.QuerySet[User]:
        """People whose accounts are open, as in `MembershipQuerySet`."""
        return self.people().filter(is_active=True)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # knox ships no types: its tokens have no known manager
    """A person, or a service user: an account of programs alone. What they may do follows from memberships and duties.

    Being a service user only ever takes away: `accounts.permissions.FOR_PEOPLE` says what.
    """

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the system says"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField("e-mail", max_length=254, unique=True)
    full_name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, default="Etc/GMT+5")
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    has_shortcuts = models.BooleanField("single-key shortcuts", default=True)
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False, db_default=False, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)
    unreached_since = models.DateTimeField(null=True, blank=True, editable=False)  # mail to their address comes back

    memberships: models.Manager[Membership]

    objects: ClassVar[UserQuerySet] = UserQuerySet()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_the_case"),
            # No password that fits, and no address that anybody reads: also not after it was erased.
            models.CheckConstraint(
                condition=Q(is_service=False)
                | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX, email__endswith=".invalid"),
                name="user_service_has_no_way_to_sign_in",
            ),
            models.CheckConstraint(
                condition=Q(is_service=True) | ~Q(email__iendswith=NO_READER), name="user_of_the_service_domain_is_one"
            ),
        ]

    def __str__(self) -> str:
        return person_name(self.full_name, self.email)

    @property
    def is_working(self) -> bool:
        """Somebody who can be asked for something: no program, and no account that was closed."""
        return self.is_active and not self.is_service

    @property
    def is_reached(self) -> bool:
        """False while mail to their address comes back."""
        return self.unreached_since is None

    @property
    def full_label(self) -> str:
        """Name and address, as an audit event keeps them for good."""
        if self.is_service:
            return f"{self.full_name} (service user)"
        return f"{self.full_name} <{self.email}>"
