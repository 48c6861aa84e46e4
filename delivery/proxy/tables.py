"""Tables of a TOML file, read key by key: whatever is wrong is noted with its key, and reading goes on."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, TypeVar

from delivery.proxy.settings import Address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}
SIZES = {"": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")
HIGHEST_PORT = 65_535
Word = TypeVar("Word", bound=str)


class Table:
    """`name` is how the table is called in what is said of it: `[split]`. Paths begin at `folder`."""

    def __init__(self, values: dict[str, Any], name: str, mistakes: list[str], folder: Path) -> None:
        self.values, self.name, self.mistakes, self.folder = values, name, mistakes, folder
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def wrong(self, key: str, why: str) -> None:
        self.mistakes.append(f"{self.name} {key}: {why}".lstrip())

    def raw(self, key: str) -> Any:
        self._asked.add(key)
        return self.values.get(key)

    def required(self, key: str, what: str) -> bool:
        if key in self.values:
            return True
        self._asked.add(key)
        self.wrong(key, f"is missing. It says {what}.")
        return False

    def text(self, key: str, default: str = "") -> str:
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        self.wrong(key, "has to be a text between quotes that is not empty.")
        return default

    def one_of(self, key: str, words: Sequence[Word], default: Word) -> Word:
        value = self.raw(key)
        if value is None:
            return default
        found = next((word for word in words if word == value), None)
        if found is None:
            self.wrong(key, f"{value!r} is not known. It is one of {', '.join(words)}.")
        return found or default

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, "has to be true or false, without quotes.")
        return default

    def number(self, key: str, default: int, least: int = 0, most: int = 10**12) -> int:
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(key, f"{value!r} does not do. It is a whole number from {least} to {most}.")
        return default

    def share(self, key: str, default: float = 0.0) -> float:
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:  # noqa: PLR2004 (percent)
            return float(value)
        self.wrong(key, f"{value!r} is no share. It is a number from 0 to 100: percent for the new side.")
        return default

    def seconds(self, key: str, default: float) -> float:
        return self._quantity(key, UNITS, "s", 'a time above 0, in seconds or as "5 min", "24 h", "30 d"') or default

    def size(self, key: str, default: int) -> int:
        return int(self._quantity(key, SIZES, "", 'a size above 0, in bytes or as "500 kB", "50 MB"')) or default

    def _quantity(self, key: str, units: Mapping[str, float], plain: str, what: str) -> float:
        """0.0 where nothing, or nothing that can be read, is said."""
        value = self.raw(key)
        if value is None:
            return 0.0
        found = QUANTITY.fullmatch(str(value)) if isinstance(value, str | int | float) else None
        amount = float(found[1]) * units.get(found[2] or plain, 0.0) if found else 0.0
        if not amount:
            self.wrong(key, f"has to be {what}.")
        return amount

    def file(self, key: str) -> Path | None:
        text = self.text(key)
        return (self.folder / text).absolute() if text else None

    def readable(self, key: str) -> Path | None:
        """A file that is there and can be read now."""
        path = self.file(key)
        if path is None:
            return None
        try:
            with path.open("rb"):
                return path
        except OSError as error:
            self.wrong(key, f"{path} cannot be read ({error.strerror}).")
        return None

    def address(self, key: str) -> Address | None:
        value = self.raw(key)
        if value is None:
            return None
        host, _, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
        host = host.removeprefix("[").removesuffix("]")
        if host and port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT:
            return Address(host, int(port))
        self.wrong(key, f'{value!r} is no address. It is a host and a port, as in "127.0.0.1:2525" or "[::1]:2525".')
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or several."""
        value = self.raw(key)
        if value is None:
            return ()
        found = [value] if isinstance(value, str) else value
        if isinstance(found, list) and found and all(isinstance(one, str) and one.strip() for one in found):
            return tuple(one.strip() for one in found)
        self.wrong(key, "has to be a text between quotes, or a list of them, and not empty.")
        return ()

    def table(self, key: str, name: str = "") -> Table:
        value = self.raw(key)
        named = name or f"[{key}]"
        if value is not None and not isinstance(value, dict):
            self.wrong(key, f"has to be a table: write {named} on a line of its own.")
            value = None
        return Table(value or {}, named, self.mistakes, self.folder)

    def tables(self, key: str, name: str) -> Iterator[Table]:
        """Those of `[[name]]`, counted from 1 in what is said of them."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(key, f"has to be a list of tables: write [[{name}]] above each.")
            return
        for number, one in enumerate(value, 1):
            yield Table(one, f"[[{name}]] {number}", self.mistakes, self.folder)

    def end(self) -> None:
        """Names every key that nobody asked for: a slip of the pen must not pass for a setting."""
        for key in self.values.keys() - self._asked:
            near = difflib.get_close_matches(key, self._asked, 1)
            self.wrong(key, f"is not known.{f' Was {near[0]} meant?' if near else ''}")
