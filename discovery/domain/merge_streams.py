"""Puts what an upload proposes on the list of streams; what people made of earlier proposals stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from discovery.models import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accounts.models import User
    from discovery.models import Upload
    from discovery.postfix import StreamProposal


def merge_streams(upload: Upload, proposed: Iterable[StreamProposal], *, actor: User) -> list[Stream]:
    """New streams for keys that nobody has seen. Called under the lock of the engagement."""
    new = list(_new_streams(upload, proposed))
    Stream.objects.bulk_create(new, batch_size=500)
    if new:
        told = [stream.reference for stream in new]
        record("stream.proposed", subject=upload, actor=actor, count=len(new), streams=told)
    return new


def _new_streams(upload: Upload, proposed: Iterable[StreamProposal]) -> Iterator[Stream]:
    streams = Stream.objects.filter(engagement=upload.engagement)
    known = set(streams.values_list("key", flat=True))
    names = {name.lower() for name in streams.values_list("name", flat=True)}
    unknown = {proposal.key: proposal for proposal in proposed if proposal.key not in known}
    first, now = next_number(streams), timezone.now()
    for number, proposal in enumerate(unknown.values(), start=first):
        name = _free_name(proposal.name, names)
        names.add(name.lower())
        yield Stream(
            engagement=upload.engagement,
            number=number,
            key=proposal.key,
            name=name,
            kind=proposal.kind,
            created_at=now,
            changed_at=now,
        )


def _free_name(name: str, taken: set[str]) -> str:
    """The name, or the name with the first number that makes it one of its own."""
    free, number = name, 1
    while free.lower() in taken:
        number += 1
        free = f"{name} ({number})"
    return free
