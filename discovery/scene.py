"""What the X-ray looks at, with a number of queries that does not depend on how much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from discovery.models import AnswerSheet, StoredFile, Upload
from discovery.queries import estate_of
from discovery.xray.registry import Scene

if TYPE_CHECKING:
    from discovery.estate import Estate
    from engagements.models import Engagement

LARGEST_TEXT = 500_000
SIGNING = ("signingtable", "keytable")
LOOKED_INTO = frozenset({"transport_maps", "smtp_sasl_password_maps"})


def scene_of(engagement: Engagement) -> Scene:
    estate = estate_of(engagement)
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    return Scene(
        estate=estate,
        today=timezone.localdate(),
        texts=_texts(uploads, estate),
        answers=AnswerSheet.objects.filter(engagement=engagement).values_list("state", flat=True).first() or "draft",
        read_on={upload.host_label: timezone.localdate(upload.read_at) for upload in uploads if upload.read_at},
    )


def _texts(uploads: list[Upload], estate: Estate) -> dict[tuple[str, str], str]:
    """The tables that checks look into, by host and path; those that are too large to hold are left out."""
    named = {row.values["source"] for row in estate.maps if row.values["parameter"] in LOOKED_INTO}
    wanted = Q(path__in=named - {""})
    for ending in SIGNING:
        wanted |= Q(path__iendswith=ending)
    stored = StoredFile.objects.filter(wanted, upload__in=uploads, byte_count__lte=LARGEST_TEXT)
    return {(file.upload.host_label, file.path): file.text for file in stored.select_related("upload")}
