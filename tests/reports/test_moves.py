"""One set of days for every page: the ramp, the day of 100 %, the window to go back, the pace of new addresses."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.languages import LANGUAGES
from delivery.ramp.warming import load_curve
from pricing.calculation.books import book_on
from pricing.calculation.plan import plan_of
from reports.moves import moves_of
from reports.sheets.blocks import Table
from reports.sheets.composing import compose
from reports.sheets.facts import facts_on
from reports.sheets.words import Words
from tests.reports.snapshots import plan_snapshot

TIERS = [book_on(date(2026, 11, 23)).tier(key) for key in ("standard", "multi_ip", "enterprise")]
in_both = pytest.mark.parametrize("language", LANGUAGES)
of_each_tier = pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.key)


def planned(tier, language="en", **more):
    """The plan of an engagement with the dates that its tier gives it."""
    snapshot = plan_snapshot(is_measured=True)
    content = snapshot["content"]
    content["language"] = language
    content["offer"] = offer(tier) | more
    for phase, dates in zip(content["schedule"]["phases"], plan_of(tier, date(2026, 4, 6)), strict=True):
        phase |= {"start": dates.start.isoformat(), "end": dates.end.isoformat()}
        phase["days"] = (dates.end - dates.start).days + 1
    return snapshot


def offer(tier):
    return {
        "reference": "Q-2026-0147-A",
        "tier": tier.label,
        "scope": tier.scope,
        "total": "USD 28,500",
        "accepted_by": "Carl Brandt",
        "accepted_at": "2026-04-01T15:00:00Z",
        "receipt": "A-2026-0001",
        "rollback_days": tier.rollback_days,
        "monitoring_days": tier.monitoring_days,
        "said": {
            "points": {"ips": 6, "pools": 1, "streams": 2},
            "diagnosis": {"label": "Migrate", "explanation": "3 of 4 signals lit.", "signals": []},
            "because": ["2 pools.", "6 IPs to shape."],
            "rejected": [],
            "sized_on": [{"term": "Volume", "value": "9,000,000 a month"}],
            "promises": ["6 to 8 weeks of work", "Monitoring for 30 days", "Rollback for 30 days"],
            "included": ["Discovery", "Training"],
            "exclusions": ["Travel."],
            "licence": None,
            "fixed_fee": "The fee is fixed.",
            "refund": "Refunded.",
        },
    }


def blocks(snapshot, key):
    return compose(snapshot, only={key}).sheets[0].blocks


def table_of(snapshot, key):
    return next(block for block in blocks(snapshot, key) if isinstance(block, Table))


def ramp_of(snapshot):
    return blocks(snapshot, "parallel")[1].words["steps"]


def days_of(snapshot):
    """By the text of its day, what the run-sheet does."""
    return [(row[0].text, row[1].text) for row in table_of(snapshot, "cutover").rows]


@of_each_tier
@in_both
def test_the_ramp_is_over_before_everything_moves(tier, language):
    snapshot = planned(tier, language)
    phases = snapshot["content"]["schedule"]["phases"]

    moves = moves_of(phases)

    words = Words(language)
    assert moves.steps[-1].last < moves.full
    assert [day for _, day, _ in ramp_of(snapshot)] == [words.day(step.first) for step in moves.steps]
    zero = [when for when, _ in days_of(snapshot) if when.split(":")[0].endswith(" 0")]
    assert zero
    assert set(zero) == {f"{words('cutover.day', day='0')}: {words.day(moves.full)}"}


@of_each_tier
def test_the_steps_fill_phase_3_without_a_gap(tier):
    phases = planned(tier)["content"]["schedule"]["phases"]

    steps = moves_of(phases).steps

    assert steps[0].first == date.fromisoformat(phases[2]["start"])
    assert steps[-1].last == date.fromisoformat(phases[2]["end"])
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(steps))
    assert [moves_of(phases).share_on(step.first) for step in steps] == [10, 25, 50, 75, 90]


@of_each_tier
@in_both
def test_the_timeline_reaches_to_the_end_of_what_is_promised(tier, language):
    snapshot = planned(tier, language)
    phases = snapshot["content"]["schedule"]["phases"]

    lead, figure, *_ = blocks(snapshot, "schedule")

    window_ends = moves_of(phases).full + timedelta(days=tier.rollback_days)
    last = figure.words["chart"].lines[-1].phase
    assert last["label"] == Words(language)("schedule.window")
    assert last["end"] == window_ends.isoformat()
    assert date.fromisoformat(phases[4]["end"]) >= window_ends
    assert phases[4]["days"] >= tier.monitoring_days
    assert Words(language).day(phases[4]["end"]) in lead.cell.text


@of_each_tier
@in_both
def test_no_key_is_revoked_while_going_back_is_promised(tier, language):
    snapshot = planned(tier, language)

    days = days_of(snapshot)

    full = moves_of(snapshot["content"]["schedule"]["phases"]).full
    first_after = Words(language).day(full + timedelta(days=tier.rollback_days + 1))
    revoking = [when for when, what in days if "revo" in what]
    assert len(revoking) == 1
    assert revoking[0].endswith(first_after)


@in_both
def test_without_a_promised_window_the_keys_wait_for_its_end_in_words(language):
    snapshot = plan_snapshot()
    snapshot["content"]["language"] = language

    (when,) = [when for when, what in days_of(snapshot) if "revo" in what]

    assert when == Words(language)("cutover.after_window")


@pytest.mark.parametrize("stays", [True, False])
@in_both
def test_postfix_is_emptied_only_where_nothing_stays_on_it(stays, language):
    snapshot = planned(TIERS[0], language)
    if not stays:
        snapshot["content"]["estate"]["streams"][1]["route"] = "Migrate"

    said = " ".join(what for _, what in days_of(snapshot))

    drains = next(row for row in facts_on("run_sheet")["rows"] if row.get("when") == "no_stays")
    assert ("S-02 CRM" in said) is stays
    assert (drains[language] in said) is not stays


@of_each_tier
@in_both
def test_a_step_that_new_addresses_do_not_carry_waits(tier, language):
    snapshot = planned(tier, language)
    daily = load_curve().daily
    moves = moves_of(snapshot["content"]["schedule"]["phases"])
    addresses = len(snapshot["content"]["basis"]["addresses"])

    asked = [block for block in blocks(snapshot, "warm_up") if isinstance(block, Table)][1]

    starts = [*(step.first for step in moves.steps), moves.full]
    for row, share, start in zip(asked.rows, (10, 25, 50, 75, 90, 100), starts, strict=True):
        age = (start - starts[0]).days
        carries = daily[min(age, len(daily) - 1)] * addresses >= 400_000 * share / 100
        in_time = Words(language)("warm_up.in_time", day="").rpartition(", ")[2]
        assert row[1].text == Words(language).day(start)
        assert (in_time in row[3].text) is carries


def test_the_first_step_is_nothing_that_new_addresses_could_carry_on_their_first_day():
    asked = [block for block in blocks(planned(TIERS[0]), "warm_up") if isinstance(block, Table)][1]

    assert [cell.text for cell in asked.rows[0]][:3] == ["10 %", "Mon 27 Apr 2026", "40,000"]
    assert asked.rows[0][3].text == "from Thu 7 May 2026; the step waits"
    assert asked.rows[-1][3].text == "never: they carry 200,000 a day"
