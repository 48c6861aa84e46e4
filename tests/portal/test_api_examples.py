"""Every body and every refusal has an example, and each holds against its own schema."""

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from core.problems import KINDS, MEDIA_TYPE, SENTENCES
from portal.api_examples import bodies, refusals
from portal.api_schema import api_schema
from tests.laws.sources import over


def operations():
    return [said for path in api_schema()["paths"].values() for said in path.values()]


def bodies_taken():
    """The names of what is sent, in any form."""
    contents = [content for said in operations() for content in said.get("requestBody", {}).get("content", {}).values()]
    return {content["schema"].get("$ref", "").rpartition("/")[2] for content in contents}


def faults_of(name, value):
    schema = {"$ref": f"#/components/schemas/{name}", "components": api_schema()["components"]}
    return [
        f"{'.'.join(map(str, fault.absolute_path))}: {fault.message}"
        for fault in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(value)
    ]


def shape(name):
    return api_schema()["components"]["schemas"][name]


def test_every_body_has_an_example_and_no_example_is_of_another():
    taken = bodies_taken()

    assert taken == bodies().keys()
    assert "" not in taken
    assert len(taken) > 100


@over(bodies(), name=str)
def test_the_example_of_a_body_holds_against_its_schema(name):
    assert faults_of(name, bodies()[name]) == []


@over(bodies(), name=str)
def test_the_example_of_a_body_names_nothing_that_its_schema_does_not(name):
    assert bodies()[name].keys() <= shape(name)["properties"].keys()


@pytest.mark.parametrize("name", ["NewTokenRequest", "SettleRequest"])
def test_what_is_wrong_in_an_example_would_be_seen(name):
    first = next(iter(shape(name)["required"]))

    assert faults_of(name, {**bodies()[name], first: {}})
    assert faults_of(name, {key: value for key, value in bodies()[name].items() if key != first})


@over(KINDS, name=str)
def test_every_kind_of_refusal_has_an_example_that_holds_against_the_schema(status):
    told = refusals()[status]

    assert faults_of("Problem", told) == []
    assert (told["status"], told["title"]) == (status, KINDS[status][1])
    assert all(reason.endswith(".") for reason in told["reasons"])


@over(SENTENCES, name=str)
def test_the_framework_refuses_in_the_examples_as_the_portal_does(kind):
    first = next(one for one in SENTENCES if one.status_code == kind.status_code)

    assert refusals()[kind.status_code]["reasons"] == [SENTENCES[first].format(method="DELETE", wait=30)]


def test_every_operation_shows_every_kind_of_refusal_and_every_body_its_example():
    kinds = {kind for kind, _ in KINDS.values()}

    for said in operations():
        assert said["responses"]["default"]["content"][MEDIA_TYPE]["examples"].keys() == kinds
        for content in said.get("requestBody", {}).get("content", {}).values():
            assert content["examples"]["usual"]["value"] == bodies()[content["schema"]["$ref"].rpartition("/")[2]]
