"""A person switches kinds of mail off: on a page, over the API, or with the link that a mail program presses."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain.switch_mail import kinds_off, switch_mail
from accounts.private_paths import mask_path
from core.errors import DomainError
from core.mail_footers import switch_token
from core.models import AuditEvent, MailMute

pytestmark = pytest.mark.django_db


def press(token, method="post"):
    """As a mail program does: without a session, and without a token of a form."""
    return getattr(Client(enforce_csrf_checks=True), method)(reverse("mail:off", args=[token]))


def test_the_link_of_a_mail_switches_its_kind_off_and_nothing_else(carl, vera):
    answer = press(switch_token(carl.pk, "question_asked"))

    assert answer.status_code == 200
    assert kinds_off(carl) == {"question_asked"}
    assert kinds_off(vera) == set()
    assert AuditEvent.objects.filter(action="mail.switched_off").count() == 1


def test_pressing_it_twice_is_no_fault_and_no_second_fact(carl):
    press(switch_token(carl.pk, "question_asked"))

    assert press(switch_token(carl.pk, "question_asked")).status_code == 200
    assert AuditEvent.objects.filter(action="mail.switched_off").count() == 1


@pytest.mark.parametrize("stored", ["sent_no_more", "sign_request"])
def test_a_stored_kind_that_is_gone_or_required_now_stands_in_nobodys_way(client, carl, stored):
    MailMute.objects.create(person=carl, kind=stored)
    client.force_login(carl)

    pressed = press(switch_token(carl.pk, "question_asked"))
    by_link = kinds_off(carl)
    saved = client.post(reverse("accounts:mail"), {"on": ["question_asked"]})

    assert (pressed.status_code, by_link) == (200, {"question_asked"})
    assert saved.status_code == 302
    assert "upload_read" in kinds_off(carl)
    assert {"question_asked", stored}.isdisjoint(kinds_off(carl))


def test_opening_the_link_does_nothing(carl):
    assert press(switch_token(carl.pk, "question_asked"), "get").status_code == 405
    assert kinds_off(carl) == set()


@pytest.mark.parametrize("token", ["x", "W10:1:2", "a" * 200])
def test_a_link_that_was_made_up_is_none(carl, token):
    assert press(token).status_code == 404
    assert press(switch_token(0, "question_asked")).status_code == 404


def test_a_signed_link_of_a_required_kind_switches_nothing_off(carl):
    answer = press(switch_token(carl.pk, "sign_request"))

    assert answer.status_code == 422
    assert kinds_off(carl) == set()


def test_no_log_keeps_the_link():
    assert mask_path("POST /mail/off/WzEsInEiXQ:1abc:x_-9/") == "POST /mail/off/.../"


def test_the_page_switches_off_what_is_not_ticked_and_on_what_is(client, carl):
    client.force_login(carl)
    page = client.get(reverse("accounts:mail"))
    offered = [kind.key for _, kinds in page.context["groups"] for kind, _ in kinds if kind.can_be_off]

    client.post(reverse("accounts:mail"), {"on": [key for key in offered if key != "question_asked"]})
    after_one = kinds_off(carl)
    client.post(reverse("accounts:mail"), {"on": offered})

    assert after_one == {"question_asked"}
    assert kinds_off(carl) == set()
    assert [event.action for event in AuditEvent.objects.filter(action__startswith="mail.").order_by("pk")] == [
        "mail.switched_off",
        "mail.switched_on",
    ]


def test_each_side_is_shown_what_it_can_get(client, carl, lea):
    client.force_login(carl)
    customer = client.get(reverse("accounts:mail")).content.decode()
    client.force_login(lea)
    practice = client.get(reverse("accounts:mail")).content.decode()

    assert ("mail-gate_standstill" in customer, "mail-gate_standstill" in practice) == (False, True)
    assert ("mail-review_opened" in customer, "mail-review_opened" in practice) == (True, False)
    assert "mail-sign_request" not in customer
    assert "Please sign" in customer


def test_a_choice_of_what_the_page_does_not_show_stays(client, lea):
    switch_mail(lea, off={"review_opened"})
    client.force_login(lea)

    client.post(reverse("accounts:mail"), {"on": ["gate_standstill"]})

    assert "review_opened" in kinds_off(lea)
    assert "gate_standstill" not in kinds_off(lea)


def test_the_api_reads_and_sets_the_same(client, carl):
    client.force_login(carl)

    told = client.put(reverse("api:mail:kinds"), {"off": ["question_asked"]}, content_type="application/json").json()

    assert {kind["key"] for kind in told if not kind["is_on"]} == {"question_asked"} == kinds_off(carl)
    assert client.get(reverse("api:mail:kinds")).json() == told


@pytest.mark.parametrize("off", [["sign_request"], ["nothing"], ["question_asked", "sealed_copy"]])
def test_the_api_refuses_what_cannot_be_off_and_changes_nothing(client, carl, off):
    client.force_login(carl)

    answer = client.put(reverse("api:mail:kinds"), {"off": off}, content_type="application/json")

    assert answer.status_code == 422
    assert "Nothing was changed." in answer.json()["detail"]
    assert kinds_off(carl) == set()


def test_a_refusal_names_every_reason(carl):
    with pytest.raises(DomainError) as refused:
        switch_mail(carl, off={"nothing", "sign_request"})

    assert len(refused.value.reasons) == 2
