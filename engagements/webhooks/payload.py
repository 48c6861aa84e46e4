"""The words of a delivery (Standard Webhooks 1.0): thin, with where the API tells the rest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from engagements.webhooks.book import TEST

if TYPE_CHECKING:
    from datetime import datetime

    from core.models import AuditEvent
    from engagements.models import Endpoint, Engagement
    from engagements.webhooks.book import EventKind

NUMBER = re.compile(r"\d+")


def body_of(kind: EventKind, event: AuditEvent, engagement: Engagement) -> str:
    return _body(kind.key, event.at, data_of(kind, event, engagement))


def data_of(kind: EventKind, event: AuditEvent, engagement: Engagement) -> dict[str, Any]:
    """`sequence` puts the events of one engagement in order, in whichever they arrive."""
    data: dict[str, Any] = {
        "engagement": engagement.code,
        "organization": engagement.organization_id,
        "sequence": event.sequence,
    }
    if kind.number and (found := NUMBER.search(event.subject_label)):
        data["number"] = int(found.group())
    data |= {name: event.data[name] for name in kind.fields if name in event.data}
    return data | {"url": _address(kind, data)}


def _address(kind: EventKind, data: dict[str, Any]) -> str:
    words = {word: data[name] for word, name in kind.by.items()}
    if kind.code:
        words["code"] = data["engagement"]
    return f"{settings.PORTAL_URL}{reverse(f'api:{kind.read}', kwargs=words)}"


def body_of_test(endpoint: Endpoint, at: datetime) -> str:
    return _body(TEST, at, {"organization": endpoint.organization_id, "title": endpoint.title})


def _body(key: str, at: datetime, data: dict[str, Any]) -> str:
    return json.dumps({"type": key, "timestamp": at, "data": data}, cls=DjangoJSONEncoder, separators=(",", ":"))
