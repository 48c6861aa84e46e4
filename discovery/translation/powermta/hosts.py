"""Next hops as smtp-hosts writes them (guide 3.3.10.89)."""

from discovery.translation.powermta.words import UnwritableError, value
from discovery.translation.sending import NextHop

NO_SOCKET = "PowerMTA hands on by TCP only; a UNIX socket is no next hop."
SMTP_PORT = 25


def hosts(hops: tuple[NextHop, ...]) -> str:
    """`[192.0.2.7]:2525,lookup-mx:relay.example`; a bare name is looked up by its address here (guide, smtp-hosts)."""
    return ",".join(host(hop) for hop in hops)


def host(hop: NextHop) -> str:
    if hop.path:
        raise UnwritableError(NO_SOCKET)
    is_address = ":" in hop.host or hop.host.replace(".", "").isdecimal()
    name = f"[{value(hop.host)}]" if is_address else value(hop.host)
    port = f":{hop.port}" if hop.port != SMTP_PORT else ""
    return f"{'lookup-mx:' if hop.is_mx_looked_up else ''}{name}{port}"
