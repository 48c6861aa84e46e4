"""What becomes of a message on its way, and what the logs show of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.planted.story import ALIAS, BOTH, COPY, FILTER, GAP, NOTICE, RETRY, REUSE, REWRITING
from benchmarks.planted.writing import accounting_record, kumo_record

if TYPE_CHECKING:
    from benchmarks.planted.story import Message, Story
    from benchmarks.planted.writing import Log, Postfix

LATE = 5_400.0
SOON = 0.7
ARCHIVE = "archive@vault.example"


def live(story: Story, message: Message) -> None:
    """Hand it in, write what the MTA writes, and note what is true."""
    ends = message.clock + (LATE if message.fate == "late" else 100)
    is_plain = ends > story.end or story.is_near_gap(message.clock, ends)
    ACTS["" if is_plain else message.fate](story, message)


def plain(story: Story, message: Message) -> None:
    queue_id = deliver(story, message)
    story.enter(message, "accepted", f"250 2.0.0 Ok: queued as {queue_id}")
    if message.clock + SOON > story.end:
        story.truth.in_flight |= set(message.keys())


def note_gap(story: Story, log: Log, message: Message, ended: float) -> None:
    """Nothing is known of what came to an end in the gap; what only began there can be told by its queue id."""
    if log.is_silent(ended) and ended <= story.end:
        story.truth.ambiguous |= set(message.keys())
    elif not log.is_silent(message.clock) or message.path == "new":
        return
    story.truth.causes[GAP] |= set(message.keys())


def deliver(story: Story, message: Message, *, after: float = SOON, clock: float | None = None) -> str:
    """As the MTA of its path does; the answer is the id it got there."""
    clock = message.clock if clock is None else clock
    if message.path == "old":
        return by_postfix(story, message, clock, after)
    if message.number % 2:
        return by_powermta(story, message, clock, after)
    return by_kumomta(story, message, clock, after)


def by_postfix(story: Story, message: Message, clock: float, after: float) -> str:
    host, queue_id = story.dice.choice(story.hosts), story.queue_id()
    host.line(clock, "smtpd", "connect from app1.example[192.0.2.9]")
    host.take(clock, queue_id, message.message_id, message.sender, len(message.recipients))
    for recipient in message.recipients:
        chance = story.dice.random()
        if chance < 0.03:
            host.try_to_deliver(clock + 0.3, queue_id, recipient, "deferred")
        became = "bounced" if 0.03 < chance < 0.04 else "sent"
        host.try_to_deliver(clock + after, queue_id, recipient, became)
        if became == "bounced":
            notify(story, host, clock + after, message, queue_id)
    host.remove(clock + after, queue_id)
    note_gap(story, host.log, message, clock + after)
    return queue_id


def notify(story: Story, host: Postfix, clock: float, message: Message, queue_id: str) -> None:
    """Postfix tells the sender, in a message of its own."""
    notice = story.queue_id()
    notice_id = f"<20261120{message.number:06d}.{notice}@{host.host}>"
    host.line(clock, "cleanup", f"{notice}: message-id={notice_id}")
    host.line(clock, "bounce", f"{queue_id}: sender non-delivery notification: {notice}")
    host.line(clock, "qmgr", f"{notice}: from=<>, size=6100, nrcpt=1 (queue active)")
    host.try_to_deliver(clock + 0.4, notice, message.sender, "sent")
    host.remove(clock + 0.4, notice)
    if clock + 0.4 <= story.end and not host.log.is_silent(clock + 0.4):
        story.truth.causes[NOTICE].add((notice_id, message.sender))


def by_powermta(story: Story, message: Message, clock: float, after: float) -> str:
    log = story.logs["powermta"]
    for recipient in message.recipients:
        chance = story.dice.random()
        if chance < 0.03:
            log.add(clock + 0.3, accounting_record("t", clock + 0.3, message.sender, recipient, message.message_id))
        kind = "b" if 0.03 < chance < 0.04 else "d"
        log.add(clock + after, accounting_record(kind, clock + after, message.sender, recipient, message.message_id))
    return "x"


def by_kumomta(story: Story, message: Message, clock: float, after: float) -> str:
    """One id for each recipient, or one for all when it delivers them as a batch."""
    log, is_meta, is_batch = story.logs["kumomta"], message.number % 3 == 0, story.dice.random() < 0.3
    together = [message.recipients] if is_batch else [[recipient] for recipient in message.recipients]
    spool_id = ""
    for group in together:
        spool_id = story.spool_id()
        named = group if is_batch else group[0]
        became = "Bounce" if story.dice.random() < 0.01 else "Delivery"
        for kind, when in (("Reception", clock), (became, clock + after)):
            log.add(when, kumo_record(kind, when, spool_id, message.sender, named, message.message_id, is_meta=is_meta))
    note_gap(story, log, message, clock + after)
    return spool_id


def lost(story: Story, message: Message) -> None:
    """Accepted, and never heard of again."""
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.missing |= set(message.keys())


def vanished(story: Story, message: Message) -> None:
    """Taken by the MTA, but it never came to an end."""
    if message.path == "old":
        queue_id = story.queue_id()
        story.hosts[0].take(message.clock, queue_id, message.message_id, message.sender, 1)
    else:
        record = kumo_record(
            "Reception", message.clock, story.spool_id(), message.sender, message.recipients[0], message.message_id
        )
        story.logs["kumomta"].add(message.clock, record)
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.missing |= set(message.keys())


def twice(story: Story, message: Message) -> None:
    deliver(story, message)
    other = replace(message, path=story.dice.choice(["old", "new"]))
    deliver(story, other, clock=message.clock + story.dice.choice([0.2, 30.0]))
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.duplicate |= set(message.keys())
    if other.path != message.path:
        story.truth.causes[BOTH] |= set(message.keys())


def late(story: Story, message: Message) -> None:
    deliver(story, message, after=LATE)
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.late |= set(message.keys())


def reused(story: Story, message: Message) -> None:
    for wait in (0.0, 20.0):
        again = replace(message, clock=message.clock + wait)
        deliver(story, again)
        story.enter(again, "accepted", "250 2.0.0 Ok")
    story.truth.causes[REUSE] |= set(message.keys())


def expanded(story: Story, message: Message) -> None:
    host, queue_id, alias = story.dice.choice(story.hosts), story.queue_id(), message.recipients[0]
    host.take(message.clock, queue_id, message.message_id, message.sender, 3)
    for number in range(3):
        host.try_to_deliver(
            message.clock + 0.5, queue_id, f"member{number}@firm{number}.example", "sent", original=alias
        )
    host.remove(message.clock + 0.5, queue_id)
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.causes[ALIAS] |= set(message.keys())


def rewritten(story: Story, message: Message) -> None:
    host, queue_id, before = story.dice.choice(story.hosts), story.queue_id(), message.recipients[0]
    host.take(message.clock, queue_id, message.message_id, message.sender, 1)
    is_said = message.number % 2 == 0
    after = f"{before.partition('@')[0]}@inside.example"
    host.try_to_deliver(message.clock + 0.5, queue_id, after, "sent", original=before if is_said else "")
    host.remove(message.clock + 0.5, queue_id)
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.causes[REWRITING] |= set(message.keys())


def filtered(story: Story, message: Message) -> None:
    host, first, second = story.dice.choice(story.hosts), story.queue_id(), story.queue_id()
    relay = "127.0.0.1[127.0.0.1]:10024"
    host.take(message.clock, first, message.message_id, message.sender, 1)
    host.take(message.clock + 0.5, second, message.message_id, message.sender, 1, client="localhost[127.0.0.1]")
    host.try_to_deliver(
        message.clock + 0.5,
        first,
        message.recipients[0],
        "sent",
        reason=f"250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {second}",
        relay=relay,
    )
    host.remove(message.clock + 0.5, first)
    host.try_to_deliver(message.clock + 0.9, second, message.recipients[0], "sent")
    host.remove(message.clock + 0.9, second)
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.causes[FILTER] |= set(message.keys())


def retried(story: Story, message: Message) -> None:
    """The first attempt did not reach the MTA, as it turns out."""
    story.enter(message, "unknown", "")
    again = replace(message, clock=message.clock + 60)
    deliver(story, again)
    story.enter(again, "accepted", "250 2.0.0 Ok")
    story.truth.causes[RETRY] |= set(message.keys())


def retried_twice(story: Story, message: Message) -> None:
    """The first attempt did reach it."""
    deliver(story, message)
    retried(story, message)
    story.truth.duplicate |= set(message.keys())


def copied(story: Story, message: Message) -> None:
    host, queue_id = story.dice.choice(story.hosts), story.queue_id()
    host.take(message.clock, queue_id, message.message_id, message.sender, 2)
    for recipient in (message.recipients[0], ARCHIVE):
        host.try_to_deliver(message.clock + 0.5, queue_id, recipient, "sent")
    host.remove(message.clock + 0.5, queue_id)
    story.enter(message, "accepted", "250 2.0.0 Ok")
    story.truth.causes[COPY].add((message.message_id, ARCHIVE))


def unnamed(story: Story, message: Message) -> None:
    """Handed in without Message-ID; Postfix makes one."""
    host, queue_id = story.dice.choice(story.hosts), story.queue_id()
    own = f"<20261120000000.{queue_id}@{host.host}>"
    by = replace(message, message_id="")
    host.take(message.clock, queue_id, own, message.sender, 1)
    host.try_to_deliver(message.clock + 0.5, queue_id, message.recipients[0], "sent")
    host.remove(message.clock + 0.5, queue_id)
    story.enter(by, "accepted", f"250 2.0.0 Ok: queued as {queue_id}")


ACTS = {
    "": plain,
    "lost": lost,
    "vanished": vanished,
    "twice": twice,
    "late": late,
    "reused": reused,
    "expanded": expanded,
    "rewritten": rewritten,
    "filtered": filtered,
    "retried": retried,
    "retried twice": retried_twice,
    "copied": copied,
    "unnamed": unnamed,
}
