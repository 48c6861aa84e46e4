"""Makes the file of MX groups: `python -m delivery.proxy.choice.mx_groups DOMAINS > mx-groups`.

DOMAINS has a domain a line. Each is asked for its MX once, now; those of a known provider become a line, the others a
comment that says why they did not.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import dns.resolver

from delivery.preflight.answers import Found, name_of
from delivery.preflight.sources import source_of
from discovery.maillog.providers import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from delivery.preflight.answers import Source

AT_ONCE = 16


def main(argv: Sequence[str] | None = None) -> int:
    top = argparse.ArgumentParser(prog="mx_groups", description=__doc__)
    top.add_argument("domains", type=Path, help="a file with a domain a line")
    top.add_argument("--resolver", help="a name server, as in 192.0.2.53 or [2001:db8::53]:5353 (that of this host)")
    said = top.parse_args(argv)
    try:
        domains = read_domains(said.domains)
        source = source_of(said.resolver or str(dns.resolver.get_default_resolver().nameservers[0]))
    except (OSError, ValueError, dns.resolver.NoResolverConfiguration) as error:
        sys.stderr.write(f"mx_groups: {error}\n")
        return 1
    lines = list(lines_of(domains, source))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    known = sum(not line.startswith("#") for line in lines)
    sys.stderr.write(f"{known} of {len(lines)} domains belong to a known provider\n")
    return 0


def read_domains(path: Path) -> tuple[str, ...]:
    names = (name_of(line.partition("#")[0]) for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(dict.fromkeys(name for name in names if name))


def lines_of(domains: Sequence[str], source: Source) -> Iterator[str]:
    """In the order of the domains."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield from threads.map(lambda domain: line_of(domain, source), domains)


def line_of(domain: str, source: Source) -> str:
    answer = source.ask(domain, "MX")
    if answer.found is not Found.FOUND:
        return f"# {domain}: {answer.why}"
    pairs = (value.partition(" ") for value in answer.values)
    host = min((int(preference), host) for preference, _, host in pairs)[1]
    provider = _provider_of(host)
    return f"{domain} {provider}" if provider else f"# {domain}: {host}"


def _provider_of(host: str) -> str:
    """By the longest suffix that is known."""
    rest = host
    while rest:
        if rest in facts().hosts:
            return facts().hosts[rest]
        rest = rest.partition(".")[2]
    return ""


if __name__ == "__main__":
    sys.exit(main())
