"""The acts at a gate that are no signature, as programs do them."""

import pytest
from django.urls import reverse

from engagements.models import Delegation
from tests.engagements.journey import gate_of, sign
from tests.engagements.signers import colleague

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def route(name, engagement, *more):
    return reverse(f"api:engagements:{name}", args=[engagement.code, *(more or (1,))])


def test_how_a_gate_stands_names_the_signers_in_their_order(client, in_turns, engagement, carl, petra, vera):
    signoff = sign(in_turns, signer=carl)
    client.force_login(vera)

    said = client.get(route("gate", engagement)).json()

    assert said["state"] == "submitted"
    assert said["document"]["digest"] == in_turns.digest
    assert said["signers"] == [
        {"name": "Carl Brandt", "turn": 1, "waits_for": "", "in_place_of": None, "signature": signoff.reference},
        {"name": "Petra Lang", "turn": 2, "waits_for": "", "in_place_of": None, "signature": None},
    ]


def test_a_signature_is_handed_over_by_address(client, in_turns, engagement, carl, northlake, olga):
    colleague("Finn Aalto", northlake, olga)
    client.force_login(carl)
    body = {"to": "FINN@northlake.example", "reason": "On leave."}

    said = client.post(route("delegate", engagement), body, content_type="application/json")
    again = client.post(route("delegate", engagement), body, content_type="application/json")

    assert said.status_code == 200
    assert said.json()["signers"][0]["in_place_of"] == "Carl Brandt"
    assert again.status_code == 403
    assert Delegation.objects.count() == 1


def test_changes_are_requested_over_the_document_that_was_read(client, in_turns, engagement, carl):
    client.force_login(carl)
    url = route("request_changes", engagement)
    other = client.post(url, {"digest": "0" * 64, "reason": "x"}, content_type="application/json")

    done = client.post(url, {"digest": in_turns.digest, "reason": "Name the window."}, content_type="application/json")

    assert other.status_code == 404
    assert done.json()["state"] == "changes_requested"


def test_the_change_number_is_kept_and_a_long_one_refused(client, in_turns, engagement, carl):
    client.force_login(carl)
    url = route("reference", engagement)

    kept = client.post(url, {"text": "CHG0048213"}, content_type="application/json")
    long = client.post(url, {"text": "x" * 81}, content_type="application/json")

    assert kept.json()["external_reference"] == "CHG0048213"
    assert long.status_code == 422
    assert gate_of(engagement, 1).external_reference == "CHG0048213"
