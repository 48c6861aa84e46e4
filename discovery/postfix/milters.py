"""Recognises mail filters by their socket; what is in milters.yaml is known, the rest is custom."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import Milter

MILTER_PARAMETERS = ("smtpd_milters", "non_smtpd_milters")
CUSTOM = "custom"
MILTER_CODE = re.compile(
    r"import Milter|from Milter|pymilter|libmilter|smfi_register|Sendmail::PMilter|require ['\"]milter"
)


@dataclass(frozen=True, slots=True)
class Product:
    """One row of milters.yaml."""

    product: str
    function: str
    socket: str
    files: tuple[str, ...]


@cache
def products() -> tuple[Product, ...]:
    rows = yaml.safe_load((Path(__file__).parent / "milters.yaml").read_text(encoding="utf-8"))
    return tuple(Product(row["product"], row["function"], row["socket"], tuple(row["files"])) for row in rows)


def sockets_in(value: str) -> Iterator[str]:
    """Sockets of a milter list; `{ inet:host:port, option = x }` counts as its socket."""
    for element in split_outside_braces(value):
        inner = split_outside_braces(inside_braces(element)[0])[:1] if is_braced(element) else [element]
        yield from inner


def product_of(socket: str) -> Product:
    """The product behind a socket, or a custom one."""
    known = (product for product in products() if re.search(product.socket, socket, re.IGNORECASE))
    return next(known, Product(CUSTOM, "unknown", "", ()))


def describe_milter(
    bundle: Bundle, where: Mapping[str, str], socket: str, line: int, texts: Mapping[str, str]
) -> Milter:
    """One use of a socket; `where` holds `parameter`, `file` and `service`."""
    product = product_of(socket)
    configuration = tuple(path for path in bundle.files if any(f"/{file}" in f"/{path}" for file in product.files))
    return Milter(
        product=product.product,
        socket=socket,
        parameter=where["parameter"],
        function=product.function,
        file=where["file"],
        line=line,
        service=where["service"],
        configuration=configuration,
        source=source_of(socket, texts) if product.product == CUSTOM else "",
    )


def source_of(socket: str, texts: Mapping[str, str]) -> str:
    """The program in the bundle that is written as a milter and names this socket or its port."""
    address = re.split(r"[:@/]", socket.rstrip("/"))
    telling = [part for part in (address[-1], *address[1:2]) if part and part not in {"inet", "unix", "localhost"}]
    written = [path for path, text in texts.items() if MILTER_CODE.search(text)]
    return next((path for path in written for part in telling if part in texts[path] or part in path), "")
