"""What a document is made of, in order. Print and page walk the same list, so their section numbers agree."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a document; its markup stands in templates/documents/sections/<key>.html."""

    key: str
    title: str

    @property
    def template(self) -> str:
        return f"documents/sections/{self.key}.html"


OUTLINES: dict[str, Sequence[Section]] = {
    "plan": (
        Section("summary", "Executive summary"),
        Section("verdict", "Why migrate, and for how much"),
        Section("reading", "What was read"),
        Section("estate", "The estate today"),
        Section("dossier", "Milters, scripts and programs"),
        Section("maps", "Lookup tables"),
        Section("findings", "Findings"),
        Section("translation", "What changes, and your decisions"),
        Section("chosen", "Which target, and what it costs"),
        Section("schedule", "Timeline"),
        Section("responsibilities", "Who does what"),
        Section("overrides", "Checks passed by decision"),
        Section("questions", "Questions"),
        Section("terms", "Terms and refund"),
        Section("signatures", "Signatures"),
    ),
    "phase_record": (
        Section("phase", "The phase"),
        Section("tasks", "What was done, and by whom"),
        Section("overrides", "Checks passed by decision"),
        Section("questions", "Questions"),
        Section("signatures", "Signatures"),
    ),
}


def outline_of(kind: str) -> Sequence[Section]:
    """The sections of a kind; empty for kinds whose template is one piece, such as a quote."""
    return OUTLINES.get(kind, ())
