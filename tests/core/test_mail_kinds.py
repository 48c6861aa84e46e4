"""Every mail is of a kind that one file lists, and says whether it can be switched off."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from core.mail_footers import how_to_change, joined, read_switch_token, switch_token
from core.mail_kinds import kind_of, mail_kinds
from core.models import Counter, MailMute, OutboxMessage
from core.outbox import as_email, deliver_all, post, render_mail

FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"


@pytest.fixture
def reference(db):
    return Counter.objects.create(name="outbox")


def posted(person, kind, reference, text="Words.\n\n-- \nFooter"):
    return post(kind, to=person, subject=f"About {kind}", text=text, reference=reference)


def make_due():
    OutboxMessage.objects.update(available_at=timezone.now() - timedelta(seconds=1))


def test_each_kind_has_its_words_and_all_words_have_a_kind():
    worded = {path.stem for path in FOLDER.glob("*.txt")} - {"base"}

    assert worded == mail_kinds().keys()


def test_a_mail_that_nobody_listed_does_not_go_out(reference, carl):
    with pytest.raises(ValueError, match="no kind of mail"):
        posted(carl, "news", reference)

    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    "kind", ["sign_request", "sign_reminder", "quote_sent", "nda_to_sign", "sealed_copy", "go_asked", "trigger_crossed",
             "rollback_started", "evidence_stale", "clock_low", "clock_late", "account_login_code"],
)  # fmt: skip
def test_what_asks_for_a_decision_cannot_be_switched_off(kind):
    assert not kind_of(kind).can_be_off
    assert how_to_change(kind) == "Mail of this kind cannot be switched off."


@pytest.mark.parametrize("kind", ["gate_standstill", "question_asked", "question_answered", "upload_read"])
def test_news_can_be_switched_off_and_says_where(kind):
    assert kind_of(kind).can_be_off
    assert how_to_change(kind).endswith("/people/profile/mail/")


def test_the_footer_says_why_and_how(reference):
    _, text, _ = render_mail("account_unknown_account", {"why": "Somebody typed your address.", "email": "a@x.example"})

    assert "Why you get this: Somebody typed your address.\nMail of this kind cannot be switched off.\n" in text


def test_what_is_off_is_not_posted_and_the_rest_is(reference, carl, vera):
    MailMute.objects.create(person=carl, kind="upload_new")

    assert posted(carl, "upload_new", reference) is None
    assert posted(vera, "upload_new", reference) is not None
    assert posted(carl, "upload_read", reference) is not None


def test_a_required_kind_comes_even_where_a_row_says_otherwise(reference, carl):
    MailMute.objects.create(person=carl, kind="sign_request")

    assert posted(carl, "sign_request", reference).is_required


def test_only_what_can_be_off_tells_programs_how(reference, carl):
    news = as_email(posted(carl, "upload_new", reference)).message()
    duty = as_email(posted(carl, "sign_request", reference)).message()
    stranger = as_email(posted("c@x.example", "upload_new", reference)).message()

    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = news["List-Unsubscribe"].strip("<>")
    assert read_switch_token(url.rstrip("/").rpartition("/")[2]) == (carl.pk, "upload_new")
    assert {duty["List-Unsubscribe"], stranger["List-Unsubscribe"], duty["List-Unsubscribe-Post"]} == {None}


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é", "\x00"])
def test_a_link_that_nobody_signed_is_none(token):
    assert read_switch_token(token) is None
    assert read_switch_token(switch_token(1, "upload_new")[:-1]) is None


def test_questions_within_five_minutes_go_out_as_one_mail(reference, carl, vera):
    first = posted(carl, "question_asked", reference, text="One.\n\n-- \nFooter of one\n")
    posted(carl, "question_answered", reference, text="Two.\n\n-- \nFooter of two\n")
    posted(vera, "question_asked", reference)

    assert deliver_all() == 0, "they wait for what comes within five minutes"
    OutboxMessage.objects.filter(pk=first.pk).update(available_at=timezone.now() - timedelta(seconds=1))
    deliver_all()

    (sent,) = mail.outbox
    assert sent.to == [carl.email]
    assert sent.subject == "About question_asked, and 1 more message"
    assert sent.body == "One.\n\n* * *\n\nTwo.\n\n-- \nFooter of two\n"
    assert OutboxMessage.objects.filter(recipient=carl, sent_at=None).count() == 0
    assert OutboxMessage.objects.filter(recipient=vera, sent_at=None).count() == 1


def test_what_is_switched_off_while_it_waits_is_not_sent_and_the_rest_is(reference, carl, vera):
    posted(carl, "question_asked", reference, text="Asked.")
    posted(carl, "question_answered", reference, text="Answered.")
    posted(carl, "sign_request", reference, text="Sign.")
    posted(vera, "question_asked", reference, text="Asked.")
    for kind in ("question_asked", "sign_request", "sent_no_more"):
        MailMute.objects.create(person=carl, kind=kind)
    make_due()

    deliver_all()

    assert sorted((sent.to[0], sent.subject, sent.body) for sent in mail.outbox) == sorted(
        [
            (carl.email, "About question_answered", "Answered."),
            (carl.email, "About sign_request", "Sign."),
            (vera.email, "About question_asked", "Asked."),
        ]
    )
    assert not OutboxMessage.objects.filter(sent_at=None).exists()
    assert not OutboxMessage.objects.filter(recipient=carl, kind="question_asked").exists()


def test_a_batch_is_sent_once(reference, carl):
    posted(carl, "question_asked", reference)
    posted(carl, "question_asked", reference)
    make_due()

    deliver_all()
    deliver_all()

    assert len(mail.outbox) == 1


def test_a_batch_that_could_not_be_sent_comes_again_whole(reference, carl, monkeypatch):
    posted(carl, "question_asked", reference)
    posted(carl, "question_asked", reference)
    make_due()

    def refuse(self):
        raise OSError("Connection refused")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.message.EmailMultiAlternatives.send", refuse)
        deliver_all()
    assert OutboxMessage.objects.filter(sent_at=None, attempts=1).count() == 2
    make_due()
    deliver_all()

    assert len(mail.outbox) == 1
    assert OutboxMessage.objects.filter(sent_at=None).count() == 0


def refuse(self):
    raise OSError("Connection refused")


def test_a_batch_that_grew_is_another_mail_with_another_message_id(reference, carl, monkeypatch):
    first = posted(carl, "question_asked", reference)
    make_due()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.message.EmailMultiAlternatives.send", refuse)
        deliver_all()
    first.refresh_from_db()
    tried = first.message_id
    second = posted(carl, "question_asked", reference)
    make_due()

    deliver_all()

    (sent,) = mail.outbox
    for row in (first, second):
        row.refresh_from_db()
    assert tried.startswith(f"<outbox-{first.pk}.")
    assert sent.message()["Message-ID"] == first.message_id == second.message_id != tried
    assert sent.subject.endswith(", and 1 more message")


def test_a_batch_that_is_tried_again_unchanged_is_the_same_mail(reference, carl, monkeypatch):
    rows = [posted(carl, "question_asked", reference) for _ in range(2)]
    make_due()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.message.EmailMultiAlternatives.send", refuse)
        deliver_all()
    rows[0].refresh_from_db()
    tried = rows[0].message_id
    OutboxMessage.objects.filter(pk=rows[1].pk).update(available_at=timezone.now() - timedelta(hours=1))
    make_due_later = OutboxMessage.objects.filter(pk=rows[0].pk)
    make_due_later.update(available_at=timezone.now() - timedelta(seconds=1))

    deliver_all()

    assert mail.outbox[0].message()["Message-ID"] == tried


def test_no_two_mails_share_a_message_id_and_none_can_be_guessed(reference, carl, settings):
    one, other = posted(carl, "signed", reference), posted(carl, "signed", reference)
    ids = {as_email(one).message()["Message-ID"], as_email(other).message()["Message-ID"]}
    ids.add(as_email(one, other).message()["Message-ID"])
    settings.SECRET_KEY = "another-key"

    assert len(ids) == 3
    assert as_email(one).message()["Message-ID"] not in ids


def test_what_cannot_be_delivered_is_returned_to_the_address_for_it(reference, carl, settings):
    settings.BOUNCE_ADDRESS = "bounces@gatepost.example"

    email = as_email(posted(carl, "signed", reference))

    assert (email.from_email, email.message()["From"]) == ("bounces@gatepost.example", settings.DEFAULT_FROM_EMAIL)


def test_what_is_not_batched_goes_out_by_itself_and_at_once(reference, carl):
    posted(carl, "signed", reference)
    posted(carl, "upload_new", reference)

    deliver_all()

    assert [sent.subject for sent in mail.outbox] == ["About signed", "About upload_new"]


def test_one_mail_alone_keeps_its_words(reference, carl):
    posted(carl, "question_asked", reference, text="Alone.\n\n-- \nFooter\n")
    make_due()

    deliver_all()

    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("About question_asked", "Alone.\n\n-- \nFooter\n")


def test_mails_without_a_footer_are_joined_whole():
    assert joined(["One.", "Two."]).startswith("One.\n\n* * *\n\nTwo.")
