"""The pages of the inventory's subjects, of streams, and the export."""

import csv
import io

import pytest

from discovery.domain.settle_stream import StreamText, settle_stream
from discovery.models import Stream
from discovery.spreadsheets import safe_cell
from discovery.subjects import SUBJECTS
from tests.discovery.pages import text_of, url
from tests.discovery.test_samples import sample
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read
from tests.kept import kept

pytestmark = pytest.mark.django_db

SLUGS = [subject.slug for subject in SUBJECTS]
SETTLED = {"version": "1", "name": "Newsletters", "purpose": "", "route": "migrate", "route_reason": ""}


@kept
def bulk(engagement, ada):
    read(engagement, actor=ada)
    return engagement.streams.get(key="transport:bulk")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_subject_without_uploads_says_what_will_stand_there(as_ada, engagement, slug):
    page = text_of(as_ada.get(url("subject", engagement, slug)))

    expected = "Streams appear with the first upload" if slug == "streams" else "No configuration has been read yet"
    assert expected in page


@pytest.mark.parametrize("name", ["single_ip", "multi_ip", "multi_instance"])
def test_every_subject_of_every_sample_opens_and_its_places_lead_to_files(as_ada, engagement, ada, name):
    upload = read(engagement, actor=ada, files=sample(name))

    for slug in SLUGS:
        response = as_ada.get(url("subject", engagement, slug))
        assert response.status_code == 200
        assert " style=" not in response.content.decode()
    assert url("file", engagement, upload.number, "etc/postfix/main.cf") in text_of(response)


def test_an_unknown_subject_is_not_found(as_ada, engagement):
    assert as_ada.get(url("subject", engagement, "weather")).status_code == 404


def test_addresses_show_names_and_lines(as_ada, engagement, bulk):
    page = text_of(as_ada.get(url("subject", engagement, "addresses")))

    assert "192.0.2.11" in page
    assert f"{url('file', engagement, 1, 'etc/postfix/master.cf')}?line=4#L4" in page
    assert "mta1.northlake.example" in page


def test_programs_say_what_they_seem_to_be(as_ada, engagement, ada):
    read(engagement, actor=ada, files=sample("multi_ip"))

    page = text_of(as_ada.get(url("subject", engagement, "programs")))

    assert "Feedback loop reader" in page
    assert "Queue surgery" in page
    assert "cbpolicyd" in page
    assert f"{url('file', engagement, 1, 'usr/local/bin/read_feedback.py')}?line=4#L4" in page


def test_cleartext_logins_are_named(as_ada, engagement, ada):
    read(engagement, actor=ada, files=sample("single_ip"))

    assert "In 2 places a password may cross the line without TLS." in text_of(
        as_ada.get(url("subject", engagement, "access"))
    )


def test_a_host_with_several_instances_names_them_and_what_they_share(as_ada, engagement, ada):
    upload = read(engagement, actor=ada, files=sample("multi_instance"))

    page = text_of(as_ada.get(url("subject", engagement, "likeness")))

    assert "mta1: 3 instances" in page
    assert f"{url('effective', engagement, upload.number)}?instance=postfix-a" in page
    assert "/etc/postfix-b" in page
    assert "1 of 3" in page
    assert "the same in all of them" in page


def test_a_host_with_one_instance_is_no_group(as_ada, engagement, bulk):
    assert "Several instances on a host" not in text_of(as_ada.get(url("subject", engagement, "likeness")))


def test_look_alike_hosts_are_one_configuration_and_a_host_that_differs_is_named(as_ada, engagement, ada):
    for number in (1, 2, 3):
        main = MAIN_CF.replace("mta1", f"mta{number}").replace("192.0.2.10", f"192.0.2.{number}")
        main += "soft_bounce = yes\nmaximal_queue_lifetime = 1d\n" if number == 3 else ""
        read(engagement, actor=ada, host=f"mta{number}", files=SMALL_ESTATE | {"etc/postfix/main.cf": main})

    page = text_of(as_ada.get(url("subject", engagement, "likeness")))

    assert "3 instances, 2 distinct configurations." in page
    assert "mta3 (postfix) differs in 2 parameters" in page
    assert "mta1 (postfix) is as most hosts are." in page
    assert "2 lines with different values inside it" in page


@pytest.mark.parametrize("slug", SLUGS)
def test_a_subject_costs_the_same_for_one_and_three(as_ada, engagement, ada, slug, django_assert_max_num_queries):
    read(engagement, actor=ada, host="mta1")
    as_ada.get(url("subject", engagement, slug))

    with django_assert_max_num_queries(30) as for_one:
        as_ada.get(url("subject", engagement, slug))
    read(engagement, actor=ada, host="mta2")
    read(engagement, actor=ada, host="mta3")
    with django_assert_max_num_queries(30) as for_three:
        as_ada.get(url("subject", engagement, slug))

    assert len(for_three) == len(for_one)


def test_a_stream_is_named_and_marked_in_the_browser(as_ada, engagement, bulk):
    response = as_ada.post(url("stream", engagement, bulk.number), SETTLED)

    assert response.url == url("subject", engagement, "streams")
    page = text_of(as_ada.get(response.url))
    assert "S-01 Newsletters" in page
    assert "Migrates" in page
    assert "1 of 2 streams is not decided yet." in page


def test_a_stream_that_stays_says_why(as_ada, engagement, bulk):
    response = as_ada.post(url("stream", engagement, bulk.number), SETTLED | {"route": "stay"})

    assert response.status_code == 422
    assert "Say why this stream stays on Postfix." in text_of(response)
    assert 'value="Newsletters"' in text_of(response)


def test_two_people_at_once_see_both_texts(as_ada, engagement, lea, bulk):
    settle_stream(bulk, actor=lea, version=1, text=StreamText("Campaigns", route="migrate"))

    response = as_ada.post(url("stream", engagement, bulk.number), SETTLED)

    assert response.status_code == 409
    assert "Campaigns" in text_of(response)
    assert 'value="Newsletters"' in text_of(response)
    assert 'name="version" value="2"' in text_of(response)


def test_a_stream_is_removed_and_brought_back(as_ada, engagement, bulk):
    as_ada.post(url("stream_remove", engagement, bulk.number), {"version": "1"})
    page = text_of(as_ada.get(url("subject", engagement, "streams")))
    as_ada.post(url("stream_restore", engagement, bulk.number), {"version": "2"})

    assert "They stay off the list" in page
    assert Stream.objects.get(pk=bulk.pk).state == "proposed"


def test_ticked_streams_are_marked_at_once(as_ada, engagement, bulk):
    ticked = {"stream": ["1:1", "2:1"], "route": "migrate", "route_reason": ""}

    response = as_ada.post(url("streams_route", engagement), ticked)
    odd = as_ada.post(url("streams_route", engagement), {"stream": ["one"], "route": "migrate"})

    assert "Every stream is decided." in text_of(as_ada.get(response.url))
    assert odd.status_code == 400


def test_streams_that_stay_without_a_reason_are_refused_at_the_field_with_all_that_was_typed(as_ada, engagement, bulk):
    ticked = {"stream": [f"{bulk.number}:1"], "route": "stay", "route_reason": ""}

    refused = as_ada.post(url("streams_route", engagement), ticked)
    nothing = as_ada.post(url("streams_route", engagement), {"route": "stay", "route_reason": "The printers use it."})

    page = text_of(refused)
    assert (refused.status_code, nothing.status_code) == (422, 422)
    assert 'href="#id_route_reason"' in page
    assert "Say why the selected streams stay on Postfix." in page
    assert '<option value="stay" selected>' in page
    assert page.count(" checked") == 1
    assert "Select at least one stream first." in text_of(nothing)
    assert 'value="The printers use it."' in text_of(nothing)
    assert set(Stream.objects.values_list("route", flat=True)) == {"undecided"}


def test_a_customer_reads_streams_and_changes_none(client, engagement, carl, bulk):
    client.force_login(carl)

    page = text_of(client.get(url("stream", engagement, bulk.number)))
    refused = client.post(url("stream", engagement, bulk.number), SETTLED)

    assert "The transport bulk sends from 192.0.2.11." in page
    assert "<textarea" not in page
    assert refused.status_code == 403
    assert Stream.objects.get(pk=bulk.pk).route == "undecided"


def test_a_stream_is_added_in_the_browser(as_ada, engagement):
    form = {"name": "Paper mill", "purpose": "", "route": "stay", "route_reason": "Internal only"}

    response = as_ada.post(url("stream_add", engagement), form)

    assert response.url == url("subject", engagement, "streams")
    assert "Stays on Postfix" in text_of(as_ada.get(response.url))


def test_the_export_holds_every_fact_with_its_place(as_ada, engagement, bulk):
    response = as_ada.get(url("inventory_csv", engagement))

    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    milter = next(row for row in rows if row["subject"] == "milter")
    assert response["Content-Disposition"] == f'attachment; filename="inventory-{engagement.code}.csv"'
    assert (milter["name"], milter["host"], milter["file"], milter["line"]) == (
        "custom",
        "mta1",
        "etc/postfix/main.cf",
        "6",
    )
    assert {"stream", "sending address", "not in the bundle", "parameter"} <= {row["subject"] for row in rows}


def test_no_cell_of_the_export_is_a_formula(as_ada, engagement, ada):
    main = MAIN_CF + "own_name = =HYPERLINK(1)\n=cmd = @SUM(1)\n"
    read(engagement, actor=ada, files={"etc/postfix/main.cf": main})

    response = as_ada.get(url("inventory_csv", engagement))

    cells = [cell for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig"))) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [safe_cell(text) for text in ("=1", "+1", "-1", "@a", "\t=1", "\n=1", "a=1")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\t=1",
        "'\n=1",
        "a=1",
    ]
