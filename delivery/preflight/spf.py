"""SPF as a receiver evaluates it (RFC 7208): limits on lookups, includes, redirects, and what cannot be told."""

import ipaddress
from dataclasses import dataclass, field

from delivery.preflight.answers import Desk, NotKnownError
from delivery.preflight.spf_terms import PermanentError, Record, Term, is_spf, read_record

MOST_LOOKUPS = 10  # 4.6.4: terms that ask DNS, over all records together
MOST_VOID = 2  # 4.6.4: of these, how many may come back empty
MOST_NAMES = 10  # 4.6.4: names of one mx, and of one ptr
COUNTED = frozenset({"include", "a", "mx", "ptr", "exists"})
MACRO = "“{}” depends on the message, so what it says of {} cannot be told beforehand."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True)
class Evaluation:
    """One run. Without an address nothing matches but `all`: that counts the most lookups a receiver may need."""

    desk: Desk
    address: Address | None = None
    lookups: int = 0
    voids: int = 0
    macros: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def result(self, domain: str) -> str:
        """pass, fail, softfail, neutral or none. Raises PermanentError and NotKnownError."""
        text = self.record_of(domain)
        return "none" if text is None else self.walk(read_record(text), domain)

    def record_of(self, domain: str) -> str | None:
        texts = [text for text in self.values(domain, "TXT") if is_spf(text)]
        if len(texts) > 1:
            raise PermanentError(f"{domain} has {len(texts)} SPF records; there may be one.")
        return texts[0] if texts else None

    def walk(self, record: Record, domain: str) -> str:
        for term in record.terms:
            if self.matches(term, domain):
                return term.result
        if record.redirect and not any(term.name == "all" for term in record.terms):
            return self.redirected(record.redirect)
        return "neutral"

    def redirected(self, target: str) -> str:
        self.count(f"redirect={target}")
        if "%" in target:
            self.macros.append(f"redirect={target}")
            return "neutral"
        result = self.result(target)
        if result == "none":
            raise PermanentError(f"redirect leads to {target}, which has no SPF record.")
        return result

    def matches(self, term: Term, domain: str) -> bool:
        if term.name in COUNTED:
            self.count(term.text)
        if term.name == "all":
            return True
        if term.network is not None:
            return self.address is not None and self.address in term.network
        if term.has_macro:
            self.macros.append(term.text)
            return False
        return self.asks(term, term.domain or domain)

    def asks(self, term: Term, target: str) -> bool:
        if term.name == "include":
            return self.included(target)
        if term.name == "mx":
            return self.exchanged(term, target)
        if term.name == "ptr":
            self.macros.append(term.text)
            return False
        if term.name == "exists":
            return bool(self.counted_values(target, "A")) and self.address is not None
        return self.holds(term, self.counted_values(target, self.kind))

    @property
    def kind(self) -> str:
        return "AAAA" if self.address is not None and self.address.version == 6 else "A"  # noqa: PLR2004 (IPv6)

    def included(self, target: str) -> bool:
        result = self.result(target)
        if result == "none":
            raise PermanentError(f"include:{target} has no SPF record.")
        return result == "pass" and self.address is not None

    def exchanged(self, term: Term, target: str) -> bool:
        names = [value.partition(" ")[2] for value in self.counted_values(target, "MX")]
        if len(names) > MOST_NAMES:
            raise PermanentError(f"{target} has {len(names)} MX names; SPF looks at {MOST_NAMES}.")
        return any(self.holds(term, self.values(name, self.kind)) for name in names if name != ".")

    def holds(self, term: Term, found: tuple[str, ...]) -> bool:
        if self.address is None:
            return False
        length = term.four if self.kind == "A" else term.six
        return any(self.address in ipaddress.ip_network(f"{value}/{length}", strict=False) for value in found)

    def values(self, name: str, kind: str) -> tuple[str, ...]:
        self.asked.append((name.rstrip(".").lower(), kind))
        return self.desk.values(name, kind)

    def counted_values(self, name: str, kind: str) -> tuple[str, ...]:
        """A void lookup is counted; while addresses are only counted, a host with either kind of them is not void."""
        found = self.values(name, kind)
        if not found and not (self.address is None and kind == "A" and self.values(name, "AAAA")):
            self.void()
        return found

    def count(self, text: str) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise PermanentError(f"It takes more than {MOST_LOOKUPS} DNS lookups; “{text[:80]}” is one too many.")

    def void(self) -> None:
        self.voids += 1
        if self.voids > MOST_VOID:
            raise PermanentError(f"More than {MOST_VOID} of its lookups lead to nothing.")


@dataclass(frozen=True, slots=True)
class Spf:
    """What is known of the record of a domain. `covered` has each address with what a receiver sees for it."""

    domain: str
    exists: bool
    lookups: int
    covered: dict[str, str]
    problems: tuple[str, ...]
    unknown: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]


def examine(domain: str, addresses: tuple[str, ...], desk: Desk) -> Spf:
    """The record of a domain, its lookups at worst, and whether it lets each address send."""
    counting = Evaluation(desk)
    problems: list[str] = []
    unknown: list[str] = []
    exists = True
    try:
        exists = counting.result(domain) != "none"
    except PermanentError as error:
        problems.append(str(error))
    except NotKnownError as error:
        unknown.append(str(error))
    covered = {} if problems or unknown or not exists else _covered(domain, addresses, desk, unknown)
    return Spf(
        domain, exists, counting.lookups, covered, tuple(problems), tuple(unknown), tuple(dict.fromkeys(counting.asked))
    )


def _covered(domain: str, addresses: tuple[str, ...], desk: Desk, unknown: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in addresses:
        run = Evaluation(desk, ipaddress.ip_address(text))
        try:
            result = run.result(domain)
        except PermanentError as error:
            found[text] = f"permerror ({error})"
            continue
        except NotKnownError as error:
            unknown.append(str(error))
            continue
        if result != "pass" and run.macros:
            unknown.append(MACRO.format(run.macros[0], text))
        else:
            found[text] = result
    return found
