"""What a translation is made from besides uploads and dictionary: overrides in force, and the mail of each host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from core.audit import digest_of
from discovery.host_mail import identity_of, mail_of_hosts
from discovery.models import DictionaryOverride, Upload
from discovery.translation.overrides import EVERYWHERE, HERE, Override, Overrides, said_treatments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discovery.translation.traffic import Mail
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Inputs:
    """`digest` changes when any of it does."""

    overrides: Overrides
    mail: dict[str, Mail]
    digest: str


def inputs_of(engagement: Engagement) -> Inputs:
    """The digest is taken first: what changes while the rest is read makes the set out of date, never up to date."""
    digest = inputs_digest(engagement)
    hosts = list(Upload.objects.filter(engagement=engagement).current().values_list("host_label", flat=True))
    overrides = Overrides.of(map(override_of, overrides_for(engagement)))
    return Inputs(overrides, mail_of_hosts(engagement, hosts), digest)


def inputs_digest(engagement: Engagement) -> str:
    """Of what is known now, without reading what logs say."""
    return digest_of([[each.number for each in overrides_for(engagement)], identity_of(engagement)])


def overrides_for(engagement: Engagement) -> Iterable[DictionaryOverride]:
    """In force here, whoever looks."""
    rows = DictionaryOverride.objects.in_force().filter(Q(engagement=None) | Q(engagement=engagement))
    return rows.select_related("proposed_by", "reviewed_by").order_by("number")


def override_of(row: DictionaryOverride) -> Override:
    """One that was accepted, as the translation takes it."""
    assert row.reviewed_at is not None  # noqa: S101 (a constraint of the table)
    return Override(
        reference=row.reference,
        version=row.version,
        kind=row.kind,
        name=row.name,
        value=row.value,
        treatments=said_treatments(row.treatments),
        reach=HERE if row.engagement_id else EVERYWHERE,
        author=str(row.proposed_by),
        agreed_by=str(row.reviewed_by),
        agreed_on=f"{row.reviewed_at:%Y-%m-%d}",
        source=row.source,
        reason=row.reason,
    )
