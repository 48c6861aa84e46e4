"""An SPF record taken apart (RFC 7208, 4.6 and 12). Pure text: nothing is asked here."""

import ipaddress
import re
from dataclasses import dataclass

VERSION = "v=spf1"
MECHANISM = re.compile(
    r"(?P<qualifier>[+\-~?]?)(?P<name>[A-Za-z][A-Za-z0-9]*)"
    r"(?::(?P<domain>[^/\s]+))?(?:/(?P<four>\d{1,2}))?(?://(?P<six>\d{1,3}))?",
    re.ASCII,
)
ADDRESS = re.compile(r"(?P<qualifier>[+\-~?]?)(?P<name>ip4|ip6):(?P<address>\S+)", re.ASCII | re.IGNORECASE)
MODIFIER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9._-]*)=(?P<value>\S*)", re.ASCII)
WITH_DOMAIN = frozenset({"a", "mx", "ptr"})
NEEDS_DOMAIN = frozenset({"include", "exists"})
RESULTS = {"": "pass", "+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
BITS = {4: 32, 6: 128}


class PermanentError(Exception):
    """The record is wrong; every receiver sees `permerror`. The text is a sentence."""


@dataclass(frozen=True, slots=True)
class Term:
    """A mechanism: `result` is what a match means; an empty domain is the domain of the record itself."""

    name: str
    result: str
    domain: str = ""
    four: int = 32
    six: int = 128
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    text: str = ""

    @property
    def has_macro(self) -> bool:
        return "%" in self.domain


@dataclass(frozen=True, slots=True)
class Record:
    terms: tuple[Term, ...]
    redirect: str = ""


def is_spf(text: str) -> bool:
    """A record is SPF when the version stands alone at its beginning (4.5)."""
    return text.lower() == VERSION or text.lower().startswith(f"{VERSION} ")


def read_record(text: str) -> Record:
    """Raises PermanentError."""
    terms: list[Term] = []
    redirects: list[str] = []
    for word in text.split()[1:]:
        modifier = MODIFIER.fullmatch(word)
        if modifier is None:
            terms.append(read_term(word))
        elif modifier["name"].lower() == "redirect":
            redirects.append(modifier["value"])
    if len(redirects) > 1:
        raise PermanentError("redirect stands in the record twice.")
    if redirects == [""]:
        raise PermanentError("redirect names no domain.")
    return Record(tuple(terms), redirects[0] if redirects else "")


def read_term(word: str) -> Term:
    if found := ADDRESS.fullmatch(word):
        return _address(word, found)
    found = MECHANISM.fullmatch(word)
    name = found["name"].lower() if found else ""
    if found is None or name not in {*WITH_DOMAIN, *NEEDS_DOMAIN, "all"}:
        raise PermanentError(f"“{word[:60]}” is no term of SPF.")
    domain = found["domain"] or ""
    has_length = found["four"] is not None or found["six"] is not None
    if (name in NEEDS_DOMAIN and not domain) or (name == "all" and domain):
        raise PermanentError(f"“{word[:60]}” has {'no domain' if not domain else 'a domain, and all takes none'}.")
    if has_length and name not in {"a", "mx"}:
        raise PermanentError(f"“{word[:60]}” has a length of a network, which {name} does not take.")
    four, six = (int(found[key]) if found[key] else BITS[version] for key, version in (("four", 4), ("six", 6)))
    if four > BITS[4] or six > BITS[6]:
        raise PermanentError(f"“{word[:60]}” has a length of a network that does not exist.")
    return Term(name, RESULTS[found["qualifier"]], domain, four, six, text=word)


def _address(word: str, found: re.Match[str]) -> Term:
    kind = ipaddress.IPv4Network if found["name"].lower() == "ip4" else ipaddress.IPv6Network
    try:
        network = kind(found["address"], strict=False)
    except ValueError:
        raise PermanentError(f"“{word[:60]}” holds no such address.") from None
    return Term(found["name"].lower(), RESULTS[found["qualifier"]], network=network, text=word)
