"""Who runs the mailboxes of a domain: told by a file that groups domains by their MX, made beforehand.

No name server is asked while mail passes. Without a file, the large providers' own domains are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OTHERS = "other"
LONGEST_NAME = 40


class ProvidersError(Exception):
    """The text names file and line."""


@dataclass(frozen=True, slots=True)
class Providers:
    """`exact` and `below` lead from a domain in lower case to a provider's name in lower case."""

    exact: dict[str, str]
    below: dict[str, str]
    path: Path | None = None

    @property
    def names(self) -> frozenset[str]:
        return frozenset((*self.exact.values(), *self.below.values(), OTHERS))

    def of(self, domain: str) -> str:
        found = self.exact.get(domain)
        if found is not None:
            return found
        rest = domain
        while rest:
            rest = rest.partition(".")[2]
            if rest in self.below:
                return self.below[rest]
        return OTHERS


def known_providers() -> Providers:
    from discovery.maillog.providers import facts  # loads YAML, which a file of groups makes needless

    return Providers({domain: name.lower() for domain, name in facts().domains.items()}, {})


def known_names() -> frozenset[str]:
    """Those that `mx_groups` writes, whether or not the file at hand has a domain of theirs."""
    from discovery.maillog.providers import facts  # as above

    return frozenset(name.lower() for name in facts().order)


def read_providers(path: Path) -> Providers:
    """A line a domain: the domain, white space, the provider. `.example.com` means everything below it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise ProvidersError(f"{path} cannot be read ({error}).") from error
    exact, below = dict[str, str](), dict[str, str]()
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].lower().split(maxsplit=1)
        if not words:
            continue
        if len(words) == 1 or len(words[1].encode()) > LONGEST_NAME:
            raise ProvidersError(f"{path} line {number}: is not a domain and its provider ({LONGEST_NAME} bytes).")
        domain = words[0].rstrip(".")
        (below if domain.startswith(".") else exact)[domain.removeprefix(".")] = " ".join(words[1].split())
    return Providers(exact, below, path)
