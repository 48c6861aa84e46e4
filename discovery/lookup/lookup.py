"""Answers what becomes of an address, a header line or a name: `look_up` is the one door."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from discovery.lookup.answers import Step
from discovery.lookup.clock import Clock, TimeOverError
from discovery.lookup.desk import Desk
from discovery.lookup.keys import keys_for, orders
from discovery.lookup.lists import list_steps
from discovery.lookup.meanings import Meaning, drawn_meaning, meaning_of
from discovery.lookup.opening import tables_in
from discovery.lookup.rewriting import Rewriting
from discovery.lookup.searching import Keeper, Round, search
from discovery.lookup.uses import CANONICAL, LIST, RESTRICTIONS, VIRTUAL, Spot, Use, spots_of, uses
from discovery.postfix.expansion import expand

FIRED, NOTHING, OPEN = "fired", "nothing", "open"
ALIASES = frozenset({"alias_maps", "alias_database"})


class UnknownParameterError(ValueError):
    """The text says which parameters can be asked."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """One answer. `outcome` is fired, nothing or open; open means that nobody can say from the upload alone."""

    use: Use
    key: str
    spots: tuple[Spot, ...]
    rounds: tuple[Round, ...]
    meaning: Meaning
    notes: tuple[str, ...]
    lines_read: int
    ends: tuple[str, ...] = ()
    texts: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @property
    def hit(self) -> Step | None:
        """The rule that fired: of several restrictions the first, of a rewriting the last."""
        hits = [each.hit for each in self.rounds if each.hit]
        return (hits[0] if self.use.way == RESTRICTIONS else hits[-1]) if hits else None

    @property
    def doubts(self) -> tuple[Step, ...]:
        return tuple(step for each in self.rounds for step in each.opened)

    @property
    def outcome(self) -> str:
        if self.doubts:
            return OPEN
        return FIRED if self.hit else NOTHING

    @property
    def condition(self) -> str:
        """What has to hold for the meaning to be true, "" when it holds anyway."""
        return "If what is unknown holds nothing for it: " if self.doubts else ""

    def text_of(self, step: Step) -> str:
        """The rule as it stands in the file."""
        return self.texts.get((step.found.file, step.found.line), "")

    def as_json(self) -> dict[str, Any]:
        return {
            "parameter": self.use.parameter,
            "key": self.key,
            "outcome": self.outcome,
            "condition": self.condition.rstrip(": "),
            "meaning": self.meaning.words,
            "fields": dict(self.meaning.fields),
            "becomes": list(self.ends),
            "rule": self._step_as_json(self.hit) if self.hit else None,
            "set_at": [asdict(spot) for spot in self.spots],
            "searches": [self._round_as_json(each) for each in self.rounds],
            "unknown": [self._step_as_json(step) for step in self.doubts],
            "notes": list(self.notes),
            "lines_read": self.lines_read,
        }

    def _round_as_json(self, searched: Round) -> dict[str, Any]:
        steps = [self._step_as_json(step) for step in searched.steps]
        told = {"subject": searched.subject, "parameter": searched.parameter, "steps": steps}
        return told | {"left_out": searched.left_out}

    def _step_as_json(self, step: Step) -> dict[str, Any]:
        found = step.found
        return {
            "key": step.key,
            "because": step.because,
            "table": step.table,
            "outcome": found.outcome,
            "value": found.value,
            "file": found.file,
            "line": found.line,
            "text": self.text_of(step),
            "note": found.note,
        }


def use_of(parameter: str) -> Use:
    """How a parameter is asked; raises UnknownParameterError."""
    use = uses().get(parameter)
    if use is None:
        likely = [name for name in uses() if parameter.strip("_ ") and parameter.lower() in name]
        hint = f" Did you mean {' or '.join(likely[:3])}?" if likely else ""
        raise UnknownParameterError(f"{parameter} is not a table or list that can be looked up.{hint}")
    return use


def look_up(desk: Desk, parameter: str, key: str, *, clock: Clock | None = None) -> Lookup:
    """What Postfix would find, as far as one comes by this clock; raises UnknownParameterError and nothing else."""
    use, desk = use_of(parameter), replace(desk, clock=clock or Clock())
    spots: tuple[Spot, ...] = ()
    try:
        spots = tuple(spots_of(desk, use))
        if use.way in {VIRTUAL, CANONICAL}:
            return rewritten(desk, use, key, spots[0])
        return finished(desk, use, key, spots, rounds_of(desk, use, key, spots), notes=notes_on(desk, use, key, spots))
    except TimeOverError:
        rounds = (unfinished(desk, use, key),)
        return finished(desk, use, key, spots, rounds, notes=())


def unfinished(desk: Desk, use: Use, key: str) -> Round:
    """A search that had no time to begin: not even the names of its tables could be read."""
    return Round(key, use.parameter, (desk.clock.ended(key, use.parameter),))


def rounds_of(desk: Desk, use: Use, key: str, spots: Sequence[Spot]) -> tuple[Round, ...]:
    """The searches of a parameter that replaces nothing: one in each place that names tables."""
    keeper = Keeper()
    if use.way == LIST:
        return (keeper.keep(key, spots[0], list_steps(desk, use.parameter, key)),)
    return tuple(keeper.keep(key, spot, searched(desk, use, key, spot)) for spot in spots)


def searched(desk: Desk, use: Use, key: str, spot: Spot) -> Iterator[Step]:
    tables = list(tables_in(desk, spot.value, are_aliases=use.parameter in ALIASES))
    return search(tables, keys_for(desk, use.order, key), desk.clock)


def rewritten(desk: Desk, use: Use, key: str, spot: Spot) -> Lookup:
    """The way of an address through canonical or virtual alias tables; raises TimeOverError."""
    way = Rewriting(desk, use, spot, list(tables_in(desk, spot.value)))
    way.run(key)
    notes = [*notes_on(desk, use, key, (spot,)), *way.faults]
    return finished(desk, use, key, (spot,), tuple(way.rounds), notes=notes, ends=tuple(way.ends))


def finished(
    desk: Desk,
    use: Use,
    key: str,
    spots: tuple[Spot, ...],
    rounds: tuple[Round, ...],
    *,
    notes: Sequence[str],
    ends: tuple[str, ...] = (),
) -> Lookup:
    """The answer with the words for it and the text of every rule that fired."""
    hits = [each.hit for each in rounds if each.hit]
    value = ", ".join(ends) if ends and hits else hits[0].found.value if hits else None
    texts = desk.texts_at((step.found.file, step.found.line) for step in hits)
    drawn = drawn_values(hits, ends)
    subject = key or "<>"
    meaning = drawn_meaning(use.meaning, subject, drawn) if drawn else meaning_of(use.meaning, subject, value)
    return Lookup(use, key, spots, rounds, meaning, tuple(notes), desk.lines_read, ends, texts)


def drawn_values(hits: Sequence[Step], ends: tuple[str, ...]) -> tuple[str, ...]:
    """What may come of it where chance has a part in it; empty where it has none."""
    if ends:
        return ends if any(step.found.drawn for step in hits) else ()
    return hits[0].found.drawn if hits else ()


def notes_on(desk: Desk, use: Use, key: str, spots: Sequence[Spot]) -> list[str]:
    """What one has to know beside the answer: nothing set, or a value that cannot be put together."""
    notes: list[str] = []
    if not any(spot.value.strip() for spot in spots):
        where = "No restriction names it" if use.way == RESTRICTIONS else f"{use.parameter} is empty"
        notes.append(f"{where}, so Postfix asks no table.")
    if other := use.instead_for(key):
        notes.append(f"This is a header of MIME: Postfix asks {other} for it, not {use.parameter}.")
    for spot in spots:
        raw = desk.scope.raw(spot.parameter) or ""
        expansion = expand(raw, desk.scope.raw)
        notes += [f"Postfix cannot read {fault} in {spot.parameter}, and stops." for fault in expansion.faults]
        notes += [f"${name} in {spot.parameter} is set nowhere and counts as empty." for name in expansion.undefined]
    if depends_on_host(desk, use) and not desk.scope.get("myhostname").is_set:
        notes.append("myhostname is not set in main.cf: which domains are the host's own is known in part only.")
    return notes


def depends_on_host(desk: Desk, use: Use) -> bool:
    """Whether the answer hangs on the host's own name."""
    if use.way == LIST:
        return "$my" in (desk.scope.raw(use.parameter) or "")
    return any(step["key"].startswith("own ") for step in orders()[use.order]["keys"])
