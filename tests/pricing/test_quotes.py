"""Drafting, sending, revising, withdrawing, expiring."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from djmoney.money import Money

from accounts.models import Invitation
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from engagements.models import FrozenDocument
from pricing.domain.draft_quote import draft_quote
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.record_request import change_request
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest
from pricing.models import Quote, QuoteLine
from pricing.models.quote import revision_letter
from pricing.moves import MOVES, legal_moves
from pricing.revisions import quote_snapshot
from tests.factories.pricing import (
    CONTACT,
    MULTI_IP,
    STANDARD,
    fetch,
    make_draft,
    make_request,
    make_sent_quote,
    send_quote,
)
from tests.pricing.letters import letter_to

pytestmark = pytest.mark.django_db


def test_the_published_example_becomes_a_multi_ip_quote(draft):
    assert (draft.tier_key, draft.fee, draft.total) == ("multi_ip", Money(28500, "USD"), Money(28500, "USD"))
    assert [str(line.amount.amount) for line in draft.lines.all()] == ["28500.00"]
    assert draft.reference == f"Q-{timezone.now().year}-0001-A"
    assert draft.calculation == "2026"


def test_a_quote_needs_all_four_data_points(northlake, sam):
    request = make_request(northlake, actor=sam, points=replace(MULTI_IP, team=None))

    with pytest.raises(DomainError, match="Still missing: Team"):
        draft_quote(request, actor=sam)

    assert not Quote.objects.exists()


def test_drafting_again_follows_the_data_points_and_takes_no_second_number(draft, sam):
    request = draft.engagement.request
    request = change_request(request, actor=sam, contact=CONTACT, points=STANDARD, shown_version=1)

    again = draft_quote(request, actor=sam)

    assert (again.pk, again.reference, again.tier_key) == (draft.pk, draft.reference, "standard")
    assert [str(line.amount.amount) for line in again.lines.all()] == ["14500.00"]


@pytest.mark.parametrize("person", ["ada", "carl", "otto"])
def test_only_those_who_may_send_quotes_draft_one(person, request_of_northlake, request):
    with pytest.raises(Refused):
        draft_quote(request_of_northlake, actor=request.getfixturevalue(person))

    assert not Quote.objects.exists()


def test_sending_freezes_the_paper_stops_the_clock_and_tells_who_may_accept(draft, sam, carl):
    sent = send_quote(fetch(draft), actor=sam, shown_digest=draft_digest(draft))

    request = sent.engagement.request
    request.refresh_from_db()
    assert (sent.state, sent.sent_by, sent.sent_to) == ("sent", sam, "carl@northlake.example")
    assert bytes(sent.document.pdf) != b""
    assert (sent.document.kind, sent.document.version, sent.document.gate) == ("quote", 1, None)
    assert request.answered_at == sent.sent_at
    assert not request.is_clock_running
    mail = OutboxMessage.objects.get(kind="quote_sent")
    assert (mail.address, mail.subject) == (
        "carl@northlake.example",
        f"Your fixed-fee quote {sent.reference}: USD 28,500",
    )
    assert AuditEvent.objects.filter(action="quote.sent").count() == 1


def test_a_quote_is_valid_to_the_end_of_the_last_day_where_the_customer_is(northlake, sam, carl, time_machine):
    northlake.time_zone = "Asia/Kolkata"
    northlake.save()
    time_machine.move_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC), tick=False)

    sent = make_sent_quote(northlake, actor=sam)

    assert sent.valid_until == datetime(2026, 12, 24, 18, 29, 59, 999999, tzinfo=UTC)
    assert sent.document.snapshot["valid_until"] == "Thu 24 Dec 2026, 23:59 GMT+5:30"


def test_a_contact_nobody_knows_gets_the_quote_and_a_seat_with_the_duty(northlake, sam):
    sent = make_sent_quote(northlake, actor=sam)

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.duties) == ("carl@northlake.example", [["accept_quotes", None]])
    assert sorted(OutboxMessage.objects.values_list("kind", "address")) == [
        ("invitation", "carl@northlake.example"),
        ("quote_sent", "carl@northlake.example"),
    ]
    assert sent.sent_to == "carl@northlake.example"


def test_a_quote_nobody_could_accept_is_not_sent(northlake, sam, vera):
    draft = make_draft(northlake, actor=sam)
    request = draft.engagement.request
    contact = replace(CONTACT, email=vera.email, name="Vera Holm")
    change_request(request, actor=sam, contact=contact, points=MULTI_IP, shown_version=1)

    with pytest.raises(DomainError, match="Give Vera Holm, or somebody else there, that duty first"):
        send_quote(fetch(draft), actor=sam, shown_digest=draft_digest(draft))

    assert Quote.objects.get().state == "draft"
    assert not FrozenDocument.objects.exists()


def test_a_draft_that_changed_after_the_review_is_not_sent(draft, sam, carl):
    reviewed = draft_digest(draft)
    request = draft.engagement.request
    request = change_request(request, actor=sam, contact=CONTACT, points=STANDARD, shown_version=1)
    draft_quote(request, actor=sam)

    with pytest.raises(Conflict, match="changed after you reviewed it"):
        send_quote(fetch(draft), actor=sam, shown_digest=reviewed)

    assert Quote.objects.get().state == "draft"
    assert not OutboxMessage.objects.exists()


def test_a_quote_is_sent_once(sent, sam):
    with pytest.raises(Conflict, match="only a draft can be sent"):
        send_quote(sent, actor=sam, shown_digest=draft_digest(sent))

    assert FrozenDocument.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"total": Money(1, "USD")},
        {"fee": Money(1, "USD")},
        {"tier_label": "Cheap"},
        {"snapshot": {}},
        {"valid_until": datetime(2099, 1, 1, tzinfo=UTC)},
        {"reference": "Q-1"},
    ],
)
def test_the_database_keeps_the_figures_of_a_sent_quote(sent, change):
    with pytest.raises(DatabaseError, match="its figures stay"), transaction.atomic():
        Quote.objects.filter(pk=sent.pk).update(**change)

    assert fetch(sent).total == Money(28500, "USD")


def test_the_database_keeps_the_lines_of_a_sent_quote(sent):
    line = sent.lines.get()

    with pytest.raises(DatabaseError, match="stay as they were sent"), transaction.atomic():
        QuoteLine.objects.filter(pk=line.pk).update(amount=Money(1, "USD"))
    with pytest.raises(DatabaseError, match="stay as they were sent"), transaction.atomic():
        line.delete()
    with pytest.raises(DatabaseError, match="stay as they were sent"), transaction.atomic():
        QuoteLine.objects.create(
            quote=sent, position=2, description="More", quantity=1, unit_price=Money(1, "USD"), amount=Money(1, "USD")
        )

    assert QuoteLine.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "accepted", "declined"])
def test_the_database_refuses_a_state_that_does_not_follow(sent, state):
    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.filter(pk=sent.pk).update(state=state)


def test_the_methods_the_list_and_the_trigger_agree():
    declared = {
        (move.source, move.target) for name in MOVES for move in getattr(Quote, name)._django_fsm.transitions.values()
    }
    trigger = next(one for one in Quote._meta.triggers if one.name == "quote_legal_moves")

    assert declared == set(legal_moves()) == {tuple(pair) for pair in trigger.transitions}
    assert Quote._meta.get_field("state").protected


def test_a_revision_retires_the_old_text_and_keeps_it_readable(sent, sam):
    revision = revise_quote(sent, actor=sam)

    old = fetch(sent)
    assert (old.state, old.document.digest) == ("superseded", sent.document.digest)
    assert (revision.number, revision.letter, revision.state) == (sent.number, "B", "draft")
    assert AuditEvent.objects.filter(action="quote.superseded").count() == 1


def test_a_sent_revision_is_version_two_of_the_document(sent, sam):
    revision = fetch(revise_quote(sent, actor=sam))

    second = send_quote(revision, actor=sam, shown_digest=draft_digest(revision))

    assert (second.document.reference, second.document.version) == (sent.number, 2)
    assert list(Quote.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "sent"]


def test_an_accepted_quote_is_not_revised(accepted, sam):
    with pytest.raises(Conflict, match="Carl Brandt accepted"):
        revise_quote(accepted, actor=sam)

    assert Quote.objects.count() == 1


def test_withdrawing_tells_the_customer_why(sent, sam):
    withdraw_quote(sent, actor=sam, reason="Sized on the wrong estate")

    assert fetch(sent).state == "withdrawn"
    assert "Sized on the wrong estate" in letter_to("carl@northlake.example", "quote_withdrawn")


def test_withdrawing_needs_a_reason(sent, sam):
    with pytest.raises(DomainError, match="Say why"):
        withdraw_quote(sent, actor=sam, reason=" ")

    assert fetch(sent).state == "sent"


def test_a_discarded_draft_tells_nobody_and_makes_room_for_another(draft, sam):
    withdraw_quote(draft, actor=sam, reason="Wrong customer")

    again = draft_quote(draft.engagement.request, actor=sam)

    assert not OutboxMessage.objects.exists()
    assert (again.pk != draft.pk, again.number != draft.number) == (True, True)


def test_only_quotes_past_their_last_day_expire_and_only_once(sent, time_machine):
    before = expire_quotes()
    time_machine.move_to(sent.valid_until + timedelta(seconds=1))

    counts = (before, expire_quotes(), expire_quotes())

    assert counts == (0, 1, 0)
    assert fetch(sent).state == "expired"
    assert AuditEvent.objects.get(action="quote.expired").actor_label == "Gatepost"


def test_an_expired_quote_can_be_revised(sent, sam, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()

    revision = revise_quote(fetch(sent), actor=sam)

    assert (fetch(sent).state, revision.state) == ("superseded", "draft")


def test_the_paper_says_what_the_record_says(sent):
    content = quote_snapshot(sent)

    assert content == sent.document.snapshot
    assert (content["number"], content["revision"], content["total"]) == (sent.number, "A", "USD 28,500")
    assert content["refund"].endswith("USD 26,100 of USD 28,500.")
    assert content["licence"]["range"] == "USD 60,000 to 80,000"
    assert content["licence"]["over_years"] == "USD 300,000 to 400,000"


def test_customers_see_a_quote_only_once_it_was_sent_and_strangers_never(draft, sam, carl, otto):
    before = list(Quote.objects.visible_to(carl)), list(QuoteLine.objects.visible_to(carl))
    send_quote(fetch(draft), actor=sam, shown_digest=draft_digest(draft))

    assert before == ([], [])
    assert list(Quote.objects.visible_to(carl)) == [draft]
    assert not Quote.objects.visible_to(otto).exists()


@pytest.mark.parametrize(("revision", "letter"), [(1, "A"), (2, "B"), (26, "Z"), (27, "AA"), (53, "BA")])
def test_revisions_have_letters(revision, letter):
    assert revision_letter(revision) == letter
