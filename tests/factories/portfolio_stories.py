"""What happened in each engagement of a made-up portfolio: seeded, so that the same seed tells the same stories."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

# Between the first day of the books of pricing and one that has passed.
FIRST_DAY = datetime(2026, 1, 3, 9, tzinfo=UTC)
LAST_DAY = datetime(2026, 11, 20, tzinfo=UTC)
DAYS = 300
PHASES = ("discovery", "install", "parallel", "cutover", "monitoring")
# How an engagement ends, or how far it has come: each with how often.
ENDS = {
    "intake": 12,
    "quoted": 12,
    "declined": 10,
    "cancelled": 8,
    "expired": 8,
    "stayed_at_intake": 12,
    "stayed_in_discovery": 12,
    "void": 4,
    "discovery": 12,
    "plan_alone": 16,
    "install": 14,
    "parallel": 20,
    "cutover": 14,
    "monitoring": 20,
    "completed": 60,
}
TIERS = (("standard", "Standard", 14_500), ("multi_ip", "Multi-IP", 28_500), ("enterprise", "Enterprise", 58_000))
CONSTRUCTS = ("content_filter", "smtpd_milters", "check_policy_service", "pipe", "regexp header_checks", "postsrsd")
AT_WORK = {"discovery": 0, "install": 1, "parallel": 2, "cutover": 3, "monitoring": 4, "completed": 5}


@dataclass
class Story:
    """One engagement. `moves` are (gate or None, step, before, after, moment) in their order."""

    number: int
    end: str
    begun: datetime
    phase: str = "intake"
    before_hold: str = ""
    moves: list = field(default_factory=list)
    gates: dict = field(default_factory=lambda: dict.fromkeys(range(1, 6), "locked"))
    phases: list = field(default_factory=list)  # number, planned days, first day, last day or None
    complete_at: datetime | None = None
    answered_at: datetime | None = None
    pauses: list = field(default_factory=list)
    quotes: list = field(default_factory=list)  # state, sent at, answered at, total
    tier: tuple = TIERS[0]
    target: str = ""
    streams: list = field(default_factory=list)
    shares: list = field(default_factory=list)  # previous, share, state
    rollbacks: list = field(default_factory=list)  # is it a drill?
    runs: list = field(default_factory=list)  # recipients, missing
    spent: list = field(default_factory=list)  # phase, days
    sets: list = field(default_factory=list)  # target, {name: (letter, times)}, covered, days


def stories(count, *, seed, first=1):
    chance = random.Random(seed)
    ends = list(ENDS)
    return [_passed(chance, number, chance.choices(ends, ENDS.values())[0]) for number in range(first, first + count)]


def _passed(chance, number, end):
    """A story in which nothing happens after the last day."""
    while True:
        told = _story(chance, number, end)
        moments = [move[-1] for move in told.moves] + [
            moment for quote in told.quotes for moment in quote[1:3] if moment
        ]
        if max([told.begun, *moments]) < LAST_DAY:
            return told


def _story(chance, number, end):
    told = Story(number, end, FIRST_DAY + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(600)))
    told.tier = chance.choice(TIERS)
    _intake(chance, told)
    if end in AT_WORK or end in {"plan_alone", "stayed_in_discovery"}:
        _work(chance, told)
    return told


def _intake(chance, told):
    if told.end == "intake" and chance.random() < 0.4:
        return
    told.complete_at = told.begun + timedelta(hours=chance.randrange(1, 40))
    if chance.random() < 0.2:
        paused = told.complete_at + timedelta(hours=1)
        told.pauses.append((paused, paused + timedelta(hours=chance.randrange(1, 30))))
    if told.end == "intake":
        return
    told.answered_at = told.complete_at + timedelta(hours=chance.choice((5, 20, 31, 44, 47, 52, 70)))
    sent, total = told.answered_at, told.tier[2]
    if told.end == "stayed_at_intake":
        _engagement(told, "advise_to_stay", "stayed", sent)
        return
    if chance.random() < 0.3:
        told.quotes.append(("superseded", sent, None, total))
        sent += timedelta(days=1)
    answered = sent + timedelta(days=chance.randrange(1, 12))
    states = {"quoted": "sent", "cancelled": "sent", "declined": "declined", "expired": "expired", "void": "voided"}
    if told.end == "plan_alone":
        total = 2400
    told.quotes.append((states.get(told.end, "accepted"), sent, answered, total))
    if told.end in {"declined", "cancelled", "void"}:
        step, phase = ("decline", "declined") if told.end == "declined" else ("cancel", "cancelled")
        _engagement(told, step, phase, answered)


def _engagement(told, step, phase, at):
    told.moves.append((None, step, told.phase, phase, at))
    told.phase = phase


def _gate(told, number, step, state, at):
    told.moves.append((number, step, told.gates[number], state, at))
    told.gates[number] = state


def _work(chance, told):
    at = told.quotes[-1][2]
    _engagement(told, "start_discovery", "discovery", at)
    if chance.random() < 0.9:
        told.target = chance.choice(("powermta", "powermta", "kumomta"))
    _discover(chance, told)
    last = 1 if told.end in {"plan_alone", "stayed_in_discovery"} else AT_WORK[told.end] + 1
    for number in range(1, min(last, 5) + 1):
        is_done = number < last or told.end == "plan_alone"
        at = _phase(chance, told, number, at, is_done)
    if told.end not in {"plan_alone", "stayed_in_discovery", "completed"} and chance.random() < 0.15:
        told.before_hold = told.phase
        _engagement(told, "hold", "on_hold", at + timedelta(days=1))
    if told.end == "stayed_in_discovery":
        _engagement(told, "advise_to_stay", "stayed", at)
    if AT_WORK.get(told.end, 0) >= AT_WORK["parallel"]:
        _traffic(chance, told)
    if chance.random() < 0.7:
        told.spent = [(number, chance.randrange(1, 40) / 2) for number, *_ in told.phases for _ in range(2)]


def _phase(chance, told, number, at, is_done):
    first, planned = at.date(), chance.randrange(10, 40)
    _gate(told, number, "open_gate", "open", at)
    at += timedelta(days=chance.randrange(3, 25), hours=chance.randrange(24))
    if chance.random() < 0.1:
        _engagement(told, "hold", "on_hold", at)
        at += timedelta(days=chance.randrange(1, 20))
        _engagement(told, "resume", PHASES[number - 1], at)
    if not is_done:
        if chance.random() < 0.5 and told.end != "stayed_in_discovery":
            _gate(told, number, "submit_gate", "submitted", at)
        told.phases.append((number, planned, first, None))
        return at
    for _ in range(chance.randrange(3)):
        _gate(told, number, "submit_gate", "submitted", at)
        at += timedelta(hours=chance.randrange(1, 90))
        _gate(told, number, "request_changes", "changes_requested", at)
        at += timedelta(hours=chance.randrange(1, 60))
    _gate(told, number, "submit_gate", "submitted", at)
    at += timedelta(hours=chance.randrange(1, 150))
    _gate(told, number, "sign_gate", "signed", at)
    told.phases.append((number, planned, first, at.date()))
    following = "completed" if told.end == "plan_alone" else (*PHASES, "completed")[number]
    step = "finish_plan" if told.end == "plan_alone" else f"finish_{PHASES[number - 1]}"
    _engagement(told, step, following, at)
    return at


def _discover(chance, told):
    told.streams = [chance.choice(("migrate", "migrate", "stay", "undecided")) for _ in range(chance.randrange(5))]
    for target in ("powermta", "kumomta", "powermta")[: chance.randrange(4)]:
        counted = chance.randrange(40, 200)
        left = {name: (chance.choice("CCX"), chance.randrange(1, 4)) for name in chance.sample(CONSTRUCTS, 3)}
        told.sets.append((target, left, counted, chance.randrange(2, 60) / 2))


def _traffic(chance, told):
    share = 0
    for step in (10, 25, 50, 75, 90, 100)[: chance.randrange(7)]:
        told.shares.append((share, step, chance.choices(("done", "failed"), (9, 1))[0]))
        share = step
        if chance.random() < 0.05:
            told.shares.append((share, 0, "done"))
            share = 0
    if chance.random() < 0.5:
        told.rollbacks.append(True)
    if chance.random() < 0.08:
        told.rollbacks.append(False)
    for _ in range(chance.randrange(3)):
        told.runs.append((chance.randrange(10_000, 9_000_000), chance.choices((0, chance.randrange(1, 90)), (7, 1))[0]))
