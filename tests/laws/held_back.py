"""What the second guard had to hold back: statements that find less under it than they ask for.

Each is a filter that was forgotten, or a count over all customers that forgot `without_guard`.
"""

import traceback
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from accounts.guard import door

ROOT = Path(__file__).parents[2]
PASSED_THROUGH = ("tests/", ".venv/", "accounts/guard/", "manage.py")
WRITES = ("FOR UPDATE", "FOR NO KEY", "FOR SHARE", "FOR KEY", "set_config", "nextval")


@contextmanager
def held_back():
    """Collects {place in the code: statement} while it lasts. Needs a transaction around each request."""
    found = {}

    def ask_twice(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not many and _is_guarded_reading(sql) and _rows(sql, params, whole=False) != _rows(sql, params, whole=True):
            found[_place()] = str(sql)
        return result

    with connection.execute_wrapper(ask_twice):
        yield found


def _is_guarded_reading(sql):
    text = str(sql).lstrip()
    is_held = connection.connection in door._held and door.guarded_reader() is not None
    return is_held and text.startswith("SELECT") and not any(word in text for word in WRITES)


def _rows(sql, params, *, whole):
    """Sorted, since a statement without an order may give another one each time."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT asked_twice")
        if whole:
            cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(sql, params)
        rows = sorted(map(repr, cursor.fetchall()))
        cursor.execute("ROLLBACK TO SAVEPOINT asked_twice")
        cursor.execute("RELEASE SAVEPOINT asked_twice")
    return rows


def _place():
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(PASSED_THROUGH):
                return f"{name}:{frame.lineno}"
    return "outside of the project"
