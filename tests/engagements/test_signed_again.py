"""After a change: what moved, field by field, and one act that signs the new version."""

import re

import pytest
from django.urls import reverse

from engagements.changes import Wording, changed_fields, describe_changes
from engagements.domain.mark_stale import mark_stale
from tests.engagements.journey import begin, gate_of, put_up, sign
from tests.engagements.signers import colleague
from tests.engagements.test_pages import sign_url, typed
from tests.factories.engagements import delegate_signature
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]

BEFORE = {"target": "PowerMTA", "streams": [{"name": "Bulk", "route": "migrate"}], "hosts": 4}
AFTER = {"target": "PowerMTA", "streams": [{"name": "Bulk", "route": "migrate"}, {"name": "Alerts"}], "hosts": 5}


@pytest.fixture
def moved(engagement, carl, ada, facts):
    """Version 1 signed, a fact moved, version 2 out for signature: (the signature, the new document)."""
    begin(engagement, accepted_by=carl)
    signoff = sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    return signoff, put_up(engagement, 1, consultant=ada, customer=carl)


def difference_url(engagement, later, earlier):
    return reverse("engagements:difference", args=[engagement.code, later.pk, earlier.pk])


def test_each_field_that_differs_is_told_with_both_values():
    changes = changed_fields(BEFORE, AFTER)

    assert [(change.full_place, change.was, change.now) for change in changes] == [
        ("Streams, Alerts", "", "new"),
        ("Hosts", "4", "5"),
    ]
    assert describe_changes(BEFORE, AFTER) == ["Streams: Alerts is new.", "Hosts: 4 is now 5."]


def test_parts_have_their_titles_rows_their_names_and_nothing_nested_is_dumped():
    row = {"reference": "S-02", "name": "bulk", "route": "move"}
    before = {"estate": {"streams": [row]}, "weighed": None, "costs": {"years": [{"sum": 1}]}, "kept": {"a": 1}}
    after = {"estate": {"streams": [row | {"route": "stay"}]}, "weighed": {"streams": [row]}, "costs": None}

    changes = changed_fields(before, after | {"kept": {"a": 1}}, Wording({"estate": "The estate today"}))

    assert [(change.full_place, change.was, change.now) for change in changes] == [
        ("The estate today, streams, S-02 bulk, route", "move", "stay"),
        ("Weighed", "", "new"),
        ("Costs", "", "no longer there"),
    ]
    assert [change.now for change in changed_fields({"streams": [row]}, {"streams": []})] == ["no longer there"]


def test_a_code_is_told_in_the_words_of_its_field_and_other_fields_keep_theirs():
    wording = Wording(values={"language": {"en": "English", "es": "Español"}})

    said = describe_changes({"language": "en", "rows": ["en"]}, {"language": "es", "rows": ["es"]}, wording)

    assert said == ["Language: English is now Español.", "Rows, 1: en is now es."]


def test_what_a_field_says_is_told_in_full():
    long = "x" * 500

    assert changed_fields({"note": ""}, {"note": long})[0].now == long


def test_signing_the_new_version_is_one_act_and_both_receipts_name_each_other(client, moved, engagement, carl):
    first, document = moved
    sign_in(client, carl)

    page = client.get(sign_url(engagement)).content.decode()
    signed = client.post(sign_url(engagement), typed(document))

    second = document.signoffs.get()
    old = client.get(reverse("engagements:receipt", args=[first.reference])).content.decode()
    new = client.get(signed.url).content.decode()
    assert "What changed since the last signature" in page
    assert re.search(r"<td[^>]*>41</td>\s*<td[^>]*>43</td>", page)
    assert second.replaces == first
    assert gate_of(engagement, 1).state == "signed"
    assert f"{second.reference}</a> on a later version" in old
    assert f"{first.reference}</a> on an earlier version" in new


def test_the_old_receipt_leads_to_the_difference_and_to_the_new_signature(client, moved, engagement, carl, vera):
    first, document = moved
    offered = {}
    for person in (carl, vera):
        client.force_login(person)
        page = client.get(reverse("engagements:receipt", args=[first.reference])).content.decode()
        offered[person] = (difference_url(engagement, document, first.document) in page, sign_url(engagement) in page)

    assert offered == {carl: (True, True), vera: (True, False)}


def test_the_difference_is_read_by_whoever_reads_the_document(client, moved, engagement, vera, otto):
    first, document = moved
    url = difference_url(engagement, document, first.document)

    client.force_login(vera)
    page = client.get(url)
    client.force_login(otto)

    assert "1 field differs." in page.content.decode()
    assert page.context["may_sign"] is False
    assert client.get(url).status_code == 404


def test_what_is_signed_again_is_compared_by_what_both_formats_know(client, engagement, ada, carl, facts):
    begin(engagement, accepted_by=carl)
    facts["format"] = 1
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)
    facts |= {"format": 2, "only_in_the_new_format": "unmoved", "parameters": 43}
    mark_stale(engagement, actor=ada)
    put_up(engagement, 1, consultant=ada, customer=carl)
    sign_in(client, carl)

    changes = client.get(sign_url(engagement)).context["changes"]

    assert [change.after for change in changes] == [43]


def test_two_documents_and_a_difference_backwards_are_not_compared(client, moved, engagement, carl):
    first, document = moved
    client.force_login(carl)

    assert client.get(difference_url(engagement, first.document, document)).status_code == 404
    assert client.get(difference_url(engagement, document, document)).status_code == 200


def test_a_deputy_takes_the_place_of_the_signature_they_stand_in_for(moved, engagement, carl, northlake, olga):
    first, document = moved
    finn = colleague("Finn Aalto", northlake, olga)
    delegate_signature(document, actor=carl, to=finn, reason="On leave.")

    assert sign(document, signer=finn, typed_name="Finn Aalto").replaces == first
