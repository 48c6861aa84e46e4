"""Mailboxes are read by the beat into the queue, stored with how far, and their passwords are never shown."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.jobs import run_job
from core.models import AuditEvent, Job
from delivery.domain import read_mailbox
from delivery.domain.read_mailbox import ask_all, ask_test, store_look
from delivery.domain.set_mailbox import account_of, pause_mailbox, remove_mailbox, set_mailbox
from delivery.feedback.imap import Account
from delivery.feedback.limits import load_limits
from delivery.feedback.polling import Look, look_into
from delivery.feedback_queue import freshness_of
from delivery.models import FeedbackItem, Mailbox
from tests.delivery.feedback.imap_server import NAME, PASSWORD, USER, Shelf, imap_server
from tests.factories.accounts import make_token
from tests.factories.feedback import sample

pytestmark = pytest.mark.django_db
ACCOUNT = Account(NAME, 993, USER, PASSWORD, "INBOX")
OTHER = b"Subject: Hello\r\n\r\nHow are you?\r\n"
SAMPLE = "postfix-gmail-unknown"


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """The mailbox as the server holds it: a bounce and a letter."""
    shelf = Shelf({5: sample(SAMPLE), 6: OTHER})
    with imap_server(tmp_path, shelf) as (reach, trust):
        monkeypatch.setattr(read_mailbox, "look_into", partial(look_into, reach=reach, trust=trust))
        yield shelf


@pytest.fixture
def mailbox(engagement, ada):
    return set_mailbox(engagement, account=ACCOUNT, actor=ada)


def read(*, is_due=True):
    """A round of the beat, and the jobs it asked for."""
    if is_due:
        Mailbox.objects.update(due_at=timezone.now())
    asked = ask_all()
    for job in Job.objects.unfinished().filter(kind="read_mailbox").order_by("pk"):
        run_job(job.pk)
    return asked


def test_what_comes_is_in_the_queue_once_however_often_it_is_read(engagement, ada, mailbox, shelf):
    read()
    first = Mailbox.objects.get()
    shelf.messages[7] = sample(SAMPLE)
    read()

    last = Mailbox.objects.get()
    assert FeedbackItem.objects.filter(engagement=engagement, taken_by=ada).count() == 1
    assert (first.state, first.last_uid, first.read_count, first.new_count) == ("good", 6, 2, 1)
    assert (last.last_uid, last.read_count, last.new_count) == (7, 3, 1)
    assert "1 known before" in last.said
    assert freshness_of(engagement, ada).taken_at == last.read_at


def test_a_mailbox_that_is_put_up_anew_starts_over_and_the_queue_stays_as_it_is(engagement, mailbox, shelf):
    read()
    shelf.validity = 2
    shelf.messages = {1: sample(SAMPLE)}
    read()

    assert (Mailbox.objects.get().uid_validity, Mailbox.objects.get().last_uid) == (2, 1)
    assert FeedbackItem.objects.count() == 1
    assert AuditEvent.objects.filter(action="mailbox.anew").count() == 1


def test_a_mailbox_is_asked_for_when_it_is_due_and_one_at_a_time(mailbox, shelf):
    ask_all()
    ask_all()
    waiting = Job.objects.unfinished().filter(kind="read_mailbox").count()
    read(is_due=False)

    assert waiting == 1
    assert read(is_due=False) == 0
    assert Mailbox.objects.get().due_at > timezone.now() + timedelta(minutes=load_limits().mailbox_minutes - 1)


def test_more_than_a_round_takes_is_read_by_the_next_at_once(mailbox, ada):
    store_look(mailbox, Look(1, 4, count=4, is_more=True), is_test=False)

    assert Mailbox.objects.get().due_at <= timezone.now()
    assert "More is waiting" in Mailbox.objects.get().said


def test_a_failure_is_said_keeps_what_came_before_and_makes_the_pauses_longer(mailbox, shelf):
    shelf.messages[8], shelf.dies_at = OTHER, 8
    read()
    first = Mailbox.objects.get()
    read()
    second = Mailbox.objects.get()
    shelf.dies_at = None
    read()

    minutes = timedelta(minutes=load_limits().mailbox_minutes)
    assert (first.state, first.failures, first.last_uid, FeedbackItem.objects.count()) == ("failed", 1, 6, 1)
    assert "What came before that is stored." in first.said
    assert first.read_at is None
    assert first.due_at - first.looked_at < minutes * 1.1
    assert second.due_at - second.looked_at > minutes * 1.9
    assert AuditEvent.objects.filter(action="mailbox.failed").count() == 1
    assert (Mailbox.objects.get().failures, Mailbox.objects.get().state) == (0, "good")


def test_a_test_opens_the_mailbox_and_takes_nothing(mailbox, ada, shelf):
    pause_mailbox(mailbox, is_paused=True, actor=ada)
    run_job(ask_test(mailbox, actor=ada).pk)

    tested = Mailbox.objects.get()
    assert "The connection works. Messages in INBOX: 2" in tested.said
    assert (tested.last_uid, tested.read_at, FeedbackItem.objects.count()) == (0, None, 0)


def test_a_paused_mailbox_is_not_read_until_it_is_resumed(mailbox, ada, shelf):
    pause_mailbox(mailbox, is_paused=True, actor=ada)
    paused = read()
    with pytest.raises(Conflict):
        pause_mailbox(mailbox, is_paused=True, actor=ada)
    pause_mailbox(mailbox, is_paused=False, actor=ada)

    assert (paused, read()) == (0, 1)
    assert Mailbox.objects.get().last_uid == 6


def test_what_was_read_of_a_mailbox_that_was_set_anew_or_removed_meanwhile_is_not_stored(engagement, ada, mailbox):
    set_mailbox(engagement, account=ACCOUNT, actor=ada)
    anew = store_look(mailbox, Look(1, 9, count=1), is_test=False)
    current = Mailbox.objects.get()
    remove_mailbox(current, actor=ada)
    removed = store_look(current, Look(1, 9, count=1), is_test=False)

    assert (anew, removed, current.last_uid) == (None, None, 0)


def test_the_job_of_a_removed_mailbox_ends_without_a_word(mailbox, ada, shelf):
    ask_all()
    remove_mailbox(mailbox, actor=ada)
    job = Job.objects.get(kind="read_mailbox")
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, shelf.heard) == ("done", [])


def test_the_same_mailbox_set_again_goes_on_where_it_stood(engagement, ada, mailbox, shelf):
    read()
    set_mailbox(engagement, account=ACCOUNT, actor=ada)
    read()

    assert (Mailbox.objects.count(), Mailbox.objects.get().read_count) == (1, 2)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": "127.0.0.1"}, "name in DNS"),
        ({"host": "localhost"}, "name in DNS"),
        ({"host": "a.example\r\nb"}, "name in DNS"),
        ({"port": 110}, "port 993"),
        ({"username": "a\r\nA1 DELETE INBOX"}, "cannot be typed"),
        ({"password": "a\nb"}, "cannot be typed"),
        ({"password": ""}, "user name and the password"),
        ({"folder": "Rückläufer"}, "in ASCII"),
        ({"folder": "a\r\nb"}, "in ASCII"),
    ],
)
def test_what_can_be_no_mailbox_is_refused_with_a_sentence(engagement, ada, wrong, said):
    facts = {"host": NAME, "port": 993, "username": USER, "password": PASSWORD, "folder": "INBOX", **wrong}

    with pytest.raises(DomainError, match=said):
        set_mailbox(engagement, account=Account(**facts), actor=ada)
    assert Mailbox.objects.count() == 0


def test_more_mailboxes_than_the_limit_are_refused_and_a_viewer_sets_none(engagement, ada, vera):
    for number in range(load_limits().mailboxes):
        set_mailbox(engagement, account=Account(NAME, 993, f"box{number}", "x", "INBOX"), actor=ada)

    with pytest.raises(DomainError, match="Remove one first"):
        set_mailbox(engagement, account=ACCOUNT, actor=ada)
    with pytest.raises(Refused):
        set_mailbox(engagement, account=ACCOUNT, actor=vera)
    set_mailbox(engagement, account=Account(NAME, 993, "box0", "other", "INBOX"), actor=ada)
    assert Mailbox.objects.count() == load_limits().mailboxes


def test_a_password_of_another_secret_key_is_said_and_the_mailbox_stays(mailbox, settings, shelf):
    settings.SECRET_KEY = "another"
    read()

    assert "SECRET_KEY is another one now" in Mailbox.objects.get().said
    assert shelf.heard == []


def test_the_page_sets_tests_pauses_and_removes_and_never_shows_the_password(client, engagement, carl, shelf):
    client.force_login(carl)
    address = reverse("feedback:mailboxes", args=[engagement.code])
    typed = {"host": NAME, "port": "993", "username": USER, "password": PASSWORD, "folder": "INBOX"}
    wrong = client.post(address, {**typed, "host": "127.0.0.1"})
    client.post(address, typed)
    read()
    shown = client.get(address).content.decode()
    kept = Mailbox.objects.get()
    for act in ("test", "pause", "resume"):
        client.post(reverse(f"feedback:mailbox_{act}", args=[engagement.code, 1]))
    asked = Job.objects.unfinished().filter(kind="read_mailbox", arguments__is_test=True).count()
    client.post(reverse("feedback:mailbox_remove", args=[engagement.code, 1]))

    assert wrong.status_code == 422
    assert "name in DNS" in wrong.content.decode()
    assert "secret" not in wrong.content.decode() + shown
    assert "Messages read: 2." in shown
    assert account_of(kept) == ACCOUNT
    assert b"secret" not in bytes(kept.sealed_password)
    assert "secret" not in "".join(str(event.data) for event in AuditEvent.objects.all())
    assert (asked, Mailbox.objects.count(), FeedbackItem.objects.count()) == (1, 0, 1)


def test_a_program_sets_reads_pauses_and_removes(client, engagement, ada, shelf):
    signed = {"headers": {"Authorization": f"Bearer {make_token(ada, name='a program', days=30)[1]}"}}
    url = f"/api/v1/engagements/{engagement.code}/feedback/mailboxes/"
    sent = {"host": NAME, "username": USER, "password": PASSWORD}
    made = client.post(url, sent, "application/json", **signed)
    read()
    row = client.get(url, **signed).json()["results"][0]
    acts = ("test", "pause", "pause", "resume", "remove", "remove")
    codes = [client.post(f"{url}1/{act}/", {}, "application/json", **signed).status_code for act in acts]

    assert made.status_code == 201
    assert (row["state"], row["port"], row["folder"], row["read_count"]) == ("good", 993, "INBOX", 2)
    assert "secret" not in made.content.decode() + str(row)
    assert codes == [202, 200, 409, 200, 204, 404]
