"""Copies of all engagements there are, with their customers, people and rows, in one statement a table.

Each key of a copy is that of its original and a multiple of the stride: so every column that points at a copied row
is moved by as much. Triggers and foreign keys rest meanwhile, as in `tests.factories.portfolio`; the ledger of a copy
has the right length and does not verify. Files are copied by their first bytes.
"""

from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from accounts.guard.policies import condition_of
from accounts.models import Membership, User
from benchmarks.large.staff import Staff
from discovery.models import UnreadFile

FIRST_BYTES = 64
RESTING = "SET LOCAL session_replication_role = replica"
AWAKE = "SET LOCAL session_replication_role = origin"


def copied_models() -> list[type[models.Model]]:
    """What belongs to an engagement or a customer, the files of it, and the people with their addresses."""
    owned = [one for one in apps.get_models(include_auto_created=True) if condition_of(one)]
    return [*owned, UnreadFile, User, apps.get_model("account", "EmailAddress")]


def copy_everything(times: int, staff: Staff) -> None:
    """As often besides what is there. Inside a transaction whose triggers rest."""
    copied = copied_models()
    stride = 10 ** len(str(max(highest_key(model) for model in copied)))
    tables = {model._meta.db_table for model in copied}
    with connection.cursor() as cursor:
        for model in copied:
            cursor.execute(copy_of(model, tables, stride, staff, times))
        for model in copied:
            move_sequence(cursor, model)


def highest_key(model: type[models.Model]) -> int:
    highest = model.objects.aggregate(most=models.Max("pk"))["most"] if has_number(model._meta.pk) else 0
    return highest or 1


def has_number(field: Any) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField)


def copy_of(model: type[models.Model], tables: set[str], stride: int, staff: Staff, times: int) -> sql.Composed:
    columns = [field for field in model._meta.local_concrete_fields if not field.generated]
    statement = "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} o, generate_series(1, {times}) k {rest}"
    return sql.SQL(statement).format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(sql.Identifier(field.column) for field in columns),
        values=sql.SQL(", ").join(value_of(field, tables, stride, staff) for field in columns),
        times=sql.Literal(times),
        rest=sql.SQL(without_practice(model, staff)),
    )


def without_practice(model: type[models.Model], staff: Staff) -> str:
    """The practice and its people are there once."""
    of_people = {User: "o.id", Membership: "o.user_id", apps.get_model("account", "EmailAddress"): "o.user_id"}
    if column := of_people.get(model):
        return f"WHERE {column} <> ALL (ARRAY{staff.everybody}::bigint[])"
    if model._meta.label == "accounts.Duty":
        of_practice = f"SELECT id FROM accounts_membership WHERE user_id = ANY (ARRAY{staff.everybody})"
        return f"WHERE o.membership_id NOT IN ({of_practice})"
    return "WHERE o.kind = 'customer'" if model._meta.label == "accounts.Organization" else ""


def value_of(field: Any, tables: set[str], stride: int, staff: Staff) -> sql.Composable:
    column = sql.SQL("o.") + sql.Identifier(field.column)
    moved = column + sql.SQL(f" + {stride} * k")
    if has_number(field):
        return moved
    if field.is_relation:
        target = field.related_model._meta.db_table
        if field.related_model is User:
            return sql.SQL(staff.in_turn(f'o."{field.column}"', stride))
        if target == "accounts_organization":
            return sql.SQL(f"CASE WHEN {{0}} = {staff.practice} THEN {{0}} ELSE {{1}} END").format(column, moved)
        return moved if target in tables else column
    return value_apart(field, column, stride)


def value_apart(field: Any, column: sql.Composable, stride: int) -> sql.Composable:
    """What has to differ from the original, though no column of it points anywhere."""
    if field.column == "chain":
        number = f"'engagement:' || (substr({{0}}, 12)::bigint + {stride} * k)"
        return sql.SQL(f"CASE WHEN {{0}} LIKE 'engagement:%' THEN {number} ELSE {{0}} || '-' || k END").format(column)
    if field.model._meta.label == "pricing.Call" and field.name == "starts_at":
        return column + sql.SQL(" + k * interval '7 days'")  # nobody takes two calls at once
    if isinstance(field, models.BinaryField):
        return sql.SQL(f"substr({{0}}, 1, {FIRST_BYTES})").format(column)
    if isinstance(field, models.UUIDField):
        return sql.SQL("md5({0}::text || k)::uuid").format(column)
    return words_apart(field, column) if is_told_apart(field) else column


def words_apart(field: Any, column: sql.Composable) -> sql.Composable:
    if field.name == "email":
        return sql.SQL("k || '.' || {0}").format(column)
    copied = "md5({0}) || md5({0} || '/' || k)" if "digest" in field.name else "{0} || '-' || k"
    return sql.SQL(f"CASE WHEN {{0}} = '' THEN '' ELSE {copied} END").format(column)


def is_told_apart(field: Any) -> bool:
    """Whether its words are alone in the table, or with a few others that do not point anywhere."""
    if not isinstance(field, models.CharField | models.TextField):
        return False
    named = {field.name: field for field in field.model._meta.local_concrete_fields}
    constraints = [one.fields for one in field.model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    alone = [names for names in constraints if not any(named[name].is_relation for name in names)]
    return field.unique or field.name == "email" or any(field.name in names for names in alone)


def move_sequence(cursor: Any, model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    if has_number(model._meta.pk):
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT coalesce(max({key}), 1) FROM {table}))"
        )
