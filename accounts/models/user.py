from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from accounts.models.membership import Membership


class UserQuerySet(BaseUserManager["User"]):
    """Named so by Django's contract: `create_user` is what allauth and management commands call."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # knox ships no types: its tokens have no known manager
    """A person. What they may do follows from memberships and duties, never from flags here."""

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
    date_joined = models.DateTimeField(auto_now_add=True)
    unreached_since = models.DateTimeField(null=True, blank=True, editable=False)  # mail to their address comes back

    memberships: models.Manager[Membership]

    objects: ClassVar[UserQuerySet] = UserQuerySet()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_the_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_reached(self) -> bool:
        """False while mail to their address comes back."""
        return self.unreached_since is None

    @property
    def full_label(self) -> str:
        """Name and address, as an audit event keeps them for good."""
        return f"{self.full_name} <{self.email}>"
