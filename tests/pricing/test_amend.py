"""When discovery finds more than the fee covers: the check at gate 1, and the two ways past it."""

from datetime import timedelta

import pytest
from djmoney.money import Money

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from engagements import gates
from engagements.decisions import decisions_for
from engagements.domain.override_check import override_check
from engagements.models import Engagement, Gate, SchedulePhase
from pricing.domain.amend_quote import amend_quote
from pricing.domain.decline_quote import decline_quote
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest
from pricing.models import Quote
from pricing.revisions import changes_in
from pricing.scope import exceeded_by, found_in
from tests.factories import discovery
from tests.factories.nda import sign_on_paper
from tests.factories.pricing import accept_quote, consent, fetch, send_quote, void_quote
from tests.kept import kept

pytestmark = pytest.mark.django_db

TWELVE = "The configuration shows 12 IPs; Multi-IP covers 8 IPs: a new quote is agreed before gate 1."


def estate(addresses):
    """A host that sends from so many addresses."""
    agents = "".join(
        f"out{number} unix - - n - - smtp\n  -o smtp_bind_address=192.0.2.{number}\n"
        for number in range(1, addresses + 1)
    )
    return {"main.cf": "myhostname = mta1.northlake.example\n", "master.cf": f"smtp inet n - n - - smtpd\n{agents}"}


def scope_check(engagement):
    gate = Gate.objects.select_related("engagement__organization").get(engagement=engagement, number=1)
    return next(found for found in gates.results(gate) if found.check.key == "scope_holds")


@pytest.fixture
def accepted(accepted, lea):
    """With an NDA on record."""
    sign_on_paper(accepted.engagement, lead=lea)
    return fetch(accepted)


@kept
def twelve(accepted, ada):
    """Multi-IP was accepted; the configuration shows 12 IPs."""
    discovery.read(accepted.engagement, actor=ada, files=estate(12))
    return fetch(accepted)


@kept
def amendment(twelve, sam):
    return fetch(amend_quote(twelve, actor=sam, reason="12 IPs in the configuration"))


@kept
def offered(amendment, sam):
    return fetch(send_quote(amendment, actor=sam, shown_digest=draft_digest(amendment)))


def test_an_estate_inside_the_limits_holds_nothing_up(accepted, ada):
    discovery.read(accepted.engagement, actor=ada, files=estate(8))

    assert [(one.fact, one.count) for one in found_in(accepted.engagement)] == [("ips", 8), ("pools", 1)]
    assert exceeded_by(accepted) == []
    assert scope_check(accepted.engagement).holds


def test_more_ips_than_the_tier_covers_keep_gate_1_shut(twelve):
    result = scope_check(twelve.engagement)

    assert (result.holds, result.reasons) == (False, (TWELVE,))
    assert not result.check.is_own


def test_two_hosts_that_share_an_address_count_it_once(twelve, ada):
    discovery.read(twelve.engagement, actor=ada, files=estate(12), host="mta2")

    assert [(one.fact, one.count) for one in found_in(twelve.engagement)] == [("ips", 12), ("pools", 1)]


def test_a_lead_may_keep_the_fee_in_writing(twelve, lea):
    gate = Gate.objects.select_related("engagement__organization").get(engagement=twelve.engagement, number=1)

    override_check(gate, key="scope_holds", reason="We keep the fee: four of them are unused.", actor=lea)

    assert scope_check(twelve.engagement).holds
    assert fetch(twelve).engagement.fee == Money(28500, "USD")


def test_a_decision_on_twelve_says_nothing_of_thirteen(twelve, lea, ada):
    gate = Gate.objects.select_related("engagement__organization").get(engagement=twelve.engagement, number=1)
    override_check(gate, key="scope_holds", reason="We keep the fee.", actor=lea)

    discovery.read(twelve.engagement, actor=ada, files=estate(13))

    assert not scope_check(twelve.engagement).holds


def test_an_amendment_is_the_next_revision_on_what_was_found(amendment, twelve):
    assert (amendment.reference, amendment.state, amendment.amends) == (f"{twelve.number}-B", "draft", twelve)
    assert (amendment.tier_key, amendment.total) == ("enterprise", Money(58000, "USD"))
    assert amendment.snapshot["points"]["ips"] == 12
    rows = changes_in(amendment)["rows"]
    assert {"what": "IPs", "before": "6", "after": "12"} in rows
    assert {"what": "Total fixed fee", "before": "USD 28,500", "after": "USD 58,000"} in rows
    assert AuditEvent.objects.get(action="quote.amended").data["reason"] == "12 IPs in the configuration"


def test_until_it_is_accepted_the_old_agreement_holds(offered, twelve, carl):
    engagement = Engagement.objects.get(pk=twelve.engagement_id)

    assert (engagement.tier_key, engagement.fee) == ("multi_ip", Money(28500, "USD"))
    assert not scope_check(engagement).holds
    assert f"Accept or decline quote {offered.reference}" in [one.title for one in decisions_for(carl)]


def test_accepting_it_moves_tier_fee_and_dates_and_keeps_the_first_acceptance(offered, twelve, carl):
    start = SchedulePhase.objects.get(engagement=twelve.engagement, number=1).planned_start

    accept_quote(offered, actor=carl, consent=consent(offered))

    engagement, old = Engagement.objects.get(pk=twelve.engagement_id), fetch(twelve)
    assert (engagement.phase, engagement.tier_key, engagement.fee) == ("discovery", "enterprise", Money(58000, "USD"))
    assert (old.state, old.receipt, old.accepted_by) == ("accepted", twelve.receipt, carl)
    assert Quote.objects.agreed().first() == offered
    phases = {one.number: one for one in SchedulePhase.objects.filter(engagement=engagement)}
    assert (phases[1].planned_start, phases[3].minimum_weeks) == (start, 4)
    assert phases[4].planned_end - start == timedelta(weeks=15, days=-1)
    assert phases[5].planned_end - phases[5].planned_start == timedelta(days=89)
    assert scope_check(engagement).holds


def test_declining_it_leaves_what_was_agreed_and_the_check_open(offered, twelve, carl):
    decline_quote(offered, actor=carl, reason="price")

    engagement = Engagement.objects.get(pk=twelve.engagement_id)
    assert (engagement.phase, engagement.tier_key) == ("discovery", "multi_ip")
    assert fetch(offered).state == "declined"
    assert not scope_check(engagement).holds


def test_after_a_refusal_another_revision_can_be_offered(offered, twelve, carl, sam):
    decline_quote(offered, actor=carl, reason="price")

    again = amend_quote(fetch(twelve), actor=sam, reason="With fewer streams")

    assert (again.letter, again.amends) == ("C", twelve)


def test_a_revision_of_an_amendment_amends_the_same(offered, twelve, sam):
    revision = fetch(revise_quote(offered, actor=sam))

    assert (revision.letter, revision.amends, revision.snapshot["points"]["ips"]) == ("C", twelve, 12)


def test_only_the_quote_in_force_is_amended_and_only_once_at_a_time(amendment, twelve, sam, carl):
    with pytest.raises(Conflict, match="Continue that one"):
        amend_quote(twelve, actor=sam, reason="Again")
    sent = fetch(send_quote(amendment, actor=sam, shown_digest=draft_digest(amendment)))
    accept_quote(sent, actor=carl, consent=consent(sent))
    with pytest.raises(Conflict, match="is not the quote in force"):
        amend_quote(fetch(twelve), actor=sam, reason="Again")

    assert Quote.objects.count() == 2


def test_it_needs_a_reason_and_somebody_who_sends_quotes(twelve, sam, ada):
    with pytest.raises(DomainError, match="Say why"):
        amend_quote(twelve, actor=sam, reason=" ")
    with pytest.raises(Refused):
        amend_quote(twelve, actor=ada, reason="12 IPs")

    assert Quote.objects.count() == 1


def test_a_discarded_amendment_leaves_no_trace_on_the_agreement(amendment, twelve, sam):
    withdraw_quote(amendment, actor=sam, reason="They removed the addresses")

    assert fetch(twelve).state == "accepted"
    assert fetch(twelve).engagement.phase == "discovery"


def test_an_amended_agreement_is_not_declared_void(offered, twelve, carl, olga):
    accepted = accept_quote(offered, actor=carl, consent=consent(offered))

    for quote in (fetch(twelve), fetch(accepted)):
        with pytest.raises(Conflict, match="part of an amended agreement"):
            void_quote(quote, actor=olga, reason="Wrong")

    assert Quote.objects.filter(state="accepted").count() == 2
