"""Turns what the parser says into rows, a table at a time."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from discovery import fact_rows, models
from discovery.models import Instance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from discovery import postfix
    from discovery.models import Upload

BATCH = 1000
BATCH_FILES = 100
BATCH_BYTES = 4 * 1024 * 1024


def store_files(upload: Upload, bundle: postfix.Bundle, hidden: Iterable[postfix.HiddenSecret]) -> None:
    """The masked files, what was skipped, and where secrets were hidden."""
    _store_contents(upload, bundle)
    models.SkippedMember.objects.bulk_create(
        [models.SkippedMember(upload=upload, path=left.path, reason=left.reason) for left in bundle.skipped], BATCH
    )
    models.HiddenSecret.objects.bulk_create(
        [
            models.HiddenSecret(
                upload=upload, path=secret.path, line=secret.line, kind=secret.kind, fingerprint=secret.fingerprint
            )
            for secret in hidden
        ],
        BATCH,
    )


def _store_contents(upload: Upload, bundle: postfix.Bundle) -> None:
    """A few megabytes at a time: a statement holds its values several times over."""
    for files in batches_of(bundle.files.values()):
        models.StoredFile.objects.bulk_create(
            [
                models.StoredFile(
                    upload=upload,
                    path=file.path,
                    content=file.content,
                    byte_count=len(file.content),
                    sha256=file.sha256,
                    encoding=file.encoding,
                )
                for file in files
            ]
        )


def batches_of(files: Iterable[postfix.BundleFile]) -> Iterator[list[postfix.BundleFile]]:
    """Files in their order, cut where a batch is full; a large file is a batch of its own."""
    batch: list[postfix.BundleFile] = []
    size = 0
    for file in files:
        if batch and (size + len(file.content) > BATCH_BYTES or len(batch) == BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += len(file.content)
    if batch:
        yield batch


def store_facts(upload: Upload, report: postfix.Report) -> None:
    """Every instance with its facts, and the files that are missing."""
    instances = Instance.objects.bulk_create([_instance(upload, said) for said in report.instances])
    for make_rows in fact_rows.TABLES:
        rows = [
            row
            for instance, said in zip(instances, report.instances, strict=True)
            for row in make_rows(said, {"upload": upload, "instance": instance})
        ]
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, BATCH)  # noqa: SLF001 (Django's documented way to any model)
    models.MissingFile.objects.bulk_create(
        [
            models.MissingFile(
                upload=upload, path=lost.path, parameter=lost.parameter, note=lost.note, file=lost.file, line=lost.line
            )
            for lost in report.missing_files
        ],
        BATCH,
    )


def _instance(upload: Upload, said: postfix.Instance) -> Instance:
    return Instance(
        upload=upload,
        name=said.name,
        config_directory=said.config_directory,
        bind_addresses=list(said.bind_addresses),
        helo_names=list(said.helo_names),
        relay_hosts=list(said.relay_hosts),
        content_filters=list(said.content_filters),
        streams=list(said.streams),
        likeness=said.likeness,
        release=asdict(said.release),
    )
