"""The questionnaire in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from discovery.models import Answer, AnswerRevision, AnswerSheet
from discovery.questionnaire import questionnaire_of
from discovery.questions.values import Given
from engagements.decisions import decisions_for
from engagements.domain.assign_team import assign_team
from engagements.domain.perform import perform
from tests.discovery.pages import text_of, url
from tests.factories.answers import answer_all, submitted, write
from tests.factories.discovery import read
from tests.factories.pricing import make_accepted_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_carl(client, carl):
    client.force_login(carl)
    return client


def values():
    return dict(Answer.objects.values_list("question", "value"))


def posted(engagement, reader, section, **typed):
    """What a browser sends of a section: every field of it, with what was typed."""
    rows = questionnaire_of(engagement, reader).section(section).asked
    sent = {f"{row.question.id}-version": row.answer.version if row.answer else 0 for row in rows}
    return sent | {name.replace("__", "-"): value for name, value in typed.items()}


def test_a_section_is_saved_as_far_as_somebody_got(as_carl, engagement, carl):
    page = url("answer_section", engagement, "volume")

    answered = as_carl.post(page, posted(engagement, carl, "volume", month_volume="9,400,000", mail_kinds=["codes"]))

    assert answered.status_code == 302
    assert answered.url == url("answer_section", engagement, "addresses")
    assert values() == {"month_volume": 9_400_000, "mail_kinds": ["codes"]}


def test_what_was_typed_stays_when_one_answer_is_none(as_carl, engagement, carl):
    page = url("answer_section", engagement, "volume")

    refused = as_carl.post(page, posted(engagement, carl, "volume", month_volume="many", peak_day="410000"))

    text = text_of(refused)
    assert refused.status_code == 422
    assert "Enter a whole number of messages a month" in text
    assert 'value="many"' in text
    assert 'value="410000"' in text
    assert values() == {}


def test_not_to_know_is_an_answer(as_carl, engagement, carl):
    volume = posted(engagement, carl, "volume", peak_day__unknown="on", peak_day__note="Marketing knows.")
    as_carl.post(url("answer_section", engagement, "volume"), volume)
    as_carl.post(
        url("answer_section", engagement, "addresses"), posted(engagement, carl, "addresses", dns_by="unknown")
    )

    told = Answer.objects.in_bulk(field_name="pk").values()
    assert {(one.question, one.is_unknown, one.value, one.note) for one in told} == {
        ("peak_day", True, None, "Marketing knows."),
        ("dns_by", True, None, ""),
    }


def test_an_answer_and_not_knowing_at_once_is_refused(as_carl, engagement, carl):
    typed = posted(engagement, carl, "volume", peak_day="5", peak_day__unknown="on")

    refused = as_carl.post(url("answer_section", engagement, "volume"), typed)

    assert "Either answer this, or choose “I do not know”" in text_of(refused)
    assert values() == {}


def test_what_was_read_stands_with_its_line_and_is_confirmed_with_a_tick(as_carl, engagement, carl, ada):
    read(engagement, actor=ada)
    page = url("answer_section", engagement, "filters")

    shown = text_of(as_carl.get(page))
    as_carl.post(page, posted(engagement, carl, "filters", milters__confirm='"yes"'))

    assert "Read: Yes" in shown
    assert "etc/postfix/main.cf:6" in shown
    assert "That is right: Yes" in shown
    assert values() == {"milters": "yes"}


def test_confirming_one_thing_and_writing_another_is_refused(as_carl, engagement, carl, ada):
    read(engagement, actor=ada)
    typed = posted(engagement, carl, "filters", milters="no", milters__confirm='"yes"')

    refused = as_carl.post(url("answer_section", engagement, "filters"), typed)

    assert "Either say that Yes is right, or write another answer." in text_of(refused)
    assert values() == {}


def test_what_was_not_on_screen_is_not_confirmed(as_carl, engagement, carl, ada):
    read(engagement, actor=ada)
    page = url("answer_section", engagement, "addresses")
    assert 'value="1" id="id_send_hosts-confirm"' in text_of(as_carl.get(page))
    ticked = posted(engagement, carl, "addresses", send_hosts__confirm="1", send_hosts__note="All of them.")
    read(engagement, actor=ada, host="mta2")

    refused = as_carl.post(page, ticked)

    text = text_of(refused)
    assert refused.status_code == 409
    assert "you confirmed 1 host, and by now it is 2 hosts. Nothing was saved" in text
    assert "All of them.</textarea>" in text
    assert 'value="2" id="id_send_hosts-confirm"' in text
    assert values() == {}


@pytest.mark.parametrize("sent", ["on", "[[", "7", "null", "[" * 9000, '"9"'])
def test_a_tick_that_stands_for_nothing_on_any_page_confirms_nothing(as_carl, engagement, carl, ada, sent):
    read(engagement, actor=ada)
    ticked = posted(engagement, carl, "addresses", send_hosts__confirm=sent)

    refused = as_carl.post(url("answer_section", engagement, "addresses"), ticked)

    assert refused.status_code == 409
    assert values() == {}


def test_further_questions_follow_from_an_answer(as_carl, engagement, carl):
    page = url("answer_section", engagement, "filters")
    before = text_of(as_carl.get(page))

    answered = as_carl.post(page, posted(engagement, carl, "filters", milters="yes"), follow=True)

    assert "Who answers for each milter" not in before
    assert answered.redirect_chain[-1][0] == page
    assert "1 answer saved. 2 more questions follow from what you answered." in text_of(answered)
    assert "Who answers for each milter" in text_of(answered)


def test_two_people_see_both_texts_and_saving_again_replaces(as_carl, engagement, carl):
    write(engagement, actor=carl, change_windows="Tuesdays")
    page = url("answer_section", engagement, "operations")
    old = posted(engagement, carl, "operations", change_windows="Fridays")
    write(engagement, actor=carl, change_windows="Wednesdays")

    refused = as_carl.post(page, old)

    text = text_of(refused)
    assert refused.status_code == 409
    assert "Wednesdays" in text
    assert "Fridays</textarea>" in text
    assert '<input type="hidden" name="change_windows-version" value="2"' in text
    assert values()["change_windows"] == "Wednesdays"

    as_carl.post(page, old | {"change_windows-version": "2"})

    assert values()["change_windows"] == "Fridays"
    assert AnswerRevision.objects.filter(answer__question="change_windows").count() == 3


def test_answers_are_checked_submitted_and_receipted(as_carl, engagement, carl):
    write(engagement, actor=carl, send_hosts=2)
    unready = text_of(as_carl.get(url("answers", engagement)))
    open_before = len(questionnaire_of(engagement, carl).missing)
    answer_all(engagement, actor=carl)

    version = AnswerSheet.objects.get().version
    ready = text_of(as_carl.get(url("answers", engagement)))
    done = as_carl.post(url("answers_submit", engagement), {"version": version}, follow=True)

    assert f"You cannot submit yet. {open_before} things are open" in unready
    assert f"Submit the questionnaire: {open_before} open" in unready
    assert open_before > 11
    assert "You cannot submit yet" not in ready
    assert done.redirect_chain[-1][0] == url("answers_receipt", engagement)
    assert "Carl Brandt submitted the questionnaire" in text_of(done)
    assert as_carl.get(url("answer_section", engagement, "volume")).url == url("answers", engagement)


def test_a_consultant_returns_one_answer_and_accepts_the_next_time(client, engagement, carl, ada):
    read(engagement, actor=ada)
    submitted(engagement, actor=carl, milters="no")
    client.force_login(ada)

    review = text_of(client.get(url("answers_review", engagement)))
    sheet = AnswerSheet.objects.get()
    client.post(url("answers_review", engagement), {"version": sheet.version, "milters-note": "main.cf names one."})

    assert "It was read otherwise" in review
    sheet.refresh_from_db()
    assert sheet.state == "returned"
    client.force_login(carl)
    back = text_of(client.get(url("questionnaire", engagement)))
    section = text_of(client.get(url("answer_section", engagement, "filters")))
    assert "1 answer came back with a note" in back
    assert "main.cf names one." in section

    submitted(engagement, actor=carl, milters="yes")
    sheet.refresh_from_db()
    client.force_login(ada)
    client.post(url("answers_accept", engagement), {"version": sheet.version})

    sheet.refresh_from_db()
    assert sheet.state == "accepted"
    assert "They are locked" in text_of(client.get(url("questionnaire", engagement)))


def test_a_note_stays_typed_when_returning_is_refused(client, engagement, carl, ada):
    submitted(engagement, actor=carl)
    client.force_login(ada)
    typed = {"version": AnswerSheet.objects.get().version - 1, "send_hosts-note": "How many spares?"}

    refused = client.post(url("answers_review", engagement), typed)

    assert refused.status_code == 409
    assert "How many spares?</textarea>" in text_of(refused)
    assert AnswerSheet.objects.get().state == "submitted"


def test_every_earlier_answer_stands_on_the_page_of_its_question(client, engagement, carl, vera):
    write(engagement, actor=carl, send_hosts=2)
    write(engagement, actor=carl, send_hosts=Given(3, note="One more since May."))
    client.force_login(vera)

    text = text_of(client.get(url("answer", engagement, "send_hosts")))

    assert "2 hosts" in text
    assert "3 hosts" in text
    assert "One more since May." in text


def test_it_waits_on_the_home_page_of_whoever_has_to_act(northlake, sam, carl, vera, ada, lea):
    engagement = make_accepted_quote(northlake, actor=sam, signatory=carl).engagement
    assign_team(engagement, lead=lea, consultants=[ada], actor=lea)

    def titles(person):
        return [one.title for one in decisions_for(person) if "questionnaire" in one.title]

    before = (titles(carl), titles(vera), titles(ada))
    submitted(engagement, actor=carl)

    assert before == (["Answer the questionnaire"], [], [])
    assert (titles(carl), titles(vera), titles(ada)) == ([], [], ["Review the questionnaire"])


@pytest.mark.parametrize("step", ["hold", "cancel"])
def test_nothing_waits_to_be_judged_where_the_work_rests(engagement, carl, ada, lea, step):
    submitted(engagement, actor=carl)
    before = [one.title for one in decisions_for(ada)]

    perform(step, engagement=engagement, actor=lea, note="Budget gone")

    assert "Review the questionnaire" in before
    assert "Review the questionnaire" not in [one.title for one in decisions_for(ada)]


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_a_file_goes_out_and_comes_back_filled_in(as_carl, engagement, carl, kind):
    write(engagement, actor=carl, send_hosts=2)
    out = as_carl.get(url(f"answers_{kind}", engagement)).content.decode("utf-8-sig")
    filled = out.replace('10000",2,', '10000",5,').replace("answer: 2\n", "answer: 5\n")

    sent = SimpleUploadedFile(f"filled.{kind}", filled.encode())
    back = as_carl.post(url("answers_import", engagement), {"answers": sent}, follow=True)

    assert f"1 answer of filled.{kind} saved." in text_of(back)
    assert values() == {"send_hosts": 5}
