"""The questionnaire from the first answer to the lock."""

import pytest

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from discovery.domain.judge_answers import accept_answers, return_answers
from discovery.domain.save_answers import AnswersDiffer, Written, save_answers
from discovery.domain.submit_answers import submit_answers
from discovery.models import Answer, AnswerRevision, AnswerSheet
from discovery.questionnaire import questionnaire_of
from discovery.questions.values import Given
from engagements.domain.perform import perform
from tests.discovery.database import everything_in_the_database
from tests.factories.answers import answer_all, submit, submitted, write

pytestmark = pytest.mark.django_db


def sheet_of(engagement):
    return AnswerSheet.objects.get(engagement=engagement)


def answer(name):
    return Answer.objects.get(question=name)


def give_back(engagement, *, actor, **notes):
    return return_answers(engagement, actor=actor, version=sheet_of(engagement).version, notes=notes)


def accept(engagement, *, actor):
    return accept_answers(engagement, actor=actor, version=sheet_of(engagement).version)


def events(action):
    return AuditEvent.objects.filter(action=action)


def test_the_first_answer_begins_the_questionnaire(engagement, carl):
    write(engagement, actor=carl, send_hosts=2)

    sheet = sheet_of(engagement)
    assert (sheet.state, sheet.begun_by, sheet.version) == ("draft", carl, 1)
    assert (answer("send_hosts").value, answer("send_hosts").answered_by) == (2, carl)
    assert events("answers.saved").get().data["count"] == 1


def test_looking_at_it_writes_nothing(engagement, carl):
    shown = questionnaire_of(engagement, carl)

    assert (shown.state, shown.answered_count, len(shown.missing)) == ("draft", 0, len(shown.asked))
    assert not AnswerSheet.objects.exists()


def test_every_earlier_value_is_kept_with_who_said_it(engagement, carl, vera):
    write(engagement, actor=carl, send_hosts=2)

    write(engagement, actor=carl, send_hosts=Given(3, note="One more since May."))

    kept = AnswerRevision.objects.filter(answer__question="send_hosts").values_list("version", "value", "note")
    assert list(kept) == [(1, 2, ""), (2, 3, "One more since May.")]
    assert answer("send_hosts").version == 2


def test_saving_the_same_once_more_changes_nothing(engagement, carl):
    write(engagement, actor=carl, send_hosts=2)

    changed = write(engagement, actor=carl, send_hosts=2)

    assert changed == []
    assert AnswerRevision.objects.count() == 1
    assert sheet_of(engagement).version == 1
    assert events("answers.saved").count() == 1


@pytest.mark.parametrize("person", ["vera", "ada", "sam"])
def test_only_people_of_the_customer_with_the_task_answer(engagement, person, request):
    with pytest.raises(Refused, match="you may not"):
        write(engagement, actor=request.getfixturevalue(person), send_hosts=2)

    assert not Answer.objects.exists()


def test_a_secret_in_a_text_is_masked_before_it_is_kept(engagement, carl):
    write(engagement, actor=carl, command_users=Given("curl -u app https://app:hunter2hunter2@api.example/ on web1"))

    assert "hunter2hunter2" not in answer("command_users").value
    assert answer("command_users").value.endswith("on web1")


def test_a_question_nobody_asks_is_refused_and_nothing_is_kept(engagement, carl):
    with pytest.raises(DomainError, match="has no question colour"):
        save_answers(engagement, actor=carl, written={"colour": Written(Given("red")), "send_hosts": Written(Given(1))})

    assert not Answer.objects.exists()


def test_two_people_who_say_different_things_see_both_texts(engagement, carl, olga):
    write(engagement, actor=carl, change_windows="Tuesdays")
    save_answers(engagement, actor=carl, written={"change_windows": Written(Given("Tuesdays, 9 to 11"), 1)})

    with pytest.raises(AnswersDiffer) as refused:
        save_answers(engagement, actor=carl, written={"change_windows": Written(Given("Fridays"), 1)})

    (differing,) = refused.value.differing
    assert (differing.theirs.value, differing.mine.value) == ("Tuesdays, 9 to 11", "Fridays")
    assert "Carl Brandt answered" in refused.value.reasons[0]
    assert answer("change_windows").value == "Tuesdays, 9 to 11"


def test_what_the_writer_left_as_it_was_does_not_undo_what_another_wrote(engagement, carl):
    write(engagement, actor=carl, change_windows="Tuesdays", send_hosts=2)
    save_answers(engagement, actor=carl, written={"change_windows": Written(Given("Fridays"), 1)})

    changed = save_answers(
        engagement,
        actor=carl,
        written={"change_windows": Written(Given("Tuesdays"), 1), "send_hosts": Written(Given(3), 1)},
    )

    assert [one.question for one in changed] == ["send_hosts"]
    assert answer("change_windows").value == "Fridays"


def test_not_everything_answered_is_not_submitted_and_the_open_questions_are_named(engagement, carl):
    write(engagement, actor=carl, send_hosts=2)

    with pytest.raises(DomainError) as refused:
        submit(engagement, actor=carl)

    assert "“How many messages do you send in a usual month?” has no answer" in refused.value.reasons[0]
    assert "more questions are open" in refused.value.reasons[-1]
    assert sheet_of(engagement).state == "draft"
    assert not OutboxMessage.objects.filter(kind="answers_submitted").exists()


def test_submitting_tells_the_team_and_settles_what_was_asked(engagement, carl, ada):
    submitted(engagement, actor=carl, milters="yes", milter_owner="Ines")

    sheet = sheet_of(engagement)
    assert (sheet.state, sheet.submitted_by) == ("submitted", carl)
    assert "milter_owner" in sheet.asked
    assert "tenant_figures" not in sheet.asked
    assert ada.email in OutboxMessage.objects.filter(kind="answers_submitted").values_list("address", flat=True)
    assert events("answers.submitted").get().data["count"] == len(sheet.asked)


def test_what_is_submitted_is_not_changed_by_the_customer(engagement, carl):
    submitted(engagement, actor=carl)

    with pytest.raises(Conflict, match="It can be changed when the consultants have returned it"):
        write(engagement, actor=carl, send_hosts=9)

    assert answer("send_hosts").value is None


def test_submitting_an_older_page_is_refused(engagement, carl):
    answer_all(engagement, actor=carl)

    with pytest.raises(Conflict, match="has moved since you opened it"):
        submit_answers(engagement, actor=carl, version=sheet_of(engagement).version - 1)

    assert sheet_of(engagement).state == "draft"


def test_a_question_that_is_not_asked_any_more_keeps_its_answer_unasked(engagement, carl):
    write(engagement, actor=carl, milters="yes", milter_owner="Ines")

    write(engagement, actor=carl, milters="no")

    row = questionnaire_of(engagement, carl).find("milter_owner")
    assert not row.is_asked
    assert row.text == "Ines"
    assert not row.is_missing


def test_an_answer_comes_back_with_its_note_and_goes_in_again_changed(engagement, carl, ada):
    submitted(engagement, actor=carl, send_hosts=2)

    give_back(engagement, actor=ada, send_hosts="We read three configurations.")

    sheet = sheet_of(engagement)
    assert (sheet.state, sheet.returned_by) == ("returned", ada)
    assert [row.question.id for row in questionnaire_of(engagement, carl).returned] == ["send_hosts"]
    assert carl.email in OutboxMessage.objects.filter(kind="answers_returned").values_list("address", flat=True)
    with pytest.raises(DomainError, match="was returned and has not been changed"):
        submit(engagement, actor=carl)

    write(engagement, actor=carl, send_hosts=3)
    submit(engagement, actor=carl)

    assert sheet_of(engagement).state == "submitted"
    assert answer("send_hosts").return_note == "We read three configurations."
    assert not answer("send_hosts").is_returned


def test_a_secret_in_a_note_of_the_consultants_is_kept_nowhere(engagement, carl, ada):
    submitted(engagement, actor=carl, send_hosts=2)

    give_back(engagement, actor=ada, send_hosts="main.cf says: password = Zq7geheim99x")

    kept = answer("send_hosts").return_note
    assert kept.startswith("main.cf says: password = [hidden/password/")
    assert events("answers.returned").get().data["notes"] == [{"question": "send_hosts", "note": kept}]
    assert OutboxMessage.objects.filter(kind="answers_returned").exists()
    assert "Zq7geheim99x" not in everything_in_the_database()


def test_returning_without_a_note_returns_nothing(engagement, carl, ada):
    submitted(engagement, actor=carl)

    with pytest.raises(DomainError, match="Write at one answer at least"):
        give_back(engagement, actor=ada, send_hosts="  ")
    with pytest.raises(DomainError, match="no answer to return at tenant_figures"):
        give_back(engagement, actor=ada, tenant_figures="Which?")

    assert sheet_of(engagement).state == "submitted"


def test_only_what_is_submitted_is_judged(engagement, carl, ada):
    answer_all(engagement, actor=carl)

    with pytest.raises(Conflict, match="not submitted now: it is being answered"):
        accept(engagement, actor=ada)

    assert sheet_of(engagement).state == "draft"


@pytest.mark.parametrize("person", ["carl", "vera", "sam"])
def test_only_reviewers_judge(engagement, carl, person, request):
    submitted(engagement, actor=carl)

    with pytest.raises(Refused, match="you may not"):
        accept(engagement, actor=request.getfixturevalue(person))
    with pytest.raises(Refused, match="you may not"):
        give_back(engagement, actor=request.getfixturevalue(person), send_hosts="No.")

    assert sheet_of(engagement).state == "submitted"


def test_after_the_end_nothing_is_answered(engagement, carl, lea):
    perform("cancel", engagement=engagement, actor=lea, note="Budget gone")

    with pytest.raises(Conflict, match="its records stay as they are"):
        write(engagement, actor=carl, send_hosts=2)

    assert not AnswerSheet.objects.exists()


def test_the_number_of_queries_does_not_depend_on_how_much_was_answered(
    engagement, carl, django_assert_max_num_queries
):
    answer_all(engagement, actor=carl)

    with django_assert_max_num_queries(30) as counted:
        questionnaire_of(engagement, carl)
    many = len(counted)
    Answer.objects.exclude(question="send_hosts").update(is_unknown=True)

    with django_assert_max_num_queries(many):
        questionnaire_of(engagement, carl)
