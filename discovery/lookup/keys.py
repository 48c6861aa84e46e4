"""The keys Postfix tries for one subject, in its order: the orders stand in orders.yaml, their parts are made here."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from discovery.lookup.cidr import address_of
from discovery.lookup.desk import Desk
from discovery.lookup.lists import are_parents_plain, is_own_domain

NUMERIC = "0123456789.:"
# A local part of RFC 5322 atoms; every other one is quoted in a header, and Postfix asks for that form first.
DOT_ATOM = re.compile(r"[^\x00-\x20()<>@,;:\\\".\[\]\x7f]+(?:\.[^\x00-\x20()<>@,;:\\\".\[\]\x7f]+)*")
RESERVED = frozenset({"mailer-daemon", "double-bounce"})
CLIENT = re.compile(r"(?P<name>[^\[\]]*)\[(?P<address>[^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Key:
    """`because` says what this key is; a part is asked only of tables that compare whole keys."""

    text: str
    because: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked up, in parts; `base` is the local part without its extension, "" when it has none."""

    desk: Desk
    order: Mapping[str, Any]
    text: str  # as it was typed
    local: str  # without the quotes that a header needs
    domain: str
    base: str

    @property
    def is_null(self) -> bool:
        return not self.text

    @property
    def at_domain(self) -> str:
        return f"@{self.domain}" if self.domain else ""

    @property
    def client(self) -> tuple[str, str]:
        """Name and address of `name[address]`, or of one of them alone."""
        both = CLIENT.fullmatch(self.text)
        if both:
            return both["name"], both["address"]
        return ("", self.text) if address_of(self.text) else (self.text, "")

    @property
    def is_plain(self) -> bool:
        """Whether `example.com` speaks for the domains below it."""
        return are_parents_plain(self.desk.scope, self.order.get("parents", ""))


@cache
def orders() -> Mapping[str, Mapping[str, Any]]:
    """All of orders.yaml."""
    loaded: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
        Path(__file__).with_name("orders.yaml").read_text(encoding="utf-8")
    )
    return loaded


def keys_for(desk: Desk, order: str, text: str) -> Iterator[Key]:
    """Every key in the order of that name."""
    told = orders()[order]
    subject = subject_of(desk, told, text.lower() if told.get("is_folded") else text)
    for step in subject.order["keys"]:
        for key in MAKERS[step["key"]](subject):
            yield Key(key, step["because"], is_part=step.get("part", False))


def subject_of(desk: Desk, order: Mapping[str, Any], text: str) -> Subject:
    text = "" if text == "<>" else text
    if not text and "null_recipient" in order:
        text = null_recipient(desk, order["null_recipient"])
    local, at, domain = text.rpartition("@")
    local, domain = unquoted(local if at else text), domain if at else ""
    base = base_of(local, desk.scope.get("recipient_delimiter").text)
    return Subject(desk, order, text, local, domain, base)


def null_recipient(desk: Desk, parameter: str) -> str:
    """Who gets the mail for the null address, as trivial-rewrite asks for it (transport(5), note 1)."""
    name = desk.scope.get(parameter).text
    return name if "@" in name else f"{name}@{desk.scope.get('myhostname').text}"


def unquoted(local: str) -> str:
    """`a b` of `"a b"`, as Postfix keeps it inside."""
    is_quoted = len(local) > 1 and local.startswith('"') and local.endswith('"')
    return re.sub(r"\\(.)", r"\1", local[1:-1]) if is_quoted else local


def base_of(local: str, delimiters: str) -> str:
    """`user` of `user+ext`, or "". Reserved names, owner-list and list-request are whole (split_addr(3))."""
    lower = local.lower()
    is_list = "-" in delimiters and (lower.startswith("owner-") or lower.endswith("-request"))
    if lower in RESERVED or is_list:
        return ""
    at = next((offset for offset, letter in enumerate(local) if offset and letter in delimiters), 0)
    return local[:at]


def forms(subject: Subject, local: str, rest: str = "") -> Iterator[str]:
    """A local part with what follows it: as a header has to quote it, then as it is."""
    plain = DOT_ATOM.fullmatch(local)
    if not plain:
        inner = re.sub(r'(["\\])', r"\\\1", local)
        yield f'"{inner}"{rest}'
    if plain or subject.order.get("forms") != "header":
        yield f"{local}{rest}"


def whole(subject: Subject) -> Iterator[str]:
    """The address, unless the null sender has a key of its own here."""
    if not (subject.is_null and "null_key" in subject.order):
        yield from forms(subject, subject.local, subject.at_domain)


def bare(subject: Subject) -> Iterator[str]:
    if subject.base:
        yield from forms(subject, subject.base, subject.at_domain)


def null_sender(subject: Subject) -> Iterator[str]:
    if subject.is_null:
        yield subject.desk.scope.get(subject.order["null_key"]).text or "<>"


def null_forms(subject: Subject) -> Iterator[str]:
    for key in null_sender(subject):
        yield from forms(subject, key)


def own_parts(subject: Subject, part: str) -> Iterator[str]:
    if part and subject.domain and is_own_domain(subject.desk, subject.domain):
        yield from forms(subject, part)


def above(subject: Subject, name: str) -> Iterator[str]:
    """The domains above a name, as `.parent` unless plain ones speak for what is below; never of numbers."""
    at = name.find(".", 1) if name.strip(NUMERIC) else -1
    while at >= 0:
        if parent := name[at + 1 :] if subject.is_plain else name[at:]:
            yield parent
        at = name.find(".", at + 1)


def networks(subject: Subject) -> Iterator[str]:
    """One part less each time, from the right."""
    address = subject.client[1]
    separator = ":" if ":" in address else "."
    while separator in address:
        address = address.rpartition(separator)[0]
        yield address


def of_sender(subject: Subject, maker: "Maker") -> Iterator[str]:
    """Keys by sender, where smtp_sender_dependent_authentication is on."""
    if "@" in subject.text and subject.desk.scope.get("smtp_sender_dependent_authentication").is_on:
        yield from maker(subject)


def host(subject: Subject) -> Iterator[str]:
    """The host of a next hop in brackets; which host an MX record names is not known here."""
    inner = re.fullmatch(r"\[([^\]]*)\](?::.*)?", subject.text)
    yield from [inner.group(1)] if inner else []


def next_hop(subject: Subject) -> Iterator[str]:
    yield from [] if "@" in subject.text else [subject.text]


def dotted_above(subject: Subject) -> Iterator[str]:
    """Only below a plain domain: `[host]`, `host:port` and sockets are whole names."""
    if not subject.text.startswith(("[", "/")) and ":" not in subject.text:
        yield from above(subject, subject.text)


def some(*texts: str) -> Iterator[str]:
    return (text for text in texts if text)


Maker = Callable[[Subject], Iterator[str]]
MAKERS: Mapping[str, Maker] = {
    "text": lambda subject: iter((subject.text,)),
    "whole": whole,
    "address": lambda subject: whole(subject) if subject.domain else iter(()),
    "bare": bare,
    "own local": lambda subject: own_parts(subject, subject.local),
    "own bare local": lambda subject: own_parts(subject, subject.base),
    "at domain": lambda subject: some(subject.at_domain),
    "domain": lambda subject: some("" if subject.is_null else subject.domain or subject.text),
    "above": lambda subject: above(subject, subject.domain or subject.text),
    "wildcard": lambda _subject: iter("*"),
    "null sender": null_sender,
    "null forms": null_forms,
    "local at": lambda subject: forms(subject, subject.local, "@") if subject.domain else iter(()),
    "bare local at": lambda subject: forms(subject, subject.base, "@") if subject.base and subject.domain else iter(()),
    "name": lambda subject: some(subject.text),
    "above name": lambda subject: above(subject, subject.text),
    "client name": lambda subject: some(subject.client[0]),
    "above client name": lambda subject: above(subject, subject.client[0]),
    "client address": lambda subject: some(subject.client[1]),
    "networks": networks,
    "sender": lambda subject: of_sender(subject, whole),
    "bare sender": lambda subject: of_sender(subject, bare),
    "own sender": lambda subject: of_sender(subject, lambda each: own_parts(each, each.local)),
    "own bare sender": lambda subject: of_sender(subject, lambda each: own_parts(each, each.base)),
    "at sender domain": lambda subject: of_sender(subject, lambda each: some(each.at_domain)),
    "host": host,
    "next hop": next_hop,
    "dotted above": dotted_above,
    "local": lambda subject: some(subject.local),
    "bare local": lambda subject: some(subject.base),
}
