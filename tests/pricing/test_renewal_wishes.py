"""Sales reads in the pipeline that a customer wants a new quote in place of an expired one."""

import pytest
from django.urls import reverse

from pricing.domain.ask_renewal import ask_renewal
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.revise_quote import revise_quote
from tests.factories.pricing import fetch, make_sent_quote
from tests.pricing.pages import text_of, url_of
from tests.pricing.test_pipeline import HOUR, PIPELINE, names

pytestmark = pytest.mark.django_db


def test_the_wish_for_a_new_quote_stands_in_the_pipeline_until_there_is_one(client, sam, carl, northlake, time_machine):
    sent = make_sent_quote(northlake, actor=sam)
    time_machine.move_to(sent.valid_until + HOUR, tick=False)
    client.force_login(sam)
    before = names(client.get(PIPELINE))

    ask_renewal(fetch(sent), actor=carl)
    expire_quotes()
    asked = client.get(PIPELINE)
    over_api = client.get(reverse("api:requests:pipeline")).json()["groups"]
    revise_quote(fetch(sent), actor=sam)
    after = names(client.get(PIPELINE))

    assert before == [("sent", ["Northlake Logistics"])]
    assert names(asked) == [("renewal", ["Northlake Logistics"])]
    assert "Carl Brandt asked for it" in text_of(asked)
    assert f'href="{url_of("quote", sent.reference)}"' in asked.content.decode()
    assert [group["kind"] for group in over_api] == ["renewal"]
    assert over_api[0]["rows"][0]["renewal_asked_at"]
    assert "renewal" not in dict(after)


def test_an_expired_quote_nobody_asked_to_renew_is_named_as_expired(client, sam, northlake, time_machine):
    sent = make_sent_quote(northlake, actor=sam)
    time_machine.move_to(sent.valid_until + HOUR, tick=False)
    expire_quotes()
    client.force_login(sam)

    page = client.get(PIPELINE)

    assert names(page) == [("idle", ["Northlake Logistics"])]
    assert f"{sent.reference} expired" in text_of(page)
