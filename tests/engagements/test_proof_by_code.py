"""Whoever signs in by a mailed code alone proves who they are by another one when they sign."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.urls import reverse

from engagements.models import SignOff
from tests.engagements.journey import begin, put_up
from tests.kept import kept
from tests.outbox import delivered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]

PROOF = reverse("account_reauthenticate_code")


@kept
def submitted(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


@pytest.fixture
def stale(client, carl):
    """Carl, who has no password any more, signed in with it longer ago than a signature allows."""
    # allauth counts what was asked for in the cache.
    cache.clear()
    carl.set_unusable_password()
    carl.save()
    client.force_login(carl)
    session = client.session
    session["account_authentication_methods_user"] = str(carl.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 16 * 60}]
    session.save()
    return client


def ask_for_code(client, url=PROOF):
    client.post(url, {"send": "first"})
    return re.search(r"^[A-Z0-9]+-[A-Z0-9]+$", delivered()[-1].body, re.MULTILINE)[0]


def test_a_code_by_mail_leads_back_to_what_was_typed_and_to_the_receipt(stale, submitted, engagement, carl):
    url = reverse("engagements:sign", args=[engagement.code, 1])
    typed = {"typed_name": "Carl Brandt", "role_title": "Keeper of the queue", "shown_digest": submitted.digest}

    asked = stale.post(url, {**typed, "prove": "1"}, follow=True)
    proof = asked.redirect_chain[-1][0]
    code = ask_for_code(stale, proof)
    sent_to = delivered()[-1].to
    elsewhere = stale.get(reverse("engagements:sign", args=[engagement.code, 2])).content.decode()
    back = stale.post(proof, {"code": code}, follow=True)
    signed_by_then, later = SignOff.objects.exists(), stale.get(url)
    stale.post(url, {**typed, "has_read": "on"})

    assert proof.startswith(PROOF)
    assert not signed_by_then
    assert "Keeper of the queue" not in elsewhere
    assert (asked.status_code, sent_to) == (200, [carl.email])
    assert back.redirect_chain == [(f"{url}#sign", 302)]
    assert 'id="sign"' in back.content.decode()
    assert 'value="Keeper of the queue"' in back.content.decode()
    assert "Confirm who you are first" not in back.content.decode()
    assert ["Nothing is signed yet" in page.content.decode() for page in (asked, back, later)] == [False, True, False]
    assert SignOff.objects.get().authentication == "code"


def test_opening_the_page_sends_nothing(stale):
    page = stale.get(PROOF)

    assert "Send the code" in page.content.decode()
    assert delivered() == []


def test_a_code_works_once(stale, engagement, carl):
    code = ask_for_code(stale)
    stale.post(PROOF, {"code": code})
    records = stale.session["account_authentication_methods"]

    again = stale.post(PROOF, {"code": code}, follow=True)

    assert "No code is open" in again.content.decode()
    assert stale.session["account_authentication_methods"] == records


def test_a_code_typed_wrong_three_times_is_void(stale):
    code = ask_for_code(stale)
    for _ in range(3):
        stale.post(PROOF, {"code": "AAAA-AAAA"})

    page = stale.post(PROOF, {"code": code}, follow=True)

    assert "No code is open" in page.content.decode()
    assert len(stale.session["account_authentication_methods"]) == 1


def test_a_code_is_void_after_its_three_minutes(stale):
    code = ask_for_code(stale)
    session = stale.session
    session["proof-by-code"] = {**session["proof-by-code"], "at": time.time() - 181}
    session.save()

    stale.post(PROOF, {"code": code})

    assert len(stale.session["account_authentication_methods"]) == 1


def test_a_fourth_code_within_a_minute_is_not_sent(stale):
    for _ in range(3):
        ask_for_code(stale)

    page = stale.post(PROOF, {"send": "again"}, follow=True)

    assert "No code was sent" in page.content.decode()
    assert len(delivered()) == 3


def test_a_code_counts_for_whom_it_was_sent_alone(stale, vera):
    code = ask_for_code(stale)
    sent = stale.session["proof-by-code"]
    stale.force_login(vera)
    session = stale.session
    session["proof-by-code"] = sent
    session.save()

    stale.post(PROOF, {"code": code})

    assert [proof["method"] for proof in stale.session["account_authentication_methods"]] == ["password"]


def test_whoever_has_a_second_factor_is_not_let_past_it_by_mail(stale, carl):
    TOTP.activate(carl, generate_totp_secret())

    page = stale.post(PROOF, {"send": "first"})

    assert page.url.startswith(reverse("mfa_reauthenticate"))
    assert delivered() == []


def test_whoever_has_a_password_is_asked_for_it_and_offered_the_code(client, carl):
    client.force_login(carl)

    page = client.get(reverse("account_reauthenticate")).content.decode()

    assert 'type="password"' in page
    assert f'href="{PROOF}"' in page
