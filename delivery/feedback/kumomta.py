"""A record of KumoMTA's log: Bounce and Expiration are its own, OOB came back, Feedback is a complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from delivery.feedback.addresses import address_in, host_in, moment_in, moment_of_seconds, status_in
from delivery.feedback.arf import NOBODY_COMPLAINS
from delivery.feedback.items import Kind, Source, Told
from delivery.feedback.limits import load_limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

FAILURES = frozenset({"Bounce", "Expiration", "OOB"})
NEVER_CLASSIFIED = "Uncategorized"
EXPIRED = "MessageExpired"


def told_by_kumomta(record: Mapping[str, Any]) -> list[Told] | str:
    """One for each recipient; empty for a record of another type, a sentence for what is no record."""
    kind = record.get("type")
    if not isinstance(kind, str):
        return "It is no record of KumoMTA."
    if kind == "Feedback":
        return _complaints(record)
    if kind not in FAILURES:
        return []
    recipients = [address_in(text) for text in _texts(record.get("recipient"))][: load_limits().recipients]
    return [_failure(record, who) for who in recipients if who] or "It names no recipient."


def _failure(record: Mapping[str, Any], recipient: str) -> Told:
    response = _mapping(record.get("response"))
    is_back = record["type"] == "OOB"
    peer = host_in(_text(_mapping(record.get("peer_address")).get("name")).rstrip("."))
    return Told(
        kind=Kind.DELAYED if is_back and _status(response).startswith("4") else Kind.FAILED,
        source=Source.KUMOMTA,
        recipient=recipient,
        sender="" if is_back else address_in(_text(record.get("sender"))),
        message_id=_message_id(record),
        trace=_header(record, "x-gatepost-id"),
        queue_id="" if is_back else _text(record.get("id")),  # that of an OOB record is the report's
        mta=peer if is_back else _text(record.get("nodeid")),
        remote_mta="" if is_back else peer,
        status=_status(response),
        reply=_text(response.get("code"))[:3],
        diagnostic=" ".join(_text(response.get("content")).split())[: load_limits().text_letters],
        mta_category=_own_word(record),
        happened_at=_moment(record),
    )


def _complaints(record: Mapping[str, Any]) -> list[Told]:
    report = _mapping(record.get("feedback_report"))
    traced = address_in(_text(_mapping(report.get("supplemental_trace")).get("recipient")))
    texts = _texts(report.get("original_rcpto_to")) or _texts(report.get("original_rcpt_to"))
    named = [traced] if traced else [address_in(text) for text in texts]
    feedback_type = _text(report.get("feedback_type")).lower()[:40] or "other"
    return [
        Told(
            kind=Kind.REPORT if feedback_type in NOBODY_COMPLAINS else Kind.COMPLAINT,
            source=Source.KUMOMTA,
            recipient=who,
            sender=address_in(_text(report.get("original_mail_from"))),
            message_id=_message_id(record),
            trace=_header(record, "x-gatepost-id"),
            queue_id=_text(report.get("original_envelope_id")),
            mta=host_in(_text(_mapping(report.get("reporting_mta")).get("name"))),
            remote_mta=_text(report.get("source_ip")),
            feedback_type=feedback_type,
            happened_at=moment_in(_text(report.get("arrival_date"))) or _moment(record),
        )
        for who in dict.fromkeys(named[: load_limits().recipients] or [""])
    ]


def _own_word(record: Mapping[str, Any]) -> str:
    """The classifier's word, or what the type of the record says where it was never switched on."""
    word = _text(record.get("bounce_classification"))
    return EXPIRED if record["type"] == "Expiration" and word in ("", NEVER_CLASSIFIED) else word


def _message_id(record: Mapping[str, Any]) -> str:
    return _header(record, "message-id") or _text(_mapping(record.get("meta")).get("message_id"))


def _header(record: Mapping[str, Any], name: str) -> str:
    headers = _mapping(record.get("headers"))
    return next((_text(value) for key, value in headers.items() if str(key).lower() == name), "")


def _status(response: Mapping[str, Any]) -> str:
    code = _mapping(response.get("enhanced_code"))
    said = ".".join(str(code.get(name)) for name in ("class", "subject", "detail"))
    return status_in(said) or status_in(_text(response.get("content")))


def _moment(record: Mapping[str, Any]) -> datetime | None:
    seconds = record.get("timestamp")
    told = moment_in(_text(record.get("event_time")))
    return told or (moment_of_seconds(seconds) if isinstance(seconds, int | float) else None)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return str(value)[: load_limits().field_letters * 4] if isinstance(value, str | int) else ""


def _texts(value: object) -> list[str]:
    return [_text(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
