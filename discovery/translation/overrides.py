"""What a consultant says against an entry of the dictionary, or for a construct that has none, once it is agreed.

An override is about one name, with any value or with exactly one. One of this engagement goes before one for every
engagement, and among those of the same reach one for the value goes before one for all values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from discovery.translation.treatments import TARGETS, DictionaryError, Treatment, treatment_of

HERE, EVERYWHERE = "this engagement", "every engagement"
MOST_UNITS = 320  # ten person-days for one construct: more is a project of its own


@dataclass(frozen=True, slots=True)
class Override:
    """`kind` and `name` are those of the dictionary; `value` is "" for any. `agreed_by` is never the author."""

    reference: str
    version: int
    kind: str
    name: str
    value: str
    treatments: Mapping[str, Treatment]
    reach: str
    author: str
    agreed_by: str
    agreed_on: str
    source: str
    reason: str

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The largest holds."""
        return self.reach == HERE, bool(self.value), self.version

    @property
    def told(self) -> str:
        """Who says it, who agreed, and why, for people."""
        return (
            f"{self.reference}, version {self.version}, by {self.author}, agreed by {self.agreed_by} on "
            f"{self.agreed_on} for {self.reach}: {self.reason}"
        )

    def as_json(self) -> dict[str, Any]:
        said = ("reference", "version", "value", "reach", "author", "agreed_by", "agreed_on", "source", "reason")
        return {
            **{name: getattr(self, name) for name in said},
            "targets": {target: treatment.as_json() for target, treatment in self.treatments.items()},
        }


@dataclass(frozen=True, slots=True)
class Overrides:
    """Those that are in force, by kind and name."""

    by_name: Mapping[tuple[str, str], tuple[Override, ...]]

    @classmethod
    def of(cls, overrides: Iterable[Override]) -> "Overrides":
        by_name: dict[tuple[str, str], tuple[Override, ...]] = {}
        for each in overrides:
            by_name[each.kind, each.name] = (*by_name.get((each.kind, each.name), ()), each)
        return cls(MappingProxyType(by_name))

    def find(self, kind: str, name: str, value: str) -> Override | None:
        """The one that holds for a construct."""
        fitting = (each for each in self.by_name.get((kind, name), ()) if each.value in {"", value.strip()})
        return max(fitting, key=lambda each: each.rank, default=None)


NONE = Overrides.of(())


def said_treatments(said: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Treatment]:
    """What people wrote for each target, as `class`, `names`, `relation`, `loss`, `reason`, `how`, `needs`, `units`.

    Raises DictionaryError with a sentence that names the target.
    """
    if set(said) != set(TARGETS):
        raise DictionaryError("An override says what becomes of the construct on both targets")
    return MappingProxyType({target: said_treatment(said[target], target) for target in TARGETS})


def said_treatment(said: Mapping[str, Any], target: str) -> Treatment:
    letter = str(said.get("class", ""))
    units = said.get("units")
    if units is not None and not 0 <= int(units) <= MOST_UNITS:
        raise DictionaryError(f"{target} needs between 0 and {MOST_UNITS} units of effort")
    body = said.get("reason", "") if letter == "dropped" else list(said.get("names", ()))
    written = {letter: body, **{name: said[name] for name in ("relation", "loss", "needs") if said.get(name)}}
    return treatment_of(
        {**written, "confidence": said.get("confidence") or "likely"},
        target,
        how=str(said.get("how", "")),
        units=None if units is None else int(units),
    )
