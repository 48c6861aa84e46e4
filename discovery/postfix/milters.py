"""Recognises the programs around Postfix by where they listen; what is in milters.yaml is known, the rest is custom."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import Milter
from discovery.postfix.maps import Expand, Origin

MILTER_PARAMETERS = ("smtpd_milters", "non_smtpd_milters")
CUSTOM = "custom"
MILTER_CODE = re.compile(
    r"import Milter|from Milter|pymilter|libmilter|smfi_register|Sendmail::PMilter|require ['\"]milter"
)
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


def configuration_of(product: Product, paths: Iterable[str]) -> tuple[str, ...]:
    """Files of the bundle that belong to a product."""
    return tuple(path for path in paths if any(f"/{file}" in f"/{path}" for file in product.files))


def milters_of(
    bundle: Bundle, values: Iterable[Origin], expander: Expand, texts: Mapping[str, str]
) -> Iterator[Milter]:
    """Every milter socket, in main.cf and in options of services; `texts` are the programs of the bundle."""
    for origin in values:
        if origin.name not in MILTER_PARAMETERS:
            continue
        where = {"parameter": origin.name, "file": origin.file, "service": origin.service}
        for socket in sockets_in(expander(origin.value)):
            yield describe_milter(bundle, where, socket, origin.line_of(socket), texts)


def describe_milter(
    bundle: Bundle, where: Mapping[str, str], socket: str, line: int, texts: Mapping[str, str]
) -> Milter:
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
        configuration=configuration_of(product, bundle.files),
        source=source_of(socket, texts) if product.product == CUSTOM else "",
        host=place.host,
        port=place.port,
        path=place.path,
        program=product.programs[0] if product.programs else "",
    )


def source_of(socket: str, texts: Mapping[str, str]) -> str:
    """The program in the bundle that is written as a milter and names this socket or its port."""
    address = re.split(r"[:@/]", socket.rstrip("/"))
    telling = [part for part in (address[-1], *address[1:2]) if part and part not in {"inet", "unix", "localhost"}]
    written = [path for path, text in texts.items() if MILTER_CODE.search(text)]
    return next((path for path in written for part in telling if part in texts[path] or part in path), "")
