"""The pages of the inventory: one subject each, with the tables of facts it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discovery.comparison import compared_hosts, distinct_configurations, instance_groups
from discovery.fact_fields import TABLES
from discovery.models import Instance, Milter, MissingFile, Parameter, Stream, StreamProposal, Transport, Upload
from discovery.stream_forms import RouteForm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discovery.estate import Estate
    from engagements.models import Engagement

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """`slug` stands in the address, `counted` names the tables whose rows the overview counts."""

    slug: str
    title: str
    says: str
    tables: tuple[str, ...]
    counted: tuple[str, ...]
    more: Callable[[Engagement, Estate], Context] | None = None

    @property
    def template(self) -> str:
        return f"discovery/subjects/{self.slug}.html"


def streams_context(engagement: Engagement, estate: Estate) -> Context:
    """Every stream with the current proposals of its key, and those that were removed."""
    proposals: dict[str, list[Any]] = {}
    for row in estate.stream_proposals:
        proposals.setdefault(row.values["key"], []).append(row)
    streams = list(Stream.objects.filter(engagement=engagement))
    kept = [stream for stream in streams if stream.state != Stream.State.REMOVED]
    return {
        "streams": [(stream, proposals.get(stream.key, []) if stream.key else []) for stream in kept],
        "removed": [stream for stream in streams if stream.state == Stream.State.REMOVED],
        "undecided": sum(stream.route == Stream.Route.UNDECIDED for stream in kept),
        "route_form": RouteForm(),
        "ticked": (),
    }


def access_context(_engagement: Engagement, estate: Estate) -> Context:
    return {
        "listeners": [row for row in estate.doors if row.values["direction"] == "in"],
        "exits": [row for row in estate.doors if row.values["direction"] == "out"],
        "cleartext": sum(row.values["is_cleartext_auth_possible"] for row in estate.doors),
    }


def programs_context(_engagement: Engagement, estate: Estate) -> Context:
    """Pipes that are the customer's own; those that come with every master.cf say nothing."""
    return {"pipes": [row for row in estate.transports if row.values["argv"] and row.values["is_custom"]]}


def likeness_context(_engagement: Engagement, estate: Estate) -> Context:
    return {
        "configurations": distinct_configurations(estate.instances, estate.parameters),
        "groups": instance_groups(estate.instances, estate.parameters),
        "compared": compared_hosts(estate.instances, estate.parameters),
    }


SUBJECTS = (
    Subject(
        "addresses",
        "Addresses and HELO",
        "The addresses mail leaves from, who uses them, and the name each gives",
        ("addresses",),
        ("addresses",),
    ),
    Subject(
        "streams",
        "Pools and streams",
        "Mail that is kept apart, and whether it migrates or stays",
        ("pools", "stream_proposals"),
        ("pools",),
        streams_context,
    ),
    Subject(
        "access",
        "TLS and AUTH",
        "What each listener and each sending transport asks for",
        ("doors",),
        ("doors",),
        access_context,
    ),
    Subject(
        "programs",
        "Filters and programs",
        "Milters, policy services, content filters, pipes, scripts and what runs by the clock",
        ("milters", "filters", "transports", "scripts", "cron_jobs"),
        ("milters", "filters", "scripts", "cron_jobs"),
        programs_context,
    ),
    Subject("signing", "DKIM", "Keys, selectors and the domains they sign for", ("signing_keys",), ("signing_keys",)),
    Subject(
        "domains",
        "Domains and tenants",
        "Domains the hosts know, and whose mail seems to be kept apart",
        ("domains", "tenants"),
        ("domains", "tenants"),
    ),
    Subject(
        "likeness",
        "Distinct configurations",
        "Which instances are alike, and where hosts differ",
        ("parameters",),
        (),
        likeness_context,
    ),
    Subject(
        "settings",
        "Settings of Postfix",
        "Instances, services, tables and parameters, as they stand in the files",
        ("parameters", "services", "maps", "transports", "problems", "addresses"),
        ("parameters", "services", "maps", "problems"),
    ),
)
BY_SLUG = {subject.slug: subject for subject in SUBJECTS}


def fact_counts(engagement: Engagement) -> dict[str, int]:
    """How many facts of each table the current uploads show, without reading them; one query a table."""
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    counts = {
        name: model._default_manager.filter(upload__in=uploads).count()  # noqa: SLF001 (Django's documented way)
        for name, (model, _) in TABLES.items()
        if name != "milters"  # several settings may ask one
    }
    counts["unused_parameters"] = Parameter.objects.filter(upload__in=uploads, is_used=False).count()
    counts["parameters"] -= counts["unused_parameters"]
    counts["custom_transports"] = Transport.objects.filter(upload__in=uploads, is_custom=True).count()
    counts["milters"] = Milter.objects.filter(upload__in=uploads).values("upload", "socket").distinct().count()
    counts["missing_files"] = MissingFile.objects.filter(upload__in=uploads).count()
    instances = Instance.objects.filter(upload__in=uploads)
    counts["instances"] = instances.count()
    counts["configurations"] = instances.values("likeness").distinct().count()
    counts["streams"] = Stream.objects.filter(engagement=engagement).kept().count()
    counts["undecided"] = Stream.objects.filter(engagement=engagement).undecided().count()
    return counts


def counted_subjects(counts: dict[str, int]) -> Sequence[tuple[Subject, int]]:
    """Each subject with the number that stands beside it on the overview."""
    special = {"streams": counts["streams"], "likeness": counts["configurations"]}
    return [(subject, special.get(subject.slug, sum(counts[name] for name in subject.counted))) for subject in SUBJECTS]


def proposals_of(stream: Stream) -> list[StreamProposal]:
    """The current proposals that show a stream."""
    if not stream.key:
        return []
    current = Upload.objects.filter(engagement=stream.engagement).current()
    found = StreamProposal.objects.filter(upload__in=current, key=stream.key)
    return list(found.select_related("upload", "instance").order_by("upload__host_label", "pk"))
