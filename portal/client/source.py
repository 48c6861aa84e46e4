"""The client's own code, drawn from the schema: a type for each shape, a method for each operation."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.api_schema import api_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "gatepost_client"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_PATH = re.compile(r"{(\w+)}")
_NOT_A_NAME = re.compile(r"_?\W")

_INIT = '''"""Gatepost by its API: `Gatepost(portal, token)`. Written by `manage.py write_client`."""

from {package}.calls import Gatepost
from {package}.transport import Refused, Unheard

__all__ = ["Gatepost", "Refused", "Unheard"]
'''
_SHAPES = '''"""What the API takes and answers."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
'''
_CALLS = '''"""A method for each operation of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast
from urllib.parse import quote

from {package} import shapes
from {package}.transport import File, Transport


class Gatepost(Transport):
'''


def files() -> dict[str, str]:
    """The text of each file of the package, by its name."""
    transport = Path(__file__).with_name("transport.py").read_text(encoding="utf-8")
    return {
        "__init__.py": _INIT.format(package=PACKAGE),
        "py.typed": "",
        "transport.py": transport,
        "shapes.py": "\n\n".join([_SHAPES, *_shapes()]) + "\n",
        "calls.py": _CALLS.format(package=PACKAGE) + "\n".join(_calls()),
    }


def _shapes() -> Iterator[str]:
    for name, said in sorted(api_schema()["components"]["schemas"].items()):
        if "properties" not in said:
            yield f"{_name(name)} = {_type(said, '')}"
            continue
        required = said.get("required", ())
        fields = [
            f'        "{field}": "{kind if field in required else f"NotRequired[{kind}]"}",'
            for field, kind in ((field, _type(inner, "")) for field, inner in said["properties"].items())
        ]
        yield "\n".join([f'{_name(name)} = TypedDict(\n    "{_name(name)}",\n    {{', *fields, "    },\n)"])


def _type(said: dict[str, Any], prefix: str) -> str:
    """As Python says it. `prefix` stands before the names of shapes."""
    if reference := said.get("$ref"):
        return f"{prefix}{_name(reference.rpartition('/')[2])}"
    if options := said.get("enum"):
        return f"Literal[{', '.join(map(_literal, options))}]"
    if parts := said.get("oneOf") or said.get("allOf"):
        return " | ".join(dict.fromkeys(_type(one, prefix) for one in parts))
    types = said.get("type", [])
    return " | ".join(_of_type(one, said, prefix) for one in ([types] if isinstance(types, str) else types)) or "Any"


def _literal(value: Any) -> str:
    """In single quotes: a type stands as a text in double ones."""
    return repr(value)


def _of_type(kind: str, said: dict[str, Any], prefix: str) -> str:
    if kind == "array":
        return f"list[{_type(said.get('items', {}), prefix)}]"
    if kind == "object":
        inner = said.get("additionalProperties", {})
        return f"dict[str, {_type(inner, prefix) if isinstance(inner, dict) else 'Any'}]"
    return "File" if said.get("format") == "binary" and prefix else _PLAIN[kind]


def _name(text: str) -> str:
    name = _NOT_A_NAME.sub("_", text)
    return f"{name}_" if keyword.iskeyword(name) else name


def _calls() -> Iterator[str]:
    for path, operations in api_schema()["paths"].items():
        for method, said in operations.items():
            yield _call(path, method.upper(), said)


def _call(path: str, method: str, said: dict[str, Any]) -> str:
    body, answer = _body(said), _answer(said)
    row = _row(answer)
    asked = {"query": _given(said), **body[1], **_headers(said)}
    passed = "".join(f", {name}={value}" for name, value in asked.items() if value)
    address = _PATH.sub(lambda found: f"{{quote(str({_name(found[1])}), safe='')}}", path)
    ask = f'self.rows(f"{address}"{passed})' if row else f'self.ask("{method}", f"{address}"{passed})'
    kind = f"Iterator[{row}]" if row else answer
    head = f"    def {_name(said['operationId'])}({', '.join(_parameters(path, said, body[0]))}) -> {kind}:"
    words = f'        """{said.get("summary") or said["operationId"]}."""'
    return "\n".join([head, words, f'        return cast("{kind}", {ask})', ""])


def _parameters(path: str, said: dict[str, Any], body: str) -> Iterator[str]:
    known = {one["name"]: one for one in said.get("parameters", ())}
    yield "self"
    yield from (f"{_name(name)}: {_type(known[name]['schema'], 'shapes.')}" for name in _PATH.findall(path))
    if body:
        yield f"sent: {body}"
    queries = [one for one in known.values() if one["in"] == "query" and one["name"] != "cursor"]
    headers = _headers(said)
    if queries or headers:
        yield "*"
    for one in sorted(queries, key=lambda one: not one.get("required")):
        kind = _type(one["schema"], "shapes.")
        yield f"{_name(one['name'])}: {kind}" if one.get("required") else f"{_name(one['name'])}: {kind} | None = None"
    yield from (f"{name}: str | None = None" for name in headers)


def _given(said: dict[str, Any]) -> str:
    names = [one["name"] for one in said.get("parameters", ()) if one["in"] == "query" and one["name"] != "cursor"]
    return "{" + ", ".join(f'"{name}": {_name(name)}' for name in names) + "}" if names else ""


def _headers(said: dict[str, Any]) -> dict[str, str]:
    """The argument of the transport for each header that the operation takes."""
    taken = {one["name"] for one in said.get("parameters", ()) if one["in"] == "header"}
    known = {"Idempotency-Key": "idempotency_key", "If-Match": "if_match"}
    return {argument: argument for header, argument in known.items() if header in taken}


def _body(said: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The type of what is sent, and how it is handed on: as JSON, or as a form where it carries a file."""
    content = said.get("requestBody", {}).get("content", {})
    if not content:
        return "", {}
    if "application/json" in content:
        return _type(content["application/json"]["schema"], "shapes."), {"sent": "cast('dict[str, Any]', sent)"}
    return "dict[str, str | bool | File]", {"form": "sent"}


def _answer(said: dict[str, Any]) -> str:
    success = next(answer for status, answer in said["responses"].items() if status.startswith("2"))
    content = success.get("content", {})
    if not content:
        return "None"
    told = content.get("application/json") if len(content) == 1 else None
    return _type(told["schema"], "shapes.") if told else "bytes"


def _row(answer: str) -> str:
    """What a list of pages is a list of; empty for any other answer."""
    shape = api_schema()["components"]["schemas"].get(answer.removeprefix("shapes."), {})
    properties = shape.get("properties", {})
    return _type(properties["results"]["items"], "shapes.") if {"next", "results"} <= properties.keys() else ""
