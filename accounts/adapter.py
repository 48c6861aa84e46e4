from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest

from core.outbox import render_mail

_WHY = "Somebody entered your address at the sign-in page of this portal."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts begin with an invitation, never with a sign-up form; mail about them is worded like all other mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """`account/email/login_code` is worded in `templates/emails/account_login_code.txt`."""
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        name = f"account_{template_prefix.rpartition('/')[2]}"
        subject, text, _ = render_mail(name, {"why": _WHY, "minutes": minutes, **context})
        to = [email] if isinstance(email, str) else email
        return EmailMultiAlternatives(subject, text, self.get_from_email(), to, headers=headers)
