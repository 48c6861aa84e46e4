"""Who orders a rollback, or live traffic again, has just proved who they are; pressing again what runs asks nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.errors import DomainError
from core.models import AuditEvent, Job, OutboxMessage
from delivery.domain import roll_back
from delivery.domain.proxy_line import set_line
from delivery.domain.roll_back import tick_step
from delivery.models import Rollback
from tests.conftest import PASSWORD
from tests.delivery.parallel.conftest import TOKEN
from tests.factories.accounts import make_token
from tests.factories.traffic import start_rollback
from tests.kept import kept
from tests.proof import sign_in_long_ago

pytestmark = pytest.mark.django_db

FIRST = "Confirm who you are first"
COMMAND = "./gatepost proxy-control --config proxy.toml rollback"


@kept
def ended_drill(engagement, ada):
    """Over; the portal has a line to the proxy and has not told it to resume."""
    set_line(engagement, url="http://127.0.0.1:9", token=TOKEN, actor=ada)
    return tick_step(start_rollback(engagement, is_drill=True, actor=ada).steps.get(position=2), actor=ada)


@pytest.fixture
def old(client, ada):
    """Ada's browser, in which she proved too long ago who she is."""
    return sign_in_long_ago(client, ada)


def page(name, engagement, *more):
    return reverse(f"parallel:{name}", args=[engagement.code, *more])


def api(engagement, rest=""):
    return f"/api/v1/engagements/{engagement.code}/parallel/rollbacks/{rest}"


def leads_to_proof(answer, back):
    way = f"{reverse('account_reauthenticate')}?next={back.replace('/', '%2F').replace('#', '%23')}"
    return (answer.status_code, answer.url) == (302, way)


def prove(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def words_of(answer):
    return " ".join(strip_tags(answer.text).split())


def everything():
    """What an order leaves behind."""
    return [model.objects.count() for model in (Rollback, AuditEvent, Job, OutboxMessage)]


@pytest.mark.parametrize(
    ("kind", "yet"), [("real", "The rollback is not started yet."), ("drill", "The drill is not started yet.")]
)
def test_one_press_on_an_old_proof_leads_there_and_back_to_the_button_and_the_next_one_starts(
    old, engagement, kind, yet
):
    start, before = page("rollback_start", engagement), everything()

    pressed = old.post(start, {"kind": kind})
    unchanged = everything()
    prove(old)
    shown = old.get(start)
    back, again = words_of(shown), words_of(old.get(start))
    started = old.post(start, {"kind": kind})

    assert leads_to_proof(pressed, f"{start}#start")
    assert unchanged == before
    assert f"You have confirmed who you are. {yet}" in back
    assert shown.text.count('class="btn btn-primary" type="submit" name="kind"') == 1
    assert f'class="btn btn-primary" type="submit" name="kind" value="{kind}"' in shown.text
    assert FIRST not in back
    assert "You have confirmed" not in again
    assert started.url == page("rollback", engagement, 1)
    assert Rollback.objects.get().is_drill == (kind == "drill")


def test_who_opens_the_page_with_an_old_proof_reads_first_what_is_asked_and_what_needs_no_sign_in(old, engagement):
    shown = words_of(old.get(page("rollback_start", engagement)))

    assert shown.index(FIRST) < shown.index(COMMAND) < shown.index("What this does")
    assert "needs no sign-in and works at once" in shown


def test_a_fresh_session_reads_nothing_new_and_presses_once(client, engagement, ada):
    client.force_login(ada)

    shown = words_of(client.get(page("rollback_start", engagement)))
    client.post(page("rollback_start", engagement), {"kind": "real"})

    assert "onfirm" not in shown
    assert COMMAND not in shown
    assert not Rollback.objects.get().is_drill


def test_the_button_that_leads_to_the_proof_starts_nothing_also_with_a_fresh_one(client, old, engagement, ada):
    start, before = page("rollback_start", engagement), everything()
    unproved = old.post(start, {"prove": "1"})
    client.force_login(ada)
    proved = client.post(start, {"prove": "1"})
    back = words_of(client.get(start))

    assert leads_to_proof(unproved, f"{start}#start")
    assert leads_to_proof(proved, f"{start}#start")
    assert everything() == before
    assert "You have confirmed who you are. Nothing is started yet." in back


@pytest.mark.parametrize("kind", ["real", "drill"])
def test_pressed_again_while_the_real_one_runs_it_is_answered_and_the_proxy_told_again_without_a_proof(
    old, engagement, ada, kind
):
    set_line(engagement, url="http://127.0.0.1:9", token=TOKEN, actor=ada)
    start_rollback(engagement, is_drill=False, actor=ada)
    before = everything()
    Job.objects.filter(kind="roll_back").delete()  # as if the proxy had been told

    shown = words_of(old.get(page("rollback_start", engagement)))
    pressed = old.post(page("rollback_start", engagement), {"kind": kind})
    asked = old.post(api(engagement), {"is_drill": kind == "drill"}, "application/json")

    assert pressed.url == page("rollback", engagement, 1)
    assert (asked.status_code, asked.json()["number"]) == (201, 1)
    assert FIRST not in shown
    assert everything() == before
    assert Job.objects.filter(kind="roll_back").exists()


def test_a_real_one_that_overtakes_a_drill_asks_for_the_proof_and_the_drill_again_does_not(old, engagement, ada):
    drill = start_rollback(engagement, is_drill=True, actor=ada)
    start, before = page("rollback_start", engagement), everything()

    again = old.post(start, {"kind": "drill"})
    beside = words_of(old.get(page("rollback", engagement, drill.number)))
    pressed = old.post(start, {"kind": "real"})
    unchanged = everything()
    prove(old)
    back = words_of(old.get(start))
    old.post(start, {"kind": "real"})

    drill.refresh_from_db()
    assert again.url == page("rollback", engagement, drill.number)
    assert "This asks for one proof first" in beside
    assert leads_to_proof(pressed, f"{start}#start")
    assert unchanged == before
    assert "The rollback is not started yet." in back
    assert (drill.was_overtaken, Rollback.objects.running().get().is_drill) == (True, False)


def test_live_traffic_again_asks_for_the_proof_on_the_page_and_comes_back_to_its_button(old, engagement, ended_drill):
    about, before = page("rollback", engagement, ended_drill.number), everything()

    shown = words_of(old.get(about))
    pressed = old.post(page("rollback_resume", engagement, ended_drill.number))
    unchanged = everything()
    prove(old)
    back = words_of(old.get(about))
    old.post(page("rollback_resume", engagement, ended_drill.number))

    assert "This asks for one proof first" in shown
    assert leads_to_proof(pressed, f"{about}#resume")
    assert unchanged == before
    assert "You have confirmed who you are. The proxy is told nothing yet." in back
    assert "This asks for one proof first" not in back
    assert Job.objects.get(kind="resume_proxy").actor.full_name == "Ada Quint"


def test_who_may_order_neither_is_refused_and_not_led_to_a_proof(client, engagement, ended_drill, vera):
    sign_in_long_ago(client, vera)
    before = everything()

    ordered = client.post(page("rollback_start", engagement), {"kind": "real"})
    resumed = client.post(page("rollback_resume", engagement, ended_drill.number))

    assert (ordered.status_code, resumed.status_code) == (403, 403)
    assert everything() == before


def test_over_the_api_an_old_session_is_refused_and_a_token_proves_itself(old, engagement, ended_drill, ada):
    because = "Confirm who you are once more:"
    asks = ((api(engagement), {"is_drill": False}), (api(engagement, f"{ended_drill.number}/resume/"), {}))
    before = everything()
    refused = [old.post(url, sent, "application/json") for url, sent in asks]
    unchanged = everything()
    signed = {"Authorization": f"Bearer {make_token(ada, name='a program', days=30)[1]}"}
    done = [old.__class__().post(url, sent, "application/json", headers=signed) for url, sent in reversed(asks)]

    assert [answer.status_code for answer in refused] == [422, 422]
    assert refused[0].json()["detail"] == f"{because} a rollback decides where all mail goes. Nothing was started."
    assert refused[1].json()["detail"] == f"{because} resuming decides where all mail goes. The proxy was told nothing."
    assert unchanged == before
    assert [answer.status_code for answer in done] == [201, 201]
    assert not Rollback.objects.running().get().is_drill


@pytest.mark.parametrize("age", [None, timedelta(hours=1)])
def test_nothing_is_ordered_on_an_old_proof(engagement, ended_drill, ada, age):
    proved = {"authenticated_at": None if age is None else timezone.now() - age, "actor": ada}
    before = everything()

    for is_drill in (True, False):
        with pytest.raises(DomainError, match="Confirm who you are once more"):
            roll_back.start_rollback(engagement, is_drill=is_drill, **proved)
    with pytest.raises(DomainError, match="Confirm who you are once more"):
        roll_back.resume_proxy(ended_drill, **proved)

    assert everything() == before
