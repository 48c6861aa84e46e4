"""Words in another language than their document, told to whoever has a PDF read out: /Lang of their tag.

PDF/UA-1 7.2 asks for it. WeasyPrint 70 tags elements with a `lang` attribute, but tells the language of the root alone.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from weasyprint.pdf import pydyf, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROOT = "html"


def _language_of(box: Any) -> str:
    """Empty for the root, whose language stands in the catalogue, and for what has none of its own."""
    element = getattr(box, "element", None)
    if element is None or element.tag == _ROOT:
        return ""
    return str(element.attrib.get("lang", ""))


def with_languages(build: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @wraps(build)
    def build_box_tree(box: Any, *rest: Any) -> Iterator[Any]:
        language = _language_of(box)
        for element in build(box, *rest):
            if language and "Lang" not in element:
                element["Lang"] = pydyf.String(language)
            yield element

    return build_box_tree


def install() -> None:
    """From now on, for every document of this process. The function calls itself by this name."""
    tags._build_box_tree = with_languages(tags._build_box_tree)  # noqa: SLF001 (there is no other place)
