"""The review queue against the page a project would begin with: a plain list view, with and without pages.

Both answer the same request for the same engagement in the same process; the database is thrown away afterwards.

python -m benchmarks.review_queue [FINDINGS]   # 5,000 unless told otherwise
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.stage import stage

FINDINGS = 5_000
TURNS = 5
PER_PAGE = 50
# What somebody writes first: each row asks its relations, and nothing was fetched with the list.
PLAIN = """{% extends "base.html" %}{% block content %}<ul>{% for finding in object_list %}<li>
<a href="{% url "discovery:finding" finding.engagement.code finding.number %}">{{ finding.reference }}</a>
{{ finding.title }} {{ finding.get_severity_display }} {{ finding.get_confidence_display }}
{{ finding.place }} {{ finding.get_state_display }}
{{ finding.last_seen.filename }} {{ finding.assignee|default:"Nobody" }} {{ finding.changed_by|default:"" }}
</li>{% endfor %}</ul>{% endblock %}"""

Page = Callable[[], Any]


def measure(pages: dict[str, Page]) -> dict[str, tuple[float, int]]:
    """{name: (median seconds, queries)}, the pages in turn so that the machine's moods meet all of them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times: dict[str, list[float]] = {name: [] for name in pages}
    queries: dict[str, int] = {}
    for name, page in pages.items():
        page()
        with CaptureQueriesContext(connection) as asked:
            page()
        queries[name] = len(asked)
    for _ in range(TURNS):
        for name, page in pages.items():
            started = time.perf_counter()
            page()
            times[name].append(time.perf_counter() - started)
    return {name: (statistics.median(taken), queries[name]) for name, taken in times.items()}


def plain_page(request: Any, code: str, per_page: int | None) -> Any:
    from django.template import engines
    from django.views.generic import ListView

    from discovery.models import Finding

    view = ListView.as_view(
        queryset=Finding.objects.filter(engagement__code=code).by_severity(),
        paginate_by=per_page,
    )
    response: Any = view(request)
    response.template_name = engines["django"].from_string(PLAIN)
    return response.render()


def furnish(count: int) -> tuple[Any, Any]:
    """A consultant, and an engagement of theirs with so many open findings."""
    from accounts.domain.give_membership import give_membership
    from accounts.domain.set_up_consultancy import set_up_consultancy
    from accounts.models import Organization
    from discovery.models import Finding
    from tests.factories.accounts import CustomerFactory, UserFactory
    from tests.factories.discovery import bare_upload, made_up
    from tests.factories.engagements import make_engagement

    owner, lead, sales = UserFactory.create_batch(3)
    set_up_consultancy(name="Benchmark", owner=owner, time_zone="UTC")
    practice = Organization.objects.consultancy()
    for person, role in ((lead, "lead"), (sales, "sales")):
        give_membership(person, organization=practice, role=role, actor=owner)
    engagement = make_engagement(CustomerFactory(), sales=sales, lead=lead)
    upload = bare_upload(engagement, actor=lead)
    rows = (made_up(upload, number, assignee=lead, changed_by=lead) for number in range(1, count + 1))
    Finding.objects.bulk_create(rows, batch_size=1000)
    return lead, engagement


def main(count: int) -> None:
    from django.test import RequestFactory

    from discovery.views.queue import queue

    consultant, engagement = furnish(count)

    def asked() -> Any:
        request = RequestFactory().get(f"/engagements/{engagement.code}/discovery/findings/")
        request.user = consultant
        request.resolver_match = None
        return request

    pages: dict[str, Page] = {
        "the review queue": lambda: queue(asked(), engagement.code),
        "a plain list in pages": lambda: plain_page(asked(), engagement.code, PER_PAGE),
        "a plain list": lambda: plain_page(asked(), engagement.code, None),
    }
    measured = measure(pages)
    ours = measured["the review queue"][0]
    for name, (seconds, queries) in measured.items():
        print(f"{count:,} findings, {name}: {1000 * seconds:.0f} ms, {queries} queries (ratio {seconds / ours:.2f})")


if __name__ == "__main__":
    with stage():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else FINDINGS)
