"""Entrances: `kumo.start_esmtp_listener` for each smtpd(8), and whose mail is taken."""

from collections.abc import Iterator, Sequence

from discovery.translation.emission import Line, indented, origins_of
from discovery.translation.kumomta.quoting import duration, lua_string
from discovery.translation.kumomta.sheet import DEFAULT, Sheet, of
from discovery.translation.sending import Listener, Origin, Stated
from discovery.translation.sending.addresses import is_address

UNLIMITED = 2_147_483_647
WRAPPED = "KumoMTA's listeners begin TLS with STARTTLS only; TLS from the first byte needs a proxy in front."
TAKEN = "Another entrance listens on this address and port already, so this one is left out."
LOGIN = "The passwords are not in the configuration: a handler of smtp_server_auth_plain has to ask whoever knows them."
CHAIN = "Postfix has the key and the certificates in one list of files; KumoMTA takes one file of each."
ALWAYS_TLS = "KumoMTA offers STARTTLS at every entrance, and there is no option that takes it away."
SELF_SIGNED = "No certificate is named, so KumoMTA offers STARTTLS with one that it makes itself."
ONLY_WITH_TLS = "KumoMTA offers AUTH only once TLS has begun, whatever this line says."
EMPTY = "The line says nothing once its variables are filled in, so that KumoMTA's own choice holds."
NO_ADDRESS = "The address of this entrance is no address, so the entrance is left out."
BOTH = "The entrance is written for IPv4; IPv6 needs a listener of its own on [::]."
NO_TIME = "Postfix asks for at least 1 second here, so this value is not carried over and KumoMTA keeps its own."
BANNER = "KumoMTA greets with its own name first; the words behind it are kept."


def listeners(sheet: Sheet, taken: set[str], *, is_named: bool) -> Iterator[Line]:
    """The listeners of one instance; `taken` are the places where somebody listens already."""
    written: list[Line] = []
    left_out: list[tuple[Listener, str]] = []
    for listener in sheet.estate.listeners:
        place = place_of(sheet, listener)
        reason = WRAPPED if listener.tls.value == "wrapped" else "" if place else NO_ADDRESS
        reason = reason or (TAKEN if place in taken else "")
        if reason:
            left_out.append((listener, reason))
            continue
        taken.add(place)
        written += listener_lines(sheet, listener, place, is_named=is_named)
    yield from written
    said = {origin for line in written for origin in line.origins}
    for listener, reason in left_out:
        for origin in origins_in(listener):
            if origin not in said:
                sheet.refuse(origin, f"port {listener.port}", reason)


def origins_in(listener: Listener) -> tuple[Origin, ...]:
    """Every line that says something of an entrance, its own first."""
    return origins_of(
        listener.origin, listener.tls.origin, listener.is_auth_offered.origin, listener.auth_only, listener.interfaces,
        listener.certificate.origin, listener.key.origin, listener.hostname.origin, listener.banner.origin,
        listener.message_size.origin, listener.recipients.origin, listener.timeout.origin,
        listener.bare_newlines.origin,
        *(network.origin for network in listener.relay_networks),
    )  # fmt: skip


def place_of(sheet: Sheet, listener: Listener) -> str:
    address = listener.address or "0.0.0.0"  # noqa: S104 - Postfix listens on every address here
    if not is_address(address):
        return ""
    if not listener.address and listener.tls.value != "wrapped":
        sheet.refuse(listener.interfaces or listener.origin, f"port {listener.port}", BOTH)
    return f"[{address}]:{listener.port}" if ":" in address else f"{address}:{listener.port}"


def listener_lines(sheet: Sheet, listener: Listener, place: str, *, is_named: bool) -> Iterator[Line]:
    silent = None if listener.is_auth_offered.value else listener.is_auth_offered.origin
    yield Line("kumo.start_esmtp_listener {", origins_of(listener.origin, silent))
    origins = (listener.origin, *((listener.interfaces,) if listener.interfaces else ()))
    yield Line(f"  listen = {lua_string(place)},", origins)
    yield from indented(fields(sheet, listener))
    yield from indented(certificates(sheet, listener))
    meta = [f"instance = {lua_string(sheet.estate.name)}"] if is_named else []
    if listener.tls.value == "encrypt":
        meta.append("is_tls_required = true")
    if meta:
        yield Line(f"  meta = {{ {', '.join(meta)} }},", (listener.tls.origin or listener.origin,))
    yield Line("}")
    tell_what_is_left(sheet, listener)


def tell_what_is_left(sheet: Sheet, listener: Listener) -> None:
    if listener.is_auth_offered.value:
        sheet.refuse(listener.is_auth_offered.origin or listener.origin, "AUTH", LOGIN)
    sheet.refuse(listener.auth_only, "AUTH", ONLY_WITH_TLS)
    for stated in (listener.hostname, listener.certificate, listener.key):
        if not stated.value:
            sheet.refuse(stated.origin, "", EMPTY)
    if listener.tls.value == "none":
        sheet.refuse(listener.tls.origin, "none", ALWAYS_TLS)


def fields(sheet: Sheet, listener: Listener) -> Iterator[Line]:
    if listener.hostname.value:
        yield of(f"hostname = {lua_string(listener.hostname.value)},", listener.hostname)
    if listener.banner.origin:
        yield of(f"banner = {lua_string(banner(sheet, listener))},", listener.banner)
    yield from networks(listener.relay_networks)
    yield of(f"max_message_size = {listener.message_size.value or UNLIMITED},", listener.message_size)
    yield of(f"max_recipients_per_message = {listener.recipients.value or UNLIMITED},", listener.recipients)
    yield line_endings(listener)
    if listener.timeout.value:
        yield of(f"client_timeout = {lua_string(duration(listener.timeout.value))},", listener.timeout)
    else:
        sheet.refuse(listener.timeout.origin, "0", NO_TIME)


def line_endings(listener: Listener) -> Line:
    """A bare line feed ends a line for Postfix, unless smtpd_forbid_bare_newline says that such mail is refused."""
    is_refused = listener.bare_newlines.value.lower() == "reject"
    return of(f"invalid_line_endings = {lua_string('Deny' if is_refused else 'Fix')},", listener.bare_newlines)


def banner(sheet: Sheet, listener: Listener) -> str:
    """What stands behind the host name; Postfix's banner usually begins with it."""
    name, said = listener.hostname.value, listener.banner.value
    if name and said.startswith(name):
        return said.removeprefix(name).strip()
    if name and listener.banner.origin:
        sheet.refuse(listener.banner.origin, said, BANNER)
    return said


def networks(relayed: Sequence[Stated[str]]) -> Iterator[Line]:
    """relay_hosts, one to a line, each with the line that names it; peer tells the handlers who is among them."""
    yield Line("relay_hosts = {", why="who may send to any recipient")
    for network in relayed:
        yield of(f"  {lua_string(network.value)},", network)
    yield Line("},")
    yield Line("peer = {", why="whose aliases and copies may lead to any domain")
    for network in relayed:
        yield of(f"  [{lua_string(network.value)}] = {{ meta = {{ may_relay = true }} }},", network)
    yield Line("},")


def certificates(sheet: Sheet, listener: Listener) -> Iterator[Line]:
    certificate, key = listener.certificate, listener.key
    if not certificate.value:
        if listener.tls.value == "may":
            sheet.refuse(listener.tls.origin, "may", SELF_SIGNED)
        return
    if certificate.origin and certificate.origin.name == "smtpd_tls_chain_files":
        sheet.refuse(certificate.origin, certificate.value, CHAIN)
        sheet.refuse(listener.tls.origin, listener.tls.value, SELF_SIGNED)
        return
    origins = origins_of(certificate.origin, listener.tls.origin)
    yield Line(f"tls_certificate = {lua_string(certificate.value)},", origins, DEFAULT)
    if key.value:
        yield of(f"tls_private_key = {lua_string(key.value)},", key)
