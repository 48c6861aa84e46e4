"""The two halves of a translation: the slow one that writes nothing, and the one that stores the sets."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from discovery.domain.announce_gaps import announce_gaps
from discovery.domain.check_translation import queue_check
from discovery.domain.make_translation import queue_translation
from discovery.domain.merge_gaps import merge_gaps
from discovery.gaps import waiting_gaps
from discovery.models import TranslatedConstruct, TranslatedFile, TranslationSet, TranslationSource, Upload
from discovery.reader import translator_digest
from discovery.storable import storable
from discovery.stored_bundle import whole_bundle
from discovery.translation.coverage import UNCLASSIFIED, load_estimate, measure
from discovery.translation.known_versions import known_versions
from discovery.translation.outcomes import Fate, counted
from discovery.translation.traffic import shares
from discovery.translation.translating import EMITTERS, translate_to
from discovery.translation_inputs import inputs_digest, inputs_of
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.mark_stale import mark_stale
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from accounts.models import User
    from core.jobs import Tell
    from discovery.translation.coverage import Coverage
    from discovery.translation.outcomes import Outcome
    from discovery.translation.translating import Translation
    from discovery.translation.treatments import Treatment

BATCH = 500
NOT_IN_A_FOLDER_NAME = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class HostTranslation:
    """One upload on each target."""

    upload: Upload
    folder: str
    translations: Mapping[str, Translation]


@dataclass(frozen=True, slots=True)
class Translated:
    """Every upload that spoke for a host when the work began, and what read and translated them.

    `inputs` is the digest of what else was known then.
    """

    hosts: tuple[HostTranslation, ...]
    digest: str
    inputs: str


def translate_uploads(engagement: Engagement, *, tell: Tell) -> Translated:
    """Every current upload on every target. Writes nothing but progress through `tell`."""
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    folders = folders_of([upload.host_label for upload in uploads])
    hosts: list[HostTranslation] = []
    inputs = inputs_of(engagement)
    for number, (upload, folder) in enumerate(zip(uploads, folders, strict=True)):
        tell(number, len(uploads), f"Translating {upload.host_label}")
        key, mail = settings.FINGERPRINT_KEY.encode(), inputs.mail[upload.host_label]
        made = translate_to(whole_bundle(upload), EMITTERS, secret_key=key, overrides=inputs.overrides, mail=mail)
        hosts.append(HostTranslation(upload, folder, made))
    tell(len(uploads), len(uploads), f"{len(uploads)} host{'' if len(uploads) == 1 else 's'} translated")
    return Translated(tuple(hosts), translator_digest(), inputs.digest)


def folders_of(hosts: Sequence[str]) -> list[str]:
    """A folder name for each host: what a host is called may hold slashes and dots, and two may come to the same."""
    folders: list[str] = []
    for host in hosts:
        plain = NOT_IN_A_FOLDER_NAME.sub("-", host.lower()).strip(".-") or "host"
        folders.append(plain if plain not in folders else f"{plain}-{len(folders) + 1}")
    return folders


@transaction.atomic
def store_translations(engagement: Engagement, made: Translated, *, actor: User) -> list[TranslationSet]:
    """A set of each target. Nothing where other uploads or overrides speak by now, and no set twice in a row."""
    engagement = lock_engagement(engagement.pk)
    uploads = {host.upload.pk for host in made.hosts}
    current = set(Upload.objects.filter(engagement=engagement).current().order_by().values_list("pk", flat=True))
    if not uploads or uploads != current:
        return []
    if made.inputs != inputs_digest(engagement):  # decided while this was made
        queue_translation(engagement, actor=actor)
        return []
    wanted = [target for target in EMITTERS if not _is_there(engagement, target, made, uploads)]
    sets = [_store(engagement, target, made, actor) for target in wanted]
    waited = waiting_gaps(engagement).exists()
    for translation in sets:
        merge_gaps(translation, actor=actor)
    if sets:
        mark_stale(engagement, actor=actor)
    if not waited:
        announce_gaps(engagement)
    return sets


def _is_there(engagement: Engagement, target: str, made: Translated, uploads: set[int]) -> bool:
    latest = engagement.translations.filter(target=target).first()
    if latest is None or (latest.translator_digest, latest.inputs_digest) != (made.digest, made.inputs):
        return False
    return set(latest.sources.values_list("upload", flat=True)) == uploads


def _store(engagement: Engagement, target: str, made: Translated, actor: User) -> TranslationSet:
    by_host = [(host, outcome) for host in made.hosts for outcome in host.translations[target].outcomes]
    coverage = measure([outcome.classified for _, outcome in by_host], target, load_estimate())
    traffic = shares((outcome.letter, host.upload.host_label, outcome.traffic) for host, outcome in by_host)
    translation = _set_of(engagement, target, [outcome for _, outcome in by_host], coverage, traffic)
    translation.number = next_number(engagement.translations.all())
    translation.translator_digest, translation.made_by = made.digest, actor
    translation.inputs_digest, translation.versions = made.inputs, versions_of(made.hosts, target)
    translation.save()
    TranslationSource.objects.bulk_create(
        [TranslationSource(translation=translation, upload=host.upload, folder=host.folder) for host in made.hosts]
    )
    TranslatedFile.objects.bulk_create(list(_files_of(translation, made.hosts)), BATCH)
    TranslatedConstruct.objects.bulk_create(list(_rows_of(translation, made.hosts)), BATCH)
    record(
        "translation.made",
        subject=translation,
        actor=actor,
        uploads=", ".join(f"upload {host.upload.number} of {host.upload.host_label}" for host in made.hosts),
        covered=translation.covered_count,
        counted=translation.counted_count,
        unclassified=translation.unclassified_count,
        translator_digest=made.digest,
    )
    queue_check(translation, actor=actor)
    return translation


def versions_of(hosts: Sequence[HostTranslation], target: str) -> list[dict[str, str]]:
    """What the dictionary speaks of, what each host runs, and the versions of the target that its lines need."""
    titles = {"postfix": "Postfix", **dict(Engagement.Target.choices)}
    needs = {treatment.needs for host in hosts for treatment in treatments_on(host, target) if treatment.needs}
    told = [
        *((titles[product], words) for product, words in known_versions().items()),
        *((f"On {host.upload.host_label}", releases_of(host, target)) for host in hosts),
        *((f"Some lines need {titles[target]}", words) for words in sorted(needs)),
    ]
    return [{"product": product, "version": words} for product, words in told]


def treatments_on(host: HostTranslation, target: str) -> Iterator[Treatment]:
    return (
        outcome.classified.treatments[target]
        for outcome in host.translations[target].outcomes
        if outcome.classified.is_classified
    )


def releases_of(host: HostTranslation, target: str) -> str:
    """The version of Postfix on a host, as far as its files say."""
    return ", ".join(dict.fromkeys(each.release.words for each in host.translations[target].report.instances))


def _set_of(
    engagement: Engagement, target: str, outcomes: Sequence[Outcome], coverage: Coverage, traffic: dict[str, Any]
) -> TranslationSet:
    fates, tally = counted(outcomes), coverage.constructs
    return TranslationSet(
        engagement=engagement,
        target=target,
        made_at=timezone.now(),
        construct_count=len(outcomes),
        written_count=fates[Fate.WRITTEN],
        left_count=fates[Fate.LEFT],
        dropped_count=fates[Fate.DROPPED],
        counted_count=tally.all,
        covered_count=tally.covered,
        unclassified_count=tally.counts[UNCLASSIFIED],
        changing_count=sum(len(set(_letters(outcome).values())) > 1 for outcome in outcomes),
        usual=coverage.usual,
        person_days=coverage.person_days,
        level=coverage.level,
        coverage={**coverage.as_json(), "traffic": traffic},
    )


def _files_of(translation: TranslationSet, hosts: Sequence[HostTranslation]) -> Iterator[TranslatedFile]:
    for host in hosts:
        for path, text in host.translations[translation.target].files.items():
            content = text.encode("utf-8", "surrogateescape")
            yield TranslatedFile(
                translation=translation,
                path=f"{host.folder}/{path}",
                content=content,
                byte_count=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )


def _rows_of(translation: TranslationSet, hosts: Sequence[HostTranslation]) -> Iterator[TranslatedConstruct]:
    met = [(host, outcome) for host in hosts for outcome in host.translations[translation.target].outcomes]
    for number, (host, outcome) in enumerate(met, start=1):
        row = TranslatedConstruct(translation=translation, number=number, upload=host.upload, **_said_by(outcome))
        row.emitted = storable([{**line.as_json(), "file": f"{host.folder}/{line.path}"} for line in outcome.lines])
        yield row


def _said_by(outcome: Outcome) -> dict[str, Any]:
    construct, letters = outcome.construct, _letters(outcome)
    treatment = outcome.classified.treatments.get(outcome.target)
    said = {
        **{name: getattr(construct, name) for name in ("key", "kind", "name", "subject", "instance", "file", "line")},
        "line_count": construct.lines,
        "value": construct.value,
        "text_digest": construct.text_digest,
        "letter": outcome.letter,
        "letters": letters,
        "is_changing": len(set(letters.values())) > 1,
        "fate": str(outcome.fate),
        "names": outcome.names,
        "loss": treatment.loss if treatment else "",
        "reasons": outcome.reasons,
        "traffic": outcome.traffic.as_json(),
        "override": outcome.classified.override.as_json() if outcome.classified.override else {},
    }
    return {name: storable(value) for name, value in said.items()}


def _letters(outcome: Outcome) -> dict[str, str]:
    """The class on every target of the dictionary; without a row there is none."""
    return {target: treatment.letter for target, treatment in outcome.classified.treatments.items()}
