"""What a lookup needs of one instance: its values, and the files its tables are made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from discovery.lookup.clock import Clock
from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.places import Place, find_file
from discovery.postfix.scope import Scope


@dataclass(frozen=True, slots=True)
class Desk:
    """One instance of a bundle, seen by main.cf alone or by one service.

    `taken` are the files it had to give out, `clock` is the time that the question put to it may take.
    """

    bundle: Bundle
    place: Place
    scope: Scope
    taken: dict[str, BundleFile] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

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

    def texts_at(self, places: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
        """Lines of files as they stand there, "" where there is none; each file is gone through once."""
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        for file, line in places:
            wanted[file].add(line)
        return {(file, line): text for file, lines in wanted.items() for line, text in self._lines_at(file, lines)}

    def _lines_at(self, file: str, numbers: set[int]) -> Iterable[tuple[int, str]]:
        held = self.taken.get(file) or self.bundle.files.get(file)
        return lines_of(held.content, numbers) if held else ((number, "") for number in numbers)


def lines_in(content: bytes) -> int:
    return content.count(b"\n") + (bool(content) and not content.endswith(b"\n"))


def lines_of(content: bytes, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Lines by their numbers from 1, found without splitting the whole; "" for one that is not there."""
    start, at = 0, 1
    for number in sorted(numbers):
        while start >= 0 and at < number:
            start = content.find(b"\n", start) + 1 or -1
            at += 1
        end = content.find(b"\n", max(start, 0))
        line = content[start : end if end >= 0 else None] if number > 0 and start >= 0 else b""
        yield number, line.rstrip(b"\r").decode("utf-8", "replace")
