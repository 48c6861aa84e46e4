"""Mail leaves after the commit, once where it can be, and never takes the queue down with it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import outbox, tasks
from core.models import Counter, OutboxAttachment, OutboxMessage
from core.outbox import Attachment, deliver_all, deliver_one, post, render_mail, resend, words_of


@pytest.fixture
def reference(db):
    return Counter.objects.create(name="outbox")


@pytest.fixture
def posted(reference):
    return post("signed", to="carl@northlake.example", subject="News", text="A link.", reference=reference)


def make_due(message):
    OutboxMessage.objects.filter(pk=message.pk).update(available_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def server_is_away(monkeypatch):
    def send(self):
        raise OSError("Connection refused")

    monkeypatch.setattr("django.core.mail.message.EmailMultiAlternatives.send", send)


def test_a_mail_is_sent_and_its_words_are_taken_out_of_the_row(posted):
    assert deliver_one()

    posted.refresh_from_db()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["carl@northlake.example"], "News", "A link.")
    assert posted.sent_at is not None
    assert (posted.text, posted.html, posted.attempts) == ("", "", 1)


def test_a_mail_is_sent_once(posted):
    assert deliver_all() == 1
    assert not deliver_one()

    assert len(mail.outbox) == 1


def test_a_double_send_would_be_recognisable(posted):
    first, second = outbox.as_email(posted).message(), outbox.as_email(posted).message()

    assert first["Message-ID"] == second["Message-ID"]
    assert f"outbox-{posted.pk}." in first["Message-ID"]
    assert first["X-Gatepost-Outbox"] == str(posted.pk)


def test_text_comes_before_html_and_attachments_follow(reference):
    file = Attachment("receipt.txt", b"signed", "text/plain")
    post("signed", to="c@x.example", subject="News", text="T", html="<p>T</p>", reference=reference, attachments=[file])

    deliver_all()

    message = mail.outbox[0].message()
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "text/plain",
    ]
    assert not OutboxAttachment.objects.exists()


def test_a_mail_to_a_person_names_them(reference, carl):
    message = post("signed", to=carl, subject="News", text="T", reference=reference)

    assert (message.recipient, message.address) == (carl, "carl@northlake.example")


def test_a_subject_cannot_carry_further_headers(reference):
    message = post("signed", to="c@x.example", subject="News\r\nBcc: all@x.example", text="T", reference=reference)

    assert message.subject == "News Bcc: all@x.example"


def test_a_server_that_is_away_is_noted_and_tried_later(posted, server_is_away):
    assert deliver_one()

    posted.refresh_from_db()
    assert posted.error_sentence == "The mail server refused at attempt 1: Connection refused"
    assert posted.available_at > timezone.now()
    assert (posted.sent_at, posted.parked_at, posted.text) == (None, None, "A link.")
    assert not deliver_one(), "it backs off"


def test_after_five_attempts_a_mail_is_parked_and_can_be_sent_again(posted, server_is_away, monkeypatch):
    for _ in range(5):
        make_due(posted)
        assert deliver_one()
    make_due(posted)
    assert not deliver_one()
    posted.refresh_from_db()
    assert posted.parked_at is not None
    assert posted.error_sentence.startswith("The mail server refused at attempt 5")

    resend(posted)
    monkeypatch.undo()
    deliver_all()

    posted.refresh_from_db()
    assert posted.sent_at is not None
    assert posted.parked_at is None


@pytest.fixture
def secret(reference):
    html = "<p>/open/token-8261</p>"
    to = "carl@northlake.example"
    return post(
        "invitation", to=to, subject="N", text="/open/token-8261", html=html, reference=reference, is_secret=True
    )


def test_a_link_that_opens_a_door_lies_sealed_while_it_waits_and_while_it_is_parked(secret, server_is_away):
    for _ in range(5):
        make_due(secret)
        assert deliver_one()

    secret.refresh_from_db()
    assert secret.parked_at is not None
    assert secret.text
    assert "token-8261" not in secret.text + secret.html
    assert words_of(secret) == ("/open/token-8261", "<p>/open/token-8261</p>")


def test_a_sealed_mail_is_sent_in_clear(secret):
    deliver_all()

    (sent,) = mail.outbox
    assert (sent.body, sent.alternatives[0].content) == ("/open/token-8261", "<p>/open/token-8261</p>")


def test_a_mail_sealed_with_another_key_says_so_and_does_not_stop_the_next(secret, posted, settings):
    settings.SECRET_KEY = "another-key-than-the-one-it-was-sealed-with"

    assert deliver_all() == 2

    secret.refresh_from_db()
    posted.refresh_from_db()
    assert "sealed with another SECRET_KEY" in secret.error_sentence
    assert posted.sent_at is not None


def test_a_mail_that_cannot_be_sent_does_not_stop_the_next(posted, reference, monkeypatch):
    good = post("signed", to="vera@northlake.example", subject="News", text="T", reference=reference)
    send = outbox.EmailMultiAlternatives.send

    def choosy(self):
        if self.to == [posted.address]:
            raise OSError("No such user")
        return send(self)

    monkeypatch.setattr(outbox.EmailMultiAlternatives, "send", choosy)

    assert deliver_all() == 2

    good.refresh_from_db()
    posted.refresh_from_db()
    assert good.sent_at is not None
    assert posted.sent_at is None


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_worker_has_in_hand_is_passed_over():
    with transaction.atomic():
        row = post("signed", to="c@x.example", subject="N", text="T", reference=Counter.objects.create(name="outbox"))
    other = connection.copy()

    with other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT 1 FROM core_outboxmessage WHERE id = %s FOR UPDATE", [row.pk])
        delivered = deliver_one()
    other.rollback()
    other.close()

    assert not delivered
    assert deliver_one()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_told(monkeypatch):
    told = []
    monkeypatch.setattr(tasks.deliver_outbox, "delay", lambda: told.append("now"))
    reference = Counter.objects.create(name="outbox")

    with transaction.atomic():
        post("signed", to="c@x.example", subject="N", text="T", reference=reference)
        transaction.set_rollback(True)

    assert deliver_all() == 0
    assert (told, mail.outbox) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_mail_is_posted_in_a_transaction_only():
    reference = Counter.objects.create(name="outbox")

    with pytest.raises(RuntimeError):
        post("signed", to="c@x.example", subject="N", text="T", reference=reference)

    assert not OutboxMessage.objects.exists()


def test_a_broker_that_is_away_does_not_hurt_the_request(reference, monkeypatch, django_capture_on_commit_callbacks):
    def delay():
        raise OSError("no broker")

    monkeypatch.setattr(tasks.deliver_outbox, "delay", delay)

    with django_capture_on_commit_callbacks(execute=True):
        message = post("signed", to="c@x.example", subject="N", text="T", reference=reference)

    assert OutboxMessage.objects.waiting().get() == message


@pytest.mark.parametrize(
    "wrong",
    [{"sent_at": timezone.now()}, {"parked_at": timezone.now()}],
    ids=["sent with its words", "parked without a reason"],
)
def test_the_database_refuses_a_mail_that_cannot_be(posted, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.filter(pk=posted.pk).update(**wrong)


def test_a_mail_has_its_subject_on_the_first_line_and_says_why_it_came(tmp_path, settings):
    folder = tmp_path / "emails"
    folder.mkdir()
    (folder / "hello.txt").write_text("Hello <b>{{ name }}</b>\n\nHow are you?\n")
    (folder / "hello.html").write_text('{% extends "emails/base.html" %}{% block content %}<p>Hi</p>{% endblock %}')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    subject, text, html = render_mail("hello", {"name": "Carl", "why": "You sign for Northlake."})

    assert subject == "Hello <b>Carl</b>"
    assert text.startswith("How are you?\n\n-- \n")
    assert "Why you get this: You sign for Northlake.\n" in text
    assert "<p>Hi</p>" in html
    assert "Why you get this: You sign for Northlake." in html


def test_a_mail_without_html_template_is_text_only(tmp_path, settings):
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "plain.txt").write_text("Hello\n\nText.\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    _, text, html = render_mail("plain", {})

    assert text.startswith("Text.")
    assert html == ""
