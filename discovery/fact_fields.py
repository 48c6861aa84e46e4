"""Which fields of each table of facts a reader of the inventory gets, by the name of the tuple in Estate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery import models

if TYPE_CHECKING:
    from django.db.models import Model

INSTANCE_FIELDS = (
    "name",
    "config_directory",
    "bind_addresses",
    "helo_names",
    "relay_hosts",
    "content_filters",
    "streams",
    "likeness",
)
TABLES: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "parameters": (models.Parameter, ("name", "value", "is_used")),
    "services": (models.Service, ("name", "kind", "columns", "command", "overrides")),
    "maps": (models.MapTable, ("kind", "path", "parameter", "service", "source", "entry_count")),
    "milters": (
        models.Milter,
        (
            "product",
            "socket",
            "parameter",
            "function",
            "service",
            "configuration",
            "source",
            "host",
            "port",
            "path",
            "program",
        ),
    ),
    "transports": (
        models.Transport,
        ("name", "program", "is_custom", "bind_addresses", "helo_name", "argv", "script", "script_source", "settings"),
    ),
    "scripts": (
        models.Script,
        (
            "path",
            "language",
            "line_count",
            "roles",
            "kind",
            "confidence",
            "reads",
            "calls",
            "writes",
            "evidence",
            "callers",
        ),
    ),
    "cron_jobs": (models.CronJob, ("schedule", "command", "user", "by", "kind", "confidence")),
    "problems": (models.Problem, ("kind", "subject", "message")),
    "addresses": (
        models.SendingAddress,
        ("address", "family", "reach", "reason", "transports", "helo_names", "uses"),
    ),
    "pools": (models.Pool, ("name", "kind", "members", "addresses", "confidence", "reason")),
    "stream_proposals": (models.StreamProposal, ("key", "name", "kind", "confidence", "reasons", "transports")),
    "domains": (models.Domain, ("name", "role", "parameter")),
    "tenants": (models.Tenant, ("name", "kind", "confidence", "reason", "members")),
    "doors": (
        models.Door,
        (
            "direction",
            "name",
            "program",
            "address",
            "port",
            "tls",
            "protocols",
            "auth",
            "mechanisms",
            "login",
            "is_cleartext_auth_possible",
            "is_submission",
            "settings",
        ),
    ),
    "filters": (
        models.Filter,
        (
            "kind",
            "product",
            "function",
            "target",
            "host",
            "port",
            "path",
            "program",
            "transport",
            "parameter",
            "service",
            "configuration",
            "source",
            "confidence",
        ),
    ),
    "signing_keys": (
        models.SigningKey,
        ("domain", "selector", "key_path", "product", "signs", "is_key_in_bundle"),
    ),
}
