"""What mail logs measure becomes findings, and they are gone when a later log no longer shows them."""

import pytest

from discovery.domain.dismiss_finding import dismiss_finding
from discovery.models import Finding
from tests.factories.discovery import MAIL_LOG, read, read_mail_log

pytestmark = pytest.mark.django_db

REASON = Finding.Dismissal.values[0]

WITH_LOGIN = MAIL_LOG.replace("[203.0.113.9]", "[203.0.113.9], sasl_method=LOGIN, sasl_username=shop")
LATER = MAIL_LOG.replace("2026-11-02T23", "2026-11-03T10").replace("2026-11-02T09", "2026-11-03T09")


def measured(engagement, host="mta1"):
    return Finding.objects.filter(engagement=engagement, source="logs", host_label=host).current()


def rules(engagement, host="mta1"):
    return sorted(measured(engagement, host).values_list("rule", flat=True))


def test_a_log_says_what_is_striking_and_a_later_one_takes_it_back(engagement, ada):
    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.encode())
    before = rules(engagement)

    read_mail_log(engagement, actor=ada, content=LATER.encode())

    assert before == ["measured-auth-login", "measured-gap"]
    assert rules(engagement) == []
    assert Finding.objects.filter(engagement=engagement, source="logs").count() == 2


def test_an_older_log_that_comes_later_says_nothing(engagement, ada):
    read_mail_log(engagement, actor=ada, content=LATER.encode())

    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.encode())

    assert rules(engagement) == []


def test_a_dismissal_survives_the_next_log(engagement, ada):
    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.encode())
    finding = measured(engagement).get(rule="measured-auth-login")
    dismiss_finding(
        finding, actor=ada, reason=REASON, note="The shop is switched off in March.", version=finding.version
    )

    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.replace("2026-11-02", "2026-11-04").encode())

    assert measured(engagement).get(rule="measured-auth-login").state == Finding.State.DISMISSED


def test_hosts_are_held_against_each_other(engagement, ada):
    read(engagement, actor=ada, host="mta1")
    nothing_yet = Finding.objects.filter(source="logs").exists()

    read_mail_log(engagement, actor=ada, content=LATER.encode(), host="mta2")

    assert not nothing_yet
    assert rules(engagement, "mta1") == ["measured-host-silent"]
    assert rules(engagement, "mta2") == ["measured-host-unknown"]


def test_an_upload_answers_for_the_host_of_a_log(engagement, ada):
    read(engagement, actor=ada, host="mta1")
    read_mail_log(engagement, actor=ada, content=LATER.encode(), host="mta2")

    read(engagement, actor=ada, host="mta2")
    read_mail_log(engagement, actor=ada, content=LATER.encode(), host="mta1")

    assert rules(engagement, "mta1") == rules(engagement, "mta2") == []
