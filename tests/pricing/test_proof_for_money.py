"""Acts about money ask who it is once more: on the page, over the API from a session, and in the domain."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEvent
from engagements.today import today_of
from pricing.calculation.terms import Reduction
from pricing.domain.accept_quote import accept_quote
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.give_terms import Seen, approve_term, give_discount
from pricing.domain.redate_quote import NewDate, request_redating
from pricing.domain.revise_quote import withdraw_quote
from pricing.domain.send_quote import draft_digest, request_sending
from pricing.domain.void_quote import void_quote
from pricing.given_terms import given_in
from pricing.models import Quote
from tests.factories.accounts import make_token
from tests.factories.pricing import consent, fetch
from tests.pricing.pages import text_of, typed_consent, url_of
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db

WORDS = "Their board met late"


@dataclass(frozen=True)
class Case:
    """An act about money: on which quote, by whom, where its form stands, and what stands in the ledger afterwards."""

    name: str
    quote: str
    person: str
    page: str
    event: str
    nothing: str
    kept: str = ""


ACTS = [
    Case("send", "draft", "sam", "send#sign", "quote.sending_asked", "sent"),
    Case("accept", "sent", "carl", "quote#answer", "quote.accepted", "accepted", kept='value="PO-77"'),
    Case("void", "accepted", "olga", "void#sign", "quote.voided", "void", kept=WORDS),
    Case("approve", "discounted", "lea", "quote#terms", "quote.term_approved", "approved"),
    Case("redate", "expired", "lea", "redate#sign", "quote.redating_asked", "sent", kept=WORDS),
]
each_act = pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)


@pytest.fixture
def discounted(draft, sam):
    seen = Seen("Second migration for them", draft_digest(draft))
    return fetch(give_discount(fetch(draft), actor=sam, reduction=Reduction(percent=10), seen=seen))


@pytest.fixture
def expired(sent, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()
    return fetch(sent)


@pytest.fixture
def quote(act, request):
    return fetch(request.getfixturevalue(act.quote))


@pytest.fixture
def person(act, quote, request):  # after the quote: who is asked for a second yes is there by then
    return request.getfixturevalue(act.person)


def last_day(quote):
    return today_of(quote.engagement) + timedelta(days=5)


def typed(act, quote):
    """What the form of the page sends."""
    return {
        "send": lambda: {"shown_digest": draft_digest(quote)},
        "accept": lambda: typed_consent(quote),
        "void": lambda: {"reason": WORDS},
        "approve": lambda: {"covers": given_in(quote)[0].covers},
        "redate": lambda: {"last_day": last_day(quote).isoformat(), "reason": WORDS},
    }[act.name]()


def sent_by_a_program(act, quote):
    renamed = {"shown_digest": "digest"}
    return {renamed.get(name, name): True if value == "on" else value for name, value in typed(act, quote).items()}


def in_the_domain(act, quote, **who):
    return {
        "send": lambda: request_sending(quote, shown_digest=draft_digest(quote), **who),
        "accept": lambda: accept_quote(quote, consent=consent(quote), **who),
        "void": lambda: void_quote(quote, reason=WORDS, **who),
        "approve": lambda: approve_term(quote, covers=given_in(quote)[0].covers, **who),
        "redate": lambda: request_redating(quote, new=NewDate(last_day(quote), WORDS), **who),
    }[act.name]()


def records():
    """All that may not move: every quote as it stands, and how long the ledger is."""
    return list(Quote.objects.order_by("pk").values()), AuditEvent.objects.count()


def done_by(act):
    return [event.actor for event in AuditEvent.objects.filter(action=act.event)]


@each_act
def test_an_old_proof_leads_to_the_proof_and_nothing_moves(client, act, quote, person):
    sign_in_long_ago(client, person)
    stood = records()

    answer = client.post(url_of(act.name, quote.reference), typed(act, quote))

    page, _, anchor = act.page.partition("#")
    assert answer.status_code == 302
    assert unquote(answer.url) == f"{reverse('account_reauthenticate')}?next={url_of(page, quote.reference)}#{anchor}"
    assert records() == stood


@each_act
def test_whoever_comes_back_finds_what_they_typed_and_does_it(client, act, quote, person):
    sign_in_long_ago(client, person)
    client.post(url_of(act.name, quote.reference), typed(act, quote))
    sign_in(client, person)
    stood, known = records(), done_by(act)

    page = text_of(client.get(url_of(act.page.partition("#")[0], quote.reference)))
    still = records()
    done = client.post(url_of(act.name, quote.reference), typed(act, quote))

    assert f"You have confirmed who you are. Nothing is {act.nothing} yet." in page
    assert "Confirm who you are first" not in page
    assert act.kept in page
    assert "checked" not in page
    assert still == stood
    assert done.status_code == 302
    assert done_by(act) == [*known, person]


@each_act
def test_the_page_says_beforehand_that_the_proof_is_too_old(client, act, quote, person):
    url = url_of(act.page.partition("#")[0], quote.reference)

    fresh = text_of(sign_in(client, person).get(url))
    old = text_of(sign_in_long_ago(client, person).get(url))

    assert "Confirm who you are first" not in fresh
    assert "Confirm who you are first" in old


@each_act
def test_its_button_leads_to_the_proof_before_anything_is_complete(client, act, quote, person):
    sign_in_long_ago(client, person)
    stood = records()
    begun = {name: text for name, text in typed(act, quote).items() if name not in {"may_accept", "covers"}}

    answer = client.post(url_of(act.name, quote.reference), {**begun, "prove": "1"})
    sign_in(client, person)
    page = text_of(client.get(url_of(act.page.partition("#")[0], quote.reference)))

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert act.kept in page
    assert records() == stood


@each_act
def test_a_session_is_refused_over_the_api_and_a_token_is_not(client, act, quote, person):
    url = reverse(f"api:quotes:{act.name}", args=[quote.reference])
    body = sent_by_a_program(act, quote)
    bearer = {"Authorization": f"Bearer {make_token(person, name='a program', days=30)[1]}"}
    sign_in_long_ago(client, person)
    stood, known = records(), done_by(act)

    old = client.post(url, body, "application/json")
    still = records()
    client.logout()
    by_token = client.post(url, body, "application/json", headers=bearer)

    assert old.status_code == 422
    assert old.json()["detail"].startswith("Confirm who you are once more: ")
    assert still == stood
    assert by_token.status_code in {200, 202}
    assert done_by(act) == [*known, person]


@each_act
@pytest.mark.parametrize("age", [None, timedelta(hours=1)])
def test_the_domain_refuses_an_old_proof_and_says_that_nothing_happened(act, quote, person, age):
    proved = None if age is None else timezone.now() - age
    stood = records()

    with pytest.raises(
        DomainError, match=rf"Confirm who you are once more: .*\. Nothing was (declared )?{act.nothing}\."
    ):
        in_the_domain(act, quote, actor=person, authenticated_at=proved)

    assert records() == stood


def test_the_second_click_of_whoever_accepted_leads_to_the_receipt_without_a_proof(client, accepted, carl):
    sign_in_long_ago(client, carl)
    body = {"digest": accepted.document.digest, "may_accept": True}

    page = client.post(url_of("accept", accepted.reference), typed_consent(accepted))
    told = client.post(reverse("api:quotes:accept", args=[accepted.reference]), body, "application/json")
    again = accept_quote(accepted, actor=carl, authenticated_at=None, consent=consent(accepted))

    assert page.url == url_of("receipt", accepted.reference)
    assert (told.status_code, told.json()["receipt"], again.receipt) == (200, accepted.receipt, accepted.receipt)
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1


@pytest.mark.parametrize("act", [act for act in ACTS if act.name in {"send", "redate"}], ids=lambda act: act.name)
def test_asking_again_while_the_paper_is_drawn_takes_no_proof(act, quote, person):
    job = in_the_domain(act, quote, actor=person, authenticated_at=timezone.now())
    known = done_by(act)

    again = in_the_domain(act, fetch(quote), actor=person, authenticated_at=None)

    assert again.pk == job.pk
    assert done_by(act) == known


def test_nobody_is_led_to_a_proof_for_a_quote_that_nobody_can_accept(client, sent, sam, carl):
    withdraw_quote(sent, actor=sam, reason="Sent in error")
    sign_in_long_ago(client, carl)

    page = client.post(url_of("accept", sent.reference), typed_consent(sent))

    assert page.status_code == 422
    assert "only an open quote can be answered" in text_of(page)


def test_a_draft_that_changed_meanwhile_is_on_the_page_whoever_comes_back_to(client, draft, sam):
    sign_in_long_ago(client, sam)
    client.post(url_of("send", draft.reference), {"shown_digest": draft_digest(draft)})
    seen = Seen("Second migration for them", draft_digest(draft))
    changed = fetch(give_discount(draft, actor=sam, reduction=Reduction(percent=5), seen=seen))
    sign_in(client, sam)

    page = text_of(client.get(url_of("send", draft.reference)))

    assert draft_digest(changed) in page
    assert draft_digest(draft) not in page


def test_declining_takes_no_fresh_proof(client, sent, carl):
    sign_in_long_ago(client, carl)

    answer = client.post(url_of("decline", sent.reference), {"reason": "price"})

    assert answer.url == url_of("quote", sent.reference)
    assert fetch(sent).state == "declined"
