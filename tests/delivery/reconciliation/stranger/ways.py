"""Messages that take another way than straight to their recipient: aliases, rewriting, filters, copies, operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.delivery.reconciliation.stranger.fates import LATE, notify
from tests.delivery.reconciliation.stranger.mtas import Postfix, account, record

if TYPE_CHECKING:
    from tests.delivery.reconciliation.stranger.world import World

ALIAS, FILTER, COPY, REWRITING = "alias expansion", "re-injection by a filter", "Bcc", "address rewriting"
ARCHIVE = "journal@archive.example"


def expanded(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """By virtual_alias_maps under the same queue id, or by local(8) under a new one."""
    host, alias = world.dice.choice(world.hosts), recipients[0]
    message = Postfix(world, host, clock, message_id)
    members = [
        f"member{place}.{world.dice.randrange(10**6)}@list.example" for place in range(world.dice.randrange(2, 5))
    ]
    if world.dice.random() < 0.5:
        for member in members:
            message.attempt(clock + 1, member, "sent", first=alias)
    else:
        second = Postfix(world, host, clock + 1, message_id, submit="pickup")
        message.attempt(
            clock + 1, alias, "sent", relay="local", program="local", reason=f"forwarded as {second.queue_id}"
        )
        for member in members:
            second.attempt(clock + 2, member, "sent", first=alias)
        second.remove(clock + 2)
    message.remove(clock + 2)
    world.enter(clock, "old", message_id, [alias])
    world.causes[ALIAS].add((message_id, alias))


def rewritten(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    before = recipients[0]
    after = f"{before.partition('@')[0]}@corp.example"
    way = world.dice.randrange(3)
    if way == 2:
        account(world, "pmta1", "d", clock + 2, after, message_id, first=before)
    else:
        message = Postfix(world, world.dice.choice(world.hosts), clock, message_id)
        message.attempt(clock + 1, after, "sent", first=before if way else "")
        message.remove(clock + 1)
    world.enter(clock, "new" if way == 2 else "old", message_id, [before])
    world.causes[REWRITING].add((message_id, before))


def filtered(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """Amavis, a filter that names no queue id, one that is piped to and hands back by sendmail, or another host."""
    way = world.dice.randrange(4)
    host = world.dice.choice(world.hosts)
    first = Postfix(world, host, clock, message_id, count=len(recipients))
    other = world.dice.choice([each for each in world.hosts if each is not host]) if way == 3 else host
    submit = "pickup" if way == 2 else "filter"
    second = Postfix(world, other, clock + 1.2, message_id, count=len(recipients), submit=submit)
    reason, relay, program = [
        (
            f"250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {second.queue_id}",
            "127.0.0.1[127.0.0.1]:10024",
            "smtp",
        ),
        ("250 2.0.0 accepted for scanning", "127.0.0.1[127.0.0.1]:10026", "smtp"),
        ("delivered via spamfilter service", "spamfilter", "pipe"),
        (f"250 2.0.0 Ok: queued as {second.queue_id}", f"{other.name}[192.0.2.77]:25", "smtp"),
    ][way]
    for recipient in recipients:
        first.attempt(clock + 1.3, recipient, "sent", reason=reason, relay=relay, program=program)
    first.remove(clock + 1.3)
    second.deliver(clock + 2.6, recipients)
    world.enter(clock, "old", message_id, recipients, reply=f"250 2.0.0 Ok: queued as {first.queue_id}")
    world.causes[FILTER] |= {(message_id, recipient) for recipient in recipients}


def held_back(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """The filter takes it for the first recipient and hands it back, puts the others off until their time is over."""
    host = world.dice.choice(world.hosts)
    first = Postfix(world, host, clock, message_id, count=len(recipients))
    relay = "127.0.0.1[127.0.0.1]:10026"
    first.attempt(clock + 1.3, recipients[0], "sent", reason="250 2.0.0 accepted for scanning", relay=relay)
    second = Postfix(world, host, clock + 1.4, message_id, submit="filter")
    second.deliver(clock + 2.6, recipients[:1])
    for wait in (1.3, 400, 3700):
        for recipient in recipients[1:]:
            first.attempt(clock + wait, recipient, "deferred", relay=relay)
    host.say(clock + LATE, "qmgr", f"{first.queue_id}: from=<{first.sender}>, status=expired, returned to sender")
    first.remove(clock + LATE)
    notify(world, host, clock + LATE, first)
    world.enter(clock, "old", message_id, recipients)
    world.causes[FILTER].add((message_id, recipients[0]))
    world.late += len(recipients) - 1


def piped(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """To the mailbox, by a pipe or by local(8); that is an end."""
    message = Postfix(world, world.dice.choice(world.hosts), clock, message_id, count=len(recipients))
    for recipient in recipients:
        if world.dice.random() < 0.5:
            message.attempt(
                clock + 1, recipient, "sent", relay="dovecot", program="pipe", reason="delivered via dovecot service"
            )
        else:
            message.attempt(
                clock + 1,
                recipient,
                "sent",
                relay="local",
                program="local",
                reason='delivered to command: /usr/bin/sieve -a "$X"',
            )
    message.remove(clock + 1)
    world.enter(clock, "old", message_id, recipients)


def copied(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    message = Postfix(world, world.dice.choice(world.hosts), clock, message_id, count=len(recipients) + 1)
    message.deliver(clock + 1, [*recipients, ARCHIVE])
    world.enter(clock, "old", message_id, recipients)
    world.causes[COPY].add((message_id, ARCHIVE))


def handled(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    """An operator had it queued again: pickup takes it under a new id."""
    host = world.dice.choice(world.hosts)
    message = Postfix(world, host, clock, message_id, count=len(recipients))
    for recipient in recipients:
        message.attempt(clock + 1, recipient, "deferred")
    host.say(clock + 200, "postsuper", f"{message.queue_id}: requeued")
    second = world.queue_id(host)
    host.say(clock + 201, "pickup", f"{second}: uid=89 from=<news@app.example> orig_id={message.queue_id}")
    host.say(clock + 201, "cleanup", f"{second}: message-id={message_id[:1900]}")
    message.remove(clock + 201)
    message.queue_id = second
    message.deliver(clock + 203, recipients)
    world.enter(clock, "old", message_id, recipients)


def purged(world: World, clock: float, message_id: str, recipients: list[str]) -> None:
    spool_id = f"{world.dice.getrandbits(128):032x}"
    record(world, "Reception", clock, spool_id, recipients, message_id)
    record(world, "AdminBounce", clock + 30, spool_id, recipients, message_id)
    world.enter(clock, "new", message_id, recipients)
