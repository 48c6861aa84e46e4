"""An address at which mail of the portal fails: marked, paused, and free again once mail is proved to arrive."""

import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from core.audit import describe
from core.domain.note_failure import note_failure, note_reached
from core.mail_failures import code_in, limits, refusal_of
from core.models import AuditEvent, Counter, FailingAddress, OutboxMessage
from core.outbox import MAX_ATTEMPTS, deliver_all, deliver_one, post, resend

pytestmark = pytest.mark.django_db
CARL = "carl@northlake.example"
UNKNOWN = (550, b"5.1.1 <carl@northlake.example>: Recipient address rejected: User unknown")


@pytest.fixture
def reference():
    return Counter.objects.create(name="outbox")


def posted(reference, to=CARL, kind="signed"):
    return post(kind, to=to, subject="News", text="T", reference=reference)


def refusing(monkeypatch, answer):
    def send(self):
        raise smtplib.SMTPRecipientsRefused({self.to[0]: answer})

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def deliver_to_the_end(message):
    for _ in range(MAX_ATTEMPTS):
        OutboxMessage.objects.filter(pk=message.pk).update(available_at=timezone.now())
        deliver_one()
    message.refresh_from_db()


def actions():
    return list(
        AuditEvent.objects.filter(action__startswith="address.").values_list("action", flat=True).order_by("pk")
    )


def test_an_address_that_is_not_there_is_paused_at_the_first_answer(reference, carl, monkeypatch):
    message = posted(reference, to=carl)
    refusing(monkeypatch, UNKNOWN)

    deliver_one()

    message.refresh_from_db()
    row = FailingAddress.objects.get()
    assert (message.attempts, message.parked_at is None) == (1, False)
    assert (row.address, row.person, row.failures, row.came_back) == (CARL, carl, 1, False)
    assert row.said == "550 5.1.1 <carl@northlake.example>: Recipient address rejected: User unknown"
    assert row.paused_at is not None
    assert actions() == ["address.failing", "address.paused"]


def test_another_refusal_is_tried_again_and_counts_once_it_is_given_up(reference, monkeypatch):
    message = posted(reference)
    refusing(monkeypatch, (452, b"4.2.2 Mailbox full"))

    deliver_one()
    assert not FailingAddress.objects.exists(), "it may be over in a minute"
    deliver_to_the_end(message)

    row = FailingAddress.objects.get()
    assert message.parked_at is not None
    assert (row.failures, row.paused_at) == (1, None)


def test_a_server_that_is_away_is_no_fault_of_the_address(reference, monkeypatch):
    message = posted(reference)
    monkeypatch.setattr(EmailMultiAlternatives, "send", lambda self: (_ for _ in ()).throw(OSError("away")))

    deliver_to_the_end(message)

    assert message.parked_at is not None
    assert not FailingAddress.objects.exists()


@pytest.mark.parametrize(
    ("error", "is_dead"),
    [
        (smtplib.SMTPRecipientsRefused({CARL: UNKNOWN}), True),
        (smtplib.SMTPRecipientsRefused({CARL: (550, "5.7.1 Relaying denied")}), False),
        (smtplib.SMTPRecipientsRefused({CARL: (450, b"5.1.1 said by mistake")}), False),
        (smtplib.SMTPRecipientsRefused({CARL: (550, b"No such user")}), False),
        (smtplib.SMTPRecipientsRefused({CARL: (550, b"\xff\0")}), False),
    ],
)
def test_only_a_lasting_answer_about_the_address_itself_makes_it_dead(error, is_dead):
    assert refusal_of(error).is_dead is is_dead
    assert "\0" not in refusal_of(error).said


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPSenderRefused(550, b"5.1.1", "x"),
        smtplib.SMTPRecipientsRefused({}),
    ],
)
def test_what_a_server_says_of_itself_is_no_refusal_of_an_address(error):
    assert refusal_of(error) is None


def test_nothing_more_goes_to_a_paused_address_but_what_proves_it(reference):
    note_failure(CARL, said="5.1.1 unknown", is_dead=True, came_back=True)
    held, code = posted(reference), posted(reference, kind="account_login_code")
    other = posted(reference, to="vera@northlake.example")

    deliver_all()

    for message in (held, code, other):
        message.refresh_from_db()
    assert [sent.to for sent in mail.outbox] == [[CARL], ["vera@northlake.example"]]
    assert (held.parked_at is None, held.sent_at, held.attempts) == (False, None, 0)
    assert held.error_sentence.startswith("Not sent: mail to this address comes back (5.1.1 unknown).")
    assert held.text == "T"
    assert None not in (code.sent_at, other.sent_at)


def test_an_address_that_fails_again_and_again_is_paused_whatever_was_said(reference):
    for number in range(1, limits().pause_after + 1):
        row = note_failure(CARL, said="5.7.1 policy", is_dead=False, came_back=True)
        assert (row.paused_at is not None) == (number == limits().pause_after)

    assert actions() == ["address.failing", "address.paused"]


def test_an_address_is_the_same_in_capitals(reference):
    note_failure("Carl@Northlake.example", said="5.1.1 unknown", is_dead=True, came_back=True)

    posted(reference, to="CARL@northlake.example")
    deliver_all()

    assert not mail.outbox
    assert note_reached("cARL@northlake.example")


def test_what_was_kept_back_goes_out_once_mail_arrives(reference):
    note_failure(CARL, said="5.1.1 unknown", is_dead=True, came_back=True)
    held, old, invitation = posted(reference), posted(reference), posted(reference, kind="invitation")
    deliver_all()
    OutboxMessage.objects.filter(pk=old.pk).update(created_at="2020-01-01T00:00Z")
    OutboxMessage.objects.filter(pk=invitation.pk).update(
        sent_at=None, parked_at=timezone.now(), parked_for="address", error_sentence="No."
    )
    mail.outbox.clear()

    assert note_reached(CARL)
    deliver_all()

    for message in (held, old, invitation):
        message.refresh_from_db()
    assert held.sent_at is not None
    assert (old.sent_at, invitation.sent_at) == (None, None), "what is long past, and a link that is asked for anew"
    assert [sent.to for sent in mail.outbox] == [[CARL]]
    assert not FailingAddress.objects.exists()
    assert AuditEvent.objects.get(action="address.reached").data["released"] == 1


def test_what_was_kept_back_follows_a_person_to_their_new_address(reference, carl):
    note_failure(CARL, said="5.1.1 unknown", is_dead=True, came_back=True)
    posted(reference, to=carl)
    deliver_all()

    note_reached(CARL, moved_to="carl@new.example")
    deliver_all()

    assert [sent.to for sent in mail.outbox if sent.subject == "News"] == [["carl@new.example"]]


def test_a_server_that_refused_and_accepts_now_clears_the_address(reference, monkeypatch):
    note_failure(CARL, said="452 4.2.2 full", is_dead=False, came_back=False)
    posted(reference)

    deliver_all()

    assert not FailingAddress.objects.exists()
    assert actions() == ["address.failing", "address.reached"]


def test_a_server_that_accepts_says_nothing_of_an_address_from_which_mail_came_back(reference):
    note_failure(CARL, said="5.2.2 full", is_dead=False, came_back=True)
    posted(reference)

    deliver_all()

    assert len(mail.outbox) == 1
    assert FailingAddress.objects.get().failures == 1


def test_an_address_that_never_failed_is_not_reached_again():
    assert not note_reached(CARL)
    assert actions() == []


@pytest.mark.parametrize("parked_for", ["", "server"])
def test_what_was_parked_for_another_reason_stays_where_it_is(reference, parked_for):
    note_failure(CARL, said="5.1.1 unknown", is_dead=True, came_back=True)
    posted(reference)
    deliver_all()
    other = posted(reference)
    OutboxMessage.objects.filter(pk=other.pk).update(
        parked_at=timezone.now(), parked_for=parked_for, error_sentence="The portal was restored."
    )

    note_reached(CARL)
    deliver_all()

    other.refresh_from_db()
    assert (other.sent_at, other.parked_at is None) == (None, False)
    assert len(mail.outbox) == 1


def test_a_mail_says_for_what_it_is_parked_and_no_more_once_it_is_sent_again(reference, monkeypatch):
    refused, unsent = posted(reference), posted(reference, to="vera@northlake.example")
    refusing(monkeypatch, UNKNOWN)
    deliver_one()
    monkeypatch.setattr(EmailMultiAlternatives, "send", lambda self: (_ for _ in ()).throw(OSError("away")))
    deliver_to_the_end(unsent)
    refused.refresh_from_db()
    before = (refused.parked_for, unsent.parked_for)

    resend(refused)

    refused.refresh_from_db()
    assert before == ("address", "server")
    assert (refused.parked_for, refused.parked_at) == ("", None)


def test_the_words_of_a_server_stand_in_the_row_and_only_their_code_in_the_ledger(reference, carl):
    said = "550 5.1.1 <carl.private@elsewhere.example>: unknown"

    note_failure(CARL, said=said, is_dead=True, came_back=True)

    assert FailingAddress.objects.get().said == said
    told = [*AuditEvent.objects.filter(action__startswith="address.")]
    assert describe(told[0]) == f"Mail to {CARL} came back: 550 5.1.1"
    assert not [event for event in told if "elsewhere" in str(event.data)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("5.1.1 550 5.1.1 unknown", "5.1.1"),
        ("550-5.1.1 unknown", "550-5.1.1"),
        ("552 Mailbox of 550 is full", "552"),
        ("5.1.10", "5.1.10"),
        ("Unknown 5.1.1", "without a code"),
        ("no reason given", "without a code"),
    ],
)
def test_a_code_is_what_the_words_begin_with(said, code):
    assert code_in(said) == code
