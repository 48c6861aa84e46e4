"""Pages of reference drawn from the code: what is said there and nothing else."""

from __future__ import annotations

import ast
import io
import os
from contextlib import redirect_stdout, suppress
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING

from portal.embedded import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from discovery.translation.treatments import Treatment

SETTINGS = ROOT / "portal" / "settings"
LETTERS = {"N": "native", "R": "rewrite", "C": "custom", "X": "gap", "dropped": "dropped"}


def cell(text: object) -> str:
    """Text as one cell of a table: nothing in it is markup."""
    plain = " ".join(str(text).split())
    for letter in "\\`*_|<>[]{}$":
        plain = plain.replace(letter, f"\\{letter}")
    return plain


def code(text: object) -> str:
    plain = str(text).replace("|", "\\|")
    fence = "``" if "`" in plain else "`"
    return f"{fence}{plain}{fence}" if plain else ""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(heads)
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


def commands() -> str:
    """The help of each command, as it says it itself."""
    from portal.cli import BARE, KEEPING, USAGE

    parts = ["# Commands\n", "```text", USAGE.rstrip(), "```\n"]
    for name, module in sorted((BARE | KEEPING).items()):
        parts += [f"## ./gatepost {name}\n", "```text", help_of(module), "```\n"]
    return "\n".join(parts)


def help_of(module: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said), suppress(SystemExit):
        import_module(module).main(["--help"])
    return said.getvalue().rstrip()


def settings() -> str:
    """Every variable of the environment that the settings read, with the comment above it."""
    rows = [row for name in ("base", "production") for row in variables((SETTINGS / f"{name}.py").read_text())]
    said: dict[str, tuple[str, str, str]] = {}
    for name, kind, default, comment in rows:
        if name not in said or default == "required":
            said[name] = (kind, default, comment or said.get(name, ("", "", ""))[2])
    lines = ([code(name), kind, default, cell(comment)] for name, (kind, default, comment) in sorted(said.items()))
    head = "# Settings\n\nVariables of the environment. *required*: there is no default.\n"
    return f"{head}\n{table(('Variable', 'Kind', 'Default', 'What for'), lines)}"


def variables(source: str) -> Iterator[tuple[str, str, str, str]]:
    lines = source.splitlines()
    tree = ast.parse(source)
    parents = {id(child): statement for statement in tree.body for child in ast.walk(statement)}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        kind = kind_of(call.func)
        if kind and call.args and isinstance(call.args[0], ast.Constant):
            given = next((word.value for word in call.keywords if word.arg == "default"), None)
            default = "required" if given is None else code(ast.unparse(given))
            yield str(call.args[0].value), kind, default, comment_above(lines, parents[id(call)].lineno, call.lineno)


def kind_of(function: ast.expr) -> str:
    """What `env(...)` or `env.int(...)` reads; "" for any other call."""
    if isinstance(function, ast.Name) and function.id == "env":
        return "text"
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "env":
        return function.attr
    return ""


def comment_above(lines: list[str], *starts: int) -> str:
    """The comment on the lines before the nearest of these that has one."""
    for start in sorted(starts, reverse=True):
        found: list[str] = []
        for line in reversed(lines[: start - 1]):
            if not line.strip().startswith("#"):
                break
            found.insert(0, line.strip().lstrip("# "))
        if found:
            return " ".join(found)
    return ""


def rules() -> str:
    from discovery.postfix.rule_packs import load_rules

    parts = ["# The rule pack\n", "How a rule is written stands in [Rules](../rules.md).\n"]
    for pack, members in groupby(load_rules(), key=lambda rule: rule.pack):
        rows = ([code(one.id), one.severity, one.confidence, cell(one.title), cell(one.why)] for one in members)
        parts += [f"## {subject(pack)}\n", table(("Rule", "Severity", "Confidence", "Says", "Why"), rows)]
    return "\n".join(parts)


def subject(stem: str) -> str:
    return stem.partition("_")[2].replace("_", " ").capitalize()


def dictionary() -> str:
    from discovery.translation.book import load_book

    parts = ["# The dictionary, row by row\n", "What the classes mean stands in [The dictionary](../dictionary.md).\n"]
    for group, members in groupby(load_book().rows, key=lambda row: row.group):
        rows = ([cell(row.title), made(row.treatments, "powermta"), made(row.treatments, "kumomta")] for row in members)
        parts += [f"## {cell(group)}\n", table(("Postfix", "PowerMTA", "KumoMTA"), rows)]
    return "\n".join(parts)


def made(treatments: Mapping[str, Treatment], target: str) -> str:
    """The usual answer; certain values may have another."""
    one = treatments[target]
    names = ", ".join(code(name) for name in one.names)
    said = cell(one.loss or one.reason)
    return " ".join(filter(None, (f"**{LETTERS[one.letter]}**", names, said)))


def api() -> str:
    """Every address of the API with its methods; fields and answers stand in the schema."""
    load_apps()
    from portal.api_docs import groups

    head = "# The API\n\nWith every field at `/api/docs/`, for programs at `/api/schema`."
    parts = [f"{head} A scope says which tokens open an address.\n"]
    for name, operations in groups().items():
        rows = ([cell(one.summary), one.method, code(one.path), one.scope] for one in operations)
        parts += [f"## {cell(name.capitalize())}\n", table(("Does", "Method", "Address", "Scope"), rows)]
    return "\n".join(parts)


def metrics() -> str:
    load_apps()
    from core.metrics import measured
    from delivery.proxy.figures import FIGURES

    portal = ([code(one.name), one.kind, ", ".join(one.labels), cell(one.says)] for one in measured())
    kinds = {figure.metric: (figure.kind, figure.says) for figure in FIGURES}
    proxy = ([code(name), kind, cell(says)] for name, (kind, says) in kinds.items())
    return "\n".join(
        [
            "# Metrics\n\n## Of the portal\n",
            table(("Metric", "Kind", "Labels", "What it counts"), portal),
            "## Of the routing proxy\n",
            table(("Metric", "Kind", "What it counts"), proxy),
        ]
    )


def load_apps() -> None:
    """Django with all apps, for what they registered; no database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    import django

    django.setup()


PAGES: dict[str, Callable[[], str]] = {
    "commands": commands,
    "settings": settings,
    "rules": rules,
    "dictionary": dictionary,
    "api": api,
    "metrics": metrics,
}
