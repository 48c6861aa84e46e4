"""What the customer's hosts are made of, from the latest upload of each that could be read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Count

from discovery.estate import Estate
from discovery.estate import Row as Fact
from discovery.models import HiddenSecret, SkippedMember, Upload
from engagements.models import Engagement
from reports.content import estate_rows
from reports.content.estate_rows import Numbers, Row, StreamRow
from reports.content.settled import People


@dataclass(frozen=True, slots=True)
class Skipped:
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Masked:
    """How many secrets of a kind were hidden. A list of these, because the database does not keep the order of keys."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One upload the plan rests on."""

    number: int
    host: str
    filename: str
    sha256: str
    byte_count: int
    file_count: int
    uploaded_by: str
    secrets: Sequence[Masked]
    skipped: Sequence[Skipped]


@dataclass(frozen=True, slots=True)
class InstanceRow:
    host: str
    name: str
    directory: str
    upload: int
    parameters: int
    services: int
    addresses: Sequence[str]
    helo_names: Sequence[str]
    relay_hosts: Sequence[str]
    filters: Sequence[str]
    streams: Sequence[str]


@dataclass(frozen=True, slots=True)
class EstateContent:
    readings: Sequence[Reading]
    instances: Sequence[InstanceRow]
    listeners: Sequence[Row]
    transports: Sequence[Row]
    milters: Sequence[Row]
    scripts: Sequence[Row]
    cron_jobs: Sequence[Row]
    maps: Sequence[Row]
    missing: Sequence[Row]
    problems: Sequence[Row]
    components: Sequence[Row]
    streams: Sequence[StreamRow]

    @classmethod
    def of(cls, estate: Estate, readings: Sequence[Reading]) -> Self:
        numbers = {reading.host: reading.number for reading in readings}
        return cls(
            readings=readings,
            instances=_instances(estate, numbers),
            listeners=estate_rows.listeners(estate, numbers),
            transports=estate_rows.transports(estate, numbers),
            milters=estate_rows.milters(estate, numbers),
            scripts=estate_rows.scripts(estate, numbers),
            cron_jobs=estate_rows.cron_jobs(estate, numbers),
            maps=estate_rows.maps(estate, numbers),
            missing=estate_rows.missing_files(estate, numbers),
            problems=estate_rows.problems(estate, numbers),
            components=estate_rows.dossiers(estate.dossiers),
            streams=estate_rows.streams(estate.streams),
        )


def readings_of(engagement: Engagement, people: People) -> list[Reading]:
    """The uploads to cite: for each host the first one that held the bundle its latest upload holds.

    So handing over the same bundle once more does not make a signed plan stale.
    """
    rows = list(engagement.uploads.read().select_related("uploaded_by").order_by("host_label", "number"))
    first: dict[tuple[str, str], Upload] = {}
    latest: dict[str, Upload] = {}
    for row in rows:
        first.setdefault((row.host_label, row.bundle_digest), row)
        latest[row.host_label] = row
    cited = [first[row.host_label, row.bundle_digest] for row in latest.values()]
    secrets, skipped = _secrets(cited), _skipped(cited)
    return [_reading(row, secrets.get(row.pk, []), skipped.get(row.pk, []), people) for row in cited]


def _reading(row: Upload, secrets: Sequence[Masked], skipped: Sequence[Skipped], people: People) -> Reading:
    return Reading(
        number=row.number,
        host=row.host_label,
        filename=row.filename,
        sha256=row.sha256,
        byte_count=row.byte_count,
        file_count=row.file_count,
        uploaded_by=people.name_of(row.uploaded_by),
        secrets=secrets,
        skipped=skipped,
    )


def _secrets(uploads: Sequence[Upload]) -> dict[int, list[Masked]]:
    found: dict[int, list[Masked]] = {}
    rows = HiddenSecret.objects.filter(upload__in=uploads).order_by("kind").values_list("upload", "kind")
    for upload, kind, count in rows.annotate(Count("pk")):
        found.setdefault(upload, []).append(Masked(kind, count))
    return found


def _skipped(uploads: Sequence[Upload]) -> dict[int, list[Skipped]]:
    found: dict[int, list[Skipped]] = {}
    for row in SkippedMember.objects.filter(upload__in=uploads).order_by("pk"):
        found.setdefault(row.upload_id, []).append(Skipped(row.path, row.reason))
    return found


def _instances(estate: Estate, numbers: Numbers) -> list[InstanceRow]:
    parameters, services = _per_instance(estate.parameters), _per_instance(estate.services)
    return [
        InstanceRow(
            host=fact.host,
            name=fact.values["name"],
            directory=fact.values["config_directory"],
            upload=numbers[fact.host],
            parameters=parameters[fact.host, fact.instance],
            services=services[fact.host, fact.instance],
            addresses=fact.values["bind_addresses"],
            helo_names=fact.values["helo_names"],
            relay_hosts=fact.values["relay_hosts"],
            filters=fact.values["content_filters"],
            streams=fact.values["streams"],
        )
        for fact in estate.instances
    ]


def _per_instance(facts: Sequence[Fact]) -> Counter[tuple[str, str]]:
    return Counter((fact.host, fact.instance) for fact in facts)
