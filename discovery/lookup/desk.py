"""What a lookup needs of one instance: its values, and the files its tables are made of."""

from dataclasses import dataclass, field

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.places import Place, find_file
from discovery.postfix.scope import Scope


@dataclass(frozen=True, slots=True)
class Desk:
    """One instance of a bundle, seen by main.cf alone or by one service. `taken` are the files it had to give out."""

    bundle: Bundle
    place: Place
    scope: Scope
    taken: dict[str, BundleFile] = field(default_factory=dict)

    def file(self, path: str) -> BundleFile | None:
        """The file of the upload that a path on the host means."""
        found = find_file(self.bundle, self.place, path)
        if not found:
            return None
        file = self.bundle.files[found]
        self.taken[found] = file
        return file

    @property
    def lines_read(self) -> int:
        """How many lines the files that were given out have."""
        return sum(lines_in(file.content) for file in self.taken.values())

    def text_at(self, file: str, line: int) -> str:
        """One line of a file as it stands there, "" where there is none."""
        held = self.taken.get(file) or self.bundle.files.get(file)
        return line_of(held.content, line) if held and line > 0 else ""


def lines_in(content: bytes) -> int:
    return content.count(b"\n") + (bool(content) and not content.endswith(b"\n"))


def line_of(content: bytes, number: int) -> str:
    """A line by its number from 1, found without splitting the whole."""
    start = 0
    for _ in range(number - 1):
        start = content.find(b"\n", start) + 1
        if not start:
            return ""
    end = content.find(b"\n", start)
    return content[start : end if end >= 0 else None].rstrip(b"\r").decode("utf-8", "replace")
