"""Tables with one text source and fixed keys: hash, btree, lmdb, cdb, dbm, texthash (postmap(1)), and alias files.

Rows are found by looking for the key in the bytes of the file, so that a table of a million rows costs its own size
and one folded copy, and no index.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from discovery.lookup.answers import ABSENT, FOUND, Found
from discovery.lookup.clock import Clock
from discovery.lookup.octets import latin_as_text
from discovery.postfix.tables import Entry, read_aliases, split_key

LINE_END = b"\n"
BLANK_BYTES = b" \t\n\v\f\r"


class TextTable:
    """`key value` rows; the first row of a key counts, and keys are compared without case."""

    is_fixed = True

    def __init__(self, name: str, file: str, content: bytes, clock: Clock) -> None:
        """Search the bytes of one source."""
        self.name, self.file, self._content, self._clock = name, file, content, clock

    @cached_property
    def _folded(self) -> bytes:
        folded = self._content.lower()
        return self._content if folded == self._content else folded

    def find(self, key: str) -> Found:
        """The value of the first row with this key; raises TimeOverError."""
        wanted = key.encode("utf-8", "surrogateescape").lower()
        if not wanted or wanted[:1] in b"# \t\r\n\v\f":
            return Found(ABSENT, file=self.file)
        for start in self._clock.watch(self._starts(wanted), f"rows of {self.file} had been compared"):
            row_key, value = split_key(self._row_at(start).decode("latin-1"))
            if value and row_key.encode("latin-1").lower() == wanted:
                line = self._content.count(LINE_END, 0, start) + 1
                return Found(FOUND, latin_as_text(value), self.file, line)
        return Found(ABSENT, file=self.file)

    def _starts(self, wanted: bytes) -> Iterator[int]:
        """Offsets of lines that begin with the key and a blank."""
        folded, length = self._folded, len(wanted)
        if folded.startswith(wanted):
            yield 0
        at = folded.find(LINE_END + wanted)
        while at >= 0:
            if folded[at + 1 + length : at + 2 + length] in BLANK_BYTES:
                yield at + 1
            at = folded.find(LINE_END + wanted, at + 1)

    def _row_at(self, start: int) -> bytes:
        """The logical line that begins here: lines that start with a blank continue it, comments do not end it."""
        parts: list[bytes] = []
        while True:
            end = self._content.find(LINE_END, start)
            line = self._content[start : end if end >= 0 else None]
            if not parts or (line.strip(BLANK_BYTES) and not line.lstrip(BLANK_BYTES).startswith(b"#")):
                parts.append(line)
            if end < 0 or not self._goes_on(end + 1):
                return b"".join(parts)
            start = end + 1

    def _goes_on(self, start: int) -> bool:
        """Whether the line that begins here is blank, a comment or a continuation."""
        first = self._content[start : start + 1]
        return bool(first) and first in BLANK_BYTES + b"#"


class AliasTable:
    """`name: targets` rows of aliases(5)."""

    is_fixed = True

    def __init__(self, name: str, file: str, text: str, clock: Clock) -> None:
        """Rows are read when the first name is asked for."""
        self.name, self.file, self._text, self._clock = name, file, text, clock

    @cached_property
    def _rows(self) -> Mapping[str, Entry]:
        rows: dict[str, Entry] = {}
        for entry in self._clock.watch(read_aliases(self._text), f"rows of {self.file} had been read"):
            rows.setdefault(entry.key.lower(), entry)
        return rows

    def find(self, key: str) -> Found:
        """The targets of one name; raises TimeOverError."""
        entry = self._rows.get(key.lower())
        if entry is None or not entry.value:
            return Found(ABSENT, file=self.file)
        return Found(FOUND, entry.value, self.file, entry.line)
