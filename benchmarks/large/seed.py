"""What the copies are taken of: the demo, really made by the doors of the pages, and told stories beside it."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from benchmarks.large.copies import AWAKE, RESTING
from benchmarks.large.staff import Staff
from engagements.models import Gate
from portal.demo.cast import hire
from portal.demo.stories import build, castell
from tests.factories.portfolio import make_portfolio

SEED = 10
EVERY_FIFTH = 5
WORKED_ON = "phase NOT IN ('intake', 'declined', 'cancelled')"
LONGEST_HISTORY = 60


def build_demo(tell: Callable[[str], None], *, is_small: bool) -> None:
    """All of it; of the small size the one engagement whose discovery is under way."""
    if is_small:
        castell(hire())
    else:
        build(tell)


def tell_stories(count: int, staff: Staff) -> None:
    """Engagements in every phase; with the tasks, history and uploads of the demo where a real one has them."""
    lead, sales = (User.objects.get(pk=staff.people[role][0]) for role in ("lead", "sales"))
    made = {engagement.pk for engagement in make_portfolio(count, seed=SEED, lead=lead, sales=sales)}
    consultant = User.objects.get(pk=staff.people["consultant"][0])
    consultant.assigned_engagements.add(*sorted(made)[::EVERY_FIFTH])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESTING)
        _give_tasks(cursor)
        _give_history(cursor)
        _give_uploads(cursor)
        cursor.execute(AWAKE)


def _columns(table: str, *own: str) -> tuple[str, str]:
    """The columns of a table but for its key and `own`, for an INSERT and for its SELECT from "o"."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    names = [f'"{column.name}"' for column in described if column.name not in ("id", *own)]
    return ", ".join(names), ", ".join(f"o.{name}" for name in names)


def _give_tasks(cursor: Any) -> None:
    """To each gate without any those of the first engagement's gate of the same number."""
    names, values = _columns("engagements_gatetask", "gate_id")
    first = Gate.objects.order_by("engagement_id").values_list("engagement_id", flat=True)[0]
    cursor.execute(
        f"INSERT INTO engagements_gatetask (gate_id, {names}) SELECT g.id, {values} FROM engagements_gate g"
        " JOIN engagements_gate og ON og.engagement_id = %s AND og.number = g.number"
        " JOIN engagements_gatetask o ON o.gate_id = og.id"
        " WHERE NOT EXISTS (SELECT FROM engagements_gatetask t WHERE t.gate_id = g.id)",
        [first],
    )


def _give_history(cursor: Any) -> None:
    """To each engagement without a chain the beginning of the longest one."""
    names, values = _columns("core_auditevent", "chain", "digest")
    cursor.execute(
        "SELECT chain FROM core_auditevent WHERE chain LIKE 'engagement:%'"
        " GROUP BY chain ORDER BY count(*) DESC LIMIT 1"
    )
    (longest,) = cursor.fetchone()
    cursor.execute(
        f"INSERT INTO core_auditevent (chain, digest, {names})"
        f" SELECT 'engagement:' || e.id, md5(o.digest) || md5(o.digest || e.id), {values}"
        " FROM engagements_engagement e JOIN core_auditevent o ON o.chain = %s AND o.sequence <= %s"
        " WHERE NOT EXISTS (SELECT FROM core_auditevent a WHERE a.chain = 'engagement:' || e.id)",
        [longest, LONGEST_HISTORY],
    )
    cursor.execute(
        "INSERT INTO core_chainhead (chain, sequence, digest) SELECT DISTINCT ON (chain) chain, sequence, digest"
        " FROM core_auditevent ORDER BY chain, sequence DESC ON CONFLICT DO NOTHING"
    )


def _give_uploads(cursor: Any) -> None:
    names, values = _columns("discovery_upload", "engagement_id")
    cursor.execute(
        f"INSERT INTO discovery_upload (engagement_id, {names}) SELECT e.id, {values} FROM engagements_engagement e"
        f" JOIN discovery_upload o ON o.id = (SELECT min(id) FROM discovery_upload) WHERE e.{WORKED_ON}"
        " AND NOT EXISTS (SELECT FROM discovery_upload u WHERE u.engagement_id = e.id)"
    )
