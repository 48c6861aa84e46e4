"""pydyf's list of page references, made once for as many pages as there are.

WeasyPrint asks for it once a tag and takes one element. Made anew each time, as pydyf 0.13 does, the tags of a document
cost the square of its length.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from weasyprint.pdf import pydyf

_known: WeakKeyDictionary[Any, tuple[bytes, ...]] = WeakKeyDictionary()


def page_references(pdf: Any) -> tuple[bytes, ...]:
    numbers = pdf.pages["Kids"][::3]
    known = _known.get(pdf, ())
    if len(known) != len(numbers):
        known = _known[pdf] = tuple(f"{number} 0 R".encode() for number in numbers)
    return known


def install() -> None:
    """From now on, for every document of this process."""
    pydyf.PDF.page_references = property(page_references)
