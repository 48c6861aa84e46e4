"""Reads `[split]` with its rules."""

from __future__ import annotations

import difflib
import ipaddress
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Literal

from delivery.proxy.choice.providers import Providers, ProvidersError, known_names, known_providers, read_providers
from delivery.proxy.choice.split import ANY, BYS, By, Cap, Condition, Network, Rule, Split

if TYPE_CHECKING:
    from delivery.proxy.tables import Table

REST = "split"
# What the journal says where no rule of the file decided.
RESERVED = frozenset({"retry", "failover", "rollback", "drain", "envelope-refused", "unreadable"})
SIDES: tuple[Literal["old", "new"], ...] = ("old", "new")
HIGHEST_CAP = 10**9
LONGEST_POOL = 40
LONGEST_SEED = 64


def read_split(table: Table) -> Split:
    by = table.one_of("by", BYS, "message")
    rest = Rule(REST, table.share("new"), by)
    stay = tuple(_stay(one, number) for number, one in enumerate(table.tables("stay", "split.stay"), 1))
    rules = tuple(_rule(one, number, by) for number, one in enumerate(table.tables("rules", "split.rules"), 1))
    _tell_twins(table, (rest, *stay, *rules))
    providers = _providers(table)
    _tell_strangers(table, providers, (*stay, *rules))
    seed, header = table.text("seed"), table.text("stream_header").lower()
    if len(seed.encode()) > LONGEST_SEED:
        table.wrong("seed", f"is longer than {LONGEST_SEED} bytes.")
    table.end()
    return Split(rest, rules, stay, seed, header, providers)


def _providers(table: Table) -> Providers:
    path = table.file("providers")
    if path is None:
        return known_providers()
    try:
        return read_providers(path)
    except ProvidersError as error:
        table.wrong("providers", str(error))
    return known_providers()


def _stay(table: Table, number: int) -> Rule:
    found = Rule(table.text("name", f"stay {number}"), 0.0, "sender", _condition(table))
    table.end()
    if found.condition == ANY:
        table.wrong("name", "names nothing that stays: say domain, provider, listener, user, sender, client or header.")
    return found


def _rule(table: Table, number: int, by: By) -> Rule:
    cap = _cap(table)
    if ("new" in table) == ("to" in table) and not (cap and "new" not in table):
        table.wrong("new", 'has to be a share from 0 to 100, or stand aside for to = "old" or to = "new".')
    to = table.one_of("to", SIDES, "new" if cap else "old")
    new = table.share("new", 100.0 if to == "new" else 0.0)
    found = Rule(table.text("name", f"rule {number}"), new, table.one_of("by", BYS, by), _condition(table), cap)
    table.end()
    return found


def _condition(table: Table) -> Condition:
    domains = [one.lower().removeprefix("@") for one in table.texts("domain")]
    found = Condition(
        providers=frozenset(one.lower() for one in table.texts("provider")),
        domains=frozenset(one for one in domains if not one.startswith(".")),
        below=tuple(one for one in domains if one.startswith(".")),
        senders=tuple(one.lower() for one in table.texts("sender")),
        listeners=frozenset(table.texts("listener")),
        users=frozenset(table.texts("user")),
        clients=tuple(network for one in table.texts("client") if (network := _network(table, one))),
        headers=_headers(table),
    )
    return ANY if found == ANY else found


def _network(table: Table, text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        table.wrong("client", f"{text} is no network ({error}).")
    return None


def _headers(table: Table) -> tuple[tuple[str, str], ...]:
    """`header = { X-Stream = "news*" }`: each has to be there."""
    inner = table.table("header", f"{table.name} header")
    pairs = ((name.lower(), pattern.lower()) for name in inner.values for pattern in inner.texts(name)[:1])
    return tuple((name, pattern.replace("[", "[[]")) for name, pattern in pairs)  # which fnmatch takes for a class


def _cap(table: Table) -> Cap | None:
    days, hour = _days(table), table.number("per_hour", 0, 1, HIGHEST_CAP) or None
    pool, begins = table.text("pool", "default"), _begins(table)
    if len(pool.encode()) > LONGEST_POOL:
        table.wrong("pool", f"is longer than {LONGEST_POOL} bytes.")
    if len(days) > 1 and begins is None:
        table.wrong("begins", "is missing. It says on which day the first figure of per_day holds: 2026-11-30.")
    return Cap(pool, days, hour, begins) if days or hour else None


def _days(table: Table) -> tuple[int, ...]:
    value = table.raw("per_day")
    if value is None:
        return ()
    days = value if isinstance(value, list) else [value]
    if days and all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= HIGHEST_CAP for one in days):
        return tuple(days)
    table.wrong("per_day", "has to be a whole number, or a list with one for each day of a warm-up.")
    return ()


def _begins(table: Table) -> date | None:
    value = table.raw("begins")
    if value is None or type(value) is date:
        return value
    table.wrong("begins", "has to be a day, without quotes and time: 2026-11-30.")
    return None


def _tell_twins(table: Table, rules: tuple[Rule, ...]) -> None:
    """A journal that names a rule has to mean one, and one of the file."""
    for name in sorted(RESERVED.intersection(rule.name for rule in rules)):
        table.wrong("rules", f"none can be called {name}: the journal says so where no rule of the file decided.")
    for name, count in Counter(rule.name for rule in rules).items():
        if count > 1:
            table.wrong("rules", f"{count} of them are called {name}. Each needs a name of its own.")


def _tell_strangers(table: Table, providers: Providers, rules: tuple[Rule, ...]) -> None:
    """A slip of the pen in the name of a provider would be a rule that never fits."""
    asked = {(name, rule.name) for rule in rules for name in rule.condition.providers}
    known = providers.names | known_names() if asked else frozenset()
    for name, rule in sorted((name, rule) for name, rule in asked if name not in known):
        near = difflib.get_close_matches(name, known, 1)
        meant = f" Was {near[0]} meant?" if near else ""
        table.wrong("rules", f"{rule} asks for the provider {name}, whom nobody knows.{meant}")
