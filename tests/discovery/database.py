"""All that is stored."""

import io

from django.apps import apps
from django.db import connection


def everything_in_the_database():
    """Each text, number and byte column of each table, as the server prints it."""
    dump = io.StringIO()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            dump.writelines(f"{model._meta.db_table}: {row[0]}\n" for row in cursor.fetchall())
    return dump.getvalue()
