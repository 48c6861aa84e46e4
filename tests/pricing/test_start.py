"""The request of a visitor without an account: kept, checked, sent, joined, erased."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from core.models import AuditEvent, OutboxMessage
from core.outbox import deliver_all, words_of
from pricing.clocks import clock_of
from pricing.models import Intake, Request
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import MULTI_IP, make_request
from tests.pricing.intake_people import ABOUT, MONDAY, STREAMS, TEAM, VOLUME, begin, fill, mailed_link, send, url
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


def test_looking_at_the_first_page_keeps_nothing(client, sam):
    page = client.get(reverse("start:begin"))

    assert page.status_code == 200
    assert not Intake.objects.exists()


def test_each_step_is_kept_as_it_was_typed_and_read_on_another_machine(client, sam, client_elsewhere):
    token = begin(client)
    client.post(url("step", token, "volume"), VOLUME)

    led_to = client_elsewhere.get(url("request", token)).url
    page = client_elsewhere.get(url("step", token, "volume"))

    assert led_to == url("step", token, "streams")
    assert 'value="9.4 M"' in text_of(page)
    assert 'value="410 K"' in text_of(page)


@pytest.fixture
def client_elsewhere():
    from django.test import Client

    return Client()


def test_the_link_is_kept_as_a_keyed_digest_alone(client, sam):
    token = begin(client)

    (row,) = Intake.objects.values()
    assert token not in str(row)
    assert len(row["token_digest"]) == 64


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("volume", {"month": "-5", "peak": "410 K"}, "Enter a whole number"),
        ("volume", {"month": "0", "peak": "1"}, "Enter a number from 1"),
        ("volume", {"month": "", "peak": "410 K"}, "Left empty: “Messages a month”."),
        ("volume", {"month": "9.4 M", "peak": "1"}, "Check these two numbers: 30 days at the daily peak of 1"),
        ("volume", {"month": "1 M", "peak": "900 K"}, "more than 3 times the 1,000,000 of the month"),
        ("streams", STREAMS | {"ips": "400", "pools": "1"}, "400 IPs in one pool. A pool rarely holds more than 64."),
        ("streams", STREAMS | {"pools": "lots"}, "Enter a whole number, for example 2, or nothing."),
        ("team", {"team": "", "note": "Half a sentence"}, "is an answer."),
        ("call", {"time": "yesterday"}, "That time is no longer offered."),
    ],
)
def test_what_cannot_be_right_is_said_and_kept(client, sam, step, typed, said):
    token = begin(client)

    page = client.post(url("step", token, step), typed)
    again = text_of(client.get(url("step", token, step)))

    assert page.status_code == 422
    assert said in text_of(page)
    kept = [words for name, words in typed.items() if words and name not in {"team", "time"}]
    assert [words for words in kept if words not in again] == []


def test_doubtful_numbers_are_kept_once_they_are_confirmed_and_asked_about_anew_when_they_change(client, sam):
    token = begin(client)
    doubtful = {"month": "1 M", "peak": "900 K"}
    sure = client.post(url("step", token, "volume"), doubtful).context["form"].figures

    confirmed = client.post(url("step", token, "volume"), doubtful | {"sure": sure})
    changed = client.post(url("step", token, "volume"), {"month": "1 M", "peak": "800 K", "sure": sure})

    assert confirmed.status_code == 302
    assert changed.status_code == 422


def test_i_do_not_know_is_an_answer_to_every_question(client, sam):
    token = begin(client)
    unknown = {step: {"rest": "on"} for step in ("volume", "streams", "components")}
    fill(client, token, **unknown, team={"team": "unknown"})

    page = client.get(url("check", token))
    client.post(url("check", token))

    shown = text_of(page)
    request = Request.objects.get()
    assert "Too little is known" in shown
    assert "This could change: not known yet are volume, IPs and streams, custom components, team." in shown
    assert (request.known_points, request.complete_at) == (0, None)


def test_the_check_shows_tier_price_weeks_and_the_reason(client, sam):
    token = begin(client)
    fill(client, token)

    shown = text_of(client.get(url("check", token)))

    assert "Multi-IP, USD 28,500 fixed" in shown
    assert "10 to 14 weeks" in shown
    assert "Because:" in shown
    assert "6 IPs, 2 pools, 2 streams" in shown
    assert not Request.objects.exists()


def test_the_advice_to_stay_is_an_answer_of_its_own(client, sam):
    token = begin(client)
    fill(
        client,
        token,
        volume={"month": "800 K", "peak": "40 K"},
        streams=STREAMS | {"ips": "1", "pools": "1", "streams": "1"},
    )

    shown = text_of(client.get(url("check", token)))

    assert "Stay on Postfix" in shown
    assert "You need no migration" in shown
    assert "USD" not in shown.partition("What it leads to")[2].partition("Your answers")[0]


def test_nothing_can_be_sent_while_a_step_is_open(client, sam):
    token = begin(client)
    client.post(url("step", token, "volume"), VOLUME)

    page = client.post(url("check", token))

    assert page.status_code == 422
    assert "Custom components" in text_of(page)
    assert not Request.objects.exists()


def test_a_request_that_is_sent_is_in_the_pipeline_with_its_clock(client, sam, time_machine):
    time_machine.move_to(timezone.now(), tick=False)

    token = send(client)

    request = Request.objects.get()
    assert request.points == MULTI_IP
    assert (request.source, request.owner, request.contact_email) == ("website", sam, "mia.lund@fjordline.example")
    assert request.engagement.organization.name == "Fjordline Travel"
    assert clock_of(Request.objects.with_clock().get()).due_at == timezone.now() + timedelta(hours=48)
    assert Intake.objects.for_token(token).get().request == request
    sentences = list(AuditEvent.objects.filter(chain=request.audit_chain).values_list("action", "actor_label"))
    assert ("request.received", "Gatepost") in sentences
    assert User.objects.filter(email__iexact=ABOUT["contact_email"]).count() == 0


def test_sales_and_the_contact_are_told_what_happens_next(client, sam):
    token = send(client)
    deliver_all()

    told = {message.to[0]: message for message in mail.outbox}
    code = Request.objects.get().engagement.code
    assert set(told) == {"sam@practice.example", "mia.lund@fjordline.example"}
    assert f"New request {code} from Fjordline Travel" in told["sam@practice.example"].subject
    assert f"We have your request {code}: answer by" in told["mia.lund@fjordline.example"].subject
    assert url("request", token) in told["mia.lund@fjordline.example"].body


def test_the_link_waits_in_the_outbox_sealed(client, sam):
    token = send(client)

    message = OutboxMessage.objects.get(kind="request_received")
    assert token not in message.text
    assert token in words_of(message)[0]


def test_the_page_after_sending_says_the_reference_and_when(client, sam):
    token = send(client)

    shown = text_of(client.get(url("request", token)))

    assert f"Reference {Request.objects.get().engagement.code}" in shown
    assert "Sam Ortiz works out your quote" in shown
    assert "GMT+1" in shown


def test_sent_twice_it_is_one_request(client, sam):
    token = send(client)

    page = client.post(url("check", token))
    changed = client.post(url("step", token, "volume"), {"month": "1", "peak": "1"})

    assert (page.status_code, changed.status_code) == (302, 302)
    assert Request.objects.count() == 1
    assert Request.objects.get().month == 9_400_000


def test_the_same_company_and_address_within_a_day_join_the_first_request(client, sam):
    send(client, team={"team": "unknown"})
    send(client, about={"company": "FJORDLINE travel"}, volume={"month": "8 M", "peak": "410 K"}, team=TEAM)

    client.post(url("confirm", mailed_link()))

    request = Request.objects.get()
    assert [intake.is_joined for intake in request.intakes.order_by("pk")] == [False, True]
    assert (request.month, request.team) == (9_400_000, "full_execution")
    assert request.complete_at is not None
    assert AuditEvent.objects.filter(action="request.received_again").count() == 1


def test_after_a_day_it_is_a_request_of_its_own(client, sam, time_machine):
    send(client)
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    send(client)

    names = set(Organization.objects.customers().values_list("name", flat=True))
    assert Request.objects.count() == 2
    assert names == {"Fjordline Travel", "Fjordline Travel (2)"}


def test_a_visitor_who_names_a_customer_is_let_near_nothing_of_theirs(client, northlake, carl, sam):
    make_request(northlake, actor=sam)

    token = send(client, about={"company": "northlake logistics", "contact_email": carl.email})
    shown = text_of(client.get(url("request", token)))

    assert northlake.engagements.count() == 1
    assert Request.objects.exclude(engagement__organization=northlake).count() == 1
    assert "(2)" not in shown
    deliver_all()
    assert [
        message for message in mail.outbox if "(2)" in message.subject + message.body and carl.email in message.to
    ] == []


def test_the_settings_name_who_owns_what_the_website_brings(client, sam, lea, settings):
    settings.INTAKE_OWNER = lea.email

    send(client)

    assert Request.objects.get().owner == lea


def test_without_a_practice_what_was_typed_is_kept(client, db):
    token = begin(client)
    fill(client, token)

    page = client.post(url("check", token))

    assert page.status_code == 409
    assert "Nobody here takes requests yet" in text_of(page)
    assert Intake.objects.for_token(token).get().typed["volume"] == VOLUME


def test_the_sign_in_page_leads_to_the_request(client, db):
    assert reverse("start:begin") in text_of(client.get(reverse("account_login")))


def test_customers_do_not_read_what_was_typed(client, sam, carl):
    token = send(client)
    CustomerFactory()

    assert Intake.objects.visible_to(sam).count() == 1
    assert Intake.objects.visible_to(carl).count() == 0
    assert Intake.objects.for_token(token).count() == 1


def test_every_page_and_mail_before_sending_tells_times_in_the_visitors_zone(client, sam, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    token = begin(client)

    pages = [text_of(client.get(url("step", token, step))) for step in ("about", "volume", "call")]
    pages.append(text_of(client.get(url("check", token))))
    client.post(url("link", token))
    words = words_of(OutboxMessage.objects.get(kind="intake_link"))[0]

    told = [set(re.findall(r"<time[^>]*>[^<]*(\d\d:\d\d GMT\S+)", page)) for page in pages]
    assert told == [{"13:00 GMT+1"}] * 4
    assert "13:00 GMT+1" in words
    assert "GMT-5" not in words
