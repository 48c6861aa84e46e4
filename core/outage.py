"""The database does not answer: it is just started again, or too busy to give a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from rest_framework.permissions import SAFE_METHODS

from core.problems import is_api, problem

if TYPE_CHECKING:
    from django.http import HttpRequest

RETRY_SECONDS = 5
STATUS = 503
READ = f"The database does not answer just now. Nothing is lost: ask again in {RETRY_SECONDS} s."
ACTED = (
    f"The database does not answer just now. Send the same again in {RETRY_SECONDS} s, with the same Idempotency-Key: "
    "what was done already is not done twice."
)

log = structlog.get_logger(__name__)


def is_outage(error: BaseException | None) -> bool:
    """Whether a connection was refused, broke, or could not be had in time."""
    return isinstance(error, OperationalError) or (isinstance(error, InterfaceError) and "closed" in str(error))


def say_outage(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session. Who was sending something is told that nobody knows what became of it."""
    log.warning("database_away", path=request.path)
    reads = request.method in SAFE_METHODS
    if is_api(request):
        answer: HttpResponse = problem(request, STATUS, READ if reads else ACTED)
    else:
        words = {"reads": reads, "path": request.get_full_path(), "consultancy": settings.CONSULTANCY}
        answer = HttpResponse(render_to_string("503.html", words), status=STATUS)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
