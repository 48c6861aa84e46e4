from dataclasses import replace

import pytest
from django.urls import reverse

from engagements.models import FrozenDocument
from pricing.domain.record_request import change_request
from pricing.models import Request
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import CONTACT, MULTI_IP, STAY, make_request, work_off
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db

TYPED = {
    "contact_name": "Carl Brandt",
    "contact_email": "carl@northlake.example",
    "source": "referral",
    "month": "9.4 M",
    "peak": "410 K",
    "ips": "6",
    "pools": "2",
    "streams": "2",
    "tenants": "0",
    "domains": "1",
    "milters": "2",
    "bounce": "1",
    "fbl": "1",
    "other": "0",
    "team": "full_execution",
}
NEW_CUSTOMER = {"organization": "", "name": "Orrin Freight", "time_zone": "Europe/Madrid"}


def test_four_answers_make_a_request_with_its_customer(client, sam):
    client.force_login(sam)

    page = client.post(reverse("pricing:request_new"), NEW_CUSTOMER | TYPED)

    request = Request.objects.get()
    assert page.url == url_of("request", request.engagement.code)
    assert request.points == MULTI_IP
    assert request.engagement.organization.name == "Orrin Freight"


def test_a_form_with_an_error_keeps_what_was_typed_and_saves_nothing(client, sam):
    client.force_login(sam)

    page = client.post(reverse("pricing:request_new"), NEW_CUSTOMER | TYPED | {"peak": "many", "ips": "-3"})

    shown = text_of(page)
    assert page.status_code == 422
    assert 'value="many"' in shown
    assert 'value="Orrin Freight"' in shown
    assert "Enter a whole number, for example 410,000 or 410 K, or nothing." in shown
    assert not Request.objects.exists()


def test_a_second_request_is_refused_beside_what_was_typed(client, request_of_northlake, sam):
    client.force_login(sam)
    typed = NEW_CUSTOMER | TYPED | {"organization": request_of_northlake.engagement.organization_id, "ips": "7"}

    page = client.post(reverse("pricing:request_new"), typed)

    assert page.status_code == 409
    assert f"open request already: {request_of_northlake.engagement.code}" in text_of(page)
    assert 'value="7"' in text_of(page)


def test_the_result_is_a_region_for_htmx_and_saves_nothing(client, sam):
    client.force_login(sam)

    page = client.post(reverse("pricing:preview"), TYPED, headers={"HX-Request": "true"})

    shown = text_of(page)
    assert "Tier: Multi-IP, USD 28,500 fixed" in shown
    assert "3 of 4 signals lit" in shown
    assert "<html" not in shown
    assert not Request.objects.exists()


def test_the_result_works_without_javascript_and_keeps_the_form(client, sam):
    client.force_login(sam)

    page = client.post(reverse("pricing:preview"), NEW_CUSTOMER | TYPED | {"team": ""})

    shown = text_of(page)
    assert "Tier so far: Multi-IP" in shown
    assert "The clock has not started" in shown
    assert 'value="Orrin Freight"' in shown
    assert 'value="9.4 M"' in shown
    assert not Request.objects.exists()


def test_before_anything_is_known_no_verdict_and_no_price_is_shown(client, sam):
    client.force_login(sam)

    shown = text_of(client.get(reverse("pricing:request_new")))

    assert "Too little is known" in shown
    assert "USD 14,500" not in shown
    assert "Stay on Postfix" not in shown


def test_two_numbers_that_do_not_fit_are_asked_about(client, sam):
    client.force_login(sam)

    page = client.post(reverse("pricing:preview"), TYPED | {"peak": "5 M"}, headers={"HX-Request": "true"})

    assert "Check these two numbers: 30 days at the daily peak of 5,000,000" in text_of(page)


def test_who_saves_second_sees_what_is_stored_beside_what_was_typed(client, request_of_northlake, sam, lea):
    points = replace(MULTI_IP, ips=7)
    change_request(request_of_northlake, actor=lea, contact=CONTACT, points=points, shown_version=1)
    client.force_login(sam)
    url = url_of("request_edit", request_of_northlake.engagement.code)

    refused = client.post(url, TYPED | {"ips": "8", "shown_version": "1"})
    saved = client.post(url, TYPED | {"ips": "8", "shown_version": str(refused.context["found"].version)})

    shown = text_of(refused)
    assert refused.status_code == 409
    assert "Lea Moser changed this on" in shown
    assert "7 IPs, 2 pools" in shown
    assert 'value="8"' in shown
    assert saved.status_code == 302
    assert Request.objects.get().ips == 8


def test_the_advice_to_stay_is_offered_only_where_the_numbers_say_so(client, northlake, sam):
    request = make_request(northlake, actor=sam, points=STAY)
    other = make_request(CustomerFactory(), actor=sam)
    client.force_login(sam)

    offered = text_of(client.get(url_of("request", request.engagement.code)))
    not_offered = text_of(client.get(url_of("request", other.engagement.code)))

    assert url_of("stay", request.engagement.code) in offered
    assert url_of("stay", other.engagement.code) not in not_offered


def test_the_advice_to_stay_is_sent_with_its_reason(client, northlake, sam, carl):
    request = make_request(northlake, actor=sam, points=STAY)
    client.force_login(sam)

    page = client.post(url_of("stay", request.engagement.code), {"reason": "One IP does it."}, follow=True)
    work_off()
    followed = client.get(url_of("request", request.engagement.code), headers={"X-Requested-With": "poll"})

    assert "The PDF is being made" in text_of(page)
    assert "is advised to stay on Postfix" in text_of(followed)
    assert FrozenDocument.objects.get().snapshot["note"] == "One IP does it."


def test_the_pipeline_is_in_the_navigation_of_sales_alone(client, sam, carl):
    client.force_login(sam)
    for_sales = text_of(client.get(reverse("pricing:pipeline")))
    client.force_login(carl)
    for_customers = text_of(client.get(reverse("home")))

    assert f'href="{reverse("pricing:pipeline")}"' in for_sales
    assert f'href="{reverse("pricing:pipeline")}"' not in for_customers


def test_a_correction_stands_on_the_request_with_what_it_changed(client, request_of_northlake, sam, lea):
    change_request(request_of_northlake, actor=lea, contact=CONTACT, points=replace(MULTI_IP, ips=7), shown_version=1)
    client.force_login(sam)

    page = client.get(url_of("request", request_of_northlake.engagement.code))

    latest, first = page.context["corrections"]
    assert "Lea Moser" in latest.sentence
    assert [(change.field, change.old[:5], change.new[:5]) for change in latest.changes] == [
        ("IPs and streams", "6 IPs", "7 IPs")
    ]
    assert [change.field for change in first.changes] == ["Volume", "IPs and streams", "Custom components", "Team"]


def test_on_a_phone_a_line_at_the_bottom_says_the_result_and_changes_with_it(client, sam):
    client.force_login(sam)

    empty = text_of(client.get(reverse("pricing:request_new")))
    typed = text_of(client.post(reverse("pricing:preview"), TYPED, headers={"HX-Request": "true"}))

    assert '<a href="#result-title">Too little is known, so far</a>' in empty
    assert 'id="result-bar" data-hx-swap-oob="true"' in typed
    assert '<a href="#result-title">Multi-IP, USD 28,500</a>' in typed
