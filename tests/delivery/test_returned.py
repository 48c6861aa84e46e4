"""Mail of the portal that came back marks who it was for; mail of others, and what is forged, marks nobody."""

import io
import os

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.urls import reverse

from core.domain.note_failure import note_failure
from core.models import AuditEvent, FailingAddress, OutboxMessage
from core.outbox import post
from pricing.tracking import contacts_of
from tests.factories.feedback import sample
from tests.factories.pricing import make_sent_quote
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: bounces@gatepost.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}
--b
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: News
--b--
"""


def report(
    message_id, *, recipient="carl@northlake.example", action="failed", status="5.1.1", said="550 5.1.1 unknown"
):
    return REPORT.format(message_id=message_id, recipient=recipient, action=action, status=status, said=said).encode()


def take(content, monkeypatch):
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    call_command("take_returned", stdout=said, stderr=said)
    return said.getvalue()


@pytest.fixture
def sent(carl):
    """A mail to Carl that went out. Its Message-ID as the mail server knows it."""
    post("signed", to=carl, subject="News", text="T", reference=carl)
    delivered()
    return mail.outbox[-1].message()["Message-ID"]


def test_a_report_of_failure_marks_the_person_and_pauses_the_address(sent, carl, olga, monkeypatch):
    said = take(report(sent), monkeypatch)

    carl.refresh_from_db()
    row = FailingAddress.objects.get()
    assert said.startswith("standard input: Mails of this portal that failed: 1, arrived: 0, known before: 0")
    assert (row.person, row.said, row.came_back) == (carl, "5.1.1 550 5.1.1 unknown", True)
    assert row.paused_at is not None
    assert carl.unreached_since == row.first_at
    assert OutboxMessage.objects.get(message_id=sent).came_back_at is not None
    assert AuditEvent.objects.get(action="address.failing").data["code"] == "5.1.1"


def test_the_owner_is_told_once(sent, carl, olga, lea, monkeypatch):
    take(report(sent), monkeypatch)
    mail.outbox.clear()

    take(report(sent), monkeypatch)
    letters = delivered()

    assert [(letter.to, letter.subject) for letter in letters] == [
        ([olga.email], "Mail to carl@northlake.example comes back: nothing more is sent there")
    ]
    assert "Carl Brandt (Northlake Logistics)" in letters[0].body.replace(", the address of", "")


def test_the_same_report_twice_counts_once(sent, monkeypatch):
    take(report(sent), monkeypatch)

    said = take(report(sent), monkeypatch)

    assert "failed: 0, arrived: 0, known before: 1" in said
    assert FailingAddress.objects.get().failures == 1


def test_a_report_about_a_message_id_that_is_not_ours_marks_nobody(sent, carl, monkeypatch):
    pk = OutboxMessage.objects.get(message_id=sent).pk

    said = take(report(f"<outbox-{pk}.{'0' * 32}@localhost>"), monkeypatch)

    carl.refresh_from_db()
    assert "About other mail: 1." in said
    assert carl.unreached_since is None
    assert not FailingAddress.objects.exists()


@pytest.mark.parametrize("message_id", ["", "<>", "<m1@shop.example.com>"])
def test_a_report_without_our_message_id_marks_nobody(sent, message_id, monkeypatch):
    take(report(message_id), monkeypatch)

    assert not FailingAddress.objects.exists()


def test_a_mail_that_was_sent_on_and_failed_elsewhere_only_counts(sent, monkeypatch):
    take(report(sent, recipient="carl.private@elsewhere.example"), monkeypatch)

    row = FailingAddress.objects.get()
    assert (row.address, row.failures, row.paused_at) == ("carl@northlake.example", 1, None)


def test_a_full_mailbox_is_marked_and_still_written_to(sent, monkeypatch):
    take(report(sent, status="5.2.2", said="552 5.2.2 Mailbox full"), monkeypatch)

    assert FailingAddress.objects.get().paused_at is None


def test_a_delay_marks_nobody(sent, carl, monkeypatch):
    said = take(report(sent, action="delayed", status="4.4.1", said="451 4.4.1 no answer"), monkeypatch)

    carl.refresh_from_db()
    assert "still tried: 1" in said
    assert carl.unreached_since is None


def test_a_report_of_arrival_clears_the_mark(sent, carl, monkeypatch):
    note_failure(carl.email, said="5.2.2 full", is_dead=False, came_back=True)

    take(report(sent, action="delivered", status="2.0.0", said="250 2.0.0 ok"), monkeypatch)

    carl.refresh_from_db()
    assert carl.unreached_since is None
    assert not FailingAddress.objects.exists()


def delivered_report(sent):
    return report(sent, action="delivered", status="2.0.0", said="250 2.0.0 ok")


def test_a_report_of_arrival_that_is_read_again_clears_no_later_mark(sent, carl, monkeypatch):
    take(delivered_report(sent), monkeypatch)
    note_failure(carl.email, said="5.1.1 unknown", is_dead=True, came_back=True)

    said = take(delivered_report(sent), monkeypatch)

    carl.refresh_from_db()
    assert "arrived: 0, known before: 1" in said
    assert carl.unreached_since is not None
    assert FailingAddress.objects.get().paused_at is not None


def test_an_arrival_says_nothing_where_a_later_mail_came_back(sent, carl, monkeypatch):
    post("signed", to=carl, subject="Later", text="T", reference=carl)
    later = delivered()[-1].message()["Message-ID"]
    take(report(later), monkeypatch)

    said = take(delivered_report(sent), monkeypatch)

    assert "arrived: 1" in said
    assert FailingAddress.objects.get().paused_at is not None


@pytest.mark.parametrize("action", ["relayed", "expanded"])
def test_what_was_only_handed_on_is_no_arrival(action, sent, carl, monkeypatch):
    note_failure(carl.email, said="5.2.2 full", is_dead=False, came_back=True)

    said = take(report(sent, action=action, status="2.0.0", said="250 2.0.0 ok"), monkeypatch)

    assert "arrived: 0" in said
    assert FailingAddress.objects.exists()


def test_files_are_taken_as_well(sent, tmp_path):
    path = tmp_path / "new.1"
    path.write_bytes(report(sent))

    call_command("take_returned", str(path), stdout=io.StringIO())

    assert FailingAddress.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [b"Subject: Re: Please sign\nFrom: carl@northlake.example\n\nI am on it.\n", b"\x00\x01", b""],
)
def test_what_is_no_report_is_swallowed_because_a_sender_may_be_forged(content, monkeypatch):
    take(content, monkeypatch)

    assert not FailingAddress.objects.exists()


def test_a_letter_is_counted(monkeypatch):
    said = take(b"Subject: Re: Please sign\nFrom: carl@northlake.example\n\nI am on it.\n", monkeypatch)

    assert "Saying nothing of delivery: 1." in said


def test_an_automatic_answer_is_taken_and_says_nothing(monkeypatch):
    assert "Saying nothing of delivery: 1." in take(sample("out-of-office"), monkeypatch)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_makes_the_mail_server_keep_the_mail(error, sent, monkeypatch):
    def away(reading):
        raise error("away")

    monkeypatch.setattr("delivery.management.commands.take_returned.take_returned", away)

    with pytest.raises(CommandError) as refused:
        take(report(sent), monkeypatch)

    assert refused.value.returncode == os.EX_TEMPFAIL


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.eml: No such file") as refused:
        call_command("take_returned", str(tmp_path / "nothing.eml"))

    assert refused.value.returncode == os.EX_NOINPUT


def test_the_mail_with_a_quote_that_came_back_is_a_bounce_of_its_contact(northlake, sam, monkeypatch):
    quote = make_sent_quote(northlake, actor=sam)
    delivered()
    (before,) = contacts_of(quote)
    letter = OutboxMessage.objects.get(kind="quote_sent")

    take(report(letter.message_id, recipient=before.email), monkeypatch)

    (after,) = contacts_of(quote)
    assert (before.status.text, after.status.text) == ("Sent, not opened", "Bounced")
    assert after.refusal == "The mail came back: 5.1.1 550 5.1.1 unknown"


def test_who_works_for_the_customer_sees_who_cannot_be_reached(engagement, sent, carl, ada, client, monkeypatch):
    place = reverse("accounts:people", args=[engagement.organization_id])
    client.force_login(ada)
    before = client.get(place).content.decode()

    take(report(sent), monkeypatch)

    after = client.get(place).content.decode()
    assert "Mail does not reach them" not in before
    assert after.count("Mail does not reach them") == 1
