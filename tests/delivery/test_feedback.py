"""What came back is stored once, whatever told it, before anybody is told that it was taken."""

import io
import json
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Refused
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from delivery.domain.suppress_address import import_suppressions, lift_suppression, suppress_address
from delivery.domain.take_feedback import take_feedback
from delivery.feedback.records import read_record
from delivery.feedback_queue import QueueFilter, freshness_of
from delivery.models import FeedbackFile, FeedbackItem, Suppression
from discovery.models import UnreadFile, UnreadPiece
from tests.factories.accounts import make_token
from tests.factories.feedback import bounce, hand_over, hard_bounce, mbox, sample

pytestmark = pytest.mark.django_db


def standing(engagement):
    return set(Suppression.objects.filter(engagement=engagement).standing().values_list("address", flat=True))


def test_a_mailbox_is_read_by_its_job_and_every_event_stands_in_the_queue(engagement, ada):
    file = hand_over(
        engagement, mbox("qmail-words", "postfix-gmail-quota", "yahoo-complaint", "out-of-office"), actor=ada
    )

    stored = FeedbackItem.objects.filter(file=file).order_by("pk").values_list("recipient", "category", "action")
    assert (file.state, file.form, file.new_count, file.passed_count) == ("read", "mail", 4, 1)
    assert list(stored) == [
        ("abe@qm.example.net", "recipient.unknown", "hard"),
        ("bea@qm.example.net", "recipient.quota", "soft"),
        ("bo@gmail.com", "recipient.quota", "soft"),
        ("kay@yahoo.com", "complaint.abuse", "hard"),
    ]
    assert standing(engagement) == {"abe@qm.example.net", "kay@yahoo.com"}
    assert not UnreadFile.objects.exists()
    assert not UnreadPiece.objects.exists()


def test_the_bytes_lie_encrypted_until_they_are_read(engagement, ada):
    from delivery.domain.receive_feedback import receive_feedback

    receive_feedback(engagement, filename="x.eml", content_file=io.BytesIO(sample("qmail-words")), actor=ada)

    assert b"abe@qm" not in bytes(UnreadPiece.objects.get().sealed)
    assert FeedbackFile.objects.get().is_under_way


def test_the_same_event_told_by_both_servers_and_twice_by_a_mailbox_counts_once(engagement, ada):
    hand_over(engagement, mbox("postfix-gmail-unknown"), actor=ada)
    again = hand_over(engagement, mbox("postfix-gmail-unknown", "postfix-gmail-unknown"), actor=ada)
    record = bounce("anna@gmail.com", "<m01@shop.example.com>")

    taken = take_feedback(engagement, read_record(record), actor=ada)

    assert FeedbackItem.objects.count() == 1
    assert (again.new_count, again.known_count) == (0, 2)
    assert (taken.new, taken.known, taken.suppressed) == (0, 1, 0)
    assert Suppression.objects.count() == 1


def test_a_number_that_a_stranger_made_long_keeps_nothing_out(engagement, ada):
    record = bounce() | {"headers": {"X-Gatepost-Id": "x" * 3_000}}

    taken = take_feedback(engagement, read_record(record), actor=ada)

    assert (taken.new, len(FeedbackItem.objects.get().trace)) == (1, 200)


def test_what_is_stored_is_never_changed(engagement, ada):
    item = hard_bounce(engagement, actor=ada)

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        FeedbackItem.objects.filter(pk=item.pk).update(category="unknown")
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        Suppression.objects.all().delete()


def test_a_file_that_is_none_is_refused_with_a_sentence_and_not_kept(engagement, ada):
    file = hand_over(engagement, b"%PDF-1.7 nothing of ours", actor=ada)

    assert (file.state, file.unread) == ("refused", None)
    assert "none of the files that are read here" in file.refusal
    assert not FeedbackItem.objects.exists()
    assert not UnreadPiece.objects.exists()


def test_what_was_not_understood_is_counted_and_told_by_its_place(engagement, ada):
    log = json.dumps(bounce()) + "\nrubbish\n" + json.dumps(bounce("bo@example.org", "<m2@x>")) + "\n"

    file = hand_over(engagement, log.encode(), actor=ada, filename="kumo.jsonl")

    assert (file.form, file.new_count, file.strange_count) == ("kumomta", 2, 1)
    assert file.strange == [[2, "It is no JSON."]]


def test_hostile_letters_and_times_are_stored_as_far_as_they_can_be(engagement, ada):
    record = bounce("anna@example.org", "<a\x00b\ud800@x>", timestamp=32503680000.0, id="\x00")

    (item,) = read_record(record)
    take_feedback(engagement, [item], actor=ada)

    stored = FeedbackItem.objects.get()
    assert "\x00" not in stored.message_id
    assert (stored.happened_at, stored.day) == (None, timezone.now().date())


def test_who_may_not_upload_hands_nothing_over(engagement, vera):
    with pytest.raises(Refused):
        take_feedback(engagement, read_record(bounce()), actor=vera)

    assert not FeedbackItem.objects.exists()


def test_an_address_is_put_on_and_taken_off_and_every_row_stays(engagement, ada, carl):
    suppress_address(engagement, address=" Anna@Example.ORG ", reason="She asked for it.", actor=carl)
    lift_suppression(engagement, address="anna@example.org", reason="She asked again.", actor=ada)

    assert standing(engagement) == set()
    assert [row.is_lifted for row in Suppression.objects.order_by("pk")] == [False, True]
    assert AuditEvent.objects.filter(action__startswith="suppression.").count() == 2


def test_a_new_permanent_failure_puts_a_lifted_address_back(engagement, ada):
    hard_bounce(engagement, actor=ada)
    lifted = lift_suppression(engagement, address="anna@example.org", reason="A new mailbox.", actor=ada)

    happened = (lifted.made_at + timedelta(hours=1)).timestamp()
    hard_bounce(engagement, actor=ada, message_id="<m9@shop.example.com>", timestamp=happened)

    assert standing(engagement) == {"anna@example.org"}
    assert Suppression.objects.count() == 3


def test_a_failure_from_before_it_was_lifted_does_not_put_an_address_back(engagement, ada):
    hard_bounce(engagement, actor=ada)
    lifted = lift_suppression(engagement, address="anna@example.org", reason="A new mailbox.", actor=ada)

    happened = (lifted.made_at - timedelta(hours=1)).timestamp()
    hard_bounce(engagement, actor=ada, message_id="<m9@shop.example.com>", timestamp=happened)

    assert FeedbackItem.objects.count() == 2
    assert standing(engagement) == set()


@pytest.mark.parametrize(("address", "said"), [("anna", "This is no address"), ("anna@example.org", "already")])
def test_what_cannot_be_put_on_the_list_says_why(engagement, ada, address, said):
    suppress_address(engagement, address="anna@example.org", reason="Once.", actor=ada)

    with pytest.raises(DomainError, match=said):
        suppress_address(engagement, address=address, reason="Twice.", actor=ada)

    assert Suppression.objects.count() == 1


def test_what_is_not_on_the_list_is_not_taken_off(engagement, ada):
    with pytest.raises(Conflict, match="is not on the list"):
        lift_suppression(engagement, address="anna@example.org", reason="Why not.", actor=ada)


def test_a_list_is_imported_and_what_stands_there_already_is_left_alone(engagement, ada):
    suppress_address(engagement, address="anna@example.org", reason="Asked.", actor=ada)
    content = io.BytesIO(b"address,reason\nANNA@example.org,old\nbo@example.org,\nnobody\n")

    counts = import_suppressions(engagement, content_file=content, reason="The list of the old server", actor=ada)

    assert counts == {"new": 1, "known": 1, "strange": 1}
    row = Suppression.objects.get(address="bo@example.org")
    assert (row.source, row.reason) == ("import", "The list of the old server")
    assert standing(engagement) == {"anna@example.org", "bo@example.org"}


def test_the_reasons_in_an_imported_list_keep_no_secrets(engagement, ada):
    content = io.BytesIO(b"address,reason\nbo@example.org,smtp_sasl_password = hunter2secret\ncy@example.org,Left.\n")

    import_suppressions(engagement, content_file=content, reason="The old list", actor=ada)

    reasons = dict(Suppression.objects.values_list("address", "reason"))
    assert "hunter2secret" not in reasons["bo@example.org"]
    assert "smtp_sasl_password" in reasons["bo@example.org"]
    assert reasons["cy@example.org"] == "Left."


def test_a_list_without_an_address_changes_nothing(engagement, ada):
    with pytest.raises(DomainError, match="There is no address in this file"):
        import_suppressions(engagement, content_file=io.BytesIO(b"hello\n"), reason="x", actor=ada)

    assert not Suppression.objects.exists()


def test_the_queue_is_filtered_by_what_is_asked_for(engagement, ada):
    hand_over(engagement, mbox("qmail-words", "postfix-gmail-quota", "yahoo-complaint"), actor=ada)
    items = FeedbackItem.objects.filter(engagement=engagement)

    def found(**asked):
        return set(QueueFilter.read(asked).apply(items).values_list("recipient", flat=True))

    assert found(category="recipient.quota") == {"bea@qm.example.net", "bo@gmail.com"}
    assert found(provider="Google") == {"bo@gmail.com"}
    assert found(source="arf", kind="complaint") == {"kay@yahoo.com"}
    assert found(text="ABE@qm.example.net") == {"abe@qm.example.net"}
    assert found(text="<m02@shop.example.com>") == {"bo@gmail.com"}
    assert found(day="2026-11-10", text="") == set(items.values_list("recipient", flat=True))
    assert found(day="nonsense", text="\x00", kind="\x00") == found()


def test_old_news_is_never_shown_as_good_news(engagement, ada, monkeypatch):
    nothing = freshness_of(engagement, ada)
    hard_bounce(engagement, actor=ada)
    fresh = freshness_of(engagement, ada)
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("delivery.feedback_queue.timezone.now", lambda: later)

    stale = freshness_of(engagement, ada)

    assert (nothing.status.kind, fresh.status.kind, stale.status.kind) == ("not_started", "completed", "problem")
    assert stale.is_stale


def test_a_program_hands_records_over_with_a_token_and_is_told_what_was_stored(client, engagement, ada):
    url = reverse("api:feedback:queue", args=[engagement.code])
    sign_in = {"Authorization": f"Bearer {make_token(ada, name='the log hook', days=30)[1]}"}
    body = {"records": [bounce(), bounce(), bounce("bo@example.org", "<m2@x>"), bounce(type="Delivery")]}

    answer = client.post(url, body, content_type="application/json", headers=sign_in)
    refused = client.post(
        url, {"records": [bounce("c@x.example"), 4]}, content_type="application/json", headers=sign_in
    )

    assert (answer.status_code, answer.json()) == (201, {"new": 2, "known": 1, "suppressed": 2})
    assert refused.status_code == 422
    assert "Nothing was stored." in refused.json()["detail"]
    assert FeedbackItem.objects.count() == 2


def test_the_page_of_the_queue_shows_counts_and_takes_files(client, engagement, ada):
    client.force_login(ada)
    url = reverse("feedback:queue", args=[engagement.code])
    sent = client.post(reverse("feedback:files", args=[engagement.code]), {"feedback": io.BytesIO(mbox("qmail-words"))})
    hard_bounce(engagement, actor=ada)

    page = client.get(url).content.decode()

    assert sent.status_code == 302
    assert "No such mailbox" in page
    assert "anna@example.org" in page
    assert "Waiting to be read" in page


def test_the_list_leaves_in_three_forms(client, engagement, ada):
    hard_bounce(engagement, actor=ada)
    client.force_login(ada)

    bodies = {
        reader: client.get(reverse("feedback:suppression_export", args=[engagement.code, reader])).content.decode()
        for reader in ("powermta", "kumomta", "csv")
    }

    assert bodies["powermta"] == "anna@example.org\n"
    assert json.loads(bodies["kumomta"]) == {"anna@example.org": "No such mailbox"}
    assert "anna@example.org,,bounce,No such mailbox" in bodies["csv"]
    assert client.get(reverse("feedback:suppression_export", args=[engagement.code, "other"])).status_code == 404


def test_a_program_fetches_what_is_new_and_may_ask_for_it_again(client, engagement, ada):
    hand_over(engagement, mbox("qmail-words", "postfix-gmail-quota"), actor=ada)
    first, second, third = FeedbackItem.objects.order_by("pk").values_list("pk", flat=True)
    client.force_login(ada)
    url = reverse("feedback:export", args=[engagement.code, "jsonl"])

    def fetched(**asked):
        answer = client.get(url, {"columns": "nr=id,email=recipient", **asked})
        return [json.loads(line) for line in answer.getvalue().decode().splitlines()]

    everything = [{"nr": first, "email": "abe@qm.example.net"}, {"nr": second, "email": "bea@qm.example.net"},
                  {"nr": third, "email": "bo@gmail.com"}]  # fmt: skip
    assert fetched() == everything
    assert fetched(after=second) == everything[2:]
    assert fetched(after=0) == everything
    assert fetched(category="recipient.unknown") == everything[:1]
    assert client.get(url, {"columns": "email=password"}).status_code == 422
    assert client.get(url, {"after": "false"}).status_code == 422
