"""The pages and routes that are measured, of which engagement, and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.domain.link_calendar import link_calendar
from accounts.models import Membership, User
from discovery.models import Finding
from engagements.models import Engagement, GateTask

PRACTICE = ("owner", "consultant")
EVERYBODY = (*PRACTICE, "customer")
CALENDAR = "the calendar of the reader"


@dataclass(frozen=True)
class Page:
    """`route` asks the API for the same; a list has rows of a table that grows with the portfolio or an estate."""

    name: str
    path: str
    readers: tuple[str, ...]
    route: str = ""
    is_list: bool = False


def measured_engagement() -> Engagement:
    """The one with the most of everything: the first that has findings."""
    first = Finding.objects.order_by("engagement_id").values_list("engagement_id", flat=True)[0]
    return Engagement.objects.select_related("organization").get(pk=first)


def readers(engagement: Engagement) -> dict[str, User]:
    """The demo's people; the customer is whoever signs for the engagement."""
    people = Membership.objects.working().select_related("user").order_by("pk")
    found = {role: people.filter(role=role)[0].user for role in (*PRACTICE, "sales")}
    return found | {"customer": people.filter(organization=engagement.organization, role="signatory")[0].user}


def pages(engagement: Engagement) -> Iterator[Page]:
    yield Page("home", reverse("home"), EVERYBODY)
    yield from _pages_of(engagement)
    for word in (engagement.code, engagement.organization.name, "header_checks"):
        asked = "?" + urlencode({"q": word})
        yield Page(f"search “{word}”", reverse("search:search") + asked, EVERYBODY, f"/api/v1/search/{asked}")
    yield from _pages_across()


def _pages_of(engagement: Engagement) -> Iterator[Page]:
    code, number = engagement.code, engagement.number_of_phase or 1
    task = GateTask.objects.filter(gate__engagement=engagement).order_by("pk").values_list("pk", flat=True)[0]
    api = f"/api/v1/engagements/{code}/"
    findings = reverse("discovery:queue", args=[code])
    yield Page("engagement", reverse("engagements:detail", args=[code]), EVERYBODY, api)
    yield Page("gate", reverse("engagements:gate", args=[code, number]), EVERYBODY, f"{api}gates/{number}/")
    yield Page("plan's gate", reverse("engagements:gate", args=[code, 1]), EVERYBODY)
    yield Page("task", reverse("engagements:task", args=[code, task]), EVERYBODY)
    yield Page("findings", findings, EVERYBODY, f"{api}discovery/findings/?state=open", is_list=True)
    yield Page("documents", reverse("engagements:documents", args=[code]), EVERYBODY)
    yield Page("history", reverse("engagements:history", args=[code]), EVERYBODY, is_list=True)


def _pages_across() -> Iterator[Page]:
    yield Page("engagements", reverse("engagements:list"), EVERYBODY, "/api/v1/engagements/", is_list=True)
    yield Page("calendar", CALENDAR, EVERYBODY)
    sales = ("owner", "sales")
    yield Page("pipeline", reverse("pricing:pipeline"), sales, "/api/v1/requests/pipeline/", is_list=True)
    yield Page("quotes", reverse("pricing:quotes"), sales, "/api/v1/quotes/", is_list=True)
    yield Page("portfolio", reverse("portfolio:overview"), ("owner",), "/api/v1/portfolio/")
    yield Page("portfolio list", reverse("portfolio:projects"), ("owner",), is_list=True)


def address_for(page: Page, reader: User) -> str:
    """Each reads the calendar by a link of their own."""
    if page.path != CALENDAR:
        return page.path
    return reverse("calendars:feed", args=[link_calendar(reader)])
