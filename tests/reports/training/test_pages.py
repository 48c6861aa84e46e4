"""The pages of training and their routes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.wording import day_text
from reports.domain.note_attendance import note_attendance
from reports.models import TrainingAttendance, TrainingEnding, TrainingExercise, TrainingSession
from tests.factories.training import plan_session, train

DAY = timezone.now().date() + timedelta(days=20)

pytestmark = pytest.mark.django_db


def url(name, engagement, *more, api=False):
    return reverse(f"{'api:' * api}training:{name}", args=[engagement.code, *more])


def read(client, address):
    return client.get(address).content.decode()


def typed(**changes):
    return {"subject": "pace", "title": "", "day": f"{DAY:%Y-%m-%d}", "at": "14:30", "minutes": "90", **changes}


def test_a_session_is_planned_on_its_page(client, engagement, ada):
    client.force_login(ada)

    page = client.post(url("plan", engagement), typed(trainer=ada.email), follow=True).content.decode()

    assert TrainingSession.objects.get().trainer == ada
    assert "Pace for each provider, and warming up new addresses" in page
    assert f"{day_text(DAY)}, 14:30 GMT-5" in page


def test_a_plan_that_lacks_something_is_shown_again_with_what_was_typed(client, engagement, ada):
    client.force_login(ada)

    without_day = client.post(url("plan", engagement), typed(trainer=ada.email, title="Queues", day=""))
    without_subject = client.post(
        url("plan", engagement), typed(trainer=ada.email, subject="", material="Bring a key.")
    )

    assert (without_day.status_code, without_subject.status_code) == (422, 422)
    assert "Enter the day, such as 2026-05-14." in without_day.content.decode()
    assert 'value="Queues"' in without_day.content.decode()
    assert "Choose a subject, or write a title." in without_subject.content.decode()
    assert "Bring a key." in without_subject.content.decode()
    assert not TrainingSession.objects.exists()


def test_the_list_says_who_is_trained_and_the_hours(client, engagement, ada, carl, vera):
    train(engagement, vera, trainer=ada)
    client.force_login(vera)

    page = read(client, url("list", engagement))

    assert "Carl Brandt has not come to a training session that was held." in page
    assert "Trained" in page
    assert "1 h 20 min" in page
    assert "names no hours for it" in page
    assert "Plan a session" not in page


def test_a_person_says_on_the_page_that_they_came(client, engagement, begun, vera):
    client.force_login(vera)
    before = read(client, url("session", engagement, 1))

    after = client.post(url("attend", engagement, 1), follow=True).content.decode()

    assert "I came to this session" in before
    assert "said so themself" in after
    assert "I came to this session" not in after
    assert TrainingAttendance.objects.get().person == vera


def test_a_person_does_not_say_it_of_a_colleague(client, engagement, begun, vera, carl):
    client.force_login(vera)

    answer = client.post(url("attend", engagement, 1), {"person": carl.email})

    assert answer.status_code == 403
    assert "You may not note who else came" in answer.content.decode()
    assert not TrainingAttendance.objects.exists()


def test_the_trainer_notes_who_came_the_exercise_and_the_minutes(client, engagement, begun, ada, carl):
    client.force_login(ada)

    client.post(url("attend", engagement, 1), {"person": carl.email})
    offered = read(client, url("session", engagement, 1))
    told = {"trainee": carl.email, "task": "Find the runbook.", "result": "passed"}
    client.post(url("exercise", engagement, 1), told)
    page = client.post(url("held", engagement, 1), {"minutes": "75"}, follow=True).content.decode()

    assert "From an alarm, find the runbook" in offered
    assert "noted by the trainer, Ada Quint" in page
    assert "Carl Brandt: Passed" in page
    assert "1 h 15 min" in page
    assert "It was held" not in page
    assert TrainingExercise.objects.get().person == carl


def test_only_somebody_who_came_can_be_chosen_for_an_exercise(client, engagement, begun, ada, carl, vera):
    note_attendance(begun, person=carl, actor=carl)
    client.force_login(ada)

    answer = client.post(url("exercise", engagement, 1), {"trainee": vera.email, "task": "Drain.", "result": "passed"})

    assert answer.status_code == 422
    assert "Choose somebody who came." in answer.content.decode()
    assert "Drain." in answer.content.decode()
    assert not TrainingExercise.objects.exists()


def test_a_session_is_cancelled_with_a_reason_and_stays_on_the_list(client, engagement, begun, ada):
    client.force_login(ada)

    without = client.post(url("cancel", engagement, 1), {"reason": ""})
    page = client.post(url("cancel", engagement, 1), {"reason": "Strike."}, follow=True).content.decode()

    assert without.status_code == 422
    assert "Strike." in page
    assert "Cancelled" in read(client, url("list", engagement))
    assert not TrainingEnding.objects.get().is_held


def test_the_whole_of_it_goes_over_the_api(client, engagement, ada, carl):
    client.force_login(ada)
    asked = {"subject": "pace", "day": f"{DAY:%Y-%m-%d}", "at": "14:30", "minutes": 90, "trainer": ada.email}

    planned = client.post(url("sessions", engagement, api=True), asked, content_type="application/json")
    cancelled = client.post(
        url("cancel", engagement, 1, api=True), {"reason": "Strike."}, content_type="application/json"
    )
    second = plan_session(engagement, actor=ada).number
    steps = [
        ("attend", {"person": carl.email}),
        ("exercise", {"person": carl.email, "task": "Drain.", "result": "passed"}),
        ("held", {"minutes": 80}),
    ]
    answers = [
        client.post(url(name, engagement, second, api=True), sent, content_type="application/json").status_code
        for name, sent in steps
    ]
    found = client.get(url("sessions", engagement, api=True)).json()

    assert (planned.status_code, cancelled.status_code, answers) == (201, 201, [201, 201, 201])
    assert planned.json()["starts_at"].startswith(f"{DAY:%Y-%m-%d}T")
    assert cancelled.json()["ending"]["reason"] == "Strike."
    assert found["balance"] == {"included": None, "planned": 0, "held": 80, "left": None}
    assert found["people"] == [{"person": "Carl Brandt", "has_duty": True, "has_passed": True, "reasons": []}]
    assert {session["number"] for session in found["sessions"]} == {1, 2}


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("attend", {"person": "nobody@northlake.example"}, "Nobody at Northlake Logistics has the address"),
        ("attend", {}, "Name who came"),
        ("exercise", {"person": "vera@northlake.example", "task": "x", "result": "passed"}, "has noted that Vera Holm"),
    ],
)
@pytest.mark.usefixtures("begun", "vera")
def test_the_api_refuses_with_a_sentence(client, engagement, ada, name, sent, words):
    client.force_login(ada)

    answer = client.post(url(name, engagement, 1, api=True), sent, content_type="application/json")

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TrainingAttendance.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_session_and_for_more(
    client, engagement, ada, carl, vera, count, django_assert_max_num_queries
):
    for _ in range(count):
        train(engagement, carl, trainer=ada)
    client.force_login(vera)

    with django_assert_max_num_queries(24):
        client.get(url("list", engagement))
