"""Programs set and keep webhooks over the API as people do on the pages; the secret is in one answer alone."""

import pytest

from accounts.domain.make_service_user import make_service_user
from core.models import AuditEvent
from core.webhooks.posting import Answer
from core.webhooks.sealed import secret_of, url_of
from engagements.models import Endpoint
from tests.engagements.webhooks.conftest import tell
from tests.factories.accounts import make_token
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db
FACTS = {"title": "Tickets", "url": "https://hooks.example/t/path-token?key=query-token", "kinds": ["gate.signed"]}


def as_program(person):
    return {"headers": {"Authorization": f"Bearer {make_token(person, name='a program', days=30)[1]}"}}


def api_of(organization):
    return f"/api/v1/organizations/{organization.pk}/webhooks/"


def test_a_program_reads_tests_sends_again_and_removes(client, customers, carl, answering):
    answering.answers = [Answer(204, "")]
    signed, url = as_program(carl), api_of(customers.organization)
    listed = client.get(url, **signed).json()["results"][0]
    one = client.get(f"{url}{customers.pk}/", **signed).json()
    tested = client.post(f"{url}{customers.pk}/test/", {}, "application/json", **signed)
    tell()
    event = tested.json()["event_id"]
    again = client.post(f"{url}{customers.pk}/deliveries/{event}/again/", {}, "application/json", **signed)
    row = client.get(f"{url}{customers.pk}/deliveries/", **signed).json()["results"][0]
    none = client.post(f"{url}{customers.pk}/again/", {"since": "2026-01-01T00:00:00Z"}, "application/json", **signed)
    removed = client.post(f"{url}{customers.pk}/remove/", {}, "application/json", **signed)

    assert listed == one
    assert listed["title"] == "Tickets"
    assert "secret" not in f"{listed}"
    assert (tested.status_code, again.status_code) == (201, 200)
    assert (row["kind"], row["sent_at"]) == ("ping", None)
    assert none.status_code == 409
    assert removed.status_code == 204


def test_a_program_sets_one_changes_it_and_makes_a_new_secret_that_no_later_answer_tells(client, northlake, carl):
    signed, url = as_program(carl), api_of(northlake)
    made = client.post(url, FACTS, "application/json", **signed)
    one = f"{url}{made.json()['id']}/"
    first = secret_of(Endpoint.objects.get())
    renewed = client.post(f"{one}secret/", {}, "application/json", **signed)
    second = secret_of(Endpoint.objects.get())
    changed = client.post(one, {"title": "Desk", "kinds": ["quote.sent"], "version": 1}, "application/json", **signed)
    asked = {"title": "Desk", "kinds": ["quote.past_due"], "version": 2}
    wrong = client.post(one, asked, "application/json", **signed)

    endpoint = Endpoint.objects.get()
    assert (made.status_code, made.json()["secret"], made.json()["url"]) == (201, first, FACTS["url"])
    assert (renewed.status_code, renewed.json()["secret"]) == (201, second)
    assert first != second
    assert (changed.status_code, changed.json()["title"], changed.json()["kinds"]) == (200, "Desk", ["quote.sent"])
    assert (wrong.status_code, endpoint.kinds) == (422, ["quote.sent"])
    assert (url_of(endpoint), endpoint.set_by) == (FACTS["url"], carl)
    for answer in (changed, client.get(one, **signed), client.get(url, **signed)):
        assert "token" not in answer.content.decode()
        assert second not in answer.content.decode()
    done = list(
        AuditEvent.objects.filter(action__startswith="endpoint.").order_by("pk").values_list("action", flat=True)
    )
    assert done == ["endpoint.set", "endpoint.secret_renewed", "endpoint.changed"]


def test_of_two_programs_that_change_one_the_later_is_told_and_replaces_nothing(client, customers, carl):
    signed, url = as_program(carl), f"{api_of(customers.organization)}{customers.pk}/"
    read = client.get(url, **signed)

    def change(title, **version):
        headers = signed["headers"] | version.pop("headers", {})
        asked = {"title": title, "kinds": ["gate.signed"], **version}
        return client.post(url, asked, "application/json", headers=headers)

    first = change("Desk", headers={"If-Match": read["ETag"]})
    second = change("Warehouse", version=read.json()["version"])
    blind = change("Warehouse")
    strange = change("Warehouse", version=9)
    informed = change("Warehouse", version=first.json()["version"])

    assert (read["ETag"], first.status_code, first["ETag"]) == ('"1"', 200, '"2"')
    assert (second.status_code, blind.status_code, strange.status_code) == (409, 428, 409)
    assert f"{carl} changed Desk" in second.json()["detail"]
    assert (informed.status_code, Endpoint.objects.get().title) == (200, "Warehouse")
    assert AuditEvent.objects.filter(action="endpoint.changed").count() == 2


def test_a_session_that_calls_the_api_proves_who_it_is_as_on_the_page(client, customers, carl):
    sign_in_long_ago(client, carl)
    url = api_of(customers.organization)
    asked = {"title": "Desk", "kinds": ["quote.sent"], "url": "https://other.example/in", "version": 1}
    unproved = [
        client.post(f"{url}{way}", asked, "application/json")
        for way in ("", f"{customers.pk}/", f"{customers.pk}/secret/")
    ]
    before = Endpoint.objects.get()
    client.logout()
    sign_in(client, carl)
    proved = client.post(f"{url}{customers.pk}/", asked, "application/json")

    assert [answer.status_code for answer in unproved] == [422, 422, 422]
    assert all("Confirm who you are once more" in answer.json()["detail"] for answer in unproved)
    assert (before.title, secret_of(before)) == ("Tickets", secret_of(customers))
    assert proved.status_code == 200
    assert url_of(Endpoint.objects.get()) == "https://other.example/in"


def test_a_program_that_is_nobody_in_person_sets_none(client, northlake, carl):
    service = make_service_user(northlake, name="Exports", role="contributor", actor=carl)

    refused = client.post(api_of(northlake), FACTS, "application/json", **as_program(service.user))

    assert refused.status_code == 403
    assert "service user" in refused.json()["detail"]
    assert not Endpoint.objects.exists()
