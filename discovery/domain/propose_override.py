from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.audit import record
from core.domain.take_number import take_number
from core.errors import Conflict, DomainError
from discovery.dictionary_words import kinds, reach_of
from discovery.domain.lock_override import require_dictionary
from discovery.domain.mask_words import mask_words
from discovery.models import DictionaryOverride
from discovery.translation.book import load_book
from discovery.translation.overrides import said_treatments
from discovery.translation.target_names import described_in
from discovery.translation.treatments import DictionaryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accounts.models import User
    from engagements.models import Engagement

WORDS = ("loss", "reason", "how", "needs")  # what people write of a target; the rest is chosen from what is known
LONGEST_NAME, LONGEST_VALUE, LONGEST_TEXT = 200, 500, 4000


@dataclass(frozen=True, slots=True)
class OverrideText:
    """`treatments` say for each target what `discovery.translation.overrides.said_treatments` reads."""

    kind: str
    name: str
    treatments: Mapping[str, Mapping[str, Any]]
    source: str
    reason: str
    value: str = ""


@transaction.atomic
def propose_override(text: OverrideText, *, actor: User, engagement: Engagement | None = None) -> DictionaryOverride:
    """A proposal for one engagement, or for every one; it changes nothing until somebody else accepts it."""
    engagement = require_dictionary(engagement, actor=actor)
    text = _without_secrets(text)
    if faults := list(faults_of(text)):
        raise DomainError(*faults)
    override = _drafted(text, engagement, actor)
    if says_nothing_new(override):
        raise DomainError("The published entry says just that for both targets. Change what is different, or leave it.")
    earlier = DictionaryOverride.objects.about(override)
    if waiting := earlier.filter(state=DictionaryOverride.State.PROPOSED).first():
        raise Conflict(f"{waiting.reference} says something about the same already and waits for its review.")
    override.version = (earlier.aggregate(latest=Max("version"))["latest"] or 0) + 1
    override.save(force_insert=True)
    record("override.proposed", subject=override, actor=actor, reach=reach_of(override), reason=override.reason)
    return override


def _drafted(text: OverrideText, engagement: Engagement | None, actor: User) -> DictionaryOverride:
    """With the next number, whose lock also keeps two from proposing the same at once. Not saved."""
    return DictionaryOverride(
        number=take_number("dictionary-override"),
        engagement=engagement,
        kind=text.kind,
        name=text.name.strip(),
        value=text.value,
        treatments=text.treatments,
        source=text.source,
        reason=text.reason,
        proposed_by=actor,
        proposed_at=timezone.now(),
    )


def _without_secrets(text: OverrideText) -> OverrideText:
    """Masked as uploads are, so that a value is still found in them."""
    treatments = {
        target: {name: mask_words(told) if name in WORDS else told for name, told in said.items()}
        for target, said in text.treatments.items()
    }
    masked = {name: mask_words(getattr(text, name).strip()) for name in ("value", "source", "reason")}
    return replace(text, treatments=treatments, **masked)


def says_nothing_new(override: DictionaryOverride) -> bool:
    """Whether the published entry says the same, and no other override of the name stands between the two."""
    entry = load_book().find(override.kind, override.name)
    others = DictionaryOverride.objects.in_force().filter(kind=override.kind, name=override.name)
    if entry is None or entry.main_only or (not override.value and (entry.variants or entry.nothing_at)):
        return False
    said = said_treatments(override.treatments).items()
    is_same = not any(each.differing(entry.treatment(target, override.value)) for target, each in said)
    return is_same and not others.exists()


def faults_of(text: OverrideText) -> Iterator[str]:
    """What keeps a proposal from being one, in sentences."""
    if text.kind not in kinds():
        yield "Choose the kind of construct: it is one of those the dictionary knows."
    if not 0 < len(text.name.strip()) <= LONGEST_NAME:
        yield f"Name the construct as Postfix writes it, in at most {LONGEST_NAME} characters."
    if len(text.value.strip()) > LONGEST_VALUE:
        yield f"A value has at most {LONGEST_VALUE} characters. Leave it empty to speak of every value."
    for said, what in ((text.reason, "why the dictionary does not hold here"), (text.source, "where that is written")):
        if not 0 < len(said.strip()) <= LONGEST_TEXT:
            yield f"Say {what}, in at most {LONGEST_TEXT:,} characters."
    yield from faults_of_treatments(text)


def faults_of_treatments(text: OverrideText) -> Iterator[str]:
    try:
        treatments = said_treatments(text.treatments)
    except DictionaryError as error:
        yield f"{error}."
        return
    for target, treatment in treatments.items():
        texts = (treatment.loss, treatment.reason, treatment.how, treatment.needs, *treatment.names)
        if max(map(len, texts)) > LONGEST_TEXT:
            yield f"What is said of {target} has at most {LONGEST_TEXT:,} characters each."
        unknown = [name for name in treatment.names if name not in described_in(target)]
        if unknown:
            yield f"{target} names {', '.join(unknown)}, which is not known of it. Say in words how it is done instead."
