"""Whether the guard is there: `manage.py check --deploy --database default` says what is missing, and what to type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks
from django.core.checks import Tags, register
from django.db import DatabaseError, connections

if TYPE_CHECKING:
    from collections.abc import Sequence

CAN_TAKE_ROLE = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND NOT rolsuper AND NOT rolbypassrls
AND pg_has_role(oid, 'MEMBER'))
"""


@register(Tags.database, deploy=True)
def warn_of_missing_guard(*, databases: Sequence[str] | None = None, **_: Any) -> list[checks.Warning]:
    if not settings.GUARD_ROLE:
        return [_warning("GUARD_ROLE is empty: nothing stands behind a filter that a page forgot.", "Leave it unset.")]
    if "default" not in (databases or ()) or _can_take_role():
        return []
    role = settings.GUARD_ROLE
    return [
        _warning(
            f"The portal's account cannot act as the role {role}: nothing stands behind a filter that a page forgot.",
            f"As an administrator of PostgreSQL: CREATE ROLE {role} NOLOGIN; GRANT {role} TO the portal's account;"
            " then run python -m portal.prepare. See docs/guard.md.",
        )
    ]


def _warning(sentence: str, hint: str) -> checks.Warning:
    return checks.Warning(sentence, hint=hint, id="gatepost.W111")


def _can_take_role() -> bool:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(CAN_TAKE_ROLE, [settings.GUARD_ROLE])
            row = cursor.fetchone()
    except DatabaseError:
        return False
    return bool(row and row[0])
