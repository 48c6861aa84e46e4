"""Who is asked: a name server, or a zone file that stands in for one (records before they are published, and tests)."""

import ipaddress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import dns.exception
import dns.name
import dns.rdata
import dns.rdatatype
import dns.resolver
import dns.zone
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from delivery.preflight.answers import Answer, Found, Source

SECONDS = 5.0
LONGEST_CHAIN = 8
DNS_PORT = 53


def source_of(setting: str) -> Source:
    """`192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:53`, the path of a zone file, or nothing.

    Raises ValueError for what is none of these, and for a zone file that cannot be read.
    """
    if not setting:
        return Silent()
    if setting.startswith("/"):
        return read_zone(Path(setting))
    address, port = _split(setting)
    return NameServer(str(ipaddress.ip_address(address)), port)


def read_zone(path: Path) -> "ZoneFile":
    """Raises ValueError."""
    file = ZoneFile(path)
    try:
        file.zone.nodes  # noqa: B018 (the file is read here, so that what is wrong with it is said at once)
    except (OSError, UnicodeError, dns.exception.DNSException) as error:
        raise ValueError(f"{path.name} is no zone file that can be read ({type(error).__name__})") from error
    return file


def _split(setting: str) -> tuple[str, int]:
    if setting.startswith("["):
        address, _, port = setting[1:].partition("]")
        return address, int(port.removeprefix(":") or DNS_PORT)
    if setting.count(":") == 1:
        address, port = setting.split(":")
        return address, int(port)
    return setting, DNS_PORT


@dataclass(frozen=True, slots=True)
class Silent:
    """No resolver is set: nothing is known of anything."""

    label: str = ""

    def ask(self, name: str, kind: str) -> Answer:
        return Answer(name, kind, Found.UNKNOWN, why="No resolver is set in this portal.")


@dataclass(frozen=True, slots=True)
class NameServer:
    address: str
    port: int = DNS_PORT

    @property
    def label(self) -> str:
        return f"{self.address} port {self.port}"

    def ask(self, name: str, kind: str) -> Answer:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port, resolver.lifetime = [self.address], self.port, SECONDS
        try:
            said = resolver.resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as error:
            nothing = "There is no such name" if isinstance(error, dns.resolver.NXDOMAIN) else "Nothing of this kind"
            return Answer(name, kind, Found.NONE, why=f"{nothing}.")
        except dns.exception.Timeout:
            return Answer(name, kind, Found.UNKNOWN, why=f"No answer within {SECONDS:g} seconds.")
        except dns.resolver.NoNameservers:
            return Answer(name, kind, Found.UNKNOWN, why="The name server refused or failed to answer.")
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            return Answer(name, kind, Found.UNKNOWN, why=f"It could not be asked ({type(error).__name__}).")
        return Answer(name, kind, Found.FOUND, tuple(sorted(text_of(record) for record in said)))


@dataclass(frozen=True)
class ZoneFile:
    """All names of the file are absolute; what does not stand in it does not exist."""

    path: Path

    @property
    def label(self) -> str:
        return f"zone file {self.path.name}"

    @cached_property
    def zone(self) -> dns.zone.Zone:
        text = self.path.read_text(encoding="utf-8")
        return dns.zone.from_text(text, origin=dns.name.root, relativize=False, check_origin=False)

    def ask(self, name: str, kind: str) -> Answer:
        try:
            wanted = dns.name.from_text(name)
        except (dns.exception.DNSException, UnicodeError):
            return Answer(name, kind, Found.UNKNOWN, why="This can be no name in DNS.")
        for _ in range(LONGEST_CHAIN):
            node = self.zone.get_node(wanted)
            if node is None:
                return Answer(name, kind, Found.NONE, why="There is no such name.")
            records = self.zone.get_rdataset(wanted, kind)
            if records:
                return Answer(name, kind, Found.FOUND, tuple(sorted(text_of(record) for record in records)))
            alias = self.zone.get_rdataset(wanted, dns.rdatatype.CNAME)
            if not alias:
                return Answer(name, kind, Found.NONE, why="Nothing of this kind.")
            wanted = alias[0].target
        return Answer(name, kind, Found.UNKNOWN, why="Aliases lead on without end.")


def text_of(record: dns.rdata.Rdata) -> str:
    """The strings of a TXT record belong together without blanks between them (RFC 7208 3.3, RFC 6376 3.6.2.2)."""
    if isinstance(record, TXT):
        return b"".join(record.strings).decode("utf-8", "replace")
    if isinstance(record, MX):
        return f"{record.preference} {str(record.exchange).rstrip('.').lower() or '.'}"
    return str(record.to_text()).rstrip(".").lower()
