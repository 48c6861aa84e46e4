"""mysql, pgsql, sqlite, ldap, memcache and mongodb tables: what they would ask for one key (mysql_table(5)).

Nothing is asked. Passwords were masked before the definition came here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Self

from discovery.lookup.answers import ABSENT, ASKS, Found
from discovery.postfix.braces import split_outside_braces
from discovery.postfix.bundle import BundleFile
from discovery.postfix.main_cf import read_main

PRODUCTS = {
    "mysql": "MySQL",
    "pgsql": "PostgreSQL",
    "sqlite": "SQLite",
    "ldap": "LDAP",
    "memcache": "memcached",
    "mongodb": "MongoDB",
}
QUERIES = {"ldap": "query_filter", "memcache": "key_format", "mongodb": "filter"}
USUAL = {"ldap": "(mailacceptinggeneralid=%s)", "memcache": "%s"}
WHERES = {"sqlite": ("dbpath",), "memcache": ("memcache",), "mongodb": ("uri", "dbname", "collection")}
Named = Callable[[str], str]


class ServerTable:
    """The question a database would get; the answer is not known here."""

    is_fixed = True

    def __init__(self, name: str, kind: str, lines: Mapping[str, int], *, named: Named, file: str = "") -> None:
        """`named` gives a setting of the definition, "" without one; `lines` say where each stands."""
        self.name, self.file, self._kind, self._lines, self._named = name, file, kind, lines, named

    @classmethod
    def of_file(cls, name: str, kind: str, file: BundleFile) -> Self:
        """The table that a definition file describes."""
        current = read_main(file.path, file.text).current
        lines = {setting.name: setting.line for setting in current.values()}
        return cls(name, kind, lines, named=lambda suffix: getattr(current.get(suffix), "value", ""), file=file.path)

    def find(self, key: str) -> Found:
        """The question, or that a key of a foreign domain is not asked for."""
        local, at, domain = key.rpartition("@")
        line = self._lines.get(QUERIES.get(self._kind, "query"), 1 if self.file else 0)
        if self._is_filtered(domain if at else ""):
            return Found(ABSENT, file=self.file, line=self._lines.get("domain", line))
        values = expansions(key, local if at else key, domain)
        asked = fill(self._query(), values)
        if asked is None:
            return Found(ABSENT, file=self.file, line=line)
        product = PRODUCTS[self._kind]
        return Found(ASKS, "", self.file, line, f"This asks a {product} database{self._where()}: {asked}")

    def _is_filtered(self, domain: str) -> bool:
        """Whether `domain = ...` keeps this key from being asked for; lists in files or tables are not decided here."""
        domains = split_outside_braces(self._named("domain"))
        is_plain = bool(domains) and not any(":" in each or "/" in each for each in domains)
        return is_plain and domain.lower() not in {each.lower() for each in domains}

    def _query(self) -> str:
        asked = self._named(QUERIES.get(self._kind, "query")) or USUAL.get(self._kind, "")
        if asked or not self._named("table"):
            return asked
        column, table, where = (self._named(name) for name in ("select_field", "table", "where_field"))
        return f"SELECT {column} FROM {table} WHERE {where} = '%s' {self._named('additional_conditions')}".strip()  # noqa: S608 (shown to people, never run)

    def _where(self) -> str:
        places = [self._named(name) for name in WHERES.get(self._kind, ("dbname", "hosts", "server_host"))]
        return "".join(f" {place}" for place in places if place)


def expansions(key: str, local: str, domain: str) -> Mapping[str, str]:
    """What `%s`, `%u`, `%d` and `%1` to `%9` stand for; `%1` is the last part of the domain."""
    parts = dict(numbered(domain))
    return {"%": "%", "s": key, "u": local, "d": domain, "S": key, "U": local, "D": domain, **parts}


def numbered(domain: str) -> Iterator[tuple[str, str]]:
    for number, part in enumerate(reversed(domain.split(".")), start=1):
        if part:
            yield str(number), part


def fill(query: str, values: Mapping[str, str]) -> str | None:
    """The question with its places filled; None when a place has nothing to be filled with: then nothing is asked."""
    parts = query.split("%")
    filled = [parts[0]]
    rest = iter(parts[1:])
    for part in rest:
        letter = part[:1]
        if not letter:
            filled.append("%" + next(rest, ""))
            continue
        if not values.get(letter):
            return None
        filled.append(values[letter] + part[1:])
    return "".join(filled)
