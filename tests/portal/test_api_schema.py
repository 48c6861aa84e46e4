"""The schema of the API is whole, and the page that shows it needs nothing from elsewhere."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.api_schema import api_schema


def test_the_schema_is_drawn_up_without_a_warning(capsys):
    call_command("spectacular", "--fail-on-warn", "--validate")

    printed = capsys.readouterr()
    assert "openapi: 3" in printed.out
    assert "Warning" not in printed.err


def test_every_operation_says_how_it_refuses():
    operations = [said for path in api_schema()["paths"].values() for said in path.values()]

    silent = [said["operationId"] for said in operations if "default" not in said["responses"]]

    assert operations
    assert silent == []


def test_every_post_takes_a_key_and_no_other_method_does():
    taking = {
        (path, method)
        for path, operations in api_schema()["paths"].items()
        for method, said in operations.items()
        if any(one["name"] == "Idempotency-Key" for one in said.get("parameters", ()))
    }

    posts = {(path, "post") for path, operations in api_schema()["paths"].items() if "post" in operations}
    assert taking == posts
    assert posts


@pytest.mark.django_db
def test_the_page_names_every_operation_and_loads_nothing_from_elsewhere(client):
    page = client.get(reverse("api:docs")).content.decode()

    missing = [path for path in api_schema()["paths"] if path not in page]
    assert missing == []
    assert 'src="http' not in page
    assert 'href="http' not in page


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_a_problem_and_no_page(client):
    answer = client.get("/api/v1/nothing/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/api/docs/#problem-nothing-here"


def test_whatever_may_be_left_out_of_a_query_may_be_sent_empty():
    texts = [
        asked["schema"]
        for path in api_schema()["paths"].values()
        for said in path.values()
        for asked in said.get("parameters", ())
        if asked["in"] == "query" and not asked.get("required") and asked["schema"].get("type") == "string"
    ]

    refusing = [said for said in texts if said.get("minLength") or "" not in said.get("enum", [""])]

    assert refusing == []
    assert any("enum" in said for said in texts)


def test_what_a_query_has_to_say_may_not_be_empty():
    (asked,) = [one for one in api_schema()["paths"]["/api/v1/search/"]["get"]["parameters"] if one["name"] == "q"]

    assert asked["required"]
    assert asked["schema"]["minLength"] > 0
