"""What the pages of the plan need: their words, their blocks, and where parts of a drawing stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from core.wording import number_text
from engagements.parties import party_names
from reports.closing.sheets import close_parts as parts_of
from reports.sheets.desk import minus
from reports.sheets.phrases import say as say_of_records
from reports.sheets.phrases import say_message, say_stream, say_value
from reports.templatetags.documents import file_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.utils.safestring import SafeString

    from core.documents import Snapshot
    from reports.closing.sheets import Part
    from reports.sheets.blocks import Block, Cell, Column, Rest, Table
    from reports.sheets.words import Words

register = template.Library()


@register.filter
def markup(block: Block) -> str:
    return f"documents/blocks/{block.kind}.html"


@register.simple_tag
def written(cell: Cell) -> SafeString:
    """A cell with its looks and marks. Without white space around it, which WeasyPrint breaks a full line for."""
    lines = cell.text.split("\n") if cell.is_list else [cell.text]
    text = format_html_join(mark_safe("<br>"), "{}", [[line] for line in lines])
    if cell.is_mono:
        text = format_html('<span class="mono">{}</span>', text)
    if cell.is_strong:
        text = format_html("<b>{}</b>", text)
    if cell.rest:
        text = format_html('{} <a class="mark" href="#text-{}">T{}</a>', text, cell.rest, cell.rest)
    if cell.note:
        text = format_html('{}<sup><a class="mark" href="#evidence-{}">{}</a></sup>', text, cell.note, cell.note)
    return text


@register.simple_tag
def close_parts(snapshot: Snapshot, words: Words) -> list[Part]:
    """The sections of a close report."""
    return parts_of(snapshot, words)


@register.filter
def beside(table: Table, row: Sequence[Cell]) -> Iterator[tuple[Column, Cell]]:
    return zip(table.columns, row, strict=True)


@register.filter
def say(words: Words, key: str) -> str:
    return words(key)


@register.filter
def named(words: Words, label: str) -> str:
    return words.label(label)


@register.filter
def said(words: Words, text: str) -> str:
    """A sentence of the records in the plan's language."""
    return say_of_records(words, text)


@register.filter
def value(words: Words, text: str) -> str:
    """A sentence, a day, a moment or a number of a quote, each of which was put into words before."""
    return say_value(words, text)


@register.filter
def message(words: Words, finding: Mapping[str, str]) -> str:
    return say_message(words, finding)


@register.filter
def ended(sentence: str) -> str:
    """With a full stop where another sentence follows: a message may end with a value of the configuration."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


@register.filter
def held(words: Words, label: str) -> str:
    """A part of a gate by its reference and what the records call it: S-02 bulk."""
    reference, _, name = label.partition(" ")
    return f"{reference} {say_stream(words, name)}" if name else label


@register.filter
def sized(words: Words, count: int) -> str:
    return say_of_records(words, file_size(count))


@register.filter
def counted(words: Words, count: int) -> str:
    return words.digits(number_text(count))


@register.filter
def dated(words: Words, day: str) -> str:
    return words.day(day)


@register.filter
def at_time(words: Words, moment: str) -> str:
    return words.moment(moment)


@register.filter
def more(words: Words, rest: Rest) -> str:
    return words("more", count=rest.count, letter=rest.letter)


@register.filter
def owing(words: Words, party: str) -> str:
    """Empty for the customer, who is called by name."""
    return "" if party == "customer" else words(f"party.{party}")


@register.simple_tag
def sides(words: Words, party: str, organization: str) -> str:
    """Both sides by name, or one."""
    return f" {words('range.and')} ".join(party_names(party, organization))


@register.filter(name="minus")
def with_minus(text: str) -> str:
    return minus(text)


@register.filter
def from_top(share: float) -> float:
    return round(100 - share, 2)


@register.filter
def placed(number: int, columns: Sequence[object]) -> float:
    """Percent from the left, of a column among equal ones."""
    return round(100 * number / len(columns), 2)
