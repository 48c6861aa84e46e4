"""Weeks of mail of several streams on both sides of a cutover, told apart by the domain of the sender."""

from datetime import timedelta

from delivery.domain.agree_watch import agree_watch
from delivery.domain.freeze_baseline import freeze_baseline
from tests.factories.discovery import read_mail_log
from tests.factories.traffic import kumo, receive, reconcile
from tests.factories.watch import RELAYS, cut_over, midnight, postfix_days

ORDERS, NEWS, FRESH = "orders.example", "news.example", "fresh.example"
STREAMS = {ORDERS: 12, NEWS: 72}  # recipients an hour at each provider
HOURS = 24


def postfix_streams(days, *, until, streams=None, user="u"):
    """A mail log of Postfix: a message an hour, a stream and a provider; one recipient of each fails at noon."""
    lines = []
    for number in range(days):
        day = until - timedelta(days=days - number)
        for hour in range(HOURS):
            for place, (stream, count) in enumerate((streams or STREAMS).items()):
                for domain in RELAYS:
                    unit = f"4{place}{hour:02}{day:%m%d}{'A' if domain == 'gmail.com' else 'B'}"
                    lines += message(day + timedelta(hours=hour, minutes=5), unit, f"{user}@{stream}", count, domain)
    return "".join(lines).encode()


def message(at, unit, sender, count, domain):
    head = f"{at:%Y-%m-%dT%H:%M:%S}+00:00 mta1 postfix/"
    yield f"{head}cleanup[7]: {unit}: message-id=<{unit}@northlake.example>\n"
    yield f"{head}qmgr[7]: {unit}: from=<{sender}>, size=900, nrcpt={count} (queue active)\n"
    for place in range(count):
        said = "dsn=2.0.0, status=sent (250 2.0.0 OK)"
        if at.hour == 12 and not place:
            said = "dsn=5.1.1, status=bounced (550 5.1.1 no such user)"
        to = f"to=<u{place}@{domain}>, relay={RELAYS[domain]}, delay=1, delays=0/0/0/1"
        yield f"{head}smtp[7]: {unit}: {to}, {said}\n"
    yield f"{head}qmgr[7]: {unit}: removed\n"


def kumo_streams(days, *, since, streams=None, failing=None):
    """A log of KumoMTA; `failing` says of (stream, domain) how many recipients fail in each hour."""
    lines, failing = [], failing or {}
    for place in range(days * HOURS):
        clock = (since + timedelta(hours=place, minutes=5)).timestamp()
        for stream, count in (streams or STREAMS).items():
            for domain in RELAYS:
                bad = failing.get((stream, domain), 0) or int(place % HOURS == 12)
                for one in range(count):
                    kind = "Bounce" if one < bad else "Delivery"
                    told = {"kind": kind, "domain": domain, "sender": f"u@{stream}"}
                    lines.append(kumo(len(lines), clock, **told))
    return "".join(lines)


def watched_streams(engagement, *, actor, ago=4, streams=None, told_days=14):
    """A watch that began so many days ago, against a baseline of 14 days, of which the last ones know their streams."""
    until = midnight(ago + 5)
    log = postfix_streams(told_days, until=until, streams=streams)
    earlier = postfix_days(14 - told_days, until=until - timedelta(days=told_days))
    read_mail_log(engagement, actor=actor, content=earlier + log)
    freeze_baseline(engagement, actor=actor)
    cut_over(engagement, actor=actor, ago=ago)
    return agree_watch(engagement, days=30, actor=actor)


def take_streams(engagement, *, actor, days=4, ago=4, **told):
    log = kumo_streams(days, since=midnight(ago), **told)
    receive(engagement, "kumomta", log, actor=actor, filename="kumo.jsonl")
    return reconcile(engagement, actor=actor)
