"""What is striking in the figures of a host's mail log, as findings. The limits are in `limits.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from core.counting import counted
from core.shares import share_text
from discovery.maillog.providers import NOT_OUTSIDE
from discovery.postfix import observe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from discovery.postfix import Finding

LIMITS = Path(__file__).with_name("limits.yaml")
SECONDS_AN_HOUR = 3600


@cache
def limits() -> Mapping[str, float]:
    loaded: dict[str, float] = yaml.safe_load(LIMITS.read_text(encoding="utf-8"))
    return loaded


def remarks(figures: Mapping[str, Any], known_domains: Collection[str]) -> Iterator[Finding]:
    """`figures` are those of `Figures.as_json`; `known_domains` are all that configurations name.

    The evidence of a remark holds no figure: the same thing measured again is the same finding.
    """
    yield from _about_ids(figures)
    yield from _about_providers(figures)
    yield from _about_waiting(figures)
    yield from _about_gaps(figures)
    yield from _about_submissions(figures)
    yield from _about_tls(figures)
    yield from _about_senders(figures, known_domains)


def remark(rule: str, name: str, **words: str) -> Finding:
    return observe(rule, words={"name": name, **words}, evidence=f"mail log: {name}")


def _about_ids(figures: Mapping[str, Any]) -> Iterator[Finding]:
    kinds = (
        ("measured-id-absent", "id_absent", figures["without_id"], figures["messages"]),
        ("measured-id-reused", "id_reused", figures["ids_repeated"], figures["ids_different"]),
    )
    for rule, limit, count, whole in kinds:
        if whole and count / whole >= limits()[limit]:
            yield remark(rule, "Message-ID", count=f"{count:,}", of=f"{whole:,}", share=share_text(count / whole))


def _about_providers(figures: Mapping[str, Any]) -> Iterator[Finding]:
    for group in figures["providers"]:
        ended = group["sent"] + group["bounced"] + group["expired"]
        if group["name"] in NOT_OUTSIDE or ended < limits()["fewest_recipients"]:
            continue
        shares = {
            "bounces": (group["bounced"] + group["expired"]) / ended,
            "deferrals": min(1.0, group["put_off"] / ended),
        }
        for kind, share in shares.items():
            if share >= limits()[kind]:
                yield remark(f"measured-{kind}", group["name"], share=share_text(share), of=f"{ended:,}")


def _about_waiting(figures: Mapping[str, Any]) -> Iterator[Finding]:
    queue = next((each["p95"] for each in figures["latency"] if each["name"] == "queue"), None)
    peak = figures["peak_hour"]
    if queue is not None and queue >= limits()["queue_wait"] and peak:
        recipients = f"{peak['sent'] + peak['bounced']:,}"
        yield remark("measured-queue-wait", "queue manager", longest=_duration(queue), peak=peak["name"], of=recipients)
    old = figures["waited"]["p95"]
    if old is not None and old >= limits()["old_mail"]:
        yield remark("measured-old-mail", "deferred queue", longest=_duration(old))


def _about_gaps(figures: Mapping[str, Any]) -> Iterator[Finding]:
    for before, after in figures["gaps"]:
        yield remark("measured-gap", f"{before} to {after}", before=before, after=after)


def _about_submissions(figures: Mapping[str, Any]) -> Iterator[Finding]:
    if count := figures["methods"].get("LOGIN"):
        yield remark("measured-auth-login", "LOGIN", count=_were(count), when=_when(figures, "LOGIN"))
    if count := figures.get("by_sendmail", 0):
        yield remark("measured-sendmail", "sendmail", count=_were(count))


def _were(count: int) -> str:
    return counted(count, "message was", "messages were")


def _when(figures: Mapping[str, Any], method: str) -> str:
    days = figures.get("sessions", {}).get("method_days", {}).get(method, [])
    return f" {span(days)}" if days else ""


def span(days: Sequence[str]) -> str:
    """As part of a sentence: from the first day to the last."""
    if not days:
        return "on days that the log does not name"
    first, last = days
    return f"on {first}" if first == last else f"from {first} to {last}"


def _about_tls(figures: Mapping[str, Any]) -> Iterator[Finding]:
    share = figures["tls_share"]
    if share is not None and share < limits()["secured"]:
        yield remark("measured-unsecured", "TLS", share=share_text(share))


def _about_senders(figures: Mapping[str, Any], known: Collection[str]) -> Iterator[Finding]:
    for group in figures["sender_domains"]:
        name, sent = group["name"], group["sent"] + group["bounced"]
        if "." in name and " " not in name and sent >= limits()["fewest_recipients"] and not _is_known(name, known):
            yield remark("measured-sender-unknown", name, count=f"{sent:,}")


def _is_known(name: str, known: Collection[str]) -> bool:
    """A subdomain of a known domain is known."""
    while name:
        if name in known:
            return True
        name = name.partition(".")[2]
    return False


def _duration(seconds: float) -> str:
    return f"{seconds / SECONDS_AN_HOUR:.1f} hours" if seconds >= SECONDS_AN_HOUR else f"{seconds:.0f} seconds"
