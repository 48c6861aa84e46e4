"""Weeks of mail on both sides of a cutover, and short ways to a watch over the new route."""

import io
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from delivery.domain.agree_watch import agree_watch
from delivery.domain.change_share import open_ramp
from delivery.domain.freeze_baseline import freeze_baseline
from delivery.domain.receive_seeds import receive_seeds
from delivery.domain.run_cutover import finish_cutover, plan_cutover
from delivery.models import Cutover, InsightCard, Ramp, Watch
from tests.factories.discovery import read_mail_log
from tests.factories.traffic import kumo, receive, reconcile, with_phase

AN_HOUR = 12  # recipients an hour at each provider
RELAYS = {
    "gmail.com": "gmail-smtp-in.l.google.com[142.250.1.27]:25",
    "yahoo.com": "mta5.am0.yahoodns.net[98.136.96.74]:25",
}
HEAD = "tested_on,provider,stream,sent,inbox,spam\n"


def midnight(days_ago=0):
    today = datetime.combine(timezone.now().date(), time(), UTC)
    return today - timedelta(days=days_ago)


def postfix_days(days, *, until, failed=1):
    """A mail log of Postfix: `failed` recipients of each provider fail at noon, every day."""
    lines = []
    for number in range(days):
        day = until - timedelta(days=days - number)
        for hour in range(24):
            lines += [_line(day, hour, place, domain, failed) for domain in RELAYS for place in range(AN_HOUR)]
    return "".join(lines).encode()


def _line(day, hour, place, domain, failed):
    at = day + timedelta(hours=hour, minutes=4 * place)
    said = "dsn=2.0.0, status=sent (250 2.0.0 OK)"
    if hour == 12 and place < failed:
        said = "dsn=5.1.1, status=bounced (550 5.1.1 no such user)"
    unit = f"4{place:02}{hour:02}{day:%m%d}{'A' if domain == 'gmail.com' else 'B'}"
    return (
        f"{at:%Y-%m-%dT%H:%M:%S}+00:00 mta1 postfix/smtp[7]: {unit}: to=<u{place}@{domain}>, relay={RELAYS[domain]}, "
        f"delay=1, delays=0/0/0/1, {said}\n"
    )


def kumo_days(days, *, since, failing=()):
    """A log of KumoMTA; at the `failing` (days, domain) a tenth of the recipients fails, elsewhere one a day."""
    lines, number = [], 0
    for place in range(days):
        for hour in range(24):
            for domain in RELAYS:
                for one in range(AN_HOUR):
                    number += 1
                    is_bad = hour == 12 and one == 0
                    is_bad |= (place, domain) in failing and one == 0
                    clock = (since + timedelta(days=place, hours=hour, minutes=4 * one)).timestamp()
                    lines.append(kumo(number, clock, kind="Bounce" if is_bad else "Delivery", domain=domain))
    return "".join(lines)


def freeze(engagement, *, actor, days=14, ago=40, **log):
    """The baseline of so many days that ended so many days ago."""
    read_mail_log(engagement, actor=actor, content=postfix_days(days, until=midnight(ago), **log))
    return freeze_baseline(engagement, actor=actor)


def cut_over(engagement, *, actor, ago=35):
    """Done so many days ago, at midnight."""
    with_phase(engagement, "cutover")
    ramp = Ramp.objects.filter(engagement=engagement).first() or open_ramp(engagement, actor=actor)
    cutover = plan_cutover(ramp, planned_for=timezone.now(), on_call="Ada, +1 555 0100", actor=actor)
    Ramp.objects.filter(pk=ramp.pk).update(share=100, share_since=midnight(ago))
    cutover.steps.update(done_at=timezone.now(), done_by=actor, evidence="Seen in a test.")
    finish_cutover(cutover, actor=actor)
    Cutover.objects.filter(pk=cutover.pk).update(done_at=midnight(ago))
    with_phase(engagement, "monitoring")
    return Cutover.objects.get(pk=cutover.pk)


def watched(engagement, *, actor, days=30, ago=35, baseline_days=14):
    """A watch that began so many days ago."""
    freeze(engagement, actor=actor, days=baseline_days, ago=ago + 5)
    cut_over(engagement, actor=actor, ago=ago)
    return agree_watch(engagement, days=days, actor=actor, why_short="It is what there is.")


def take_days(engagement, *, actor, days, ago, failing=()):
    """The new route's log of so many days from then on, reconciled."""
    log = kumo_days(days, since=midnight(ago), failing=failing)
    receive(engagement, "kumomta", log, actor=actor, filename="kumo.jsonl")
    return reconcile(engagement, actor=actor)


def take_seeds(engagement, *lines, actor, filename="seeds.csv", head=HEAD):
    content = io.BytesIO((head + "".join(f"{line}\n" for line in lines)).encode())
    return receive_seeds(engagement, filename=filename, content_file=content, actor=actor)


def opened_cards():
    return [(card.rule, card.provider, card.stream) for card in InsightCard.objects.order_by("number")]


def drifted(engagement, *, actor):
    """A watch of three days whose last two drifted at Google: one card is open."""
    watched(engagement, actor=actor, ago=4)
    take_days(engagement, actor=actor, days=4, ago=4, failing={(2, "gmail.com"), (3, "gmail.com")})
    return InsightCard.objects.get()


def open_card(engagement, *, actor):
    """A baseline of what was read, a watch over the planned cutover and a card, without days of mail."""
    now, cutover = timezone.now(), Cutover.objects.filter(engagement=engagement).first()
    baseline = freeze_baseline(engagement, actor=actor)
    agreed = {"begins_at": now, "days": 30, "agreed_at": now, "agreed_by": actor, "why_short": "It is what there is."}
    watch = Watch.objects.create(engagement=engagement, number=1, cutover=cutover, baseline=baseline, **agreed)
    said = {"rule": "failure", "title": "Delivery failure", "provider": "Google", "said": "Too many.", "opened_at": now}
    return InsightCard.objects.create(engagement=engagement, number=1, watch=watch, **said)
