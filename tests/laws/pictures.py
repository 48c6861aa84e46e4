"""The pictures of the guides as docs/pictures.yaml names them."""

import re
from dataclasses import dataclass

import yaml

from tests.laws.sources import ROOT, project_files

DOCS = ROOT / "docs"
FOLDER = DOCS / "pictures"
TOLD = yaml.safe_load((DOCS / "pictures.yaml").read_text(encoding="utf-8"))
AT_MOST = TOLD["at_most"]
WRITTEN = tuple(path for path in project_files() if path.suffix == ".md" and path.is_relative_to(DOCS))
_SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Picture:
    """What is taken of which page, before whom."""

    name: str
    alt: str
    person: str
    page: str
    shows: tuple[str, ...]
    screen: tuple[int, int] = tuple(TOLD["screen"])
    otherwise: tuple[str, ...] = ()

    @property
    def file(self):
        return FOLDER / f"{self.name}.webp"


PICTURES = tuple(Picture(**row) for row in TOLD["pictures"])


def shown_in(path):
    """(words, file) of every picture of a written page."""
    return [(words, (path.parent / file).resolve()) for words, file in _SHOWN.findall(path.read_text(encoding="utf-8"))]
