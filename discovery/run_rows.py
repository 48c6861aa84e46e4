"""The rows of the tables that differ between two uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.models import MapTable, StoredFile
from discovery.runs.items import row_items

if TYPE_CHECKING:
    from collections.abc import Collection

    from discovery.models import Upload
    from discovery.runs import Item

LARGEST = 1024 * 1024  # bytes of a table that is compared row by row while somebody waits


def changed_rows(uploads: Collection[Upload]) -> tuple[dict[int, list[Item]], tuple[str, ...]]:
    """Items by number of the upload, for tables that both hold with other contents; then those that are too large.

    Three queries, however many tables there are.
    """
    tables = MapTable.objects.filter(upload__in=uploads).exclude(source="").order_by("pk")
    forms = {source: (kind, parameter) for source, kind, parameter in tables.values_list("source", "kind", "parameter")}
    stored = StoredFile.objects.filter(upload__in=uploads, path__in=forms)
    digests: dict[str, set[str]] = {}
    sizes: dict[str, int] = {}
    for path, digest, size in stored.values_list("path", "sha256", "byte_count"):
        digests.setdefault(path, set()).add(digest)
        sizes[path] = max(size, sizes.get(path, 0))
    differing = sorted(path for path, told in digests.items() if len(told) > 1)
    small = [path for path in differing if sizes[path] <= LARGEST]
    items: dict[int, list[Item]] = {}
    # No path is empty: asked even when nothing differs, so that the number of queries stays the same.
    contents = stored.filter(path__in=small or [""]).order_by("path").values_list("upload__number", "path", "content")
    for number, path, content in contents:
        items.setdefault(number, []).extend(row_items(path, *forms[path], bytes(content)))
    return items, tuple(path for path in differing if sizes[path] > LARGEST)
