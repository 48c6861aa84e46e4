"""Next hops as smtp-hosts writes them (guide 3.3.10.89)."""

from collections.abc import Iterator

from discovery.translation.emission import Line
from discovery.translation.powermta.words import UnwritableError, value
from discovery.translation.sending import NextHop, Origin

NO_SOCKET = "PowerMTA hands on by TCP only; a UNIX socket is no next hop."
WRAPPED = "PowerMTA begins TLS with STARTTLS only, so a port that expects TLS from the first byte is not reached."
NO_HOST = "This next hop is no host name and no address."
SMTP_PORT, SMTPS_PORT = 25, 465
WAITING = "smtp-hosts [127.0.0.1]:1"
NOBODY = "# nobody listens there: this mail waits and is never sent another way"


def hosts(hops: tuple[NextHop, ...]) -> str:
    """`[192.0.2.7]:2525,lookup-mx:relay.example`; a bare name is looked up by its address here (guide, smtp-hosts)."""
    return ",".join(host(hop) for hop in hops)


def host(hop: NextHop) -> str:
    if hop.path:
        raise UnwritableError(NO_SOCKET)
    if hop.port == SMTPS_PORT:
        raise UnwritableError(WRAPPED)
    if not hop.host:
        raise UnwritableError(NO_HOST)
    is_address = ":" in hop.host or hop.host.replace(".", "").isdecimal()
    name = f"[{value(hop.host)}]" if is_address else value(hop.host)
    port = f":{hop.port}" if hop.port != SMTP_PORT else ""
    return f"{'lookup-mx:' if hop.is_mx_looked_up else ''}{name}{port}"


def waiting(*origins: Origin, why: str = "") -> Iterator[Line]:
    """Mail whose way cannot be carried over is tried again and in the end returned, and never goes another way."""
    yield Line(NOBODY)
    yield Line(WAITING, origins, why)
