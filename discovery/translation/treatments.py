"""What one target makes of one construct: class, relation, names, loss. Frozen, and checked when it is made.

Classes: N native, R rewrite, C custom work, X gap, and dropped. A relation says how what the target can do lies to what
Postfix does: equal, subset (the target does less), superset (more), intersect (partly something else), none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from discovery.postfix.report import CONFIDENCES

NATIVE, REWRITE, CUSTOM, GAP, DROPPED = "N", "R", "C", "X", "dropped"
CLASSES = (NATIVE, REWRITE, CUSTOM, GAP, DROPPED)
POWERMTA, KUMOMTA = "powermta", "kumomta"
TARGETS = (POWERMTA, KUMOMTA)
RELATIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        NATIVE: frozenset({"equal", "superset"}),
        REWRITE: frozenset({"subset", "superset", "intersect"}),
        CUSTOM: frozenset({"subset", "superset", "intersect"}),
        GAP: frozenset({"none", "subset"}),
        DROPPED: frozenset({"none"}),
    }
)
RELATION_OF: Mapping[str, str] = MappingProxyType({NATIVE: "equal", GAP: "none", DROPPED: "none"})
CONFIDENCE_OF: Mapping[str, str] = MappingProxyType({NATIVE: "certain", DROPPED: "certain"})
SURE = "likely"
SAID = ("letter", "relation", "names", "loss", "reason", "how", "needs", "units")
KEYS = frozenset({*CLASSES, "relation", "loss", "confidence", "needs"})


class DictionaryError(ValueError):
    """The dictionary is not well formed; the text names the row and what is wrong."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What becomes of a construct on a target.

    `names` are directives (`host-name@virtual-mta`, `<source>`) or names of KumoMTA (`kumo.reject`, `event:init`).
    `loss` says what changes for mail, `reason` why nothing is written, `needs` the version that has it. Overrides say
    `how` it is carried over, and may count `units` of effort of their own.
    """

    letter: str
    names: tuple[str, ...] = ()
    relation: str = "none"
    loss: str = ""
    reason: str = ""
    confidence: str = SURE
    needs: str = ""
    how: str = ""
    units: int | None = None

    @property
    def is_dropped(self) -> bool:
        """Asked by the pages of the dictionary."""
        return self.letter == DROPPED

    @property
    def is_open(self) -> bool:
        """Whether the customer has to decide something."""
        return self.letter in {CUSTOM, GAP}

    def differing(self, other: "Treatment") -> frozenset[str]:
        """The fields that say something else; how sure somebody is of it is none of them."""
        return frozenset(name for name in SAID if _plain(getattr(self, name)) != _plain(getattr(other, name)))

    def as_json(self) -> dict[str, Any]:
        return {
            "class": self.letter,
            "names": list(self.names),
            "relation": self.relation,
            "loss": self.loss,
            "reason": self.reason,
            "confidence": self.confidence,
            "needs": self.needs,
            "how": self.how,
            "units": self.units,
        }


def _plain(said: object) -> object:
    """Lines and spaces are no difference between two texts."""
    return " ".join(said.split()) if isinstance(said, str) else said


def treatment_of(written: Mapping[str, Any], where: str, *, how: str = "", units: int | None = None) -> Treatment:
    """A treatment as a row writes it; raises DictionaryError. `how` and `units` are those of an override."""
    if unknown := set(written) - KEYS:
        raise DictionaryError(f"{where} has the unknown key {min(unknown)}.")
    letters = [letter for letter in CLASSES if letter in written]
    if len(letters) != 1:
        raise DictionaryError(f"{where} needs one class, and names {', '.join(letters) or 'none'}.")
    letter = letters[0]
    named = written[letter]
    treatment = Treatment(
        letter=letter,
        names=() if letter == DROPPED else tuple(named),
        relation=written.get("relation") or RELATION_OF.get(letter, ""),
        loss=written.get("loss", ""),
        reason=named if letter == DROPPED else "",
        confidence=written.get("confidence") or CONFIDENCE_OF.get(letter, SURE),
        needs=str(written.get("needs", "")),
        how=how,
        units=units,
    )
    if fault := fault_of(treatment):
        raise DictionaryError(f"{where} {fault}.")
    return treatment


def fault_of(treatment: Treatment) -> str:
    """What is wrong with a treatment, or an empty string."""
    letter = treatment.letter
    faults = {
        f"is {letter} and cannot have the relation {treatment.relation or 'none at all'}": (
            treatment.relation not in RELATIONS[letter]
        ),
        "names nothing of the target": letter in {NATIVE, REWRITE} and not treatment.names,
        "does not say what changes": letter in {REWRITE, CUSTOM, GAP} and not treatment.loss,
        "is dropped without a reason": letter == DROPPED and not treatment.reason,
        "has an unknown confidence": treatment.confidence not in CONFIDENCES,
        "has a loss and is native": letter == NATIVE and bool(treatment.loss),
    }
    return next((fault for fault, is_wrong in faults.items() if is_wrong), "")
