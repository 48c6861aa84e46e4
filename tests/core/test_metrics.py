"""What Prometheus reads: right numbers, nobody's names, and no alert on a metric that is none."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from core.jobs import enqueue
from core.metrics import measured
from core.models import Job
from core.outbox import post
from delivery.proxy.figures import FIGURES

RULES = Path(__file__).parents[2] / "deploy" / "alerts.yml"
TOKEN = "what the scraper knows"


@pytest.fixture
def scrape(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def scrape():
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}

    return scrape


@pytest.mark.django_db
def test_without_a_token_in_the_settings_there_is_no_such_page(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_whoever_does_not_know_the_token_reads_nothing(client, settings):
    settings.METRICS_TOKEN = TOKEN

    answers = [client.get("/metrics"), client.get("/metrics", headers={"Authorization": "Bearer another"})]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert all(b"gatepost_" not in answer.content for answer in answers)


def test_what_waits_and_what_has_ended_is_counted_and_nobody_is_named(scrape, engagement, ada):
    with transaction.atomic():
        post("signed", to=ada, subject="Secret words", text="Secret words", reference=engagement)
        enqueue("read_log", subject=engagement, actor=ada)
        enqueue("roll_back", subject=engagement, actor=ada)
    ended = Job.objects.create(kind="freeze", subject_type="x", subject_id="1", state="queued")
    Job.objects.filter(pk=ended.pk).update(
        state="failed",
        started_at=timezone.now() - timedelta(seconds=30),
        finished_at=timezone.now(),
        error_sentence="No.",
    )

    found = scrape()

    assert found[("gatepost_outbox_waiting",)] == 1
    assert found[("gatepost_jobs_waiting", "read_log", "celery")] == 1
    assert found[("gatepost_jobs_waiting", "roll_back", "urgent")] == 1
    assert found[("gatepost_jobs_ended_day", "freeze", "failed")] == 1
    assert found[("gatepost_job_seconds_day", "freeze")] == pytest.approx(30, abs=1)
    assert found[("gatepost_engagements", engagement.phase)] == 1
    assert found[("gatepost_signatures_waiting", "over 7 days")] == 0
    assert not [name for name in found if "Secret" in str(name) or "ada" in str(name).lower()]


def test_every_alert_is_about_a_metric_that_is_there_and_says_what_to_do():
    known = {f"{one.name}{'_total' if one.kind == 'counter' else ''}" for one in measured()}
    known |= {figure.metric for figure in FIGURES}
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]

    strange = {name for rule in rules for name in re.findall(r"gatepost_\w+", rule["expr"])} - known

    assert strange == set()
    assert len(rules) > 9
    assert all(rule["annotations"]["action"] and rule["annotations"]["summary"] for rule in rules)


def test_it_costs_the_same_however_much_there_is(scrape, engagement, ada, django_assert_max_num_queries):
    for number in range(30):
        Job.objects.create(kind=f"kind-{number}", subject_type="x", subject_id="1", state="queued")

    with django_assert_max_num_queries(len(measured()) + 6):
        scrape()
