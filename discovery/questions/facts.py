"""What the uploads and the mail logs answer by themselves, each with the places it was read from.

A fact is there only if the files tell it: that no upload shows a bounce program does not mean that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.counting import counted as told
from discovery.estate import jump_to
from discovery.questions.loading import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from discovery.estate import Estate, Row
    from discovery.questions.values import Value

MOST_PLACES = 20
BOUNCES, COMPLAINTS = frozenset({"bounce_processor"}), frozenset({"fbl_reader"})
QUEUE_WORK = frozenset({"rate_limit_cron", "queue_surgery"})
SIGNING, SUPPRESSION = "postfix", "postfix"
SUPPRESSION_RULE = "suppression-table"
# What has to be read of an inventory before `facts_in` can tell.
TABLES = ("addresses", "cron_jobs", "doors", "milters", "scripts", "signing_keys")
RULES = (SUPPRESSION_RULE,)


@dataclass(frozen=True, slots=True)
class FactPlace:
    """Where a fact was read; `upload` is 0 and `file` empty for one that no single file says."""

    host: str
    upload: int
    file: str
    line: int

    @property
    def text(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.host} {where}".strip()

    @property
    def jump(self) -> str:
        return jump_to(self.line)


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` is shaped as the answer would be, and said as `words` where its unit is not that of the question.

    `detail` says what was seen. An offer is what somebody could use: that nobody does agrees with it.
    """

    name: str
    value: Value
    detail: str = ""
    places: tuple[FactPlace, ...] = ()
    words: str = ""
    is_offer: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What the mail logs count: recipients over so many days, and on the busiest of them; whether LOGIN was used."""

    days: int
    ended: int
    peak: int
    peak_day: str
    is_login_seen: bool = False


def facts_in(estate: Estate, measure: Measure | None = None) -> dict[str, Fact]:
    """Every fact that is known, by its name."""
    found: dict[str, Fact] = {}
    if estate.hosts:
        found = {fact.name: fact for make in _OF_ESTATE for fact in make(estate)}
    return found | {fact.name: fact for fact in _measured(measure)}


def _hosts(estate: Estate) -> Iterator[Fact]:
    names = [host.host for host in estate.hosts]
    yield Fact(
        "hosts", len(names), ", ".join(names), tuple(FactPlace(one.host, one.upload, "", 0) for one in estate.hosts)
    )


def _addresses(estate: Estate) -> Iterator[Fact]:
    """Silent where Postfix leaves the choice to the system: nobody knows then how many there are."""
    outside = [row for row in estate.addresses if row.values["reach"] != "loopback"]
    named = {row.values["address"]: row for row in outside if row.values["address"]}
    if named and all(row.values["address"] for row in outside):
        yield Fact("sending_addresses", len(named), ", ".join(named), _places(named.values()))
    private = {row.values["address"]: row for row in outside if row.values["reach"] == "private"}
    yield Fact("private_addresses", len(private), ", ".join(private), _places(private.values()))


def _logins(estate: Estate) -> Iterator[Fact]:
    doors = [row for row in estate.doors if row.values["direction"] == "in"]
    if not doors:
        return
    offering = [row for row in doors if row.values["login"] == "yes"]
    if offering or all(row.values["login"] == "no" for row in doors):
        yield _offer("auth_login", offering, "offered")
    yield _offer("cleartext_login", [row for row in doors if row.values["is_cleartext_auth_possible"]], "possible")


def _milters(estate: Estate) -> Iterator[Fact]:
    rows = estate.milters
    yield _yes_or_no("milters", rows, [f"{row.values['product']} at {row.values['socket']}" for row in rows])


def _programs(estate: Estate) -> Iterator[Fact]:
    for name, kinds in (
        ("bounce_programs", BOUNCES),
        ("complaint_programs", COMPLAINTS),
        ("queue_programs", QUEUE_WORK),
    ):
        scripts = [row for row in estate.scripts if row.values["kind"] in kinds and row.values["confidence"] != "guess"]
        jobs = [row for row in estate.cron_jobs if row.values["kind"] in kinds and row.values["confidence"] != "guess"]
        if scripts or jobs:
            names = [row.values["path"] for row in scripts] + [row.values["command"] for row in jobs]
            yield _yes_or_no(name, [*scripts, *jobs], names)


def _signing(estate: Estate) -> Iterator[Fact]:
    if estate.signing_keys:
        names = [f"{row.values['selector']}._domainkey.{row.values['domain']}" for row in estate.signing_keys]
        yield Fact("signing_place", [SIGNING], _listed(names), _places(estate.signing_keys))


def _suppression(estate: Estate) -> Iterator[Fact]:
    said = [finding for finding in estate.findings if finding.rule == SUPPRESSION_RULE]
    if said:
        places = tuple(_where(estate, each.host, each.file, each.line) for each in said)
        yield Fact("suppression_place", [SUPPRESSION], _listed([each.file for each in said]), places)


def _measured(measure: Measure | None) -> Iterator[Fact]:
    if measure and measure.is_login_seen:
        yield Fact("auth_login", "yes", "The mail logs show clients that sign in with it")
    if measure is None or measure.days < limits()["days_that_tell"]:
        return
    length = limits()["days_of_a_month"]
    month = measure.ended * length // measure.days
    counted = f"{told(measure.ended, 'recipient')} on {told(measure.days, 'day')} of the mail logs"
    monthly = f"{counted}, which makes {month:,} in {told(length, 'day')}"
    yield Fact("measured_month", month, monthly, words=f"{told(month, 'recipient')} a month")
    daily = f"{told(measure.peak, 'recipient')} on {measure.peak_day}"
    yield Fact("measured_peak_day", measure.peak, daily, words=f"{told(measure.peak, 'recipient')} on the busiest day")


_OF_ESTATE: tuple[Callable[[Estate], Iterator[Fact]], ...] = (
    _hosts,
    _addresses,
    _logins,
    _milters,
    _programs,
    _signing,
    _suppression,
)


def _yes_or_no(name: str, rows: Iterable[Row], names: list[str]) -> Fact:
    places = _places(rows)
    return Fact(name, "yes" if places else "no", _listed(names), places)


def _offer(name: str, doors: list[Row], how: str) -> Fact:
    names = _listed([row.values["name"] for row in doors])
    if not doors:
        return Fact(name, "no", f"It is {how} nowhere")
    words = f"It is {how} at {names}; the configuration does not tell whether anybody uses it"
    return Fact(name, "yes", words, _places(doors), words, is_offer=True)


def _listed(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = len(unique) - MOST_PLACES
    return ", ".join(unique[:MOST_PLACES]) + (f" and {more} more" if more > 0 else "")


def _places(rows: Iterable[Row]) -> tuple[FactPlace, ...]:
    found = dict.fromkeys(FactPlace(row.host, row.upload, row.file, row.line) for row in rows)
    return tuple(found)[:MOST_PLACES]


def _where(estate: Estate, host: str, file: str, line: int) -> FactPlace:
    uploads: Mapping[str, int] = {one.host: one.upload for one in estate.hosts}
    return FactPlace(host, uploads.get(host, 0), file, line)
