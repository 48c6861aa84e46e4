"""The database does not answer: it is just started again, or too busy to give a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from rest_framework.permissions import SAFE_METHODS

from core.pressed import is_pressed
from core.problems import is_api, problem
from core.repeats import HEADER

if TYPE_CHECKING:
    from django.http import HttpRequest

RETRY_SECONDS = 5
STATUS = 503
READ = f"The database does not answer just now. Nothing is lost: ask again in {RETRY_SECONDS} s."
ACTED = (
    f"The database does not answer just now. Send the same again in {RETRY_SECONDS} s, with the same Idempotency-Key: "
    "what was done already is not done twice."
)
ACTED_WITHOUT_A_KEY = (
    "The database does not answer just now. Look whether it was done before you send it again: without an "
    "Idempotency-Key it would be done once more."
)
# SQLSTATEs (PostgreSQL, Appendix A): connections, what is short or shut down, and what came in each other's way. Any
# other one is about what was asked, and asking again would not help.
PASSING = ("08", "53", "57P", "40001", "40P01", "55P03")

log = structlog.get_logger(__name__)


def is_outage(error: BaseException | None) -> bool:
    """Whether a connection was refused, broke, or could not be had in time, or the server said that it would pass."""
    if isinstance(error, OperationalError):
        state = getattr(error.__cause__, "sqlstate", None)
        return state is None or state.startswith(PASSING)
    return isinstance(error, InterfaceError) and "closed" in str(error)


def say_outage(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session. Who was sending something is told that nobody knows what became of it."""
    log.warning("database_away", method=request.method)  # never the address: some are keys
    reads = request.method in SAFE_METHODS
    if is_api(request):
        acted = ACTED if HEADER in request.headers else ACTED_WITHOUT_A_KEY
        answer: HttpResponse = problem(request, STATUS, READ if reads else acted)
    else:
        once = is_pressed(request) and settings.SESSION_COOKIE_NAME in request.COOKIES
        words = {"reads": reads, "is_done_once": once, "path": request.get_full_path()}
        words |= {"consultancy": settings.CONSULTANCY}
        answer = HttpResponse(render_to_string("503.html", words), status=STATUS)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
