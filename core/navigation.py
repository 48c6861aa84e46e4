"""The main navigation. Apps register what they offer in AppConfig.ready(); core knows none of their pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class NavItem:
    """`group` names the row of the navigation that it stands in; the first row has none."""

    label: str
    url: str
    is_current: bool = False
    group: str = ""


NavSource = Callable[[HttpRequest], list[NavItem]]

_sources: list[NavSource] = []


def register_nav(source: NavSource) -> None:
    """Add the items of an app. Sources are asked in the order in which the apps are installed."""
    if source in _sources:
        raise ValueError(f"{source.__qualname__} registered twice")
    _sources.append(source)


def stand_inside(request: HttpRequest, code: str) -> None:
    """Say of which engagement a page is whose address does not name it, so that its navigation stays."""
    request.engagement_code = code  # type: ignore[attr-defined]  # read by code_of alone


def code_of(request: HttpRequest) -> str:
    """The engagement that the page is of: by its address, or as its view says; "" outside of any."""
    match = request.resolver_match
    return str(match.kwargs.get("code", "") if match else "") or str(getattr(request, "engagement_code", ""))


def nav_items(request: HttpRequest) -> list[NavItem]:
    """What this reader is offered. Each source decides by itself whom it serves.

    Nothing on a page that is drawn before anybody could be recognised, such as a refused host.
    """
    if not hasattr(request, "user"):
        return []
    return [item for source in _sources for item in source(request)]


def nav_rows(request: HttpRequest) -> list[tuple[str, list[NavItem]]]:
    """What this reader is offered, row by row: what has no group first, then each group in the order it came."""
    rows: dict[str, list[NavItem]] = {"": []}
    for item in nav_items(request):
        rows.setdefault(item.group, []).append(item)
    return [(group, items) for group, items in rows.items() if items]
