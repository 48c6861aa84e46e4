"""Tells the story: each message with its fate, in the order in which they were handed in."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.planted.truth import Planted, Truth
from benchmarks.planted.writing import (
    HEADER,
    VOWELLESS,
    Log,
    Postfix,
    journal_entry,
)

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = 1_795_132_800.0  # 20 November 2026
# Shares of all messages; the rest has no fault.
FATES = {
    "lost": 0.004,
    "vanished": 0.002,
    "twice": 0.004,
    "late": 0.003,
    "reused": 0.004,
    "expanded": 0.004,
    "rewritten": 0.004,
    "filtered": 0.006,
    "retried": 0.003,
    "retried twice": 0.003,
    "copied": 0.004,
    "unnamed": 0.002,
}
REUSE, ALIAS, FILTER = "application reuse of Message-ID", "alias expansion", "re-injection by a filter"
RETRY, NOTICE, COPY = "retry after an unknown outcome", "DSN", "Bcc"
BOTH = "once by each server"
REWRITING, GAP = "address rewriting", "log gap"


@dataclass
class Message:
    """One transaction with the proxy."""

    number: int
    clock: float
    message_id: str
    sender: str
    recipients: list[str]
    path: str
    fate: str = ""

    def keys(self) -> list[tuple[str, str]]:
        return [(self.message_id, recipient) for recipient in self.recipients]


@dataclass
class Story:
    """The logs that are written, and what is known of them."""

    folder: Path
    dice: random.Random
    span: float
    gap: tuple[float, float] | None = None
    truth: Truth = field(default_factory=Truth)

    def __post_init__(self) -> None:
        silences = [self.gap] if self.gap else []
        names = {
            "journal": "journal.jsonl",
            "a": "mail-a.log",
            "b": "mail-b.log",
            "powermta": "acct.csv",
            "kumomta": "kumo.jsonl",
        }
        self.logs = {
            kind: Log(self.folder / name, silences if kind in {"a", "kumomta"} else []) for kind, name in names.items()
        }
        self.logs["powermta"].add(0, HEADER + "\r\n")
        self.hosts = [Postfix(self.logs["a"], "mta-a"), Postfix(self.logs["b"], "mta-b", is_iso=True, ahead=47.0)]
        self.transactions = 0

    @property
    def end(self) -> float:
        return BEGIN + self.span

    def is_near_gap(self, begins: float, ends: float) -> bool:
        return self.gap is not None and begins < self.gap[1] + 10 and ends > self.gap[0] - 10

    def queue_id(self) -> str:
        if self.dice.random() < 0.5:
            return f"{self.dice.randrange(1 << 20):05X}{self.dice.randrange(1 << 12):03X}"  # inodes come back
        return f"4{''.join(self.dice.choices(VOWELLESS, k=9))}z{''.join(self.dice.choices(VOWELLESS, k=4))}"

    def spool_id(self) -> str:
        return f"{self.dice.getrandbits(128):032x}"

    def enter(self, message: Message, outcome: str, reply: str, *, clock: float | None = None) -> None:
        self.transactions += 1
        when = message.clock if clock is None else clock
        self.logs["journal"].add(
            when,
            journal_entry(
                f"t{self.transactions:x}",
                when,
                message.path,
                message.message_id,
                message.sender,
                message.recipients,
                outcome,
                reply,
            ),
        )
        if outcome == "accepted":
            self.truth.messages += 1
            self.truth.recipients += len(message.recipients)


def tell(
    folder: Path,
    *,
    seed: int,
    messages: int,
    span: float = 14_400.0,
    is_gap_planted: bool = True,
    faults: dict[str, float] | None = None,
) -> Planted:
    """Write all logs into the folder. With a gap, one Postfix host and KumoMTA lost five minutes of their logs."""
    from benchmarks.planted.fates import live

    dice = random.Random(seed)
    gap = (BEGIN + span * 0.4, BEGIN + span * 0.4 + 300) if is_gap_planted else None
    story = Story(folder, dice, span, gap)
    for number in range(messages):
        clock = BEGIN + span * number / messages
        live(story, message_of(dice, number, clock, FATES if faults is None else faults))
        if number % 1000 == 0:
            for log in story.logs.values():
                log.flush(clock - 120)
    for log in story.logs.values():
        log.close(story.end)
    files = {kind: [story.logs[kind].path] for kind in ("journal", "powermta", "kumomta")}
    return Planted(story.truth, {**files, "postfix": [story.logs["a"].path, story.logs["b"].path]})


def message_of(dice: random.Random, number: int, clock: float, faults: dict[str, float]) -> Message:
    fate = dice.choices(["", *faults], [1 - sum(faults.values()), *faults.values()])[0]
    count = 1 if fate or dice.random() < 0.8 else dice.randrange(2, 5)
    recipients = [f"user{number}.{each}@firm{dice.randrange(3000)}.example" for each in range(count)]
    message_id = f"<{number:x}.{dice.getrandbits(48):x}@app{number % 4}.example>"
    path = "old" if dice.random() < 0.5 or fate in {"expanded", "rewritten", "filtered", "copied", "unnamed"} else "new"
    return Message(number, clock, message_id, f"b+{number}@news.example", recipients, path, fate)
