"""Whoever verifies the file of a quote learns whether it was accepted, and nothing of signatures."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.verification import known_document
from pricing.domain.amend_quote import amend_quote
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest
from tests.factories import discovery
from tests.factories.nda import sign_on_paper
from tests.factories.pricing import accept_quote, consent, fetch, send_quote, void_quote
from tests.pricing.test_amend import estate

pytestmark = pytest.mark.django_db


def ask(client, quote):
    answer = client.get(reverse("verify:fingerprint"), {"digest": quote.document.digest})
    assert answer.status_code == 200
    return answer.text


def test_an_accepted_quote_says_when_and_not_that_nobody_signed(client, accepted):
    page = ask(client, accepted)

    assert f'datetime="{accepted.accepted_at.isoformat(timespec="minutes")[:16]}' in page
    assert "A quote is accepted, not signed." in page
    assert "Signatures" not in page
    assert accepted.accepted_by.email not in page


def test_a_quote_that_nobody_accepted_says_so(client, sent):
    page = ask(client, sent)

    assert "Not accepted: no acceptance of this quote is on record" in page
    assert "Signatures" not in page


def test_a_quote_that_was_declared_void_says_since_when_and_that_it_was_accepted(client, accepted, olga):
    before = ask(client, accepted)
    voided = void_quote(accepted, actor=olga, reason="Sent to the wrong company")

    page = ask(client, voided)

    end = known_document(voided.document.digest).end
    assert "Declared void" not in before
    assert (end.title, end.at) == ("Declared void", voided.voided_at)
    assert "It binds nobody since then. When it was accepted stays recorded." in page
    assert f'datetime="{accepted.accepted_at.isoformat(timespec="minutes")[:16]}' in page
    for private in ("wrong company", olga.email, olga.full_name):
        assert private not in page


def test_a_quote_that_was_replaced_says_so_and_not_by_what(client, sent, sam):
    open_still = ask(client, sent)
    revision = revise_quote(sent, actor=sam)
    replaced = ask(client, sent)

    assert "Replaced" not in open_still
    assert "It can no longer be accepted." in replaced
    assert known_document(sent.document.digest).end.at == revision.created_at
    assert revision.reference not in replaced


def test_a_withdrawn_quote_says_so_and_not_why(client, sent, sam):
    withdraw_quote(sent, actor=sam, reason="Their budget is gone")

    page = ask(client, sent)

    assert "Withdrawn" in page
    assert "budget" not in page


@pytest.mark.parametrize("is_noticed", [False, True])
def test_a_quote_whose_last_day_has_passed_says_so_also_before_the_nightly_task(client, sent, time_machine, is_noticed):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    if is_noticed:
        expire_quotes()

    page = ask(client, sent)

    assert "Expired" in page
    assert "It was not accepted by then, and can no longer be." in page
    assert known_document(sent.document.digest).end.at == sent.valid_until


def test_a_quote_that_another_amended_says_that_its_own_acceptance_stays(client, accepted, sam, lea, ada, carl):
    sign_on_paper(accepted.engagement, lead=lea)
    discovery.read(accepted.engagement, actor=ada, files=estate(12))
    drafted = fetch(amend_quote(fetch(accepted), actor=sam, reason="12 IPs in the configuration"))
    offered = fetch(send_quote(drafted, actor=sam, shown_digest=draft_digest(drafted)))
    until = ask(client, accepted)
    accept_quote(offered, actor=carl, consent=consent(offered))

    page = ask(client, accepted)

    assert "Amended" not in until
    assert known_document(accepted.document.digest).end.at == fetch(offered).accepted_at
    assert known_document(offered.document.digest).end is None
    assert "Another quote was accepted in its place. When it was accepted stays recorded." in page
