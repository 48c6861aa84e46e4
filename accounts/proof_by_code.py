"""A fresh proof of who they are by a code that is mailed, under the limits of a sign-in code.

Whoever accepted by link has neither password nor passkey: for them it is the only one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.reader import reader_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

_SENT_CODE = "proof-by-code"


class ProofByCode(AbstractCodeVerificationProcess):  # type: ignore[misc]  # allauth ships no types
    """A code that was mailed to somebody who is signed in. It waits in their session, so it works there alone."""

    def __init__(self, request: HttpRequest, person: User, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            user=person,
            state=state,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
        )

    @classmethod
    def resume(cls, request: HttpRequest) -> ProofByCode | None:
        """The code that was sent to this reader and still holds."""
        person, state = reader_of(request), request.session.get(_SENT_CODE)
        if not state or state["user_id"] != cls.initial_state(user=person)["user_id"]:
            return None
        found: ProofByCode | None = cls(request, person, state).abort_if_invalid()
        return found

    @classmethod
    def begin(cls, request: HttpRequest) -> None:
        person = reader_of(request)
        code = cls(request, person, cls.initial_state(user=person, email=person.email))
        code.send()
        code.persist()

    def send(self) -> None:
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        adapter.send_mail("account/email/proof_code", self.state["email"], {"code": self.code})

    def persist(self) -> None:
        self.request.session[_SENT_CODE] = self.state

    def abort(self) -> None:
        self.request.session.pop(_SENT_CODE, None)

    def finish(self) -> None:
        self.abort()
        record_authentication(self.request, self.user, method="code", email=self.state["email"], reauthenticated=True)


@method_decorator([login_required, never_cache], name="dispatch")
class ProofByCodeView(BaseReauthenticateView):  # type: ignore[misc]  # allauth ships no types
    """Ask for the code, then type it. Opening the page sends nothing."""

    template_name = "account/reauthenticate_code.html"
    form_class = ConfirmLoginCodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        sent = ProofByCode.resume(self.request)
        return {**super().get_form_kwargs(), "code": sent.code if sent else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"email": reader_of(self.request).email, "is_sent": ProofByCode.resume(self.request) is not None}
        context: dict[str, Any] = super().get_context_data(**kwargs) | more
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" in request.POST:
            return self._send(request)
        if ProofByCode.resume(request) is None:
            messages.error(request, "No code is open: it was used, or its time is over. Have a new one sent.")
            return self._once_more()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def _send(self, request: HttpRequest) -> HttpResponse:
        key = reader_of(request).email.lower()
        if not ratelimit.consume(request, action="request_login_code", key=key):
            messages.error(
                request, "No code was sent: several were asked for within a minute. Wait a minute, then ask again."
            )
        else:
            ProofByCode.begin(request)
        return self._once_more()

    def form_valid(self, form: ConfirmLoginCodeForm) -> HttpResponse:
        if sent := ProofByCode.resume(self.request):
            sent.finish()
        answer: HttpResponse = super().form_valid(form)
        return answer

    def form_invalid(self, form: ConfirmLoginCodeForm) -> HttpResponse:
        sent = ProofByCode.resume(self.request)
        if sent and sent.record_invalid_attempt():
            answer: HttpResponse = super().form_invalid(form)
            return answer
        messages.error(self.request, "That code is void: it was typed wrong too often. Have a new one sent.")
        return self._once_more()

    def _once_more(self) -> HttpResponse:
        return redirect(self.passthrough_next_url(self.request.path))


proof_by_code = ProofByCodeView.as_view()
