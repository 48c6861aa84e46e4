"""Requests and quotes over the API do what the pages do: the same sentences, versions and records."""

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from engagements.models import FrozenDocument
from pricing.models import Quote, Request
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import MULTI_IP, STAY, make_draft, make_request, work_off

pytestmark = pytest.mark.django_db

POINTS = {
    "month": 9_400_000,
    "peak": 410_000,
    "ips": 6,
    "pools": 2,
    "streams": 2,
    "tenants": 0,
    "domains": 1,
    "components": {"milters": 2, "bounce": 1, "fbl": 1, "other": 0},
    "team": "full_execution",
}
CONTACT = {"contact_name": "Carl Brandt", "contact_email": "Carl@Northlake.example", "source": "call"}


@pytest.fixture
def api(client, sam):
    """Ask as Sam, or as `person`; names of routes without their prefix."""

    def ask(name, *arguments, method="get", sent=None, person=sam, **headers):
        client.force_login(person)
        url = reverse(f"api:{name}", args=arguments)
        if method == "get":
            return client.get(url, sent or {})
        return client.post(url, sent or {}, "application/json", headers=headers)

    return ask


def test_a_request_is_recorded_with_whatever_is_known(api, northlake):
    sent = {**CONTACT, "organization": northlake.name, "points": {"month": 9_400_000}}

    answer = api("requests:list", method="post", sent=sent)

    saved = Request.objects.get()
    assert answer.status_code == 201
    assert answer["ETag"] == '"1"'
    assert answer.json()["missing"] == [
        "volume (messages on the busiest day)",
        "IPs and streams",
        "custom components",
        "team",
    ]
    assert answer.json()["due_at"] is None
    assert (saved.month, saved.peak, saved.contact_email) == (9_400_000, None, "carl@northlake.example")
    assert saved.engagement.organization == northlake


def test_a_new_customer_comes_with_its_request(api):
    new = {"name": "Orrin Freight", "time_zone": "Europe/Madrid"}

    answer = api("requests:list", method="post", sent={**CONTACT, "new_customer": new, "points": POINTS})

    assert answer.status_code == 201
    assert answer.json()["organization"] == "Orrin Freight"
    assert answer.json()["missing"] == []
    assert answer.json()["due_at"] is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"points": {**POINTS, "month": -1}}, "points.month"),
        ({"points": {**POINTS, "ips": 0}}, "points.ips"),
        ({"points": {**POINTS, "team": "nobody"}}, "points.team"),
        ({"contact_email": "carl"}, "contact_email"),
        ({"organization": "Nobody Knows"}, "organization"),
        ({"new_customer": {"name": "Orrin", "time_zone": "Mars/Olympus"}}, "new_customer.time_zone"),
        ({"new_customer": {"name": "Orrin", "time_zone": "Europe/Madrid"}}, ""),
    ],
)
def test_what_is_wrong_with_a_request_is_named_and_nothing_is_kept(api, northlake, changes, field):
    sent = {**CONTACT, "organization": northlake.name, "points": POINTS, **changes}

    answer = api("requests:list", method="post", sent=sent)

    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert Request.objects.count() == 0


def test_a_preview_is_the_published_example_and_saves_nothing(api):
    answer = api("requests:preview", method="post", sent={"points": POINTS})

    offer = answer.json()["offer"]
    assert (offer["tier"]["key"], offer["total"]) == ("multi_ip", "USD 28,500")
    assert offer["diagnosis"]["band"] == "migrate"
    assert offer["licence"]["over_years"].startswith("USD ")
    assert Request.objects.count() == 0


def test_data_points_are_completed_at_the_version_that_was_read(api, northlake, sam):
    request = make_request(northlake, actor=sam)
    code = request.engagement.code
    tag = api("requests:request", code)["ETag"]
    sent = {**CONTACT, "points": {**POINTS, "ips": 9}}

    changed = api("requests:request", code, method="post", sent=sent, if_match=tag)
    late = api("requests:request", code, method="post", sent={**sent, "version": 1})
    blind = api("requests:request", code, method="post", sent=sent)

    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert changed.json()["leads_to"]["offer"]["tier"]["key"] == "enterprise"
    assert late.status_code == 409
    assert late.json()["reasons"][0].startswith("Sam")
    assert blind.status_code == 428
    assert AuditEvent.objects.filter(action="request.changed").count() == 1


def test_a_quote_goes_from_draft_to_receipt(api, northlake, sam, carl):
    code = make_request(northlake, actor=sam).engagement.code

    draft = api("requests:draft", code, method="post").json()
    asked = api("quotes:send", draft["reference"], method="post", sent={"digest": draft["digest"]})
    work_off()
    paper = api("quotes:paper", draft["reference"]).json()
    sent = api("quotes:quote", draft["reference"]).json()
    pdf = api("quotes:pdf", draft["reference"], person=carl)
    agreed = {"digest": sent["digest"], "may_accept": True, "po_number": "PO-77"}
    receipt = api("quotes:accept", draft["reference"], method="post", sent=agreed, person=carl).json()

    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    assert (paper["state"], paper["result"]) == ("done", {"reference": draft["reference"]})
    assert (draft["state"], sent["state"]) == ("draft", "sent")
    assert sent["consent"].startswith("I")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["ETag"] == f'"{sent["digest"]}"'
    assert receipt["total"] == {"amount": "28500.00", "currency": "USD"}
    assert receipt["po_number"] == "PO-77"
    assert api("quotes:receipt", draft["reference"], person=carl).json() == receipt
    assert Quote.objects.get().state == "accepted"


def test_a_draft_that_changed_after_it_was_reviewed_is_not_sent(api, northlake, sam):
    draft = make_draft(northlake, actor=sam)

    answer = api("quotes:send", draft.reference, method="post", sent={"digest": "0" * 64})

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert draft.state == "draft"


def test_accepting_another_text_or_without_the_declaration_accepts_nothing(api, sent, carl):
    other = {"digest": "0" * 64, "may_accept": True}
    silent = {"digest": sent.document.digest, "may_accept": False}

    answers = [api("quotes:accept", sent.reference, method="post", sent=one, person=carl) for one in (other, silent)]

    sent.refresh_from_db()
    assert [answer.status_code for answer in answers] == [409, 422]
    assert sent.state == "sent"


def test_an_amount_that_is_sent_along_changes_nothing(api, sent, carl):
    agreed = {"digest": sent.document.digest, "may_accept": True, "total": "1.00", "fee": "1.00"}

    answer = api("quotes:accept", sent.reference, method="post", sent=agreed, person=carl)

    assert answer.json()["total"]["amount"] == "28500.00"
    assert Quote.objects.get().engagement.fee.amount == 28500


def test_declining_asks_for_a_reason_of_the_list(api, sent, carl):
    unknown = api("quotes:decline", sent.reference, method="post", sent={"reason": "mood"}, person=carl)
    answer = api("quotes:decline", sent.reference, method="post", sent={"reason": "price"}, person=carl)

    assert unknown.status_code == 422
    assert answer.json()["state"] == "declined"
    assert answer.json()["declined_by"] == "Carl Brandt"


def test_a_question_about_a_quote_accepts_and_declines_nothing(api, sent, carl):
    answer = api("quotes:changed", sent.reference, method="post", sent={"text": "Nine IPs since May."}, person=carl)

    sent.refresh_from_db()
    assert answer.status_code == 201
    assert answer.json()["about"] == f"Quote {sent.reference}"
    assert sent.state == "sent"


def test_a_revision_takes_the_place_of_the_quote_and_can_be_withdrawn(api, sent):
    revision = api("quotes:revise", sent.reference, method="post").json()
    withdrawn = api("quotes:withdraw", revision["reference"], method="post", sent={"reason": "A slip."}).json()

    sent.refresh_from_db()
    assert sent.state == "superseded"
    assert revision["reference"].endswith("-B")
    assert withdrawn["state"] == "withdrawn"


def test_the_advice_to_stay_is_a_document_with_its_refund(api, northlake, sam):
    code = make_request(northlake, actor=sam, points=STAY).engagement.code

    answer = api("requests:stay", code, method="post", sent={"reason": "One IP, one stream."})
    work_off()
    paper = api("requests:paper", code).json()

    assert (answer.status_code, answer.json()["result"]) == (202, None)
    document = FrozenDocument.objects.get(kind="stay_advice")
    assert (paper["state"], paper["result"]) == ("done", {"document": document.pk})
    assert (document.snapshot["note"], bool(document.snapshot["refund"])) == ("One IP, one stream.", True)


def test_a_list_of_quotes_holds_what_the_reader_may_read(api, sent, draft_elsewhere, sam, carl, vera, otto):
    lists = {person.full_name: api("quotes:list", person=person).json() for person in (sam, carl, vera, otto)}

    found = {name: [row["reference"] for row in rows["results"]] for name, rows in lists.items()}
    assert found["Sam Ortiz"] == [draft_elsewhere.reference, sent.reference]
    assert found[carl.full_name] == [sent.reference]
    assert found[vera.full_name] == []
    assert found[otto.full_name] == []


@pytest.fixture
def draft_elsewhere(sent, sam):
    return make_draft(CustomerFactory(), actor=sam)


def test_lists_are_narrowed(api, sent, draft_elsewhere):
    drafts = api("quotes:list", sent={"state": "draft"}).json()
    of_northlake = api("quotes:list", sent={"code": sent.engagement.code}).json()
    odd = api("quotes:list", sent={"state": "lost"})

    assert [row["reference"] for row in drafts["results"]] == [draft_elsewhere.reference]
    assert [row["reference"] for row in of_northlake["results"]] == [sent.reference]
    assert odd.status_code == 422


@pytest.mark.parametrize("name", ["requests:list", "quotes:list", "requests:pipeline"])
def test_a_list_costs_the_same_for_one_row_and_for_twelve(sam, name, django_assert_max_num_queries):
    client = Client()
    client.force_login(sam)
    make_draft(CustomerFactory(), actor=sam)
    client.get(reverse(f"api:{name}"))
    with django_assert_max_num_queries(100) as one:
        client.get(reverse(f"api:{name}"))
    for _ in range(11):
        make_draft(CustomerFactory(), actor=sam, points=MULTI_IP)

    with django_assert_max_num_queries(100) as twelve:
        client.get(reverse(f"api:{name}"))

    assert len(twelve) == len(one)
