"""The checks over DNS. Each says what holds, what does not, and what nobody can tell, one subject at a time."""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from delivery.preflight.answers import Desk, NotKnownError
from delivery.preflight.outcomes import Outcome, State
from delivery.preflight.records import key_of, rsa_bits, tags_of
from delivery.preflight.spf import Spf, examine
from delivery.preflight.subjects import PlannedSelector, Sender, Subjects, is_inner

SHORTEST_KEY, GOOD_KEY = 1024, 2048  # RFC 8301, 3.2
POLICIES = frozenset({"none", "quarantine", "reject"})  # RFC 7489, 6.3
Questions = tuple[tuple[str, str], ...]
Checker = Callable[[Subjects, Desk], Iterator[Outcome]]


def spf(subjects: Subjects, desk: Desk) -> Iterator[Outcome]:
    for domain in subjects.domains:
        found = examine(domain, subjects.addresses, desk)
        state, said = _judge_spf(found, subjects)
        yield Outcome("spf", domain, state, said, found.asked)


def _judge_spf(found: Spf, subjects: Subjects) -> tuple[State, str]:
    failing = [f"{address} gets {result}" for address, result in found.covered.items() if result != "pass"]
    if not found.exists:
        return State.PROBLEM, "There is no SPF record."
    if found.problems:
        return State.PROBLEM, " ".join(found.problems)
    if failing:
        return State.PROBLEM, f"It does not let every new address send: {', '.join(failing)}."
    if found.unknown:
        return State.UNKNOWN, " ".join(dict.fromkeys(found.unknown))
    told = f"One record, {found.lookups} of 10 DNS lookups"
    told += f"; it lets {', '.join(found.covered)} send" if found.covered else ""
    if subjects.hidden or not found.covered:
        ways = ", ".join(subjects.hidden) or "the target"
        return State.UNKNOWN, f"{told}. Which address mail by {ways} has is not in the configuration."
    return State.PASSED, f"{told}."


def dkim(subjects: Subjects, desk: Desk) -> Iterator[Outcome]:
    for selector in subjects.selectors:
        asked: Questions = ((selector.name, "TXT"),)
        try:
            texts = desk.values(selector.name, "TXT")
        except NotKnownError as error:
            yield Outcome("dkim", selector.name, State.UNKNOWN, str(error), asked)
            continue
        state, said = _judge_key(selector, texts)
        yield Outcome("dkim", selector.name, state, said, asked)
    for said in subjects.unsigned:
        yield Outcome("dkim", said.partition(":")[0], State.UNKNOWN, f"No new selector is planned. {said}")


def _judge_key(selector: PlannedSelector, texts: tuple[str, ...]) -> tuple[State, str]:
    if not texts:
        return State.PROBLEM, "It is not published."
    if len(texts) > 1:
        return State.PROBLEM, f"There are {len(texts)} records of this name; which one a receiver takes is open."
    try:
        tags = tags_of(texts[0])
    except ValueError as error:
        return State.PROBLEM, f"“{error}” is no part of a DKIM record."
    if flaw := _flaw_of(tags):
        return State.PROBLEM, flaw
    return _compare_key(selector, key_of(tags["p"]), tags)


def _flaw_of(tags: Mapping[str, str]) -> str:
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return "The record is no DKIM key."
    if not tags["p"]:
        return "The key is revoked: p= is empty."
    if "h" in tags and "sha256" not in tags["h"]:
        return f"It allows {tags['h']} only, and mail is signed with sha256."
    return ""


def _compare_key(selector: PlannedSelector, key: str, tags: Mapping[str, str]) -> tuple[State, str]:
    bits = rsa_bits(key) if tags.get("k", "rsa") == "rsa" else None
    if tags.get("k", "rsa") == "rsa" and (bits is None or bits < SHORTEST_KEY):
        return State.PROBLEM, "What is published is no RSA key of 1024 bits or more."
    if selector.key and key_of(selector.key) != key:
        return State.PROBLEM, "Another key is published than the one that was noted for this selector."
    notes = [f"{bits} bits" if bits else f"{tags['k']} key"]
    notes += ["shorter than the 2048 that RFC 8301 asks for"] if bits and bits < GOOD_KEY else []
    notes += ["still marked as a test (t=y)"] if "y" in tags.get("t", "").split(":") else []
    told = f"Published, {', '.join(notes)}"
    if not selector.key:
        return State.UNKNOWN, f"{told}. Whether it is the key of the new host cannot be told: note its public key here."
    return State.PASSED, f"{told}; it is the key that was noted."


def hosts(subjects: Subjects, desk: Desk) -> Iterator[Outcome]:
    for sender in subjects.senders:
        name = sender.address or sender.source
        if not sender.address:
            said = f"{sender.source} leaves the address to the host, so nobody can tell beforehand which one it is."
            yield Outcome("hosts", name, State.UNKNOWN, said)
        elif is_inner(sender.address):
            said = f"Receivers do not see {sender.address}; which address they see instead is not in the configuration."
            yield Outcome("hosts", name, State.UNKNOWN, said)
        else:
            yield _confirm(sender, desk)


def _confirm(sender: Sender, desk: Desk) -> Outcome:
    """Forward-confirmed reverse DNS, and a name in HELO that leads to the address."""
    pointer = ipaddress.ip_address(sender.address).reverse_pointer
    kind = "A" if ipaddress.ip_address(sender.address).version == 4 else "AAAA"  # noqa: PLR2004 (IPv4)
    asked: list[tuple[str, str]] = [(pointer, "PTR")]
    try:
        names = desk.values(pointer, "PTR")
        asked += [(name, kind) for name in dict.fromkeys([*names, sender.helo]) if name]
        led = {name: desk.values(name, kind) for name, _ in asked[1:]}
    except NotKnownError as error:
        return Outcome("hosts", sender.address, State.UNKNOWN, str(error), tuple(asked))
    state, said = _judge_names(sender, names, led)
    return Outcome("hosts", sender.address, state, said, tuple(asked))


def _judge_names(sender: Sender, names: tuple[str, ...], led: Mapping[str, tuple[str, ...]]) -> tuple[State, str]:
    wanted = ipaddress.ip_address(sender.address)
    leading = [name for name, values in led.items() if any(ipaddress.ip_address(v) == wanted for v in values)]
    if not names:
        return State.PROBLEM, "There is no PTR record."
    if not set(names) & set(leading):
        return State.PROBLEM, f"PTR says {', '.join(names)}, and that does not lead back to {sender.address}."
    if not sender.helo:
        return State.UNKNOWN, "Which name it says in HELO is not in the configuration."
    if sender.helo not in leading:
        return State.PROBLEM, f"It says {sender.helo} in HELO, and that does not lead to {sender.address}."
    same = "the same name" if sender.helo in names else f"PTR says {', '.join(names)}"
    return State.PASSED, f"HELO {sender.helo} and PTR lead to each other: {same}."


def dmarc(subjects: Subjects, desk: Desk) -> Iterator[Outcome]:
    for domain in subjects.domains:
        asked: list[tuple[str, str]] = []
        try:
            state, said = _find_dmarc(domain, desk, asked)
        except NotKnownError as error:
            state, said = State.UNKNOWN, str(error)
        yield Outcome("dmarc", domain, state, said, tuple(asked))


def _find_dmarc(domain: str, desk: Desk, asked: list[tuple[str, str]]) -> tuple[State, str]:
    """The record of the domain, or of the nearest one above it with at least two labels."""
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        above = ".".join(labels[start:])
        asked.append((f"_dmarc.{above}", "TXT"))
        texts = [text for text in desk.values(f"_dmarc.{above}", "TXT") if text.lower().startswith("v=dmarc1")]
        if len(texts) > 1:
            return State.PROBLEM, f"_dmarc.{above} has {len(texts)} records, so receivers take none."
        if texts:
            return _judge_policy(texts[0], above, domain)
    return State.PROBLEM, "There is no DMARC record, neither here nor above."


def _judge_policy(text: str, above: str, domain: str) -> tuple[State, str]:
    """Below the record `sp` holds, or `p` where it has none; one that is wrong spoils both (RFC 7489 6.3, 6.6.3)."""
    try:
        tags = tags_of(text)
    except ValueError as error:
        return State.PROBLEM, f"“{error}” is no part of a DMARC record."
    policies = {"p": tags.get("p", "").lower()} | ({"sp": tags["sp"].lower()} if "sp" in tags else {})
    for tag, policy in policies.items():
        if policy not in POLICIES:
            return State.PROBLEM, f"{tag}={policy or '(nothing)'} of _dmarc.{above} is no policy."
    if above == domain:
        return State.PASSED, f"p={policies['p']}."
    holding = "sp" if "sp" in policies else "p"
    return State.PASSED, f"{holding}={policies[holding]}, said by _dmarc.{above}."


def reports(subjects: Subjects, desk: Desk) -> Iterator[Outcome]:
    """MTA-STS and TLS reporting: only a domain that has begun with them can have them wrong."""
    for domain in subjects.domains:
        yield _judge_reports(domain, "mta_sts", f"_mta-sts.{domain}", "STSv1", "id", desk)
        yield _judge_reports(domain, "mta_sts", f"_smtp._tls.{domain}", "TLSRPTv1", "rua", desk)


def _judge_reports(domain: str, check: str, name: str, word: str, needed: str, desk: Desk) -> Outcome:
    asked: Questions = ((name, "TXT"),)
    try:
        texts = [text for text in desk.values(name, "TXT") if text.startswith(f"v={word}")]
        if not texts:
            return Outcome(check, name, State.PASSED, f"{domain} does not use it.", asked)
        if len(texts) > 1:
            return Outcome(check, name, State.PROBLEM, f"There are {len(texts)} records, so it counts as none.", asked)
        if not tags_of(texts[0]).get(needed):
            return Outcome(check, name, State.PROBLEM, f"The record has no {needed}=.", asked)
    except NotKnownError as error:
        return Outcome(check, name, State.UNKNOWN, str(error), asked)
    except ValueError as error:
        return Outcome(check, name, State.PROBLEM, f"“{error}” is no part of such a record.", asked)
    return Outcome(check, name, State.PASSED, f"One record with {needed}=.", asked)


def backs(subjects: Subjects, desk: Desk) -> Iterator[Outcome]:
    for domain, kind in subjects.backs:
        asked: list[tuple[str, str]] = [(domain, "MX")]
        try:
            state, said = _judge_back(domain, kind, desk, asked)
        except NotKnownError as error:
            state, said = State.UNKNOWN, str(error)
        yield Outcome("backs", domain, state, said, tuple(asked))


def _judge_back(domain: str, kind: str, desk: Desk, asked: list[tuple[str, str]]) -> tuple[State, str]:
    names = [value.partition(" ")[2] for value in desk.values(domain, "MX")]
    if names == ["."]:
        return State.PROBLEM, f"{domain} says that it takes no mail (null MX), and {kind} come back to it."
    hosts_asked = names or [domain]
    asked += [(name, each) for name in hosts_asked for each in ("A", "AAAA")]
    dead = [name for name in hosts_asked if not desk.addresses(name)]
    if dead:
        return State.PROBLEM, f"{', '.join(dead)} has no address, and {kind} come back to it."
    return State.PASSED, f"{kind.capitalize()} come back to {', '.join(hosts_asked)}."


CHECKERS: Mapping[str, Checker] = MappingProxyType(
    {"spf": spf, "dkim": dkim, "hosts": hosts, "dmarc": dmarc, "mta_sts": reports, "backs": backs}
)


def run_checks(subjects: Subjects, desk: Desk) -> list[Outcome]:
    """Every check over every subject, in the order of CHECKERS."""
    return [outcome for checker in CHECKERS.values() for outcome in checker(subjects, desk)]
