"""Many messages with few faults, written as fast as Python can: half by Postfix, a quarter each by the two targets."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from benchmarks.planted.story import BEGIN
from benchmarks.planted.truth import Planted, Truth
from benchmarks.planted.writing import HEADER, accounting_record, kumo_record, syslog_stamp

if TYPE_CHECKING:
    from pathlib import Path

A_SECOND = 25  # messages


def tell_in_bulk(folder: Path, messages: int, *, seed: int = 11) -> Planted:
    """Every 25,000th message is lost, every 11,000th delivered twice."""
    dice, truth = random.Random(seed), Truth(messages, messages)
    names = {"journal": "journal.tsv", "postfix": "mail.log", "powermta": "acct.csv", "kumomta": "kumo.jsonl"}
    files = {kind: [folder / name] for kind, name in names.items()}
    outs = {kind: paths[0].open("w", buffering=1 << 20, newline="") for kind, paths in files.items()}
    outs["powermta"].write(HEADER + "\r\n")
    for number in range(messages):
        write_message(outs, truth, number, dice)
    for out in outs.values():
        out.close()
    return Planted(truth, files)


@dataclass
class Handed:
    """One message as it was handed in."""

    number: int
    clock: float
    message_id: str
    sender: str
    recipient: str
    is_refused: bool
    is_put_off: bool


def write_message(outs: dict[str, TextIO], truth: Truth, number: int, dice: random.Random) -> None:
    message_id = f"<{number:x}.{dice.getrandbits(40):x}@app{number % 4}.example>"
    message = Handed(
        number,
        BEGIN + number / A_SECOND,
        message_id,
        f"b+{number}@news.example",
        f"u{number}@f{number % 3000}.example",
        dice.random() < 0.01,
        dice.random() < 0.03,
    )
    write_entry(outs["journal"], message)
    copies = 1
    is_early = number < truth.messages - 100  # the end of a later one might not be in the logs yet
    if is_early and number % 25_000 == 24_999 - 7 * (number // 25_000 % 4):
        copies = 0
        truth.missing.add((message_id, message.recipient))
    elif is_early and number % 11_000 == 10_999 - 3 * (number // 11_000 % 4):
        copies = 2
        truth.duplicate.add((message_id, message.recipient))
    for _ in range(copies):
        text, kind = lines_of(message, dice)
        outs[kind].write(text)


def write_entry(out: TextIO, message: Handed) -> None:
    number, moment = message.number, int(message.clock * 1e6)
    path = "new" if number % 2 else "old"
    told = f"{path}\tsplit\t192.0.2.9\tmain\t\t{message.sender}\t{message.recipient}\t{message.message_id}\t4100\tab"
    out.writelines(
        f"{zlib.crc32(rest.encode()):08x}\t{rest}\n"
        for rest in (
            f"I\t{number:016x}\tt{number:x}\t{moment}\t{told}",
            f"O\t{number:016x}\tt{number:x}\t{moment + 9000}\taccepted\t250 2.0.0 Ok\t1\t0",
        )
    )


def lines_of(message: Handed, dice: random.Random) -> tuple[str, str]:
    """What the MTA of its path writes, and which log that is."""
    clock, sender, recipient, message_id = message.clock, message.sender, message.recipient, message.message_id
    if message.number % 2 == 0:
        return by_postfix(message, f"{dice.randrange(1 << 20):05X}{message.number:06X}"), "postfix"
    if message.number % 4 == 1:
        kinds = ["t"] * message.is_put_off + ["b" if message.is_refused else "d"]
        return "".join(accounting_record(kind, clock, sender, recipient, message_id) for kind in kinds), "powermta"
    kinds = ["Reception"] + ["TransientFailure"] * message.is_put_off + ["Bounce" if message.is_refused else "Delivery"]
    spool_id = f"{dice.getrandbits(128):032x}"
    return "".join(kumo_record(kind, clock, spool_id, sender, recipient, message_id) for kind in kinds), "kumomta"


def by_postfix(message: Handed, queue_id: str) -> str:
    head, number = f"{syslog_stamp(message.clock)} mta1 postfix/", message.number
    attempt = (
        f"smtp[{number % 40}]: {queue_id}: to=<{message.recipient}>, "
        f"relay=mx.f{number % 3000}.example[198.51.100.4]:25, delay=0.5, delays=0.01/0/0.2/0.29"
    )
    queued = f"qmgr[7]: {queue_id}: from=<{message.sender}>, size=4100, nrcpt=1 (queue active)"
    said = [
        f"smtpd[{number % 40}]: {queue_id}: client=app{number % 4}.example[192.0.2.9]",
        f"cleanup[{number % 40}]: {queue_id}: message-id={message.message_id}",
        queued,
    ]
    if message.is_put_off:
        said += [f"{attempt}, dsn=4.7.0, status=deferred (host said: 421 4.7.0 later)", queued]
    end = (
        "5.1.1, status=bounced (said: 550 5.1.1 unknown)" if message.is_refused else "2.0.0, status=sent (250 2.0.0 Ok)"
    )
    said += [f"{attempt}, dsn={end}", f"qmgr[7]: {queue_id}: removed"]
    said += [f"smtpd[{number % 40}]: disconnect from app.example[192.0.2.9]"]
    return "".join(f"{head}{each}\n" for each in said)
