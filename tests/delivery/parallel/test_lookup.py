"""A message is looked up in the kept logs themselves, also one that matched."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.html import strip_tags

from core.jobs import run_job
from core.models import Job
from core.throttles import LookupThrottle
from delivery.domain.find_in_logs import request_lookup
from delivery.domain.receive_traffic_log import withdraw_traffic_log
from delivery.models import CaseItem
from tests.factories.accounts import make_token
from tests.factories.traffic import take_in_small_day

pytestmark = pytest.mark.django_db
ASKED = "<3@northlake.example>"


@pytest.fixture
def logs(engagement, ada):
    return take_in_small_day(engagement, actor=ada)


def shown(client, engagement):
    return strip_tags(client.get(reverse("parallel:cases", args=[engagement.code]), {"q": ASKED}).content.decode())


def test_a_message_that_matched_shows_its_lines_of_both_sides(client, engagement, logs, ada):
    client.force_login(ada)
    before = shown(client, engagement)

    client.post(reverse("parallel:lookup", args=[engagement.code]), {"q": ASKED})
    waiting = shown(client, engagement)
    run_job(Job.objects.get(kind="find_message").pk)
    after = shown(client, engagement)

    assert "Nobody has looked for it" in before
    assert "Reading the logs" in waiting
    assert "journal.jsonl (log 1)" in after
    assert "mail.log (log 2)" in after
    assert "message-id=&lt;3@northlake.example&gt;" in after
    assert "status=sent" in after
    assert "user3@gmail.com" not in after
    assert not CaseItem.objects.exists()


def test_what_is_no_whole_word_and_what_no_log_holds_is_refused_in_a_sentence(client, engagement, ada, logs):
    client.force_login(ada)
    address = reverse("parallel:lookup", args=[engagement.code])
    short, words = client.post(address, {"q": "<a>"}), client.post(address, {"q": "two words"})
    for log in logs:
        withdraw_traffic_log(log, actor=ada)
    none = client.post(address, {"q": ASKED})

    assert [answer.status_code for answer in (short, words, none)] == [422, 422, 422]
    assert "Nothing was looked up" in short.content.decode()
    assert "No log is kept" in none.content.decode()
    assert not Job.objects.filter(kind="find_message").exists()


def test_a_log_that_is_withdrawn_meanwhile_is_left_out(client, engagement, ada, logs):
    client.force_login(ada)
    job = request_lookup(engagement, asked=ASKED, actor=ada)
    withdraw_traffic_log(logs[1], actor=ada)

    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result["logs"]) == ("done", 1)
    assert {line["log"] for line in job.result["lines"]} == {1}


def test_only_one_message_is_looked_up_at_a_time(client, engagement, ada, logs):
    client.force_login(ada)
    first = request_lookup(engagement, asked=ASKED, actor=ada)
    meanwhile = client.post(reverse("parallel:lookup", args=[engagement.code]), {"q": "<4@northlake.example>"})
    waiting = list(Job.objects.filter(kind="find_message"))
    run_job(first.pk)

    second = request_lookup(engagement, asked="<4@northlake.example>", actor=ada)

    assert meanwhile.status_code == 409
    assert "Another message is being looked up" in meanwhile.content.decode()
    assert waiting == [first]
    assert second != first


def test_a_program_that_looks_up_too_often_is_told_to_wait(client, engagement, ada, logs, monkeypatch):
    monkeypatch.setitem(LookupThrottle.THROTTLE_RATES, "lookup", "2/hour")
    cache.clear()
    signed = {"headers": {"Authorization": f"Bearer {make_token(ada, name='a program', days=30)[1]}"}}
    url = f"/api/v1/engagements/{engagement.code}/parallel/lookup/"

    asked = [client.post(url, {"asked": ASKED}, "application/json", **signed).status_code for _ in range(3)]
    read = client.get(url, {"asked": ASKED}, **signed)
    cache.clear()

    assert asked == [201, 201, 429]
    assert read.status_code == 200


def test_a_program_looks_up_once_and_reads_the_lines(client, engagement, ada, logs):
    signed = {"headers": {"Authorization": f"Bearer {make_token(ada, name='a program', days=30)[1]}"}}
    url = f"/api/v1/engagements/{engagement.code}/parallel/lookup/"
    unknown = client.get(url, {"asked": ASKED}, **signed)
    asked = [client.post(url, {"asked": ASKED}, "application/json", **signed) for _ in range(2)]
    run_job(Job.objects.get(kind="find_message").pk)

    read = client.get(url, {"asked": ASKED}, **signed).json()

    assert (unknown.status_code, [answer.status_code for answer in asked]) == (404, [201, 201])
    assert asked[0].json()["lines"] == []
    assert read["progress"]["state"] == "done"
    assert [(line["filename"], line["line"]) for line in read["lines"]] == [
        ("journal.jsonl", 3), ("mail.log", 5), ("mail.log", 6),
    ]  # fmt: skip
    assert not read["is_cut"]
    assert read["unread"] == 0
