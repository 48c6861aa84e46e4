"""Policy services, content filters, lookup servers and login servers that an instance hands something to."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.bundle import Bundle
from discovery.postfix.estate_facts import Filter
from discovery.postfix.facts import Service
from discovery.postfix.maps import Expand, Origin
from discovery.postfix.milters import CUSTOM, Product, Socket, parse_socket, product_of
from discovery.postfix.places import Place, find_file
from discovery.postfix.programs import argv_of, program_of
from discovery.postfix.routes import Choice, chosen, split_target
from discovery.postfix.scope import Scope
from discovery.postfix.surroundings import Surroundings

POLICY = "check_policy_service"
NEXTHOP = re.compile(r"^(?P<host>\[[^\]]*\]|[^:\[]*)(?::(?P<port>\w+))?$")
PROXY = re.compile(r"^(?:inet:)?(?:(?P<host>\[[^\]]*\]|[^:]*):)?(?P<port>\w+)$")
SERVER_TABLES = re.compile(r"(?:proxy:)?(?:tcp|socketmap):[^\s,{}]+")
PRIVATE_SOCKET = re.compile(r"(?:^|/)(?:private|public)/(?P<service>[^/]+)$")
SASL_PATH = "smtpd_sasl_path"


@dataclass(frozen=True, slots=True)
class Target:
    """What a value names: as it is written, where that is, and the service of master.cf it goes through."""

    kind: str
    text: str
    socket: Socket
    transport: str
    parameter: str
    service: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What a target is looked up in."""

    bundle: Bundle
    around: Surroundings
    place: Place
    services: Mapping[str, Service]


def filters_of(
    surrounding: Surrounding, values: Sequence[Origin], expander: Expand, choices: Sequence[Choice], scope: Scope
) -> tuple[Filter, ...]:
    """Each once, in the order of the files."""
    targets = [
        *policy_services(values, expander),
        *content_filters(values, expander),
        *filter_actions(choices, surrounding.services),
        *lookup_servers(values, expander),
        *login_server(scope),
    ]
    return tuple(dict.fromkeys(described(surrounding, target) for target in targets))


def policy_services(values: Sequence[Origin], expander: Expand) -> Iterator[Target]:
    """What follows check_policy_service, plain or as `{ inet:host:port, timeout=... }`."""
    for origin in values:
        if POLICY not in origin.value:
            continue
        words = split_outside_braces(expander(origin.value))
        for word, following in pairwise(words):
            if word.endswith(POLICY):
                inside = split_outside_braces(inside_braces(following)[0]) if is_braced(following) else [following]
                text = "".join(inside[:1])
                socket = parse_socket(text)
                yield at(origin, "policy", text, socket, service_of(socket.path))


def service_of(path: str) -> str:
    """The service of master.cf behind `private/NAME`, or ""."""
    found = PRIVATE_SOCKET.search(path)
    return found["service"] if found else ""


def content_filters(values: Sequence[Origin], expander: Expand) -> Iterator[Target]:
    """content_filter and smtpd_proxy_filter, in main.cf and in options of services."""
    for origin in values:
        text = expander(origin.value).strip()
        if not text:
            continue
        if origin.name == "content_filter":
            transport, nexthop = split_target(text)
            yield at(origin, "content_filter", text, next_hop(nexthop), transport)
        elif origin.name == "smtpd_proxy_filter":
            found = PROXY.match(text)
            socket = Socket((found["host"] or ""), found["port"]) if found else parse_socket(text)
            yield at(origin, "proxy_filter", text, socket, "")


def next_hop(text: str) -> Socket:
    if text.startswith("unix:"):
        return parse_socket(text)
    found = NEXTHOP.match(text.removeprefix("inet:"))
    return Socket(found["host"].strip("[]"), found["port"] or "") if found else Socket()


def filter_actions(choices: Sequence[Choice], services: Mapping[str, Service]) -> Iterator[Target]:
    """FILTER actions that lead to a program or to a server, not to a sending transport of one's own."""
    for choice in chosen(choices, "header", "access"):
        is_program = choice.transport in services and services[choice.transport].command == "pipe"
        if is_program or choice.nexthop.strip("[").startswith(("127.", "localhost", "::1")):
            text = f"{choice.transport}:{choice.nexthop}"
            socket = next_hop(choice.nexthop) if not is_program else Socket()
            yield Target("content_filter", text, socket, choice.transport, "FILTER", "", choice.file, choice.line)


def lookup_servers(values: Sequence[Origin], expander: Expand) -> Iterator[Target]:
    """tcp:host:port and socketmap:inet:host:port:name, wherever a table may stand."""
    for origin in values:
        if "tcp:" not in origin.value and "socketmap:" not in origin.value:
            continue
        for text in SERVER_TABLES.findall(expander(origin.value)):
            kind, _, address = text.removeprefix("proxy:").partition(":")
            place = f"inet:{address}" if kind == "tcp" else address.rpartition(":")[0]
            yield at(origin, "lookup", text, parse_socket(place), "")


def login_server(scope: Scope) -> Iterator[Target]:
    """Who checks logins, when anybody may log in and main.cf says so."""
    path, kind = scope.get(SASL_PATH), scope.get("smtpd_sasl_type")
    enabled = scope.get("smtpd_sasl_auth_enable")
    if not (enabled.is_on and enabled.is_set):
        return
    where = next(value for value in (path, kind, enabled) if value.is_set)
    text = path.text if path.is_set else kind.text
    socket = parse_socket(text) if text.startswith(("inet:", "unix:")) else Socket(path=text if "/" in text else "")
    shown = text if kind.text == "dovecot" or not path.is_set else f"{kind.text} {text}"
    yield Target("sasl", shown, socket, "", where.name, "", where.file, where.line)


def at(origin: Origin, kind: str, text: str, socket: Socket, transport: str) -> Target:
    return Target(kind, text, socket, transport, origin.name, origin.service, origin.file, origin.line_of(text))


def described(surrounding: Surrounding, target: Target) -> Filter:
    """The target with its product: by its socket, else by the program its service runs."""
    service = surrounding.services.get(target.transport)
    command = program_of(argv_of(service)) if service else ""
    product = product_behind(target, command)
    source = find_file(surrounding.bundle, surrounding.place, command) if command.startswith("/") else ""
    socket = Socket() if command and target.kind == "content_filter" else target.socket  # a pipe's next hop is no host
    return Filter(
        kind=target.kind,
        product=product.product,
        function=product.function,
        target=target.text,
        host=socket.host,
        port=socket.port,
        path=socket.path,
        program=command or "".join(product.programs[:1]),
        transport=target.transport,
        parameter=target.parameter,
        service=target.service,
        configuration=surrounding.around.holding(product.files),
        source=source,
        confidence=confidence_in(product.product, is_sure=product.is_sure),
        file=target.file,
        line=target.line,
    )


def product_behind(target: Target, command: str) -> Product:
    kind = "content_filter" if target.kind == "proxy_filter" else target.kind
    product = product_of(target.text, kind)
    is_program = product.product == CUSTOM and command
    return product_of(posixpath.basename(command), kind) if is_program else product


def confidence_in(product: str, *, is_sure: bool) -> str:
    if product == CUSTOM:
        return "certain"
    return "likely" if is_sure else "guess"
