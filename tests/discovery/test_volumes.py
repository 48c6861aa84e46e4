"""Mail logs are taken in, measured by a job, and let go of; what they say is added up."""

import gzip
import lzma

import pytest
import zstandard
from django.urls import reverse
from django.utils.html import strip_tags

from core.errors import DomainError, Refused
from core.jobs import run_job
from core.models import AuditEvent
from discovery.domain.store_log_reading import store_log_reading
from discovery.domain.store_upload import Refusal
from discovery.measured import hours_in, measured_volume
from discovery.models import LogDay, LogHour, LogReading, UnreadFile, UnreadPiece
from tests.factories.discovery import MAIL_LOG, read_mail_log, receive_mail_log

pytestmark = pytest.mark.django_db
LATER = MAIL_LOG.replace("2026-11-02", "2026-11-03").replace("4104E3D0AB", "4104E3D0AC")


def test_a_log_waits_encrypted_and_its_bytes_are_gone_when_it_is_read(engagement, ada):
    log = receive_mail_log(engagement, actor=ada)
    waiting = bytes(UnreadPiece.objects.get(file=log.unread).sealed)

    store_log_reading(log, Refusal("It was not read."))

    assert b"northlake" not in waiting
    assert not UnreadPiece.objects.exists()
    assert not UnreadFile.objects.exists()
    assert AuditEvent.objects.filter(action="log.received").count() == 1


def test_the_job_reads_the_log(engagement, ada):
    log = receive_mail_log(engagement, actor=ada)

    run_job(log.job_id)

    log.refresh_from_db()
    assert log.job.state == "done"
    assert log.state == LogReading.State.READ
    assert log.days.count() == 1


@pytest.mark.parametrize("packed", [bytes, gzip.compress, lzma.compress, zstandard.compress])
def test_a_log_says_the_same_however_it_is_packed(engagement, ada, packed):
    log = read_mail_log(engagement, actor=ada, content=packed(MAIL_LOG.encode()))

    day = LogDay.objects.get(reading=log)
    assert log.state == LogReading.State.READ
    assert (day.delivered, day.bounced, day.deferred) == (1, 1, 0)
    assert (log.line_count, log.understood_count, log.strange_count) == (6, 6, 0)
    assert (log.covered_from, log.covered_to) == ("2026-11-02 09:00", "2026-11-02 23:00")
    assert log.figures["bounce_rate"] == 0.5
    assert not UnreadFile.objects.exists()


def test_days_are_those_of_the_zone_of_the_host(engagement, ada):
    log = read_mail_log(engagement, actor=ada, zone="Europe/Paris")

    days = {f"{row.day}": (row.delivered, row.bounced) for row in log.days.all()}
    assert days == {"2026-11-02": (1, 0), "2026-11-03": (0, 1)}


def test_no_address_of_a_recipient_is_stored(engagement, ada):
    log = read_mail_log(engagement, actor=ada)

    assert "a@gmail.com" not in str(log.figures)
    assert "gmail" in str(log.figures)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"dear diary\n", "There is no line about a message of Postfix among the 1 lines of mail.log."),
        (b"\x1f\x8b\x08\x00broken", "mail.log breaks off"),
        (b"\x00\x01\x02" * 50, "There is no line about a message of Postfix"),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_a_sentence(engagement, ada, content, sentence):
    log = read_mail_log(engagement, actor=ada, content=content)

    assert log.state == LogReading.State.REFUSED
    assert sentence in log.refusal
    assert not LogDay.objects.exists()
    assert not UnreadFile.objects.exists()
    assert AuditEvent.objects.filter(action="log.refused").count() == 1


def test_a_log_that_breaks_off_is_read_as_far_as_it_goes(engagement, ada):
    lines = "".join(
        f"2026-11-02T10:00:00+00:00 mta1 postfix/smtpd[1]: connect from a{n}.example[192.0.2.1]\n" for n in range(9000)
    )
    packed = gzip.compress((MAIL_LOG + lines).encode())

    log = read_mail_log(engagement, actor=ada, content=packed[:-2000])

    assert log.state == LogReading.State.READ
    assert log.figures["sent"] == 1
    assert "breaks off" in log.figures["troubles"][0]


def test_the_same_file_is_not_counted_twice(engagement, ada):
    read_mail_log(engagement, actor=ada)

    with pytest.raises(DomainError, match="it is mail log 1 of mta1"):
        receive_mail_log(engagement, actor=ada)

    assert engagement.log_readings.count() == 1


def test_a_zone_nobody_knows_is_refused(engagement, ada):
    with pytest.raises(DomainError, match="Write it as Europe/Paris"):
        receive_mail_log(engagement, actor=ada, zone="../etc/passwd")

    assert not LogReading.objects.exists()


def test_a_viewer_uploads_no_log(engagement, vera):
    with pytest.raises(Refused):
        receive_mail_log(engagement, actor=vera)

    assert not LogReading.objects.exists()


def test_storing_twice_changes_nothing(engagement, ada):
    log = read_mail_log(engagement, actor=ada)

    again = store_log_reading(log, Refusal("Too late."))

    assert again.state == LogReading.State.READ
    assert LogDay.objects.count() == 1
    assert AuditEvent.objects.filter(action="log.read").count() == 1


def test_logs_that_follow_each_other_and_other_hosts_are_added(engagement, ada):
    read_mail_log(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=LATER.encode())
    read_mail_log(engagement, actor=ada, host="mta2")

    measured = measured_volume(engagement, ada)

    assert [(day.name, day.ended) for day in measured.days] == [("2026-11-02", 4), ("2026-11-03", 2)]
    assert [(month.name, month.ended) for month in measured.months] == [("2026-11", 6)]
    assert measured.peak_day.name == "2026-11-02"
    assert measured.overlapping == []


def test_a_day_that_two_logs_of_a_host_hold_is_counted_once(engagement, ada):
    read_mail_log(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=(MAIL_LOG + LATER).encode())

    measured = measured_volume(engagement, ada)

    assert [(day.name, day.ended) for day in measured.days] == [("2026-11-02", 2), ("2026-11-03", 2)]
    assert measured.overlapping[0].startswith("Mail logs 1 and 2 of mta1 cover the same hours")


def test_measured_volumes_are_not_those_of_another_engagement(engagement, ada, otto):
    read_mail_log(engagement, actor=ada)

    assert measured_volume(engagement, otto).days == []


def test_the_page_takes_a_log_and_shows_what_it_says(engagement, ada, as_ada):
    empty = as_ada.get(reverse("discovery:volumes", args=[engagement.code]))
    log = read_mail_log(engagement, actor=ada)
    page = as_ada.get(reverse("discovery:volumes", args=[engagement.code]))
    detail = as_ada.get(reverse("discovery:log", args=[engagement.code, log.number]))

    assert "Nothing has been measured yet" in empty.content.decode()
    assert "Nothing has been measured yet" not in page.content.decode()
    assert "50.00 %" in page.content.decode()
    assert "6 of 6 lines about messages, 6 lines in all" in " ".join(strip_tags(detail.content.decode()).split())


def test_hours_are_kept_and_added_up_over_hosts(engagement, ada):
    read_mail_log(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=LATER.encode())
    read_mail_log(engagement, actor=ada, host="mta2")

    hours = hours_in(measured_volume(engagement, ada))

    assert len(hours.clock) == 24
    assert {hour.name: hour.ended for hour in hours.clock if hour.ended} == {"09:00": 3, "23:00": 3}
    assert (hours.peak.name, hours.peak.ended) == ("2026-11-02 09:00", 2)


def test_hours_of_a_day_that_two_logs_hold_are_counted_once(engagement, ada):
    read_mail_log(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=(MAIL_LOG + LATER).encode())

    hours = hours_in(measured_volume(engagement, ada))

    assert LogHour.objects.count() == 6
    assert sum(hour.ended for hour in hours.clock) == 4


def test_logs_that_were_read_before_hours_were_kept_have_no_hours(engagement, ada, as_ada):
    read_mail_log(engagement, actor=ada)
    LogHour.objects.all().delete()

    hours = hours_in(measured_volume(engagement, ada))
    page = as_ada.get(reverse("discovery:volumes", args=[engagement.code]))

    assert (hours.clock, hours.peak) == ([], None)
    assert "By hour of the day" not in page.content.decode()


def test_the_page_draws_what_can_be_compared_and_holds_the_figures_behind_it(engagement, ada, as_ada):
    address = reverse("discovery:volumes", args=[engagement.code])
    read_mail_log(engagement, actor=ada)
    alone = as_ada.get(address).content.decode()
    read_mail_log(engagement, actor=ada, content=LATER.encode())
    page = as_ada.get(address).content.decode()

    assert 'aria-labelledby="by-day-title by-day-words"' not in alone
    assert 'aria-labelledby="by-day-title by-day-words"' in page
    assert "2026-11-02 to 2026-11-03, 2 of 2 days are in the logs." in page
    assert "by-provider" not in page
    assert page.count("<table") == 5


def test_a_log_that_waits_says_how_far_it_is_with_and_without_scripts(engagement, ada, as_ada):
    log = receive_mail_log(engagement, actor=ada)
    region = reverse("discovery:log_progress", args=[engagement.code, log.number])
    waiting = as_ada.get(reverse("discovery:log", args=[engagement.code, log.number])).content.decode()

    run_job(log.job_id)
    ready = as_ada.get(region).content.decode()

    assert f'data-poll="{region}"' in waiting
    assert "reload the page" in waiting
    assert "data-poll" not in ready
    assert "was read" in ready


def test_programs_get_the_sums(engagement, ada, as_ada):
    read_mail_log(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=LATER.encode())

    found = as_ada.get(reverse("api:discovery:measured", args=[engagement.code])).json()

    assert [(row["name"], row["delivered"], row["bounced"]) for row in found["days"]] == [
        ("2026-11-02", 1, 1),
        ("2026-11-03", 1, 1),
    ]
    assert found["peak_month"] == {"name": "2026-11", "delivered": 2, "bounced": 2, "deferred": 0}
    assert found["peak_hour"]["name"] == "2026-11-02 09:00"
    assert len(found["hours_of_the_day"]) == 24
    assert found["stated"] == {"month": None, "peak_day": None}
    assert found["remarks"] == []
