"""The components, builtin in every template. The signature of a tag is the list of its inputs.

A wrong input raises, in production as well: an error page is better than a wrong status beside a signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from core.components import HistoryRow, Phase, Shortcut, Status, StatusKind, Task, Term
from core.icons import ICONS
from core.templatetags import component_blocks, component_charts, component_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.paginator import Page
    from django.forms import BaseForm
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

register = template.Library()
for module in (component_blocks, component_charts, component_values):
    register.tags.update(module.register.tags)
    register.filters.update(module.register.filters)

CHIPS = {"N": "Native", "R": "Rewrite", "C": "Custom", "X": "Gap"}
CHIP_LETTERS = {name.lower(): letter for letter, name in CHIPS.items()}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A shape beside a word. Raises KeyError for a name that is not in core.icons."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">'
        '<path fill="currentColor" d="{}"/></svg>',
        ICONS[name],
    )


@register.inclusion_tag("components/status.html")
def status(
    kind: Status | StatusKind | str, *, label: str = "", party: str = "", is_reader: bool = False
) -> dict[str, Any]:
    """One of the six statuses, or a Status that a view made."""
    shown = kind if isinstance(kind, Status) else Status(kind, label, party, is_reader)
    return {"status": shown, "modifier": str(shown.kind).replace("_", "-")}


@register.inclusion_tag("components/chip.html")
def chip(letter: str, count: int | None = None) -> dict[str, Any]:
    """The translation class of a construct: N, R, C, X or its name. Raises KeyError for anything else."""
    letter = CHIP_LETTERS.get(letter.lower(), letter)
    return {"letter": letter, "name": CHIPS[letter], "count": count, "modifier": CHIPS[letter].lower()}


@register.inclusion_tag("components/stepper.html")
def stepper(phases: Sequence[Phase], label: str = "Phases") -> dict[str, Any]:
    return {"phases": phases, "label": label}


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Sequence[Task]) -> dict[str, Any]:
    return {"tasks": tasks}


@register.inclusion_tag("components/task.html")
def task(row: Task) -> dict[str, Any]:
    """One row; stands inside <ul class="task-list">."""
    return {"task": row, "is_link": bool(row.url) and row.status.kind != StatusKind.BLOCKED}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Sequence[Term], *, is_narrow: bool = False) -> dict[str, Any]:
    return {"rows": rows, "is_narrow": is_narrow}


@register.inclusion_tag("components/blockers.html")
def blockers(
    reasons: Sequence[str],
    title: str = "You cannot do this yet",
    *,
    count: int | None = None,
    anchor: str = "blockers",
) -> dict[str, Any]:
    """What is open, as whole sentences. Nothing is drawn when nothing is open. `count` when not all have a sentence."""
    shown = list(reasons)
    return {"reasons": shown, "title": title, "open_count": len(shown) if count is None else count, "anchor": anchor}


@register.inclusion_tag("components/button_or_blockers.html")
def button_or_blockers(
    label: str,
    reasons: Sequence[str],
    *,
    count: int | None = None,
    url: str = "",
    name: str = "",
    value: str = "",
    anchor: str = "blockers",
) -> dict[str, Any]:
    """The primary button of a page, or a link to what is open. `url` makes it a link instead of a submit."""
    return {
        "label": label,
        "open_count": len(list(reasons)) if count is None else count,
        "url": url,
        "name": name,
        "value": value,
        "anchor": anchor,
    }


@register.inclusion_tag("components/progress.html")
def progress(label: str, text: str, *, done: int | None = None, total: int | None = None) -> dict[str, Any]:
    """A job under way. Without `total` the bar does not claim to know how far it is."""
    return {"label": label, "text": text, "done": done, "total": total}


@register.inclusion_tag("components/filter_choice.html")
def filter_choice(
    label: str, name: str, options: Iterable[tuple[str, str]], chosen: str, *, empty: str = "All"
) -> dict[str, Any]:
    """One choice of a filter; `options` are (value, text), `empty` says what no choice is called, "" for none."""
    return {"label": label, "name": name, "options": options, "chosen": chosen, "empty": empty}


@register.inclusion_tag("components/filter_text.html")
def filter_text(value: str, hint: str, *, label: str = "Text", name: str = "text") -> dict[str, Any]:
    """The field of a filter that takes words; `hint` says in what they are looked for."""
    return {"label": label, "name": name, "value": value, "hint": hint}


@register.inclusion_tag("components/empty_state.html")
def empty_state(text: str, *, title: str = "", action_label: str = "", action_url: str = "") -> dict[str, Any]:
    """What will stand here, who puts it here, and one action if the reader can act."""
    return {"text": text, "title": title, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """Every error of what was sent, in one form or several, with a link to its field. Nothing where there is none."""
    there = [form for form in forms if form]
    return {"forms": there, "count": sum(len(errors) for form in there for errors in form.errors.values())}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], *, label: str = "Pages") -> dict[str, Any]:
    request: HttpRequest = context["request"]
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": numbers,
        "request": request,
        "ellipsis": page.paginator.ELLIPSIS,
        "label": label,
    }


@register.inclusion_tag("components/shortcuts_help.html")
def shortcuts_help(shortcuts: Sequence[Shortcut]) -> dict[str, Any]:
    return {"shortcuts": shortcuts}


@register.inclusion_tag("components/history.html")
def history(rows: Sequence[HistoryRow]) -> dict[str, Any]:
    return {"rows": rows}


@register.simple_tag
def consultancy(name: str = "name") -> str:
    """A setting of the consultancy in templates that have no request, such as mails and documents."""
    return str(settings.CONSULTANCY[name])


@register.simple_tag
def zone_name() -> str:
    """The reader's time zone as it is in force now."""
    from core.wording import zone_text

    return zone_text(timezone.localtime())
