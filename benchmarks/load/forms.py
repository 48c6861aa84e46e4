"""Reads the forms of a page as a browser does: what each would send if its button were pressed now."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

KINDS_NOT_SENT = {"submit", "button", "reset", "image", "file"}


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, values: dict[str, str]) -> list[tuple[str, str]]:
        """What is sent with these fields filled in."""
        return [pair for pair in self.fields if pair[0] not in values] + list(values.items())


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._address, self._text_name, self._select = address, "", ""
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method", "").lower() == "post":
            self._open = Form(urljoin(self._address, said.get("action") or self._address))
            self.forms.append(self._open)
        elif self._open and tag in {"input", "textarea", "select", "option"}:
            self._take(self._open, tag, said)

    def _take(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name, kind = said.get("name", ""), said.get("type", "text").lower()
        if tag == "textarea":
            form.fields.append((name, ""))
            self._text_name = name
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            form.fields.append((self._select, said.get("value", "")))
        elif tag == "input" and name and _is_sent(kind, said):
            form.fields.append((name, said.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        if self._open and self._text_name:
            name, text = self._open.fields[-1]
            self._open.fields[-1] = (name, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text_name = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._open = None


def _is_sent(kind: str, said: dict[str, str]) -> bool:
    return kind not in KINDS_NOT_SENT and (kind not in {"checkbox", "radio"} or "checked" in said)


def forms_of(page: str, address: str) -> list[Form]:
    """The forms that are posted, in their order."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms


def form_to(page: str, address: str, path: str) -> Form | None:
    """The first form of the page that is sent to this path."""
    wanted = urljoin(address, path)
    return next((form for form in forms_of(page, address) if form.action.partition("#")[0] == wanted), None)
