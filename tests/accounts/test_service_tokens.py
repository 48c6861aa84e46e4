"""Tokens of service users that are made with a token: they end with it."""

import pytest
from django.urls import reverse

from accounts.domain.revoke_token import revoke_token
from accounts.models import AccessToken
from core.errors import Conflict
from core.models import AuditEvent
from tests.factories.accounts import make_service_token, make_token
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db

ENGAGEMENTS = "/api/v1/engagements/"
SENT = {"name": "nightly", "scope": "read", "days": 7}


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def tokens_url(desk):
    return reverse("api:services:tokens", args=[desk.organization_id, desk.pk])


def test_one_made_with_a_token_does_not_outlast_it(client, carl, desk):
    own, text = make_token(carl, name="deployment", days=30)

    shorter = client.post(tokens_url(desk), SENT, "application/json", headers=bearer(text))
    longer = client.post(
        tokens_url(desk), {**SENT, "name": "other", "days": 365}, "application/json", headers=bearer(text)
    )

    assert shorter.status_code == 201, shorter.content
    assert longer.status_code == 422
    assert "deployment, which you signed in with, runs out before that." in longer.json()["detail"]
    (made,) = AccessToken.objects.of(desk.user)
    assert (made.name, made.made_with) == ("nightly", own)


def test_a_person_in_a_browser_makes_one_that_ends_by_itself(client, carl, desk):
    own, _ = make_token(carl, name="deployment", days=7)
    sign_in(client, carl)

    made = client.post(tokens_url(desk), {**SENT, "days": 365}, "application/json")
    revoke_token(own, actor=carl)

    assert made.status_code == 201, made.content
    assert [one.made_with for one in AccessToken.objects.of(desk.user)] == [None]


def test_it_is_made_after_a_fresh_proof_on_the_page_and_over_the_api(client, carl, desk):
    page = reverse("accounts:service", args=[desk.organization_id, desk.pk])
    sign_in_long_ago(client, carl)

    unproved = client.post(page, {**SENT, "days": "7"})
    over_the_api = client.post(tokens_url(desk), SENT, "application/json")
    before = AccessToken.objects.exists()
    client.logout()
    sign_in(client, carl)
    made = client.post(page, {**SENT, "days": "7"})

    assert unproved.url.startswith(reverse("account_reauthenticate"))
    assert (over_the_api.status_code, before) == (422, False)
    assert "Confirm who you are once more" in over_the_api.json()["detail"]
    assert made.context["made"]
    assert [token.name for token in AccessToken.objects.of(desk.user)] == ["nightly"]


def test_revoking_the_persons_token_ends_it_and_the_ledger_says_whose_it_was(client, carl, desk):
    own, text = make_token(carl, name="deployment", days=30)
    nightly = client.post(tokens_url(desk), SENT, "application/json", headers=bearer(text)).json()["token"]
    make_service_token(desk, name="by hand", days=30, scope="read", actor=carl)

    revoke_token(own, actor=carl)

    refused = client.get(ENGAGEMENTS, headers=bearer(nightly))
    assert refused.status_code == 401
    assert [one.name for one in AccessToken.objects.of(desk.user)] == ["by hand"]
    assert AuditEvent.objects.get(action="token.revoked").data["name"] == "deployment"
    ended = AuditEvent.objects.get(action="service.token_revoked")
    assert (ended.data["service"], ended.data["name"]) == ("Ticket desk", "nightly")
    assert ended.subject_id == f"{desk.pk}"


def test_none_is_made_with_a_token_that_was_revoked_meanwhile(carl, desk):
    own, _ = make_token(carl, name="deployment", days=30)
    AccessToken.objects.filter(pk=own.pk).delete()

    with pytest.raises(Conflict, match="was revoked meanwhile"):
        make_service_token(desk, name="nightly", days=7, scope="read", actor=carl, made_with=own)

    assert not AccessToken.objects.of(desk.user).exists()


def test_one_for_something_else_is_told_who_makes_another(client, carl, desk, engagement):
    _, text = make_service_token(desk, name="nightly", days=30, scope="upload", actor=carl)

    refused = client.get(ENGAGEMENTS, headers=bearer(text))

    assert refused.status_code == 403
    assert refused.json()["detail"].endswith("Whoever keeps the service user makes one for it.")
    assert "profile" not in refused.json()["detail"]


def test_the_page_of_the_api_says_where_either_kind_of_token_is_made(client):
    page = client.get("/api/docs/").content.decode()

    assert "or a service user, whose tokens are made on the page of its organization" in page
    assert reverse("accounts:tokens") in page


def test_the_page_of_a_service_user_speaks_of_it_where_the_profile_speaks_of_its_reader(client, carl, desk):
    make_token(carl, name="own", days=7)
    make_service_token(desk, name="nightly", days=7, scope="all", actor=carl)
    client.force_login(carl)

    service = client.get(reverse("accounts:service", args=[desk.organization_id, desk.pk])).text
    own = client.get(reverse("accounts:tokens")).text

    assert service.count("Everything the service user may do") == 2  # in the table and in the form
    assert "verything you may do" not in service
    assert own.count("Everything you may do") == 2
    assert "service user may do" not in own
