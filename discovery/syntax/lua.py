"""Lua as KumoMTA reads it: Lua 5.4's own compiler says whether a file parses. What it compiles is never run."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lupa.lua54 import LuaRuntime, LuaSyntaxError  # type: ignore[import-untyped]  # lupa ships no types

from discovery.syntax.lua_tokens import Token, tokens_of
from discovery.syntax.names import Names
from discovery.syntax.report import Remark

COMPILE = "function(text, name) local made, problem = load(text, name, 't', {}) return problem end"
PLACE = re.compile(r"^\[string \".*?\"\]:(\d+): ", re.DOTALL)
MEMORY = 256 * 1024 * 1024
OPENING, CLOSING = frozenset("({["), frozenset(")}]")


def syntax_remarks(path: str, text: str) -> Iterator[Remark]:
    """At most one: the compiler stops at the first thing it cannot read."""
    runtime = LuaRuntime(max_memory=MEMORY, register_eval=False, register_builtins=False)
    compile_only = runtime.eval(COMPILE)
    try:
        problem = compile_only(text, "file")
    except (LuaSyntaxError, MemoryError) as error:
        problem = str(error) or "out of memory"
    if problem:
        found = PLACE.match(problem)
        yield Remark(path, int(found[1]) if found else 0, f"Lua: {problem[found.end() :] if found else problem}.")


def name_remarks(path: str, text: str, names: Names, modules: Iterable[str]) -> Iterator[Remark]:
    """Functions, events, modules and options that KumoMTA is not known to have. `modules` lie beside the file."""
    tokens = list(tokens_of(text))
    for index, token in enumerate(tokens):
        if token.kind != "name":
            continue
        if token.text.startswith("kumo."):
            yield from _call_remarks(path, tokens, index, names)
        elif token.text == "require":
            yield from _module_remarks(path, tokens, index, names, modules)


def _call_remarks(path: str, tokens: Sequence[Token], index: int, names: Names) -> Iterator[Remark]:
    token = tokens[index]
    if token.text not in names.functions:
        yield Remark(path, token.line, f"KumoMTA is not known to have {token.text}.")
    elif token.text == "kumo.on":
        event = _first_string(tokens, index)
        if event and event.text not in names.events:
            yield Remark(path, event.line, f"KumoMTA is not known to have the event {event.text}.")
    elif options := names.options.get(token.text):
        yield from _option_remarks(path, tokens, index, options)


def _option_remarks(path: str, tokens: Sequence[Token], index: int, options: Mapping[str, str]) -> Iterator[Remark]:
    for key in _keys(tokens, index + 1):
        if key.text not in options:
            yield Remark(path, key.line, f"{tokens[index].text} is not known to take {key.text}.")


def _module_remarks(
    path: str, tokens: Sequence[Token], index: int, names: Names, modules: Iterable[str]
) -> Iterator[Remark]:
    module = _first_string(tokens, index)
    if module and module.text not in names.modules and module.text not in modules:
        yield Remark(path, module.line, f"There is no module {module.text}: neither KumoMTA's nor a file of this set.")


def _first_string(tokens: Sequence[Token], index: int) -> Token | None:
    """The string a call begins with: `f 'x'` or `f('x'`."""
    after = [token for token in tokens[index + 1 : index + 3] if token.text != "("]
    return after[0] if after and after[0].kind == "string" else None


def _keys(tokens: Sequence[Token], start: int) -> Iterator[Token]:
    """The keys of the table a call is given: `f { key = 1 }` or `f({ key = 1 })`, not those of tables within it."""
    while start < len(tokens) and tokens[start].text == "(":
        start += 1
    if start >= len(tokens) or tokens[start].text != "{":
        return
    depth = 0
    for before, token, after in zip(tokens[start:], tokens[start + 1 :], tokens[start + 2 :], strict=False):
        if token.kind == "mark":
            depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth < 0:
            return
        if not depth and token.kind == "name" and before.text in "{,;" and after.text == "=":
            yield token
