"""The items of the main navigation that discovery offers inside an engagement, to whoever may read the evidence."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import ROLE_PERMISSIONS, Permission, consultancy_role, may_anywhere
from core.navigation import NavItem, code_of, register_nav

_REVIEW_PAGES = frozenset(
    {
        *("queue", "hard_stops", "accept_chosen", "dismiss_chosen", "merge_chosen", "classify_chosen", "assign_chosen"),
        *("finding", "finding_note", "finding_answer", "finding_dismiss", "finding_accept", "finding_draft"),
    }
)
_ANSWER_PAGES = frozenset({"questionnaire", "answer", "answer_section"})
GROUP = "Discovery"
_VOLUME_PAGES = frozenset({"volumes", "log"})


def discovery_nav(request: HttpRequest) -> list[NavItem]:
    match, code = request.resolver_match, code_of(request)
    if match is None or not code or not reads_evidence(request):
        return []
    app, _, page = match.view_name.partition(":")
    is_review = app == "trackers" or (app == "discovery" and page in _REVIEW_PAGES)
    is_volumes = app == "discovery" and page in _VOLUME_PAGES
    is_translation = app == "discovery" and page.startswith("translation")
    is_selection = app == "discovery" and page.startswith("selection")
    is_answers = app == "discovery" and (page in _ANSWER_PAGES or page.startswith("answers"))
    return [
        NavItem(
            "Inventory",
            reverse("discovery:inventory", args=[code]),
            is_current=app == "discovery"
            and not (is_review or is_volumes or is_answers or is_translation or is_selection),
            group=GROUP,
        ),
        NavItem("Questionnaire", reverse("discovery:questionnaire", args=[code]), is_current=is_answers, group=GROUP),
        NavItem("Volumes", reverse("discovery:volumes", args=[code]), is_current=is_volumes, group=GROUP),
        NavItem("Findings", reverse("discovery:queue", args=[code]), is_current=is_review, group=GROUP),
        NavItem("Translation", reverse("discovery:translation", args=[code]), is_current=is_translation, group=GROUP),
    ]


def selection_nav(request: HttpRequest) -> list[NavItem]:
    """Everybody inside an engagement reads which MTA and why, whoever pays or signs."""
    match, code = request.resolver_match, code_of(request)
    if match is None or not code or not request.user.is_authenticated:
        return []
    app, _, page = match.view_name.partition(":")
    is_selection = app == "discovery" and page.startswith("selection")
    return [NavItem("Selection", reverse("discovery:selection", args=[code]), is_current=is_selection)]


def rules_nav(request: HttpRequest) -> list[NavItem]:
    """The rules are the same for every engagement: the consultancy's people find them beside their lists."""
    match = request.resolver_match
    is_inside = bool(code_of(request))
    if is_inside or not request.user.is_authenticated or not consultancy_role(request.user):
        return []
    app = match.app_name if match else ""
    return [
        NavItem("Rules", reverse("rules:list"), is_current=app == "rules"),
        NavItem("Dictionary", reverse("dictionary:list"), is_current=app == "dictionary"),
    ]


def reads_evidence(request: HttpRequest) -> bool:
    """The consultancy's role decides for its people; a customer is inside an engagement of their own."""
    if not request.user.is_authenticated:
        return False
    if role := consultancy_role(request.user):
        return Permission.VIEW_EVIDENCE in ROLE_PERMISSIONS[role]
    return may_anywhere(request.user, Permission.VIEW_EVIDENCE)


register_nav(discovery_nav)
register_nav(selection_nav)
register_nav(rules_nav)
