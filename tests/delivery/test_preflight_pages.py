"""The pages and the API of the pre-flight."""

import re

import pytest
from django.urls import reverse

from delivery.models import SelectorKey
from delivery.preflight.book import load_book
from delivery.preflight_state import states_of
from tests.delivery.flights import RECORD, state
from tests.delivery.preflight.test_checking import GOOD

pytestmark = pytest.mark.django_db


def test_the_pages_show_the_list_and_what_was_asked_and_answered(client, engagement, asked, carl):
    client.force_login(carl)

    overview = client.get(reverse("delivery:preflight", args=[engagement.code])).content.decode()
    spf = client.get(reverse("delivery:preflight_item", args=[engagement.code, "spf"])).content.decode()

    assert f"of {len(states_of(engagement))} complete" in overview
    assert "zone file zone" in overview
    assert "v=spf1 ip4:192.0.2.0/24 -all" in spf


def test_a_statement_is_made_on_the_page_and_shown_escaped(client, engagement, kumomta, ada):
    client.force_login(ada)
    url = reverse("delivery:preflight_item", args=[engagement.code, "warm_up"])

    empty = client.post(url, {"note": "", "evidence": ""})
    sent = client.post(url, {"note": "<b>Same addresses</b>", "evidence": "The plan."})

    assert (empty.status_code, sent.status_code) == (422, 302)
    assert "&lt;b&gt;Same addresses" in client.get(url).content.decode()
    withdrawn = client.post(
        reverse("delivery:preflight_withdraw", args=[engagement.code, "warm_up"]), {"reason": "No."}
    )
    assert withdrawn.status_code == 302
    assert not state(engagement, "warm_up").holds


@pytest.mark.parametrize(("key", "leads_to"), [("target_check", "/outputs/"), ("message_id_postfix", "/volumes/")])
def test_a_check_leads_to_the_page_that_shows_it_by_more_than_a_statement(
    client, engagement, kumomta, ada, key, leads_to
):
    client.force_login(ada)

    page = client.get(reverse("delivery:preflight_item", args=[engagement.code, key])).content.decode()

    act = load_book().item(key).act
    address = re.search(rf'href="([^"]+)">{act}</a>', page)[1]
    assert address.endswith(leads_to)
    assert client.get(address).status_code == 200


def test_a_key_is_noted_on_the_page(client, engagement, asked, ada):
    client.force_login(ada)
    url = reverse("delivery:selector_note", args=[engagement.code])

    refused = client.post(url, {"record_name": RECORD, "public_key": "PRIVATE KEY"})
    noted = client.post(url, {"record_name": RECORD, "public_key": GOOD})

    assert (refused.status_code, noted.status_code) == (422, 302)
    assert "It stays on the new host" in refused.content.decode()
    assert SelectorKey.objects.get().record_name == RECORD


def test_the_api_does_the_same(client, engagement, asked, ada):
    client.force_login(ada)
    rows = client.get(reverse("api:delivery:preflight", args=[engagement.code])).json()
    one = reverse("api:delivery:check", args=[engagement.code, "warm_up"])

    sent = client.post(one, {"note": "Same addresses.", "evidence": "The plan."}, content_type="application/json")

    assert [row["key"] for row in rows] == [item.key for item in load_book().items]
    assert (sent.status_code, sent.json()["stated_by"]) == (201, "Ada Quint")
    assert client.get(one).json()["holds"] is True
    spf = client.get(reverse("api:delivery:check", args=[engagement.code, "spf"])).json()
    assert spf["answers"][0]["resolver"] == "zone file zone"
