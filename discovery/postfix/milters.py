"""Recognises the programs around Postfix by where they listen; what is in milters.yaml is known, the rest is custom."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.facts import Milter
from discovery.postfix.maps import Expand, Origin
from discovery.postfix.surroundings import Surroundings

MILTER_PARAMETERS = ("smtpd_milters", "non_smtpd_milters")
CUSTOM = "custom"
AT = r"(?P<port>[^@:\[\]]+)@(?P<host>\S+)"
COLON = r"(?:(?P<before>\[[^\]]*\]|[^:]*):)?(?P<after>[^:@]+)"
INET = re.compile(rf"^inet6?:(?:{AT}|{COLON})$")
UNIX = re.compile(r"^(?:unix|local):(?P<path>\S+)$")


@dataclass(frozen=True, slots=True)
class Product:
    """One row of milters.yaml."""

    kind: str
    product: str
    function: str
    socket: str
    programs: tuple[str, ...]
    files: tuple[str, ...]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Socket:
    """Where a program listens: host and port, or a path."""

    host: str = ""
    port: str = ""
    path: str = ""


@cache
def products() -> tuple[Product, ...]:
    rows = yaml.safe_load((Path(__file__).parent / "milters.yaml").read_text(encoding="utf-8"))
    return tuple(
        Product(
            kind=row["kind"],
            product=row["product"],
            function=row["function"],
            socket=row["socket"],
            programs=tuple(row["programs"]),
            files=tuple(row["files"]),
            is_sure=row.get("sure", True),
        )
        for row in rows
    )


def sockets_in(value: str) -> Iterator[str]:
    """Sockets of a milter list; `{ inet:host:port, option = x }` counts as its socket."""
    for element in split_outside_braces(value):
        inner = split_outside_braces(inside_braces(element)[0])[:1] if is_braced(element) else [element]
        yield from inner


def parse_socket(text: str) -> Socket:
    """`inet:host:port`, `inet:port@host`, `unix:path`; anything else has neither."""
    if found := UNIX.match(text):
        return Socket(path=found["path"])
    if found := INET.match(text):
        return Socket(host=found["host"] or found["before"] or "", port=found["port"] or found["after"])
    return Socket()


def product_of(socket: str, kind: str = "milter") -> Product:
    """The product behind a socket, or a custom one."""
    known = (each for each in products() if each.kind == kind and re.search(each.socket, socket, re.IGNORECASE))
    return next(known, Product(kind, CUSTOM, "unknown", "", (), (), is_sure=False))


def is_told_by_port(milter: Milter) -> bool:
    """Whether only the number of a port tells the product: no name in the socket, no configuration in the bundle."""
    return bool(milter.port) and not milter.configuration and product_of(milter.host).product != milter.product


def milters_of(around: Surroundings, values: Iterable[Origin], expander: Expand) -> Iterator[Milter]:
    """Every milter socket, in main.cf and in options of services."""
    for origin in values:
        if origin.name not in MILTER_PARAMETERS:
            continue
        where = {"parameter": origin.name, "file": origin.file, "service": origin.service}
        for socket in sockets_in(expander(origin.value)):
            yield describe_milter(around, where, socket, origin.line_of(socket))


def describe_milter(around: Surroundings, where: Mapping[str, str], socket: str, line: int) -> Milter:
    """One use of a socket; `where` holds `parameter`, `file` and `service`."""
    product = product_of(socket)
    place = parse_socket(socket)
    return Milter(
        product=product.product,
        socket=socket,
        parameter=where["parameter"],
        function=product.function,
        file=where["file"],
        line=line,
        service=where["service"],
        configuration=around.holding(product.files),
        source=source_of(socket, around.milter_texts) if product.product == CUSTOM else "",
        host=place.host,
        port=place.port,
        path=place.path,
        program=product.programs[0] if product.programs else "",
    )


def source_of(socket: str, written: Mapping[str, str]) -> str:
    """The program in the bundle that is written as a milter and names this socket or its port."""
    address = re.split(r"[:@/]", socket.rstrip("/"))
    telling = [part for part in (address[-1], *address[1:2]) if part and part not in {"inet", "unix", "localhost"}]
    return next((path for path in written for part in telling if part in written[path] or part in path), "")
