import json
from datetime import UTC, datetime

import pytest

from delivery.feedback.exports import USUAL, as_csv, as_json, columns_in
from delivery.feedback.limits import Unreadable

ROWS = [(1, "=anna@example.org", datetime(2026, 11, 10, 9, tzinfo=UTC), None), (2, "bo@example.org", None, "5.1.1")]


def test_a_program_gets_the_names_and_the_order_that_it_expects():
    columns = columns_in("nr=id, email = recipient,when=happened_at, status")

    assert columns == (("nr", "id"), ("email", "recipient"), ("when", "happened_at"), ("status", "status"))
    assert "".join(as_csv(ROWS, columns)) == (
        "nr,email,when,status\r\n1,'=anna@example.org,2026-11-10T09:00:00+00:00,\r\n2,bo@example.org,,5.1.1\r\n"
    )
    assert [json.loads(line) for line in as_json(ROWS, columns)] == [
        {"nr": 1, "email": "=anna@example.org", "when": "2026-11-10T09:00:00+00:00", "status": None},
        {"nr": 2, "email": "bo@example.org", "when": None, "status": "5.1.1"},
    ]


def test_without_a_wish_the_usual_columns_come_under_their_own_names():
    assert columns_in(" , ") == tuple((name, name) for name in USUAL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("email=password", "“password” is no field"),
        ("=id", "cannot be the name"),
        ("e<script>=id", "cannot be the name"),
        ("a=id,a=day", "stands twice"),
    ],
)
def test_columns_that_cannot_be_are_refused_with_a_sentence(text, said):
    with pytest.raises(Unreadable, match=said):
        columns_in(text)
