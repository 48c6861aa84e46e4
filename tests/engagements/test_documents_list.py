"""The list of documents says in which language each is, and which version took the place of another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import FrozenDocument
from tests.engagements.journey import begin, put_up, sign
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def submitted(engagement, carl, ada, open_gates):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def beyond_a_thousand():
    """The next document has a number that people would write with a separator."""
    with connection.cursor() as cursor:
        name = "pg_get_serial_sequence('engagements_frozendocument', 'id')"
        cursor.execute(f"SELECT setval({name}, greatest(nextval({name}), 5000))")


def listed(client, engagement, person):
    client.force_login(person)
    return client.get(reverse("engagements:documents", args=[engagement.code]))


def test_a_version_says_which_one_replaced_it_and_the_last_says_nothing(
    client, submitted, engagement, carl, ada, facts
):
    sign(submitted, signer=carl)
    facts["language"] = "es"
    beyond_a_thousand()
    second = put_up(engagement, 1, consultant=ada, customer=carl)

    page = listed(client, engagement, carl)

    rows = {row.document.pk: row for row in page.context["rows"]}
    assert (rows[submitted.pk].language_label, rows[second.pk].language_label) == ("English", "Español")
    assert (rows[submitted.pk].newer, rows[second.pk].newer) == (second, None)
    text = page.content.decode()
    assert f'Replaced by <a href="#document-{second.pk}">version 2</a>' in text
    assert f'id="document-{second.pk}"' in text
    assert text.count("Replaced by") == 1
    assert '<td lang="es">Español</td>' in text


def test_a_language_nobody_knows_is_listed_as_the_first(client, submitted, engagement, carl, ada, facts):
    facts["language"] = "xx"
    second = put_up(engagement, 1, consultant=ada, customer=carl)

    page = listed(client, engagement, carl)

    assert {row.document.pk: row.language for row in page.context["rows"]}[second.pk] == "en"


def test_snapshots_are_not_read_for_the_list(client, submitted, engagement, carl):
    listed(client, engagement, carl)

    with CaptureQueriesContext(connection) as captured:
        listed(client, engagement, carl)

    table = FrozenDocument._meta.db_table
    of_documents = [one["sql"] for one in captured if f'FROM "{table}"' in one["sql"]]
    assert of_documents
    assert [sql for sql in of_documents if f'"{table}"."pdf"' in sql or f'"{table}"."snapshot",' in sql] == []
