"""The mail of each host, as its logs measured it, and what becomes of the map when a log is read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.jobs import run_job
from core.models import Job
from discovery.host_mail import mail_of_hosts
from tests.factories.discovery import MAIL_LOG, read, read_mail_log, stored_translations

pytestmark = pytest.mark.django_db


def test_without_a_log_nothing_is_known_of_a_host(engagement):
    assert mail_of_hosts(engagement, ["mta1", "mta2"])["mta1"].why == "No mail log of mta1 was read."


def test_one_host_with_a_log_carries_all_mail(engagement, ada):
    read_mail_log(engagement, actor=ada)

    mail = mail_of_hosts(engagement, ["mta1"])["mta1"]
    assert (mail.part, mail.basis) == (1.0, "measured")
    assert mail.delivered == {"postfix": 1}
    assert mail.accepted == {"postfix": 1}


def test_a_host_without_a_log_is_named_and_the_others_say_what_they_rest_on(engagement, ada):
    read_mail_log(engagement, actor=ada)

    mail = mail_of_hosts(engagement, ["mta1", "mta2"])
    assert (mail["mta1"].part, mail["mta1"].why) == (1.0, "Of the mail that logs measured, on 1 of 2 hosts.")
    assert (mail["mta2"].part, mail["mta2"].why) == (None, "No mail log of mta2 was read.")


def test_two_logs_of_the_same_hours_count_once(engagement, ada):
    read_mail_log(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=MAIL_LOG.replace("4104E3D0AB", "4104E3D0AC").encode())

    assert mail_of_hosts(engagement, ["mta1"])["mta1"].delivered == {"postfix": 1}


def test_more_logs_cost_no_more_queries(engagement, ada, django_assert_num_queries):
    read_mail_log(engagement, actor=ada)
    with CaptureQueriesContext(connection) as one:
        mail_of_hosts(engagement, ["mta1", "mta2"])

    read_mail_log(engagement, actor=ada, host="mta2", content=MAIL_LOG.replace("4104E3D0AB", "4104E3D0AC").encode())
    with django_assert_num_queries(len(one)):
        mail = mail_of_hosts(engagement, ["mta1", "mta2"])

    assert mail["mta1"].part == mail["mta2"].part == 0.5


def test_a_log_that_was_read_makes_the_map_again_with_its_shares(engagement, ada):
    before = stored_translations(engagement, actor=ada)[0]
    Job.objects.all().delete()

    read_mail_log(engagement, actor=ada)
    run_job(Job.objects.get(kind="translate").pk)

    after = engagement.translations.filter(target=before.target).first()
    line = {"name": "myhostname", "kind": "parameter"}
    assert before.rows.get(**line).traffic["percent"] is None
    assert "No mail log of mta1" in before.rows.get(**line).traffic["why"]
    assert after.rows.get(**line).traffic == {
        "percent": 100.0,
        "basis": "measured",
        "why": "Measured by mail logs of every host.",
    }
    assert after.coverage["traffic"]["N"]["percent"] == 100.0
    assert after.coverage["constructs"] == before.coverage["constructs"]


def test_a_log_before_any_translation_asks_for_none(engagement, ada):
    read_mail_log(engagement, actor=ada)

    assert not Job.objects.filter(kind="translate").exists()


def test_the_set_says_which_versions_it_speaks_of(engagement, ada):
    read(engagement, actor=ada)
    told = {each["product"]: each["version"] for each in stored_translations(engagement, actor=ada)[0].versions}

    assert {"Postfix", "PowerMTA", "KumoMTA", "On mta1"} <= told.keys()
    assert told["On mta1"] == "Postfix 2.3 or later"
