"""A baseline is frozen and stays, a short one is never used in silence, and a watch is agreed within its bounds."""

import pytest
from django.urls import reverse

from core.audit import describe
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from delivery.domain.agree_watch import agree_watch, days_promised
from delivery.domain.freeze_baseline import freeze_baseline
from delivery.models import Baseline, Watch
from delivery.watch_state import current_watch
from discovery.models import LogHour
from tests.factories.accounts import make_token
from tests.factories.discovery import read_mail_log
from tests.factories.watch import cut_over, freeze, midnight, postfix_days, take_seeds

pytestmark = pytest.mark.django_db


def test_a_baseline_keeps_every_hour_of_each_provider_and_is_entered_in_the_ledger(engagement, ada):
    baseline = freeze(engagement, actor=ada, days=14)

    cells = {(weekday, hour): counts for weekday, hour, *counts in baseline.content["cells"]["Google"]}
    assert (baseline.day_count, baseline.is_short, len(cells)) == (14, False, 7 * 24)
    assert cells[0, 12] == [22, 2, 0]
    assert cells[0, 13] == [24, 0, 0]
    assert baseline.content["wholes"]["Yahoo and AOL"]["sent"] == 14 * 287
    event = AuditEvent.objects.get(action="baseline.frozen")
    assert baseline.digest in str(event.data)
    assert "14 days with figures (short: no), SHA-256" in describe(event)


def test_a_newer_baseline_is_another_row_and_the_same_one_is_not_frozen_twice(engagement, ada):
    first = freeze(engagement, actor=ada, days=13)
    with pytest.raises(Conflict, match="says the same already"):
        freeze_baseline(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=postfix_days(7, until=midnight(20)), filename="more.log")

    second = freeze_baseline(engagement, actor=ada)

    assert (first.is_short, second.is_short, second.number) == (True, False, 2)
    assert Baseline.objects.get(number=1).digest == first.digest != second.digest
    assert second.day_count == 20


def test_nothing_is_frozen_without_a_log_or_by_the_customer(engagement, ada, carl):
    with pytest.raises(DomainError, match="No mail log"):
        freeze_baseline(engagement, actor=ada)
    read_mail_log(engagement, actor=ada)
    with pytest.raises(Refused):
        freeze_baseline(engagement, actor=carl)

    assert Baseline.objects.count() == 0


def test_logs_that_were_read_before_hours_had_providers_are_compared_by_the_weekday(engagement, ada):
    read_mail_log(engagement, actor=ada, content=postfix_days(14, until=midnight(40)))
    LogHour.objects.exclude(provider="Google").delete()
    LogHour.objects.update(provider="")

    baseline = freeze_baseline(engagement, actor=ada)

    assert not baseline.content["is_hourly"]
    assert baseline.content["cells"]["Google"][0] == [0, -1, 2 * 287, 2, 0]


def test_a_short_baseline_is_used_only_with_a_reason_that_the_page_shows(client, engagement, ada):
    freeze(engagement, actor=ada, days=9)
    cut_over(engagement, actor=ada)
    with pytest.raises(DomainError, match=r"Baseline 1 is short, 9 of 14 days\. Say why"):
        agree_watch(engagement, days=60, actor=ada)

    agree_watch(engagement, days=60, actor=ada, why_short="The old logs are gone.")

    client.force_login(ada)
    shown = client.get(reverse("watch:home", args=[engagement.code])).content.decode()
    assert "Short: 9 days of the 14 that a baseline needs." in shown
    assert "The old logs are gone." in shown


@pytest.mark.parametrize("days", [29, 91, 0])
def test_a_watch_lasts_thirty_to_ninety_days(engagement, ada, days):
    freeze(engagement, actor=ada)
    cut_over(engagement, actor=ada)

    with pytest.raises(DomainError, match="30 to 90 days"):
        agree_watch(engagement, days=days, actor=ada)
    assert Watch.objects.count() == 0


def test_a_watch_needs_a_baseline_and_a_cutover_that_is_done(engagement, ada, carl):
    with pytest.raises(DomainError, match="No baseline"):
        agree_watch(engagement, days=30, actor=ada)
    freeze(engagement, actor=ada)
    with pytest.raises(DomainError, match="No cutover is done"):
        agree_watch(engagement, days=30, actor=ada)
    with pytest.raises(DomainError, match="no baseline 7"):
        agree_watch(engagement, days=30, baseline=7, actor=ada)
    with pytest.raises(Refused):
        agree_watch(engagement, days=30, actor=carl)


def test_what_is_agreed_anew_counts_and_the_earlier_words_stay(watch, engagement, ada):
    with pytest.raises(Conflict, match="says the same already"):
        agree_watch(engagement, days=30, actor=ada)

    agree_watch(engagement, days=45, actor=ada)

    assert current_watch(engagement).days == 45
    assert list(Watch.objects.order_by("number").values_list("days", flat=True)) == [30, 45]
    assert days_promised(engagement) >= 30


def test_the_page_agrees_and_keeps_what_was_typed(client, engagement, ada):
    client.force_login(ada)
    address = reverse("watch:home", args=[engagement.code])
    before = client.get(address).content.decode()
    read_mail_log(engagement, actor=ada, content=postfix_days(14, until=midnight(40)))
    frozen = client.post(f"{address}baselines/freeze/", follow=True).content.decode()
    cut_over(engagement, actor=ada)
    wrong = client.post(f"{address}agree/", {"days": "7", "baseline": "1", "why_short": "Because."})
    right = client.post(f"{address}agree/", {"days": "30", "baseline": "1"}, follow=True).content.decode()

    assert "The watch begins when the cutover is done." in before
    assert "No mail log of Postfix has been read yet." in before
    assert f"{address}baselines/freeze/" not in before
    assert "No mail log of Postfix has been read yet." not in frozen
    assert "Monday" in frozen
    assert (wrong.status_code, "Because." in wrong.content.decode()) == (422, True)
    assert "30 to 90 days" in wrong.content.decode()
    assert "No log of the new route has been read" in right


def test_a_program_does_what_the_pages_do(client, card, engagement, ada):
    signed = {"headers": {"Authorization": f"Bearer {make_token(ada, name='a program', days=30)[1]}"}}
    url = f"/api/v1/engagements/{engagement.code}/watch/"
    take_seeds(engagement, "2026-01-05,Google,,50,47,2", actor=ada)

    told = client.get(url, **signed).json()
    agreed = client.post(url, {"days": 45}, "application/json", **signed)
    cards = client.get(f"{url}cards/", **signed).json()
    acted = [
        client.post(f"{url}cards/1/{act}/", sent, "application/json", **signed).status_code
        for act, sent in (
            ("acknowledge", {"words": "Seen."}),
            ("escalate", {"words": "Look.", "to": "lea@practice.example"}),
            ("close", {"words": "Done.", "cause": "receiver"}),
            ("close", {"words": "Done.", "cause": "receiver"}),
        )
    ]
    seeds = client.get(f"{url}seeds/1/", **signed).json()
    baseline = client.get(f"{url}baselines/1/", **signed).json()

    [crossed] = [row for row in told["standings"] if row["card"]]
    assert (crossed["rule"], crossed["provider"], crossed["status"]) == ("failure", "Google", "Card 1 is open")
    assert (told["is_stale"], len(told["days"])) == (False, 3)
    assert (agreed.status_code, agreed.json()["watch"]["days"]) == (201, 45)
    assert cards["results"][0]["said"].startswith("8.33 %")
    assert acted == [200, 200, 200, 409]
    assert seeds["results"][0]["missing"] == 1
    assert baseline["content"]["is_hourly"]
