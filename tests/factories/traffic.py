"""Small logs of both sides, and short ways to a run that has held them against each other."""

import io
import json
import time
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from delivery.domain import roll_back
from delivery.domain.change_share import change_share, open_ramp
from delivery.domain.decide_trigger import add_trigger, report_trigger
from delivery.domain.receive_traffic_log import receive_traffic_log
from delivery.domain.reconcile_traffic import read_traffic, store_run
from delivery.domain.run_cutover import plan_cutover
from delivery.domain.set_warm_up import set_warm_up
from engagements.models import Engagement

BEGAN = 1_795_132_800  # 20 November 2026, 00:00 UTC


def receive(engagement, kind, content, *, actor, filename="some.log"):
    return receive_traffic_log(
        engagement, kind=kind, filename=filename, content_file=io.BytesIO(content.encode()), actor=actor
    )


def reconcile(engagement, *, actor):
    """A run without a worker."""
    found = read_traffic(engagement, tell=lambda *told: None)
    return store_run(engagement, found, asked_at=timezone.now(), actor=actor)


def start_rollback(engagement, *, is_drill, actor):
    """Ordered by somebody who has proved just now who they are."""
    return roll_back.start_rollback(engagement, is_drill=is_drill, authenticated_at=timezone.now(), actor=actor)


def resume_proxy(rollback, *, actor):
    return roll_back.resume_proxy(rollback, authenticated_at=timezone.now(), actor=actor)


def open_traffic(engagement, *, actor):
    """A ramp with a change under way, a planned cutover, a drill, a crossed trigger; the answer is an own one."""
    ramp = open_ramp(engagement, actor=actor)
    ramp.share, ramp.share_since = 5, timezone.now()
    ramp.save()
    change_share(ramp, share=0, why="Too early.", actor=actor)
    plan_cutover(ramp, planned_for=timezone.now(), on_call="Ada, +1 555 0100", actor=actor)
    start_rollback(engagement, is_drill=True, actor=actor)
    report_trigger(engagement, key="bounces", seen="Nothing arrives.", actor=actor)
    return add_trigger(engagement, title="Ours", figure="failure", limit=Decimal(2), actor=actor)


def warm(engagement, *, actor, **facts):
    """Two new addresses at Google, from today on."""
    asked = {"pool": "b", "addresses": 2, "hosts": 1, "begins": timezone.now().date(), "providers": ["Google"]}
    return set_warm_up(engagement, actor=actor, **(asked | facts))


def accepted(number, clock, *, path="old", domain="gmail.com"):
    entry = {
        "id": f"t{number}",
        "time": clock,
        "backend": path,
        "message_id": f"<{number}@northlake.example>",
        "recipients": [f"user{number}@{domain}"],
        "outcome": "accepted",
    }
    return json.dumps(entry) + "\n"


def delivered(number, clock, *, times=1, domain="gmail.com", status="sent"):
    """What Postfix writes of a message, as often as it is delivered."""
    stamp, unit = stamp_of(clock), f"4B{number:06X}D"
    lines = [f"{stamp} mta1 postfix/cleanup[7]: {unit}: message-id=<{number}@northlake.example>\n"]
    said = "dsn=2.0.0, status=sent (250 Ok)" if status == "sent" else "dsn=5.1.1, status=bounced (550 no user)"
    ended = f"{unit}: to=<user{number}@{domain}>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, {said}\n"
    return "".join([*lines, *times * [f"{stamp} mta1 postfix/smtp[7]: {ended}"]])


def stamp_of(clock):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(clock))


def kumo(number, clock, *, kind="Delivery", domain="gmail.com", sender="news@northlake.example"):
    code = 250 if kind == "Delivery" else 550
    entry = {
        "type": kind,
        "id": f"{number:032x}",
        "sender": sender,
        "recipient": f"user{number}@{domain}",
        "queue": domain,
        "response": {"code": code, "content": "said"},
        "timestamp": clock,
        "created": clock,
        "headers": {"Message-ID": f"<{number}@northlake.example>"},
    }
    return json.dumps(entry) + "\n"


def small_day(*, lost=(), twice=(), count=30, begin=BEGAN, first=1):
    """Journal and mail log of Postfix: a message each half minute; of some no end is known, others came to two."""
    clocks = {first + place: begin + 30 * (1 + place) for place in range(count)}
    journal = "".join(accepted(number, clock) for number, clock in clocks.items())
    mail_log = "".join(
        delivered(number, clock + 1, times=2 if number in twice else 1)
        for number, clock in clocks.items()
        if number not in lost
    )
    return journal, mail_log


def take_in_small_day(engagement, *, actor, **day):
    journal, mail_log = small_day(**day)
    return [
        receive(engagement, "journal", journal, actor=actor, filename="journal.jsonl"),
        receive(engagement, "postfix", mail_log, actor=actor, filename="mail.log"),
    ]


def with_phase(engagement, phase):
    """Past the triggers, which want signed gates."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Engagement.objects.filter(pk=engagement.pk).update(
            phase=phase, phase_before_hold="parallel" if phase == "on_hold" else ""
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    engagement.refresh_from_db()
