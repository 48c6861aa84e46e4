"""What the X-ray looks at, with a number of queries that does not depend on how much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from discovery.gaps import waiting_gaps
from discovery.models import AnswerSheet, StoredFile, Upload
from discovery.queries import estate_of
from discovery.translation_queries import newer_than, sets_to_deliver, unclassified_in
from discovery.xray.registry import Scene
from discovery.xray.translation import TranslationFacts, Undecided, Unknown
from engagements.today import day_of, today_of

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
        today=today_of(engagement),
        texts=_texts(uploads, estate),
        answers=AnswerSheet.objects.filter(engagement=engagement).values_list("state", flat=True).first() or "draft",
        translation=_translation(engagement),
        read_on={upload.host_label: day_of(engagement, upload.read_at) for upload in uploads if upload.read_at},
    )


def _translation(engagement: Engagement) -> TranslationFacts | None:
    sets = sets_to_deliver(engagement)
    if not sets:
        return None
    unknown = unclassified_in(sets)
    gaps = waiting_gaps(engagement).select_related("row")
    return TranslationFacts(
        unknown=tuple(
            Unknown(str(row), row.upload.host_label, row.place, row.translation.number, row.number) for row in unknown
        ),
        newer=tuple((upload.number, upload.host_label) for upload in newer_than(sets)),
        undecided=tuple(
            Undecided(gap.number, str(gap), gap.host_label, gap.row.place, gap.reopened_because) for gap in gaps
        ),
    )


def _texts(uploads: list[Upload], estate: Estate) -> dict[tuple[str, str], str]:
    """The tables that checks look into, by host and path; those that are too large to hold are left out."""
    named = {row.values["source"] for row in estate.maps if row.values["parameter"] in LOOKED_INTO}
    wanted = Q(path__in=named - {""})
    for ending in SIGNING:
        wanted |= Q(path__iendswith=ending)
    stored = StoredFile.objects.filter(wanted, upload__in=uploads, byte_count__lte=LARGEST_TEXT)
    return {(file.upload.host_label, file.path): file.text for file in stored.select_related("upload")}
