"""The page and the route that say what an upload's Postfix runs with."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discovery.models import Instance, Parameter
from tests.discovery.pages import text_of, url
from tests.discovery.test_samples import sample
from tests.factories.discovery import MAIN_CF, MASTER_CF, SMALL_ESTATE, read, receive
from tests.kept import kept

pytestmark = pytest.mark.django_db

PRINT = "mail_version = 3.7.11\nmyhostname = mta1.northlake.example\n"


@kept
def upload(engagement, ada):
    return read(engagement, actor=ada, files=SMALL_ESTATE | {"postconf-d.txt": PRINT})


def page_of(reader, engagement, upload, **asked):
    return text_of(reader.get(url("effective", engagement, upload.number), asked))


def listed(reader, engagement, upload, **asked):
    answer = reader.get(reverse("api:discovery:effective", args=[engagement.code, upload.number]), asked).json()
    return {row["name"]: row for row in answer["parameters"]}


def test_an_upload_that_waits_to_be_read_says_what_will_stand_there(as_ada, engagement, ada):
    waiting = receive(engagement, actor=ada)

    assert "Nothing has been read from this upload" in page_of(as_ada, engagement, waiting)
    assert listed(as_ada, engagement, waiting) == {}


def test_version_level_and_their_reasons_stand_on_top(as_ada, engagement, upload):
    page = page_of(as_ada, engagement, upload)

    assert "Postfix 3.7.11: a print of postconf" in page
    assert f"{url('file', engagement, 1, 'postconf-d.txt')}?line=1#L1" in page
    assert "Default of Postfix" in page


def test_a_set_value_leads_to_its_line_and_a_default_says_so(as_ada, engagement, upload):
    page = page_of(as_ada, engagement, upload, text="smtp_bind_address")
    found = listed(as_ada, engagement, upload)

    assert f"{url('file', engagement, 1, 'etc/postfix/main.cf')}?line=5#L5" in page
    assert "bulk/unix: 192.0.2.11" in page
    assert "Wins over main.cf" in page
    assert found["smtp_bind_address"]["values"][0]["value"] == "192.0.2.10"
    assert found["smtp_helo_name"]["values"][0]["value"] == "mta1.northlake.example"
    assert (found["smtp_bind_address"]["is_set"], found["smtp_helo_name"]["is_default"]) == (True, True)


def test_a_service_sees_its_own_values(as_ada, engagement, upload):
    page = page_of(as_ada, engagement, upload, text="smtp_bind_address", service="bulk/unix")
    found = listed(as_ada, engagement, upload, service="bulk/unix")["smtp_bind_address"]

    assert "Instead of" in page
    assert found["values"][0] | {"reason": ""} == {
        "value": "192.0.2.11",
        "reason": "",
        "file": "etc/postfix/master.cf",
        "line": 4,
    }
    assert (found["file"], found["line"]) == ("etc/postfix/main.cf", 5)


def test_a_name_without_effect_is_marked_and_leads_to_its_finding(as_ada, engagement, upload):
    page = page_of(as_ada, engagement, upload, show="unknown")
    found = listed(as_ada, engagement, upload, show="unknown")

    finding = engagement.findings.get(rule="unknown-parameter")
    assert set(found) == {"message_size_limt"}
    assert found["message_size_limt"]["findings"] == [finding.number]
    assert "Postfix does not know this name" in page
    assert url("finding", engagement, finding.number) in page


def test_a_finding_on_a_later_line_of_a_setting_is_shown_beside_it(as_ada, engagement, ada):
    main = MAIN_CF.replace(
        "mydestination =", "smtpd_recipient_restrictions =\n  permit_mynetworks,\n  reject_rbl_client x"
    )
    upload = read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/main.cf": main})
    later = [one.number for one in engagement.findings.filter(line__in=[4, 5], file="etc/postfix/main.cf")]

    found = listed(as_ada, engagement, upload)["smtpd_recipient_restrictions"]

    assert later
    assert set(later) <= set(found["findings"])


@pytest.mark.parametrize("show", ["set", "default", "overridden", "unknown"])
def test_filters_say_how_many_are_shown(as_ada, engagement, upload, show):
    rows = listed(as_ada, engagement, upload)
    some = listed(as_ada, engagement, upload, show=show)

    assert 0 < len(some) < len(rows)
    assert f"{len(some)} of {len(rows)} parameters are shown" in page_of(as_ada, engagement, upload, show=show)


def test_words_that_fit_nothing_are_answered_plainly(as_ada, engagement, upload):
    assert "No parameter fits these filters." in page_of(as_ada, engagement, upload, text="no\0such name")


@pytest.mark.parametrize("asked", [{"instance": "nowhere"}, {"service": "nothing/inet"}])
def test_an_unknown_instance_or_service_is_not_found(as_ada, engagement, upload, asked):
    assert as_ada.get(url("effective", engagement, upload.number), asked).status_code == 404
    assert as_ada.get(reverse("api:discovery:effective", args=[engagement.code, 1]), asked).status_code == 404


def test_each_instance_has_its_own_values(as_ada, engagement, ada):
    upload = read(engagement, actor=ada, files=sample("multi_instance"))

    first, second = (listed(as_ada, engagement, upload, instance=name) for name in ("postfix-a", "postfix-b"))

    assert first["myhostname"]["values"][0]["value"] == "out.alpha.example"
    assert second["myhostname"]["values"][0]["value"] == "out.beta.example"
    assert "postfix-b</a>" in page_of(as_ada, engagement, upload, instance="postfix-a")


def test_a_repeated_upload_shows_what_it_repeats(as_ada, engagement, ada, upload):
    repeat = read(engagement, actor=ada, files=SMALL_ESTATE | {"postconf-d.txt": PRINT})

    assert repeat.same_as == upload
    assert listed(as_ada, engagement, repeat) == listed(as_ada, engagement, upload)


def test_an_instance_that_was_read_before_its_version_was_kept_tells_what_its_settings_need(
    as_ada, engagement, ada, upload
):
    Instance.objects.update(release={})
    Parameter.objects.update(end_line=0)

    page = page_of(as_ada, engagement, upload)

    assert "3.7.11" not in page
    assert "<strong" not in page
    assert f"{url('file', engagement, 1, 'etc/postfix/main.cf')}?line=5#L5" in page_of(
        as_ada, engagement, upload, show="set"
    )


def test_many_parameters_and_services_cost_the_same_queries(as_ada, engagement, ada, upload):
    many = "".join(f"own_{number} = $myhostname\nmessage_size_limt{number} = 1\n" for number in range(150))
    services = "".join(f"bulk{number} unix - - y - 20 smtp\n  -o smtp_helo_name=a{number}\n" for number in range(60))
    large = read(
        engagement,
        actor=ada,
        files=SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF + many, "etc/postfix/master.cf": MASTER_CF + services},
    )

    with CaptureQueriesContext(connection) as few:
        as_ada.get(url("effective", engagement, upload.number), {"show": "unknown"})
    with CaptureQueriesContext(connection) as more:
        as_ada.get(url("effective", engagement, large.number), {"show": "unknown"})

    assert len(few) == len(more)
