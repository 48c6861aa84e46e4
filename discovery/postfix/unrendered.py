"""Text that a program was to fill in before Postfix sees it: nobody knows what it will be, so nothing judges it."""

import re
from collections.abc import Container

SHELL = re.compile(r"\$\{?(?P<name>[A-Z][A-Z0-9_]{2,})(?![a-z0-9_])")
# The braces of Postfix itself follow a `$`, a `:` or another brace: ${{a} == {b}}, pcre:{{/a/ b}}.
TEMPLATES = (
    ("Jinja, as Ansible and Salt use it", re.compile(r"(?<![$:{])\{\{-?\s*[A-Za-z_.][^{}]*\}\}|\{%.*?%\}")),
    ("ERB or EPP, as Puppet and Chef use it", re.compile(r"<%.*?%>")),
    ("marks in capitals", re.compile(r"(?<![\w@%])(@@|@|__|%%)[A-Z][A-Z0-9_]+\1(?![\w@%])")),
)


def language_of(text: str, names: Container[str]) -> str:
    """Which kind of template a line belongs to, or ""."""
    if any(found["name"] not in names for found in SHELL.finditer(text)):
        return "variables of a shell or of a container"
    return next((language for language, pattern in TEMPLATES if pattern.search(text)), "")


def is_unrendered(text: str, names: Container[str]) -> bool:
    """Whether a value holds an expression of a template; `names` are the settings that a `${NAME}` may mean."""
    return bool(language_of(text, names))
