"""The facts of an estate as rows of a document: name, what is to be known, and where it was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from discovery.estate import DossierRow, Estate
from discovery.estate import Row as Fact
from discovery.estate import StreamRow as Known
from discovery.models import Dossier, Stream

Numbers = Mapping[str, int]  # by host: the number of the upload that is cited


@dataclass(frozen=True, slots=True)
class Row:
    """`detail` are sentences or values in the order of the document's table; `place` is file:line."""

    host: str
    name: str
    detail: Sequence[str]
    upload: int
    place: str


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream as people left it: what becomes of it, and why."""

    reference: str
    name: str
    purpose: str
    route: str
    reason: str


def _row(fact: Fact, numbers: Numbers, name: str, *detail: str) -> Row:
    return Row(fact.host, name, _said(detail), numbers[fact.host], fact.place)


def _said(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def once(rows: Iterable[Row]) -> list[Row]:
    """Instances of one host share crontabs and scripts: what says the same of the same line is said once."""
    return list(dict.fromkeys(rows))


def listeners(estate: Estate, numbers: Numbers) -> list[Row]:
    """Services that take mail or commands from the network, with the settings that differ for them alone."""
    return once(
        _row(
            fact,
            numbers,
            f"{fact.values['name']}/{fact.values['kind']}",
            fact.values["columns"][-1],
            *(f"-o {name}={value}" for name, value, _ in fact.values["overrides"]),
        )
        for fact in estate.services
        if fact.values["kind"] == "inet"
    )


def transports(estate: Estate, numbers: Numbers) -> list[Row]:
    """Delivery agents that are the customer's own, or send from an address or a name of their own."""
    return once(
        _row(
            fact,
            numbers,
            fact.values["name"],
            fact.values["program"],
            _prefixed("sends from ", ", ".join(fact.values["bind_addresses"])),
            _prefixed("says HELO ", fact.values["helo_name"]),
            _prefixed("runs ", " ".join(fact.values["argv"])),
        )
        for fact in estate.transports
        if fact.values["is_custom"] or fact.values["bind_addresses"] or fact.values["helo_name"]
    )


def _prefixed(prefix: str, text: str) -> str:
    return f"{prefix}{text}" if text else ""


def milters(estate: Estate, numbers: Numbers) -> list[Row]:
    return once(
        _row(
            fact,
            numbers,
            fact.values["product"],
            fact.values["socket"],
            f"asked by {_asker(fact)}",
            _function(fact.values["function"]),
            _prefixed("configured in ", fact.values["source"]),
        )
        for fact in estate.milters
    )


def _function(function: str) -> str:
    return "what it does is not known" if function in {"", "unknown"} else function


def _asker(fact: Fact) -> str:
    parameter, service = fact.values["parameter"], fact.values["service"]
    return f"{parameter} of {service}" if service else str(parameter)


def scripts(estate: Estate, numbers: Numbers) -> list[Row]:
    return once(
        _row(
            fact,
            numbers,
            fact.values["path"],
            fact.values["language"],
            _lines(fact.values["line_count"]),
            f"run by {', '.join(fact.values['roles'])}" if fact.values["roles"] else "nothing in the bundle runs it",
        )
        for fact in estate.scripts
    )


def _lines(count: object) -> str:
    """Without a mark between thousands, as earlier versions of a plan say it: they are compared."""
    return "1 line" if str(count) == "1" else f"{count} lines"


def cron_jobs(estate: Estate, numbers: Numbers) -> list[Row]:
    return once(_row(fact, numbers, fact.values["command"], fact.values["schedule"]) for fact in estate.cron_jobs)


def maps(estate: Estate, numbers: Numbers) -> list[Row]:
    return once(
        _row(
            fact,
            numbers,
            f"{fact.values['kind']}:{fact.values['path']}",
            f"asked by {_asker(fact)}",
            _entries(fact.values["entry_count"]),
        )
        for fact in estate.maps
    )


def _entries(count: int | None) -> str:
    if count is None:
        return "its entries are not in the bundle"
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def missing_files(estate: Estate, numbers: Numbers) -> list[Row]:
    return once(
        _row(fact, numbers, fact.values["path"], fact.values["parameter"], fact.values["note"])
        for fact in estate.missing_files
    )


def problems(estate: Estate, numbers: Numbers) -> list[Row]:
    return once(_row(fact, numbers, fact.values["subject"], fact.values["message"]) for fact in estate.problems)


def dossiers(rows: Sequence[DossierRow]) -> list[Row]:
    """What people know about components, whether an upload shows them or not. Nobody's words yet: no row."""
    return once(_dossier(row) for row in rows if row.is_stated and not row.is_gone)


def _dossier(row: DossierRow) -> Row:
    detail = (
        Dossier.Kind(row.kind).label,
        row.language,
        _lines(row.line_count) if row.line_count else "",
        f"source: {Dossier.Source(row.source).label.lower()}",
        f"owner: {row.owner}" if row.owner else "nobody is named as its owner",
        row.note,
        f"on the target: {row.replacement}" if row.replacement else "",
    )
    return Row(row.host, row.name, _said(detail), 0, f"dossier {row.reference}" if row.is_found else "entered by hand")


def streams(rows: Sequence[Known]) -> list[StreamRow]:
    """Every stream on the list, in the order in which they were met."""
    return [
        StreamRow(row.reference, row.name, row.purpose, Stream.Route(row.route).label, row.route_reason) for row in rows
    ]
