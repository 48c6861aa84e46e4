"""Addresses that are keys, such as an invitation, or the link to a quote or a calendar. No log keeps them."""

import logging
import re
from typing import Any

from django_structlog import signals

# What follows these words in an address is secret, also when the address is itself part of a query.
_SECRET = re.compile(
    r"((?:invitations|reset/key|reset%2Fkey|confirm-email|calendars|mail/(?:off|arrives)|mail%2F(?:off|arrives)|(?:(?<=/)|(?<=%2F))(?:q|start))(?:/|%2F))[^/?&#%\s]+",
    re.IGNORECASE,
)
_LOGGERS = ("django.request", "django.security.csrf", "django.server")


def mask_path(text: str) -> str:
    """The address without its secret part."""
    return _SECRET.sub(r"\1...", text)


class PathFilter(logging.Filter):
    """Masks the addresses that Django writes into its own log lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(mask_path(value) if isinstance(value, str) else value for value in record.args)
        record.msg = mask_path(record.msg) if isinstance(record.msg, str) else record.msg
        return True


def mask_request(log_kwargs: dict[str, Any], **more: object) -> None:
    """Receiver of the request log's own signals, which are there to change what it writes."""
    log_kwargs["request"] = mask_path(log_kwargs["request"])


def keep_out_of_logs() -> None:
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(PathFilter())
    for signal in (
        signals.bind_extra_request_metadata,
        signals.bind_extra_request_finished_metadata,
        signals.bind_extra_request_failed_metadata,
    ):
        signal.connect(mask_request, dispatch_uid="accounts.private_paths")
