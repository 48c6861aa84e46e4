"""Which cases each figure counts. A figure is the length of its list, so both come from here."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from core.shares import share_text
from core.wording import amount_text, day_text, number_text
from discovery.translation.coverage import load_estimate
from engagements.models import Engagement, Gate
from engagements.steps import OVER
from pricing.cases import Outcome
from reports.portfolio.facts import CONSULTANCY, CUSTOMER, WAITED_FOR
from reports.portfolio.items import (
    Item,
    gates_with,
    in_month,
    month_of,
    moved_by,
    of_sales,
    phases_with,
    span_told,
    those,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pricing.cases import Case
    from reports.portfolio.facts import EngagementFacts, Facts, PhaseFacts
    from reports.portfolio.items import Select

WHOLE = 100
INSTALL = 2  # the phase that carries the translation out


def items_of(key: str, facts: Facts) -> list[Item]:
    """In the order of the engagements; worked out once. Raises KeyError for a figure that does not exist."""
    if key not in facts.counted:
        select = SELECTED[key]
        facts.counted[key] = [item for one in facts for item in select(one)]
    return facts.counted[key]


def _is_answered(one: EngagementFacts) -> bool:
    return one.case is not None and one.case.request.answered_at is not None


def _is_discovered(one: EngagementFacts) -> bool:
    stayed = one.moved("advise_to_stay")
    has_plan = one.moved("finish_discovery", "finish_plan")
    return has_plan is not None or (stayed is not None and stayed.before == Engagement.Phase.DISCOVERY)


def _is_executed(one: EngagementFacts) -> bool:
    return one.moved("finish_discovery") is not None


def _has_fallen_partly(one: EngagementFacts) -> bool:
    return one.traffic.has_split and one.traffic.falls > 0 and one.traffic.rollbacks == 0


def _has_fallen_fully(one: EngagementFacts) -> bool:
    return one.traffic.has_split and one.traffic.rollbacks > 0


def _refunded(one: EngagementFacts) -> list[Item]:
    agreed = one.agreement
    if agreed is None or not agreed.refund:
        return []

    def tell(_: Item) -> str:
        return f"{amount_text(agreed.refund)} of {amount_text(agreed.total)}"

    return [Item(one, tell=tell, number=agreed.refund.amount, marks={"currency": agreed.refund.currency.code})]


def _unaccounted(one: EngagementFacts) -> list[Item]:
    """With how many are missing and how many there were."""
    traffic = one.traffic
    if not traffic.recipients or not traffic.missing:
        return []
    return [Item(one, tell=_missing_told, number=Decimal(traffic.missing), among=traffic.recipients)]


def _missing_told(item: Item) -> str:
    return f"{number_text(item.number)} of {number_text(item.among)} messages"


def _reconciled(one: EngagementFacts) -> list[Item]:
    if one.traffic.recipients is None:
        return []
    return [Item(one, tell=_messages_told, number=Decimal(one.traffic.recipients))]


def _messages_told(item: Item) -> str:
    return f"{number_text(item.number)} messages"


def _is_decided(case: Case) -> bool:
    ends = {Outcome.WON, Outcome.DECLINED, Outcome.EXPIRED, Outcome.CANCELLED}
    return case.is_quoted and case.outcome in ends


def _won(one: EngagementFacts) -> list[Item]:
    case = one.case
    return [Item(one)] if case and _is_decided(case) and case.outcome is Outcome.WON else []


def _timed(one: EngagementFacts) -> list[Item]:
    took = one.case.time_to_quote if one.case else None
    return [Item(one, tell=span_told, span=took)] if took is not None else []


def _waited(party: str) -> Select:
    return gates_with(lambda gate: gate.waited(party) if gate.moves else None)


def _open(*parties: str) -> Select:
    """The gates at which somebody of these is waited for now."""

    def select(one: EngagementFacts) -> Iterator[Item]:
        for gate in one.gates if one.phase not in OVER else ():
            if (party := WAITED_FOR.get(gate.state)) in parties and gate.moves:
                waited = gate.waited(str(party))
                yield Item(one, gate.label, partial(_wait_told, gate.state, party), span=waited)

    return select


def _wait_told(state: str, party: str, item: Item) -> str:
    return f"{Gate.State(state).label}, {span_told(item)} on the {party} so far"


def _overran(phase: PhaseFacts) -> bool:
    return phase.actual is not None and phase.actual > phase.planned


def _spent(one: EngagementFacts) -> list[Item]:
    """All days of an engagement that is completed, against the fee."""
    total = sum(one.spent.values(), start=Decimal(0))
    if one.phase != Engagement.Phase.COMPLETED or not total:
        return []
    return [Item(one, tell=_spent_told, number=total, marks={"tier": one.tier})]


def _spent_told(item: Item) -> str:
    fee = f", fee {amount_text(item.of.agreement.total)}" if item.of.agreement else ""
    return f"{number_text(item.number)} days{fee}"


def _estimated(one: EngagementFacts) -> list[Item]:
    """Days of phase 2 once it ended, against the person-days that the translation was estimated at."""
    days = one.spent.get(INSTALL, Decimal(0))
    if one.translated is None or not days or not one.moved("finish_install"):
        return []
    estimate = one.translated.person_days

    def tell(_: Item) -> str:
        return f"{number_text(days)} days, estimated {number_text(estimate)}"

    return [Item(one, tell=tell, number=days - estimate, marks={"tier": one.tier})]


def _over_estimate(one: EngagementFacts) -> list[Item]:
    return [item for item in _estimated(one) if item.number > 0]


def custom_band() -> tuple[float, float]:
    """The custom share that is usual, as parts of 1: what the usual coverage leaves."""
    least, most = load_estimate().usual
    return (WHOLE - most) / WHOLE, (WHOLE - least) / WHOLE


def _custom(place: int) -> Select:
    """Below the band (-1), in it (0) or above it (1)."""

    def select(one: EngagementFacts) -> list[Item]:
        found = one.translated
        return _translated(one) if found and place_in_band(found.custom_share) == place else []

    return select


def place_in_band(share: float) -> int:
    low, high = custom_band()
    return (share > high) - (share < low)


def _translated(one: EngagementFacts) -> list[Item]:
    found = one.translated
    if found is None:
        return []
    return [Item(one, tell=_left_told, number=Decimal(found.counted - found.covered), among=found.counted)]


def _left_told(item: Item) -> str:
    share = share_text(float(item.number) / item.among, 1)
    return f"{number_text(item.number)} of {number_text(item.among)} constructs, {share}"


def _begun(one: EngagementFacts) -> list[Item]:
    return [Item(one, tell=_begun_told, marks={"month": month_of(one.begun)})]


def _begun_told(item: Item) -> str:
    return day_text(item.of.begun)


def _signed(one: EngagementFacts) -> Iterator[Item]:
    for gate in one.gates:
        if gate.signed_at is not None:
            yield in_month(one, gate.signed_at, gate.label)


def _in_phase(one: EngagementFacts) -> list[Item]:
    return [Item(one, marks={"phase": one.phase})]


SELECTED: dict[str, Select] = {
    "all": _in_phase,
    "answered": those(_is_answered),
    "stayed": those(lambda one: _is_answered(one) and one.phase == Engagement.Phase.STAYED),
    "agreed": those(lambda one: one.agreement is not None),
    "refunded": _refunded,
    "targeted": those(lambda one: one.target),
    "powermta": those(lambda one: one.target == Engagement.Target.POWERMTA),
    "kumomta": those(lambda one: one.target == Engagement.Target.KUMOMTA),
    "discovered": those(_is_discovered),
    "self_run": those(lambda one: one.moved("finish_plan")),
    "executed": those(_is_executed),
    "streams_known": those(
        lambda one: _is_executed(one) and one.streams, lambda one: f"{number_text(one.streams)} streams"
    ),
    "streams_gone": those(lambda one: _is_executed(one) and not one.streams),
    "hybrid": those(
        lambda one: _is_executed(one) and one.migrating and one.staying,
        lambda one: f"{one.migrating} migrate, {one.staying} stay",
    ),
    "split": those(lambda one: one.traffic.has_split),
    "fell_partly": those(_has_fallen_partly, lambda one: f"Lowered {one.traffic.falls} times"),
    "fell_fully": those(_has_fallen_fully, lambda one: f"Everything taken back {one.traffic.rollbacks} times"),
    "reconciled": _reconciled,
    "unaccounted": _unaccounted,
    "pending": of_sales("open"),
    "decided": those(lambda one: one.case and _is_decided(one.case)),
    "win_rate": _won,
    "timed": _timed,
    "signing": gates_with(lambda gate: gate.time_to_sign),
    "waited_consultancy": _waited(CONSULTANCY),
    "waited_customer": _waited(CUSTOMER),
    "open_gates": _open(CONSULTANCY, CUSTOMER),
    "open_consultancy": _open(CONSULTANCY),
    "open_customer": _open(CUSTOMER),
    "phases": phases_with(lambda _: True),
    "overran": phases_with(_overran),
    "spent": _spent,
    "estimated": _estimated,
    "over_estimate": _over_estimate,
    "translated": _translated,
    "below_band": _custom(-1),
    "in_band": _custom(0),
    "above_band": _custom(1),
    "month_requests": _begun,
    "month_started": moved_by("start_discovery"),
    "month_signed": _signed,
    "month_completed": moved_by("finish_monitoring", "finish_plan"),
    "month_stayed": moved_by("advise_to_stay"),
    **{
        key: of_sales(key)
        for key in ("requests", "complete", "quoted", "won", "declined", "expired", "cancelled", "judged", "hit")
    },
}
