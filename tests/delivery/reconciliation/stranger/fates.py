"""What becomes of messages. Each fate writes the journal, the logs, and what is true of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.delivery.reconciliation.stranger.mtas import BOTH, Postfix, account, kumo

if TYPE_CHECKING:
    from tests.delivery.reconciliation.stranger.world import Host, World

REUSE, RETRY, NOTICE, GAP = "application reuse of Message-ID", "retry after an unknown outcome", "DSN", "log gap"
LATE = 9_000.0


def take(world: World, clock: float, message_id: str, recipients: list[str]) -> str:
    """A delivery without any trouble somewhere; the answer is the path."""
    way = world.dice.randrange(4)
    if way < 2:
        host = world.dice.choice(world.hosts)
        Postfix(world, host, clock, message_id, count=len(recipients), is_brief=True).deliver(clock + 1.1, recipients)
        return "old"
    if way == 2:
        for recipient in recipients:
            account(world, world.dice.choice(BOTH), "d", clock + 2, recipient, message_id)
    else:
        kumo(world, clock, message_id, recipients, [(1.4, "Delivery")], is_batch=world.dice.random() < 0.4)
    return "new"


def plain(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    world.enter(clock, take(world, clock, message_id, recipients), message_id, recipients)


def mixed(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """Some at once, some after hours of being put off, some returned; all of one queue id."""
    host = world.dice.choice(world.hosts)
    message = Postfix(world, host, clock, message_id, count=len(recipients))
    for place, recipient in enumerate(recipients):
        for wait in (1, 400)[: place % 3]:
            message.attempt(clock + wait, recipient, "deferred")
        message.attempt(clock + 2 + 500 * (place % 3), recipient, "bounced" if place % 4 == 3 else "sent")
    message.remove(clock + 1600)
    world.enter(clock, "old", message_id, recipients)
    if any(place % 4 == 3 for place in range(len(recipients))):
        notify(world, host, clock + 1600, message)


def notify(world: World, host: Host, clock: float, about: Postfix) -> None:
    notice_id = f"<20270101.{world.dice.getrandbits(40):X}@{host.name}>"
    notice = Postfix(world, host, clock, notice_id, sender="", submit="bounce", is_brief=True)
    host.say(clock, "bounce", f"{about.queue_id}: sender non-delivery notification: {notice.queue_id}")
    notice.attempt(clock + 1, about.sender, "sent", relay="mx.app.example[192.0.2.5]:25")
    notice.remove(clock + 1)
    world.causes[NOTICE].add((notice_id, about.sender))


def expired(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """One of several got it after a while, the others never."""
    host = world.dice.choice(world.hosts)
    message = Postfix(world, host, clock, message_id, count=len(recipients))
    for wait in (1, 300, 900):
        message.activate(clock + wait)
        for recipient in recipients[1:]:
            message.attempt(clock + wait, recipient, "deferred")
    message.attempt(clock + 1, recipients[0], "deferred")
    message.attempt(clock + 301, recipients[0], "sent")
    host.say(clock + 2000, "qmgr", f"{message.queue_id}: from=<{message.sender}>, status=expired, returned to sender")
    message.remove(clock + 2000)
    notify(world, host, clock + 2000, message)
    world.enter(clock, "old", message_id, recipients)


def expired_on_target(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    if world.dice.random() < 0.5:
        kumo(
            world,
            clock,
            message_id,
            recipients,
            [(1, "TransientFailure"), (700, "TransientFailure"), (1500, "Expiration")],
        )
    else:
        for recipient in recipients:
            account(world, "pmta1", "t", clock + 1, recipient, message_id)
            account(world, "pmta1", "b", clock + 1500, recipient, message_id, category="message-expired")
    world.enter(clock, "new", message_id, recipients)


def removed(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """By an operator: of a message that was put off, or was held before the first attempt."""
    message = Postfix(world, world.dice.choice(world.hosts), clock, message_id, count=len(recipients))
    if world.dice.random() < 0.5:
        for recipient in recipients:
            message.attempt(clock + 1, recipient, "deferred")
    else:
        message.host.say(clock + 1, "postsuper", f"{message.queue_id}: placed on hold")
    message.host.say(clock + 800, "postsuper", f"{message.queue_id}: removed")
    world.enter(clock, "old", message_id, recipients)


def queued(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """Put off, and still in the queue when the logs end."""
    way = world.dice.randrange(3)
    if way == 0:
        message = Postfix(world, world.dice.choice(world.hosts), clock, message_id, count=len(recipients))
        for wait in (1, 400, 1100, 2600):
            for recipient in recipients:
                message.attempt(clock + wait, recipient, "deferred")
    elif way == 1:
        kumo(world, clock, message_id, recipients, [(1, "TransientFailure"), (900, "TransientFailure")])
    else:
        for recipient in recipients:
            account(world, "pmta1", "t", clock + 1, recipient, message_id)
    world.enter(clock, "old" if way == 0 else "new", message_id, recipients)
    world.in_flight |= {(message_id, recipient) for recipient in recipients}


def lost(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """Nothing at all, or only that it was taken."""
    way = world.dice.randrange(3)
    if way == 1:
        Postfix(world, world.dice.choice(world.hosts), clock, message_id, count=len(recipients))
    elif way == 2:
        kumo(world, clock, message_id, recipients, [])
    world.enter(
        clock, "new" if way == 2 else world.dice.choice(["old", "new"]) if way == 0 else "old", message_id, recipients
    )
    world.missing.update((message_id, recipient) for recipient in recipients)


def lost_in_part(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    world.enter(clock, take(world, clock, message_id, recipients[1:]), message_id, recipients)
    world.missing[(message_id, recipients[0])] += 1


def twice(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    path = take(world, clock, message_id, recipients)
    take(world, clock + world.dice.choice([0, 3, 3000]), message_id, recipients)
    world.enter(clock, path, message_id, recipients)
    world.duplicate |= {(message_id, recipient) for recipient in recipients}


def twice_in_part(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    world.enter(clock, take(world, clock, message_id, recipients), message_id, recipients)
    take(world, clock + 60, message_id, recipients[-1:])
    world.duplicate.add((message_id, recipients[-1]))


def late(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    if world.dice.random() < 0.5:
        message = Postfix(world, world.dice.choice(world.hosts), clock, message_id, count=len(recipients))
        for wait in (1, 500, 1500, 4000):
            for recipient in recipients:
                message.attempt(clock + wait, recipient, "deferred")
        world.enter(clock, "old", message_id, recipients, reply=message.deliver(clock + LATE, recipients))
    else:
        kumo(world, clock, message_id, recipients, [(1, "TransientFailure"), (LATE, "Delivery")])
        world.enter(clock, "new", message_id, recipients)
    world.late += len(recipients)


def reused(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    for wait in (0, 45, 2000):
        plain(world, clock + wait, message_id, recipients)
    world.causes[REUSE] |= {(message_id, recipient) for recipient in recipients}


def reused_and_lost(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """Handed in three times, and one of them was lost."""
    reused(world, clock, message_id, recipients)
    world.enter(clock + 90, "old", message_id, recipients)
    world.missing.update((message_id, recipient) for recipient in recipients)


def merged(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """One Message-ID for a whole mailing, each recipient a message of its own."""
    for place, recipient in enumerate(recipients):
        plain(world, clock + place, message_id, [recipient])


def retried(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """The reply was lost; in half of the cases the message was not."""
    world.enter(clock, "new", message_id, recipients, outcome="unknown")
    plain(world, clock + 300, message_id, recipients)
    if world.dice.random() < 0.5:
        kumo(world, clock, message_id, recipients, [(1, "Delivery")])
        world.duplicate |= {(message_id, recipient) for recipient in recipients}
    world.causes[RETRY] |= {(message_id, recipient) for recipient in recipients}


def refused(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """Nobody took it, and nobody delivered it."""
    world.enter(clock, "old", message_id, recipients, outcome="refused")


def nameless(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """Without a Message-ID: left so, or given one by Postfix."""
    way = world.dice.randrange(4)
    if way == 0:
        message = Postfix(world, world.hosts[0], clock, "<>")
        message.deliver(clock + 1, recipients)
    elif way == 1:
        host = world.hosts[1]
        message = Postfix(world, host, clock, f"<20270101000000.{world.dice.getrandbits(40):X}@{host.name}>")
        message.deliver(clock + 1, recipients)
    elif way == 2:
        kumo(world, clock, "", recipients, [(1, "Delivery")])
    else:
        world.missing.update(("", recipient) for recipient in recipients)
    world.enter(clock, "new" if way == 2 else "old", "", recipients)
