"""Entrances: smtpd(8) services with what they offer and whom they relay for."""

import ipaddress
from collections.abc import Iterator

from discovery.postfix import Door, Service
from discovery.postfix.scope import Scope
from discovery.translation.sending.addresses import is_address
from discovery.translation.sending.desk import Desk, origin_of, service_origin
from discovery.translation.sending.measures import number_in
from discovery.translation.sending.model import Listener, Origin, Stated
from discovery.translation.sending.next_hops import HIGHEST_PORT, SMTP_PORTS

NO_NETWORK = "Only addresses and networks can be carried over, and this is neither."
HOST_BITS = "The address has bits outside its network, which Postfix refuses too; {} may be meant."
NEGATED = "A network that is taken out of the list has no place in a plain list of networks."
BY_STYLE = "Without mynetworks Postfix asks the host's interfaces (mynetworks_style); a network has to be named."


def listeners_of(desk: Desk) -> Iterator[Listener]:
    """One listener for each entrance; those whose port is a name nobody knows are refused."""
    for door in desk.instance.doors:
        service = service_of(desk, door)
        if door.direction != "in" or service is None:
            continue
        port = SMTP_PORTS.get(door.port, number_in(door.port))
        if not 0 < port <= HIGHEST_PORT:
            desk.refuse(service_origin(service), door.port, "The port of this listener is a name that is not known.")
            continue
        yield listener_of(desk, door, service, port)


def service_of(desk: Desk, door: Door) -> Service | None:
    return next((each for each in desk.services if (each.file, each.line) == (door.file, door.line)), None)


def listener_of(desk: Desk, door: Door, service: Service, port: int) -> Listener:
    scope = desk.scope.within(service)
    level = desk.text(scope, "smtpd_tls_security_level")
    wrapped = desk.switch(scope, "smtpd_tls_wrappermode")
    auth = desk.switch(scope, "smtpd_sasl_auth_enable")
    return Listener(
        name=service.name,
        address=door.address.strip("[]") or sole_address(scope),
        port=port,
        hostname=desk.text(scope, "myhostname"),
        banner=desk.text(scope, "smtpd_banner"),
        relay_networks=tuple(networks_of(desk, scope)),
        tls=Stated(door.tls, (wrapped if wrapped.value else level).origin),
        certificate=desk.text(scope, "smtpd_tls_cert_file", "smtpd_tls_chain_files"),
        key=desk.text(scope, "smtpd_tls_key_file"),
        is_auth_offered=Stated(door.auth != "none", auth.origin),
        is_auth_required=door.auth == "required",
        is_auth_possible_in_clear=door.is_cleartext_auth_possible,
        message_size=desk.size(scope, "message_size_limit"),
        recipients=desk.count(scope, "smtpd_recipient_limit"),
        timeout=desk.time(scope, "smtpd_timeout") if is_plain_time(scope) else Stated(300),
        bare_newlines=desk.text(scope, "smtpd_forbid_bare_newline"),
        interfaces=None if door.address else origin_of(scope.get("inet_interfaces")),
        auth_only=origin_of(scope.get("smtpd_tls_auth_only")),
        origin=service_origin(service),
    )


def is_plain_time(scope: Scope) -> bool:
    """The default of smtpd_timeout is `normal: 300s, overload: 10s`, written as a condition on the load."""
    return scope.get("smtpd_timeout").is_set


def sole_address(scope: Scope) -> str:
    """The one address of inet_interfaces, or "" for all of them and for several."""
    words = scope.get("inet_interfaces").text.replace(",", " ").split()
    if words == ["loopback-only"]:
        return "127.0.0.1"
    alone = words[0].strip("[]") if len(words) == 1 else ""
    return alone if is_address(alone.partition("%")[0]) else ""


def networks_of(desk: Desk, scope: Scope) -> Iterator[Stated[str]]:
    """Networks of mynetworks in the form `192.0.2.0/24`; what is no network is refused once for each entrance."""
    value = scope.get("mynetworks")
    if not value.is_set:
        style = scope.get("mynetworks_style")
        if style.text not in {"host", ""}:
            origin = Origin(style.file, style.line, style.name) if style.is_set else None
            desk.refuse(origin or Origin(desk.main_file, 0, "mynetworks"), style.text, BY_STYLE)
        yield from (Stated("127.0.0.0/8"), Stated("::1/128"))
        return
    for element in desk.elements("mynetworks", scope):
        network = network_of(element.value)
        if network:
            yield Stated(network, element.origin)
        elif element.origin:
            desk.refuse(element.origin, element.value, reason_for(element.value))


def reason_for(text: str) -> str:
    if text.startswith("!"):
        return NEGATED
    try:
        meant = ipaddress.ip_network(text.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return NO_NETWORK
    return HOST_BITS.format(meant)


def network_of(text: str) -> str:
    """`[::1]/128` as `::1/128`; "" for names, tables and negations, and for an address with host bits set."""
    try:
        return str(ipaddress.ip_network(text.replace("[", "").replace("]", "")))
    except ValueError:
        return ""
