"""A signature is handed over by somebody who has proved who they are a moment ago."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEvent, OutboxMessage
from engagements.models import Delegation
from tests.conftest import PASSWORD
from tests.factories.accounts import make_token
from tests.factories.engagements import delegate_signature
from tests.proof import sign_in_long_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def standing(document):
    """Who is asked, what was handed over, what was mailed, what stands in the ledger."""
    rows = document.required_signers.order_by("turn").values_list("user__full_name", flat=True)
    return list(rows), Delegation.objects.count(), OutboxMessage.objects.count(), AuditEvent.objects.count()


@pytest.mark.parametrize("age", [None, timedelta(hours=1)], ids=["no proof", "an hour"])
def test_nothing_is_handed_over_on_an_old_proof(in_turns, carl, finn, age):
    before, proved = standing(in_turns), None if age is None else timezone.now() - age

    with pytest.raises(DomainError, match=r"Confirm who you are once more: .* Nothing was handed over\."):
        delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.", authenticated_at=proved)

    assert standing(in_turns) == before


def test_the_page_hands_over_after_the_proof_and_keeps_what_was_typed(client, in_turns, engagement, carl, finn):
    page = reverse("engagements:delegate", args=[engagement.code, 1])
    sign_in_long_ago(client, carl)
    before = standing(in_turns)

    shown = client.get(page).content.decode()
    unproved = client.post(page, {"to": finn.pk, "reason": "On leave."})
    kept = standing(in_turns)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    back = client.get(page)
    form = back.context["form"]
    done = client.post(page, {name: form[name].value() for name in ("to", "reason")})

    assert unproved.url.startswith(reverse("account_reauthenticate"))
    assert unproved.url.endswith("%23sign")
    assert kept == before
    assert "Handing over your signature needs a fresh proof" in shown
    assert "You have confirmed who you are. Nothing is handed over yet." in back.content.decode()
    assert done.url == reverse("engagements:gate", args=[engagement.code, 1])
    given = Delegation.objects.get()
    assert (given.given_by, given.given_to, given.reason) == (carl, finn, "On leave.")


def test_over_the_api_an_old_session_is_refused_and_a_token_goes_through(client, in_turns, engagement, carl, finn):
    _, text = make_token(carl, name="a program", days=30)
    url, sent = (
        reverse("api:engagements:delegate", args=[engagement.code, 1]),
        {"to": finn.email, "reason": "On leave."},
    )
    sign_in_long_ago(client, carl)
    before = standing(in_turns)

    unproved = client.post(url, sent, "application/json")
    kept = standing(in_turns)
    client.logout()
    done = client.post(url, sent, "application/json", headers={"Authorization": f"Bearer {text}"})

    assert unproved.status_code == 422
    assert "Confirm who you are once more" in unproved.json()["detail"]
    assert unproved.json()["detail"].endswith("Nothing was handed over.")
    assert kept == before
    assert done.status_code == 200
    assert Delegation.objects.get().given_to == finn


def test_a_password_in_the_reason_does_not_wait_in_the_session(client, in_turns, engagement, carl):
    page = reverse("engagements:delegate", args=[engagement.code, 1])
    sign_in_long_ago(client, carl)

    client.post(page, {"to": "", "reason": "On leave. password: hunter2-of-the-relay", "prove": "1"})

    kept = f"{dict(client.session)}"
    assert "On leave." in kept
    assert "hunter2" not in kept
