"""The hosts, their clocks and forms of logs, and what is true of the messages."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from pathlib import Path

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
BEGIN, END = NEW_YEAR - 3 * 3600, NEW_YEAR + 3 * 3600
LONG_SIGNS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
BERLIN, NEWFOUNDLAND = timezone(timedelta(hours=1)), timezone(timedelta(hours=-3, minutes=-30))


@dataclass
class Host:
    """One that runs Postfix; `lines` are (true time, text)."""

    name: str
    form: str
    ahead: float
    has_long_ids: bool
    instance: str = "postfix"
    lines: list[tuple[float, str]] = field(default_factory=list)
    silent: tuple[float, float] = (0, 0)
    taken: int = 0

    def say(self, clock: float, program: str, text: str, instance: str = "") -> None:
        if not self.silent[0] <= clock < self.silent[1]:
            self.lines.append((clock, self.shaped(clock + self.ahead, f"{instance or self.instance}/{program}", text)))

    def shaped(self, clock: float, tag: str, text: str) -> str:
        process = 1000 + sum(tag.encode()) % 900
        if self.form == "yearless":
            moment = datetime.fromtimestamp(clock, UTC)
            return f"{moment:%b} {moment.day:>2} {moment:%H:%M:%S} {self.name} {tag}[{process}]: {text}\n"
        if self.form == "iso":
            return f"{datetime.fromtimestamp(clock, BERLIN).isoformat()} {self.name} {tag}[{process}]: {text}\n"
        stamp = datetime.fromtimestamp(clock, NEWFOUNDLAND).isoformat(timespec="milliseconds")
        return f"<22>1 {stamp} {self.name} {tag} {process} - - {text}\n"


@dataclass
class World:
    """What has been written so far, and the truth. Keys are (Message-ID as in the journal, recipient)."""

    dice: random.Random
    hosts: list[Host]
    accounting: dict[str, list[tuple[float, dict[str, str]]]] = field(default_factory=lambda: defaultdict(list))
    records: list[tuple[float, dict[str, object]]] = field(default_factory=list)
    entries: list[dict[str, object]] = field(default_factory=list)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    duplicate: set[tuple[str, str]] = field(default_factory=set)
    ambiguous: set[tuple[str, str]] = field(default_factory=set)
    late: int = 0
    torn: tuple[float, float] = (0, 0)
    in_flight: set[tuple[str, str]] = field(default_factory=set)
    causes: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def queue_id(self, host: Host, *, is_brief: bool = False) -> str:
        if host.has_long_ids:
            signs = self.dice.choices(LONG_SIGNS, k=14)
            return f"4{''.join(signs[:9])}z{''.join(signs[9:])}"
        if is_brief and host.name == "alpha":  # inodes come back
            host.taken += 1
            return f"0A{host.taken % 150:03X}C41"
        return f"{self.dice.randrange(16**5):05X}{self.dice.randrange(0x9000, 0xFFFF):X}"

    def enter(
        self,
        clock: float,
        path: str,
        message_id: str,
        recipients: list[str],
        *,
        outcome: str = "accepted",
        reply: str = "250 2.0.0 Ok",
    ) -> None:
        self.entries.append(
            {
                "id": f"{self.dice.getrandbits(64):016x}",
                "time": clock,
                "backend": path,
                "message_id": message_id,
                "sender": "news@app.example",
                "recipients": recipients,
                "outcome": outcome,
                "reply": reply if outcome == "accepted" else "",
            }
        )


def new_world(seed: int) -> World:
    dice = random.Random(seed)
    hosts = [
        Host("alpha", "yearless", 0.0, has_long_ids=False),
        Host("beta.mail.example", "iso", 41.0, has_long_ids=True, instance="postfix-out"),
        Host("gamma", "rfc5424", -95.0, has_long_ids=False),
    ]
    return World(dice, hosts)


def write_journal(world: World, folder: Path, form: str) -> list[Path]:
    entries = sorted(world.entries, key=lambda entry: entry["time"])
    path = folder / f"journal.{form}"
    if form == "jsonl":
        path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
        return [path]
    half = len(entries) // 2
    for number, some in enumerate((entries[: half + 50], entries[half:])):
        intents = [{name: entry[name] for name in entry if name not in {"outcome", "reply"}} for entry in some]
        outcomes = [
            {name: entry[name] for name in ("id", "outcome", "reply")}
            for entry in some
            if entry["outcome"] != "unknown"
        ]
        (folder / f"journal.{number}").write_text(
            "".join(json.dumps(each) + "\n" for each in (*intents, *outcomes)), encoding="utf-8"
        )
    return [folder / "journal.0", folder / "journal.1"]


def write_postfix(host: Host, folder: Path) -> list[Path]:
    """In two rotations, the older one packed, and a few of its last lines in both."""
    lines = [text for clock, text in sorted(host.lines) if clock <= END]
    cut = len(lines) * 3 // 5
    older, newer = folder / f"{host.name}.log.1.gz", folder / f"{host.name}.log"
    older.write_bytes(gzip.compress("".join(lines[:cut]).encode()))
    newer.write_text("".join(lines[cut - 20 :]), encoding="utf-8")
    return [older, newer]


def write_records(world: World, folder: Path) -> list[Path]:
    """Segments of an hour, each a frame; one was torn when the machine stopped."""
    segments: dict[str, list[str]] = defaultdict(list)
    torn = ""
    for clock, record in sorted(world.records, key=lambda each: each[0]):
        name = f"{datetime.fromtimestamp(clock, UTC):%Y%m%d-%H0000}"
        if world.torn[0] <= clock < world.torn[1]:
            torn = name
        elif clock <= END:
            segments[name].append(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n")
    for name, lines in segments.items():
        frame = zstandard.compress("".join(lines).encode())
        (folder / name).write_bytes(frame + frame[:20] if name == torn else frame)
    return [folder / name for name in segments]
