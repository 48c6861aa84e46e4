from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Organization, User
from core.outbox import post, render_mail

_SIGN_IN = "Somebody entered your address at the sign-in page of this portal."
_WHY = {
    "account_proof_code": "Somebody who is signed in with your address asked for it on this portal.",
    "account_password_reset_key": "Somebody asked for a new password for your address on this portal.",
    "account_email_confirmation": "Somebody named your address as theirs on this portal.",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts begin with an invitation, never with a sign-up form; mail about them is worded like all other mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        return False

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """A code by mail proves as much as at the sign-in, and no less is asked of whoever has a second factor."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not is_mfa_enabled(user):
            url = reverse("account_reauthenticate_code")
            ways.append({"id": "code", "description": "Have a code sent by mail", "url": url})
        return ways

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox. `account/email/login_code` is worded in `templates/emails/account_login_code.txt`.

        Before the practice was set up nobody has an account, so nobody is written to.
        """
        user = context.get("user")
        about = user or Organization.objects.filter(kind=Organization.Kind.CONSULTANCY).first()
        if about is None:
            return
        name = f"account_{template_prefix.rpartition('/')[2]}"
        facts = {"email": email, "minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60, "why": _WHY.get(name, _SIGN_IN)}
        subject, text, _ = render_mail(name, facts | context)
        with transaction.atomic():
            post(name, to=email, subject=subject, text=text, reference=about, is_secret=True)
