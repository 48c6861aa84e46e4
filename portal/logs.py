"""Logging: one line an event, as JSON in production and readable elsewhere.

What a log never holds: bodies of mail, tokens, values of forms, queries of URLs. Events are logged with identifiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "csrf", "body", "html", "text", "content")
HIDDEN = "(not logged)"
QUIETER = {
    "django.server": "WARNING",
    "celery.app.trace": "WARNING",
    "celery.beat": "WARNING",
    "kombu.connection": "ERROR",
    "pgmq": "WARNING",
    "fontTools": "WARNING",
    "weasyprint": "ERROR",
}


def hide_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The last guard, should somebody hand a value to the log that has no business there."""
    for name in event:
        if name != "event" and any(word in name.lower() for word in SECRET_WORDS):
            event[name] = HIDDEN
    if "request" in event:  # "GET /path?query": the query may hold what a form held
        event["request"] = str(event["request"]).partition("?")[0]
    return event


def shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]


def configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(*, json: bool, level: str = "INFO") -> dict[str, Any]:
    """For Django's LOGGING: everything, of the libraries too, through one handler to standard error."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering(json=json)],
        "foreign_pre_chain": shared(),
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["line"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            **{name: {"level": quiet} for name, quiet in QUIETER.items()},
        },
    }


def rendering(*, json: bool) -> list[Processor]:
    if json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # Beware: the usual one shows the values of local variables as soon as rich is installed.
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
