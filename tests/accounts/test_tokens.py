"""Access tokens: what a program signs in with, made, shown once, used and revoked by its person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.domain.make_token import make_token
from accounts.models import AccessToken
from core.errors import Conflict, DomainError
from core.models import AuditEvent

pytestmark = pytest.mark.django_db

ENGAGEMENTS = "/api/v1/engagements/"


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def test_a_token_is_shown_once_and_kept_nowhere_as_text(client, ada):
    client.force_login(ada)

    made = client.post(reverse("accounts:tokens"), {"name": "export", "days": "30"})
    later = client.get(reverse("accounts:tokens"))

    text = made.context["made"]
    assert text in made.content.decode()
    assert text not in later.content.decode()
    assert text not in str(list(AccessToken.objects.values()))
    assert "export" in later.content.decode()


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
