"""Who signs, as a page shows it: in turns, with what each is waiting for and who stands in for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Duty, User
from accounts.permissions import people_with_duty
from core.reading import read_once
from engagements.conditions import conditions_under
from engagements.models import Delegation, FrozenDocument, Gate, RequiredSigner, SignOff
from engagements.models.reservation import Condition


@dataclass(frozen=True, slots=True)
class SignerRow:
    """One signer. `waits_for` names those who sign before them; `stands_in` how they came to sign for another."""

    person: User
    turn: int
    signoff: SignOff | None
    waits_for: str
    stands_in: Delegation | None

    @property
    def conditions(self) -> Sequence[Condition]:
        return list(conditions_under(self.signoff)) if self.signoff else []


def signers_of_gate(gate: Gate) -> list[User]:
    """Who is asked at this gate: everybody with the duty, without those who handed their signature to one of them."""
    people = people_with_duty(gate.engagement.organization, Duty.Kind.SIGN_PHASE, gate.number)
    handed_over: set[int] = set()
    for delegation in gate.delegations.select_related("given_to"):
        if delegation.given_to in people:
            handed_over.add(delegation.given_by_id)
        handed_over.discard(delegation.given_to_id)
    return [person for person in people if person.pk not in handed_over]


@read_once
def signing_order(document: FrozenDocument) -> list[SignerRow]:
    rows = list(document.required_signers.select_related("user"))
    signed = {
        one.signed_by_id: one for one in document.signoffs.select_related("revocation").prefetch_related("held_parts")
    }
    stands_in = _stand_ins(document)
    return [
        SignerRow(
            person=row.user,
            turn=row.turn,
            signoff=signed.get(row.user_id),
            waits_for="" if row.user_id in signed else _before(row, rows, signed.keys()),
            stands_in=stands_in.get(row.user_id),
        )
        for row in rows
    ]


def given_up_to(document: FrozenDocument) -> QuerySet[Delegation]:
    """The signatures of its gate that were handed over before it or on it: such a word holds for the whole phase."""
    return Delegation.objects.filter(gate=document.gate_id, document__version__lte=document.version)


def _stand_ins(document: FrozenDocument) -> dict[int, Delegation]:
    """By signer, how they came to sign for another. Whoever got their own signature back stands in for nobody."""
    found: dict[int, Delegation] = {}
    owners: dict[int, int] = {}
    for given in given_up_to(document).select_related("given_by"):
        owner = owners.pop(given.given_by_id, given.given_by_id)
        found.pop(given.given_by_id, None)
        if owner != given.given_to_id:
            owners[given.given_to_id], found[given.given_to_id] = owner, given
    return found


def _before(row: RequiredSigner, rows: Sequence[RequiredSigner], signed: Iterable[int]) -> str:
    """Who has to sign first, by name; empty when it is this one's turn."""
    return ", ".join(str(one.user) for one in rows if one.turn < row.turn and one.user_id not in signed)


def waits_for(document: FrozenDocument, person: User) -> str:
    return next((row.waits_for for row in signing_order(document) if row.person == person), "")


def earlier_signature(document: FrozenDocument, person: User) -> SignOff | None:
    """What they, or whoever they stand in for, signed at this gate before and nothing has taken the place of yet."""
    stands_in = given_up_to(document).filter(given_to=person).values("given_by")
    rows = SignOff.objects.filter(gate=document.gate_id, document__version__lt=document.version, replaced_by=None)
    rows = rows.select_related("document", "revocation").order_by("-pk")
    return rows.filter(signed_by=person).first() or rows.filter(signed_by__in=stands_in).first()
