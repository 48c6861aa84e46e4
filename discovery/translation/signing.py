"""DKIM on the new side: new selectors beside the old ones, and the records to publish (RFC 6376).

Private keys never leave the customer: a key is made on the new host, where the configuration refers to it by path.
Both selectors stay published until the last message signed with the old one has arrived.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from discovery.postfix import SigningKey
from discovery.translation.sending import Origin, Refusal

SUFFIXES = {"kumomta": "kumo", "powermta": "pmta"}
FOLDERS = {"kumomta": "/opt/kumomta/etc/dkim", "powermta": "/etc/pmta/dkim"}
LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)", re.ASCII)
LONGEST_STRING = 255
LONGEST_LABEL = 63
EVERY_DOMAIN = "The key signs for every domain; a domain has to be named, with a selector and a record of its own."
NO_NAME = "The domain or the selector of this key cannot be a name in DNS."
TWICE = "Another key signs for this domain already; a second signature has to be asked for."
OTHERS = "The key signs for senders of other domains too: {}. A signature of the own domain is made for {} only."


@dataclass(frozen=True, slots=True)
class Selector:
    """One domain with its old selector and its new one; `key_path` is where the new private key is to lie."""

    domain: str
    old: str
    new: str
    key_path: str
    origin: Origin

    @property
    def record_name(self) -> str:
        return f"{self.new}._domainkey.{self.domain}"


def selector_plan(keys: Iterable[SigningKey], target: str, refusals: list[Refusal]) -> tuple[Selector, ...]:
    """A new selector for each domain that is signed today; what cannot have one is added to `refusals`."""
    found: dict[str, Selector] = {}
    for key in keys:
        origin = Origin(key.file, key.line, key.domain)
        reason = reason_against(key, found)
        if reason:
            refusals.append(Refusal(origin, f"{key.selector} {key.domain}", reason))
            continue
        if others := tuple(sorted(others_of(key))):
            refusals.append(Refusal(origin, key.domain, OTHERS.format(", ".join(others), key.domain)))
        domain = key.domain.lower()
        new = new_selector(key.selector, SUFFIXES[target])
        found[domain] = Selector(domain, key.selector, new, f"{FOLDERS[target]}/{domain}/{new}.key", origin)
    return tuple(found.values())


def reason_against(key: SigningKey, found: dict[str, Selector]) -> str:
    if "*" in key.domain:
        return EVERY_DOMAIN
    if not all(LABEL.fullmatch(label) for label in (*key.domain.split("."), *key.selector.split("."))):
        return NO_NAME
    return TWICE if key.domain.lower() in found else ""


def others_of(key: SigningKey) -> Iterator[str]:
    """Senders the key signs for that are not of its own domain."""
    for sender in key.signs:
        domain = sender.rpartition("@")[2].lower()
        if domain.removeprefix("*.") != key.domain.lower():
            yield sender


def publishing(selector: Selector) -> str:
    """The comment over a key: what has to be there before mail is signed with it."""
    return (
        f"# make {selector.key_path} and publish {selector.record_name} TXT before the first message; "
        f"{selector.old} stays on the old side"
    )


def new_selector(old: str, suffix: str) -> str:
    """The old name with the target's suffix, within the length of a label."""
    first, dot, rest = old.partition(".")
    return f"{first[: LONGEST_LABEL - len(suffix) - 1].rstrip('-')}-{suffix}{dot}{rest}"


def record_text(public_key: str) -> str:
    """The TXT record for a public key: the base64 of its DER, or its PEM."""
    lines = [line for line in public_key.splitlines() if not line.startswith("-----")]
    return f"v=DKIM1; k=rsa; h=sha256; p={''.join(''.join(lines).split())}"


def zone_lines(selector: Selector, public_key: str) -> str:
    """The record as a zone file writes it, cut into strings of 255 bytes."""
    text = record_text(public_key)
    strings = [f'"{text[start : start + LONGEST_STRING]}"' for start in range(0, len(text), LONGEST_STRING)]
    return f"{selector.record_name}. IN TXT ( {' '.join(strings)} )"


def steps_of(selector: Selector) -> tuple[str, ...]:
    """What is done on the new host, in order, without the key leaving it."""
    folder = selector.key_path.rpartition("/")[0]
    return (
        f"mkdir -p {folder}",
        f"openssl genrsa -out {selector.key_path} 2048",
        f"openssl rsa -in {selector.key_path} -pubout",
        f"publish {selector.record_name} TXT with the public key, and wait until every name server answers with it",
        f"keep {selector.old}._domainkey.{selector.domain} published while mail that it signed may still arrive",
    )
