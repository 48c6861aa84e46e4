"""Who agreed to documents that are signed elsewhere than at a gate. Apps above register it, in modules of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engagements.models import Engagement, FrozenDocument
from engagements.models.evidence import SignatureEvidence


@dataclass(frozen=True, slots=True)
class Agreement:
    """In a few words who agreed to a document, with the page that proves it, or none."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SignedAct:
    """A signature that the evidence pack lists. `action` is the event of the ledger that it was entered with."""

    evidence: SignatureEvidence
    action: str


Agreements = Callable[[Sequence[FrozenDocument]], Mapping[int, Agreement]]
Acts = Callable[[Engagement], Iterable[SignedAct]]

_agreements: list[Agreements] = []
_acts: list[Acts] = []


def register_agreements(source: Agreements) -> Agreements:
    """The function gets documents and answers, by their ids, for those it knows."""
    _agreements.append(source)
    return source


def register_acts(source: Acts) -> Acts:
    _acts.append(source)
    return source


def agreements_to(documents: Sequence[FrozenDocument]) -> dict[int, Agreement]:
    return {pk: agreed for source in _agreements for pk, agreed in source(documents).items()}


def signed_acts_in(engagement: Engagement) -> list[SignedAct]:
    return [act for source in _acts for act in source(engagement)]
