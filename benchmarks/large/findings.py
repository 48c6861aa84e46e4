"""Findings by the hundred thousand, each the copy of one that was read from a real configuration."""

import random

from django.db import connection, transaction

from benchmarks.large.copies import AWAKE, RESTING, move_sequence
from discovery.models import Finding, Sighting, Upload

SEED = 10
# (of so many in a hundred, from, to): most estates are small, a few are very large.
SIZES = ((60, 20, 150), (30, 150, 400), (9, 400, 2_000), (1, 2_000, 5_000))
TEMPLATES = (
    "SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS places, f.*"
    " FROM discovery_finding f WHERE f.duplicate_of_id IS NULL AND f.gone_since_id IS NULL"
    " AND f.source = 'configuration' AND f.first_seen_id IN (SELECT id FROM discovery_upload ORDER BY id LIMIT 3)"
)

SIGHTINGS = (
    "INSERT INTO discovery_sighting (upload_id, finding_id, file, line, change, fingerprint)"
    " SELECT f.last_seen_id, f.id, f.file, f.line, 'new', f.fingerprint FROM discovery_finding f"
    " WHERE f.last_seen_id IS NOT NULL AND NOT EXISTS (SELECT FROM discovery_sighting s WHERE s.finding_id = f.id)"
)


def sizes_of(count: int, total: int) -> list[int]:
    """How many findings each of `count` engagements gets, `total` together."""
    chance = random.Random(SEED)
    bands = chance.choices(SIZES, [share for share, *_ in SIZES], k=count)
    drawn = [chance.randint(low, high) for _, low, high in bands]
    scaled = [max(1, number * total // sum(drawn)) for number in drawn]
    scaled[0] += total - sum(scaled)
    return scaled


def fill_findings(total: int, largest: int) -> None:
    """Up to `total` in all, of which the first engagement with an upload has `largest`."""
    uploads = list(
        Upload.objects.order_by("engagement_id", "number").distinct("engagement_id").values_list("pk", flat=True)
    )
    first, *others = uploads
    left = total - Finding.objects.count() - largest
    wanted = [(first, largest), *zip(others, sizes_of(len(others), left), strict=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESTING)
        cursor.execute("CREATE TEMP TABLE wanted (upload_id bigint, how_many int) ON COMMIT DROP")
        cursor.executemany("INSERT INTO wanted VALUES (%s, %s)", wanted)
        cursor.execute(_findings())
        cursor.execute(SIGHTINGS)
        cursor.execute(AWAKE)
        for model in (Finding, Sighting):
            move_sequence(cursor, model)


def _findings() -> str:
    """Each template in its turn; who works on it is the lead of the engagement."""
    own = {
        "engagement_id": "u.engagement_id",
        "number": "1 + turn + coalesce((SELECT max(number) FROM discovery_finding x"
        " WHERE x.engagement_id = u.engagement_id), 0)",
        "host_label": "u.host_label",
        "fingerprint": "left(t.fingerprint, 100) || '-' || turn",
        "line": "1 + turn",
        "first_seen_id": "u.id",
        "last_seen_id": "u.id",
        "assignee_id": "CASE WHEN turn % 3 = 0 THEN e.lead_id END",
        "changed_by_id": "e.lead_id",
        "decided_by_id": "CASE WHEN t.decided_at IS NOT NULL THEN coalesce(e.lead_id, t.decided_by_id) END",
    }
    names = [field.column for field in Finding._meta.local_concrete_fields if not field.primary_key]
    values = ", ".join(own.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"WITH t AS MATERIALIZED ({TEMPLATES}) INSERT INTO discovery_finding ({columns}) SELECT {values} FROM wanted w"
        " JOIN discovery_upload u ON u.id = w.upload_id JOIN engagements_engagement e ON e.id = u.engagement_id"
        " CROSS JOIN LATERAL generate_series(0, w.how_many - 1) turn JOIN t ON t.place = turn % t.places"
    )
