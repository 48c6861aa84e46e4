"""The tokens of a Lua text: enough to see which functions a policy calls and which options it hands to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"(?P<comment>--\[(?P<ceq>=*)\[.*?\](?P=ceq)\]|--[^\n]*)"
    r"|(?P<long>\[(?P<leq>=*)\[.*?\](?P=leq)\])"
    r"|(?P<string>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")"
    r"|(?P<name>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<mark>==|~=|<=|>=|\.\.\.?|::|//|[^\s\w])",
    re.DOTALL | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is name (with its dots), string (without its quotes), number or mark."""

    kind: str
    text: str
    line: int


def tokens_of(text: str) -> Iterator[Token]:
    line, counted = 1, 0
    for found in TOKEN.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        kind = found.lastgroup or ""
        said = found.group()
        if found["comment"] is not None:
            continue
        if found["string"] is not None:
            yield Token("string", said[1:-1], line)
        elif found["long"] is not None:
            yield Token("string", said, line)
        else:
            yield Token(kind, re.sub(r"\s+", "", said), line)
