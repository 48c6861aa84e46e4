"""Tells a whole estate: which fates, how often, and the files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.delivery.reconciliation.stranger import fates, ways
from tests.delivery.reconciliation.stranger.mtas import write_accounting
from tests.delivery.reconciliation.stranger.world import (
    BEGIN,
    END,
    new_world,
    write_journal,
    write_postfix,
    write_records,
)

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.delivery.reconciliation.stranger.world import World

# In a thousand messages; the rest has nothing to tell.
SHARES = {
    "mixed": 60,
    "expired": 8,
    "expired_on_target": 8,
    "removed": 8,
    "queued": 12,
    "lost": 6,
    "lost_in_part": 3,
    "twice": 6,
    "twice_in_part": 3,
    "late": 5,
    "reused": 5,
    "reused_and_lost": 2,
    "merged": 6,
    "expanded": 6,
    "rewritten": 6,
    "filtered": 25,
    "held_back": 6,
    "piped": 8,
    "copied": 6,
    "retried": 6,
    "refused": 5,
    "nameless": 6,
    "handled": 4,
    "purged": 4,
}
FATES = {**vars(fates), **vars(ways)}
SEVERAL = {"mixed", "expired", "lost_in_part", "twice_in_part", "merged", "held_back"}
ALONE = {"expanded", "rewritten", "nameless"}
ODD_IDS = (
    "no brackets {}",
    "=?UTF-8?B?{}?= =?UTF-8?Q?x?=",
    '<"{}, quoted\\" and"@odd.example>',
    "<{}'; DROP TABLE seen; --@odd.example>",
    "<{}%00%s$path{{}}@odd.example>",
    "<{}-" + "x" * 10_000 + "@odd.example>",
    "<{}-ключ-鍵@odd.example>",
    "<{}> (comment)",
    "<{},status=sent (x), to=<a@b>, >",
    "<{}@[192.0.2.1]>",
)


def tell(folder: Path, seed: int, messages: int, form: str = "jsonl") -> tuple[World, list[str]]:
    world = new_world(seed)
    dice = world.dice
    if seed % 2:
        world.hosts[0].silent = (BEGIN + 9_000, BEGIN + 9_900)
    elif seed % 4 == 0:
        world.torn = (BEGIN + 9_000, BEGIN + 10_800)
    names, weights = list(SHARES), list(SHARES.values())
    for number in range(messages):
        clock = BEGIN + 5 + (END - BEGIN - 1000) * number / messages
        fate = dice.choices(["plain", *names], [1000 - sum(weights), *weights])[0]
        if (clock > END - 12_000 and fate not in {"lost", "twice_in_part", "queued", "filtered", "merged"}) or near(
            world, clock, fate
        ):
            fate = "plain"
        count = dice.randrange(2, 6) if fate in SEVERAL or (fate == "plain" and dice.random() < 0.15) else 1
        recipients = [f"Person{number}.{place}@Dom{dice.randrange(400)}.example" for place in range(count)]
        FATES[fate](world, clock, message_id_of(number, dice), recipients)
    if world.hosts[0].silent[1]:
        mark_silence(world)
    mark_torn(world)
    return world, words(world, folder, form)


def near(world: World, clock: float, fate: str) -> bool:
    """Whether a fault would be hidden by the silence of a host; its plain messages are hidden, and that is planted."""
    since, until = world.torn if world.torn[1] else world.hosts[0].silent
    hours = 10_000 if fate in {"late", "held_back"} else 4_200
    return until > 0 and fate != "plain" and since - hours < clock < until + 200


def mark_silence(world: World) -> None:
    """Of messages of which everything fell into the silence nothing can be known."""
    since, until = world.hosts[0].silent
    told = {text for host in world.hosts for _, text in host.lines}
    joined = "".join(text for text in told)
    for entry in world.entries:
        if entry["backend"] == "old" and since - 3 <= float(str(entry["time"])) < until:
            for recipient in entry["recipients"]:
                if f"to=<{recipient}>" not in joined:
                    world.ambiguous.add((str(entry["message_id"]), recipient))
    if world.ambiguous:
        world.causes[fates.GAP] |= world.ambiguous


def mark_torn(world: World) -> None:
    since, until = world.torn
    lost = {
        json.dumps(record["recipient"])
        for clock, record in world.records
        if since <= clock < until and record["type"] == "Delivery"
    }
    for entry in world.entries:
        for recipient in entry["recipients"] if since - 3 <= float(str(entry["time"])) < until else ():
            if any(f'"{recipient}"' in named for named in lost):
                world.ambiguous.add((str(entry["message_id"]), recipient))
    if world.ambiguous:
        world.causes[fates.GAP] |= world.ambiguous


def message_id_of(number: int, dice: random.Random) -> str:
    if dice.random() < 0.04:
        return dice.choice(ODD_IDS).format(f"{number}-{dice.getrandbits(32):x}")
    return f"<{number:06}.{dice.getrandbits(32):X}@App{number % 3}.example>"


def words(world: World, folder: Path, form: str) -> list[str]:
    files = {
        "journal": write_journal(world, folder, form),
        "postfix": [path for host in world.hosts for path in write_postfix(host, folder)],
        "powermta": write_accounting(world, folder),
        "kumomta": write_records(world, folder),
    }
    return [word for kind, paths in files.items() for word in (f"--{kind}", *map(str, paths))]
