"""Access tokens: what a program signs in with, made, shown once, used and revoked by its person."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.domain.revoke_token import revoke_token
from accounts.models import AccessToken
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from core.scopes import Scope
from tests.conftest import PASSWORD
from tests.factories.accounts import make_token
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db

ENGAGEMENTS = "/api/v1/engagements/"


def prove(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def test_a_token_is_shown_once_and_kept_nowhere_as_text(client, ada):
    sign_in(client, ada)

    made = client.post(reverse("accounts:tokens"), {"name": "export", "scope": "all", "days": "30"})
    later = client.get(reverse("accounts:tokens"))

    text = made.context["made"]
    assert text in made.content.decode()
    assert text not in later.content.decode()
    assert text not in str(list(AccessToken.objects.values()))
    assert "export" in later.content.decode()


def test_a_token_is_made_after_a_fresh_proof_and_what_was_typed_is_kept(client, ada):
    page, sent = reverse("accounts:tokens"), {"name": "export", "scope": "read", "days": "7"}
    sign_in_long_ago(client, ada)

    unproved = client.post(page, sent)
    asked = client.post(page, {"name": "half", "prove": "1"})
    over_the_api = client.post(TOKENS, {**sent, "days": 7}, "application/json")
    made_before = AccessToken.objects.exists()
    client.post(page, sent)
    prove(client)
    back = client.get(page)
    made = client.post(page, sent)

    for answer in (unproved, asked):
        assert answer.status_code == 302
        assert answer.url.startswith(f"{reverse('account_reauthenticate')}?next=%2F")
        assert answer.url.endswith("%23sign")
    assert over_the_api.status_code == 422
    assert "Confirm who you are once more" in over_the_api.json()["detail"]
    assert not made_before
    assert 'value="export"' in back.content.decode()
    assert "You have confirmed who you are. Nothing is made yet." in back.content.decode()
    assert made.context["made"]
    assert [(token.name, token.scope) for token in AccessToken.objects.of(ada)] == [("export", "read")]


@pytest.mark.parametrize("age", [None, timedelta(hours=1)])
def test_no_token_is_made_on_an_old_proof(ada, age):
    proved = None if age is None else timezone.now() - age

    with pytest.raises(DomainError, match="Confirm who you are once more"):
        make_token(ada, name="export", days=30, authenticated_at=proved)

    assert not AccessToken.objects.exists()
    assert not AuditEvent.objects.filter(action="token.made").exists()


def test_a_program_sees_what_its_person_sees(client, ada, otto, engagement):
    _, adas = make_token(ada, name="export", days=30)
    _, ottos = make_token(otto, name="export", days=30)

    of_ada = client.get(ENGAGEMENTS, headers=bearer(adas)).json()
    of_otto = client.get(ENGAGEMENTS, headers=bearer(ottos)).json()

    assert [row["code"] for row in of_ada["results"]] == [engagement.code]
    assert of_otto["count"] == 0


def test_the_use_of_a_token_is_remembered(client, ada):
    token, text = make_token(ada, name="export", days=30)

    client.get(ENGAGEMENTS, headers=bearer(text))

    token.refresh_from_db()
    assert token.last_used_at is not None


def test_what_a_program_does_names_its_token_in_the_ledger(client, ada, engagement):
    _, text = make_token(ada, name="export", days=30)
    url = reverse("api:discovery:dossiers", args=[engagement.code])

    answer = client.post(
        url, {"kind": "milter", "name": "tagger", "source": "lost"}, "application/json", headers=bearer(text)
    )

    event = AuditEvent.objects.select_related("origin").get(action="dossier.added")
    assert answer.status_code == 201
    assert event.actor == ada
    assert event.origin.authentication == "token export"


@pytest.mark.parametrize("text", ["wrong", "a b", "x\udc80", "\x00" * 9, "0" * 128], ids=repr)
def test_a_token_nobody_made_lets_nobody_in(client, ada, text):
    answer = client.get(ENGAGEMENTS, HTTP_AUTHORIZATION=f"Bearer {text}".encode("latin-1", "replace").decode("latin-1"))

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_that_has_run_out_lets_nobody_in(client, ada):
    token, text = make_token(ada, name="export", days=7)
    AccessToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))

    assert client.get(ENGAGEMENTS, headers=bearer(text)).status_code == 401


def test_a_revoked_token_lets_nobody_in_and_the_others_stay(client, ada):
    token, text = make_token(ada, name="export", days=30)
    _, other = make_token(ada, name="tickets", days=30)
    client.force_login(ada)

    client.post(reverse("accounts:token_revoke", args=[token.reference]))
    client.logout()

    assert client.get(ENGAGEMENTS, headers=bearer(text)).status_code == 401
    assert client.get(ENGAGEMENTS, headers=bearer(other)).status_code == 200
    assert AuditEvent.objects.filter(action="token.revoked", actor=ada).count() == 1


def test_nobody_revokes_the_token_of_somebody_else(client, ada, olga):
    token, text = make_token(ada, name="export", days=30)
    client.force_login(olga)

    answer = client.post(reverse("accounts:token_revoke", args=[token.reference]))
    client.logout()

    assert answer.status_code == 404
    assert client.get(ENGAGEMENTS, headers=bearer(text)).status_code == 200


def test_two_tokens_of_a_person_have_two_names(ada):
    make_token(ada, name="export", days=30)

    with pytest.raises(Conflict, match="named export already"):
        make_token(ada, name=" export ", days=30)

    assert AccessToken.objects.of(ada).count() == 1


def test_a_lifetime_nobody_offers_is_refused(ada):
    with pytest.raises(DomainError):
        make_token(ada, name="export", days=100_000)

    assert not AccessToken.objects.exists()


def test_staff_without_the_second_factor_get_no_further_with_a_token(client, ada, settings):
    _, text = make_token(ada, name="export", days=30)
    settings.STAFF_SECOND_FACTOR_REQUIRED = True

    answer = client.get(ENGAGEMENTS, headers=bearer(text))

    assert answer.status_code == 403
    assert answer.json()["reasons"] == ["Members of the practice set up a second factor in the browser first."]


def test_a_token_says_what_it_is_for_on_the_page_and_in_the_ledger(client, ada):
    sign_in(client, ada)

    client.post(reverse("accounts:tokens"), {"name": "collector", "scope": "upload", "days": "30"})

    page = client.get(reverse("accounts:tokens")).content.decode()
    assert "Handing over configurations and logs, and reading nothing" in page
    assert AuditEvent.objects.get(action="token.made").data["scope"] == "upload"


def test_a_token_for_reading_reads_and_changes_nothing(client, ada, engagement):
    _, text = make_token(ada, name="dashboard", days=30, scope=Scope.READ)
    url = reverse("api:discovery:dossiers", args=[engagement.code])

    read = client.get(url, headers=bearer(text))
    refused = client.post(
        url, {"kind": "milter", "name": "tagger", "source": "lost"}, "application/json", headers=bearer(text)
    )

    assert read.status_code == 200
    assert refused.status_code == 403
    assert "it is for reading, and changing nothing" in refused.json()["detail"]
    assert not AuditEvent.objects.filter(action="dossier.added").exists()


def test_a_token_of_a_collector_hands_over_and_reads_nothing(client, ada, engagement):
    _, text = make_token(ada, name="collector", days=30, scope=Scope.UPLOAD)
    url = reverse("api:discovery:uploads", args=[engagement.code])
    file = SimpleUploadedFile("main.cf", b"myhostname = mta9.northlake.example\n")

    sent = client.post(url, {"host_label": "mta9", "bundle": file}, headers=bearer(text))

    assert sent.status_code == 201
    assert client.get(url, headers=bearer(text)).status_code == 403
    assert client.get(ENGAGEMENTS, headers=bearer(text)).status_code == 403


def test_a_token_gives_nothing_that_its_person_may_not(client, vera, engagement):
    _, text = make_token(vera, name="collector", days=30, scope=Scope.UPLOAD)
    url = reverse("api:discovery:uploads", args=[engagement.code])
    file = SimpleUploadedFile("main.cf", b"myhostname = mta9.northlake.example\n")

    refused = client.post(url, {"host_label": "mta9", "bundle": file}, headers=bearer(text))

    assert refused.status_code == 403
    assert "Your role at Northlake Logistics" in refused.json()["detail"]


TOKENS = "/api/v1/profile/tokens/"


def test_a_program_makes_a_token_that_does_not_outlast_its_own(client, ada):
    _, text = make_token(ada, name="deployment", days=30)
    sent = {"name": "collector", "scope": "upload"}

    shorter = client.post(TOKENS, {**sent, "days": 7}, "application/json", headers=bearer(text))
    longer = client.post(TOKENS, {**sent, "name": "x", "days": 90}, "application/json", headers=bearer(text))

    assert shorter.status_code == 201
    assert shorter.json()["token"] not in str(list(AccessToken.objects.values()))
    assert longer.status_code == 422
    assert "runs out before that" in longer.json()["detail"]
    assert {token.name for token in AccessToken.objects.of(ada)} == {"deployment", "collector"}


def test_the_list_over_the_api_shows_ones_own_and_no_text(client, ada, olga):
    token, text = make_token(ada, name="dashboard", days=30, scope=Scope.READ)
    make_token(olga, name="of Olga", days=30)

    rows = client.get(TOKENS, headers=bearer(text)).json()["results"]

    assert [(row["reference"], row["scope"]) for row in rows] == [(str(token.reference), "read")]
    assert rows[0].keys() == {"reference", "name", "scope", "created", "expiry", "last_used_at"}
    assert text not in str(rows)


def test_what_was_made_with_a_token_ends_with_it_and_the_ledger_names_each(ada):
    first, _ = make_token(ada, name="first", days=90)
    second, _ = make_token(ada, name="second", days=30, made_with=first)
    make_token(ada, name="third", days=7, made_with=second)
    other, _ = make_token(ada, name="other", days=30)

    revoke_token(first, actor=ada)

    assert list(AccessToken.objects.of(ada)) == [other]
    revoked = AuditEvent.objects.filter(action="token.revoked")
    assert sorted(event.data["name"] for event in revoked) == ["first", "second", "third"]
