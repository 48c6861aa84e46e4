"""What changed about a construct since somebody decided on it, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from discovery.models import TranslatedConstruct

LONGEST = 120


def what_changed(before: TranslatedConstruct, after: TranslatedConstruct) -> list[str]:
    """Nothing as long as its text, its class and what it changes for mail are the same, whatever line it moved to."""
    changed: list[str] = []
    if before.letter != after.letter:
        changed.append(f"The class was {_class(before)} and is {_class(after)} now.")
    if before.value != after.value:
        changed.append(f"The line said “{_short(before.value)}” and says “{_short(after.value)}” now.")
    elif before.line_count != after.line_count:
        changed.append(f"{before.line_count} lines said it, {after.line_count} say it now.")
    elif before.text_digest and before.text_digest != after.text_digest:
        changed.append(f"One of the {after.line_count} lines that say it reads otherwise now.")
    if before.loss != after.loss:
        changed.append(f"What changes for mail was “{_short(before.loss)}” and is “{_short(after.loss)}” now.")
    return changed


def in_a_sentence(label: str) -> str:
    """A choice as it is written in the middle of one: custom Lua."""
    return label[:1].lower() + label[1:]


def _class(row: TranslatedConstruct) -> str:
    return str(row.get_letter_display()).lower()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
