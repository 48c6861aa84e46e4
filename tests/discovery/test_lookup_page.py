"""Look up, on the page and over the API."""

import pytest
from django.db import connection
from django.urls import reverse

from core.models import AuditEvent
from discovery.stored_bundle import instances_to_ask, parameters_in_use
from tests.discovery.pages import text_of, url
from tests.factories.discovery import SMALL_ESTATE, read
from tests.kept import kept

pytestmark = pytest.mark.django_db

MASTER = SMALL_ESTATE["etc/postfix/master.cf"] + (
    "submission inet n - y - - smtpd\n  -o header_checks=static:DISCARD\n"
)
FILES = SMALL_ESTATE | {
    "etc/postfix/transport": "# routes\nsouth.example bulk:[relay.south.example]\n",
    "etc/postfix/header_checks": "/^(((((((a{1,40}){1,40}){1,40})))))\\1$/ DISCARD\n/^Subject: x/ WARN seen\n",
    "etc/postfix/master.cf": MASTER,
}
ASKED = {"at": "1:postfix", "parameter": "transport_maps", "key": "anna@south.example"}


@kept
def upload(engagement, ada):
    return read(engagement, actor=ada, files=FILES)


def test_the_page_shows_every_key_and_links_the_rule_that_fired(as_ada, engagement, upload):
    page = as_ada.get(url("lookup", engagement), ASKED)

    said = text_of(page)
    assert page.status_code == 200
    assert "The mail goes by the transport bulk to [relay.south.example]." in said
    assert f"{url('file', engagement, 1, 'etc/postfix/transport')}?line=2#L2" in said
    assert "south.example bulk:[relay.south.example]" in said
    assert [step.key for step in page.context["found"].rounds[0].steps] == ["anna@south.example", "south.example"]


def test_tables_that_are_set_stand_in_a_group_of_their_own(as_ada, engagement, upload):
    page = text_of(as_ada.get(url("lookup", engagement)))

    here, others = page.index('<optgroup label="Set here">'), page.index('<optgroup label="Others">')
    assert here < page.index('<option value="transport_maps"') < others < page.index('<option value="relocated_maps"')


def test_a_lookup_stores_nothing(as_ada, engagement, upload):
    before = AuditEvent.objects.count()

    as_ada.get(url("lookup", engagement), ASKED)

    assert AuditEvent.objects.count() == before
    assert "anna@south.example" not in {str(event.data) for event in AuditEvent.objects.all()}


def test_a_service_is_asked_with_its_own_options(as_ada, engagement, upload):
    plain = as_ada.get(url("lookup", engagement), ASKED | {"parameter": "header_checks", "key": "Subject: x"})
    own = as_ada.get(
        url("lookup", engagement),
        ASKED | {"parameter": "header_checks", "key": "Subject: x", "service": "submission/inet"},
    )

    assert "With values of their own: submission/inet." in text_of(plain)
    assert "The message is accepted and thrown away." in text_of(own)
    assert "With values of their own" not in text_of(own)


def test_a_pattern_that_takes_too_long_ends_with_a_sentence(as_ada, engagement, upload):
    page = as_ada.get(url("lookup", engagement), ASKED | {"parameter": "header_checks", "key": "a" * 400 + "b"})

    assert page.status_code == 200
    assert "The pattern took too long at etc/postfix/header_checks:1." in text_of(page)
    assert page.context["found"].outcome == "open"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"key": ""}, "Type what is to be looked up"),
        ({"service": "smtps"}, "postfix has no service smtps. It has smtp/inet"),
        ({"parameter": "no_such_maps"}, "no_such_maps"),
        ({"at": "9:postfix"}, "9:postfix"),
    ],
)
def test_what_cannot_be_asked_is_said_and_what_was_typed_stays(as_ada, engagement, upload, typed, reason):
    page = as_ada.get(url("lookup", engagement), ASKED | typed)

    assert page.status_code == 422
    assert reason in text_of(page)
    assert "found" not in page.context


def test_a_replaced_upload_stands_for_the_newest_of_its_host(as_ada, engagement, ada, upload):
    read(engagement, actor=ada, host="mta9", files=FILES)
    changed = FILES | {"etc/postfix/transport": "south.example slow:[new.south.example]\n"}
    read(engagement, actor=ada, host=upload.host_label, files=changed)

    page = as_ada.get(url("lookup", engagement), ASKED)

    said = text_of(page)
    assert page.status_code == 200
    assert f"Upload 1 of {upload.host_label} was replaced: this is what upload 3 says." in said
    assert "The mail goes by the transport slow to [new.south.example]." in said


def test_the_only_instance_need_not_be_named_and_one_of_several_has_to(as_ada, engagement, ada, upload):
    unnamed = {name: typed for name, typed in ASKED.items() if name != "at"}

    alone = as_ada.get(url("lookup", engagement), unnamed)
    read(engagement, actor=ada, host="mta9", files=FILES)
    several = as_ada.get(url("lookup", engagement), unnamed)

    assert (alone.status_code, several.status_code) == (200, 422)
    assert "The mail goes by the transport bulk to [relay.south.example]." in text_of(alone)
    assert alone.context["moved"] == ""


def test_the_tables_that_are_in_use_are_offered_first(as_ada, engagement, upload):
    page = as_ada.get(url("lookup", engagement))

    (_, in_use), (_, others) = page.context["form"].fields["parameter"].choices
    assert [name for name, _ in in_use] == ["header_checks", "mydestination", "transport_maps"]
    assert "virtual_alias_maps" in {name for name, _ in others}


def test_only_settings_that_tell_what_is_in_use_are_fetched(engagement, ada, django_assert_num_queries):
    checks = "smtpd_sender_restrictions = check_sender_access,static:OK\nmyhostname = a.example\n"
    read(engagement, actor=ada, files=FILES | {"etc/postfix/main.cf": FILES["etc/postfix/main.cf"] + checks})
    instances = instances_to_ask(engagement, ada)

    with django_assert_num_queries(1) as counted:
        in_use = parameters_in_use(instances, ada)

    with connection.cursor() as cursor:
        cursor.execute(counted.captured_queries[0]["sql"])
        fetched = {name for name, _ in cursor.fetchall()}
    assert in_use == {"header_checks", "mydestination", "transport_maps", "check_sender_access"}
    assert fetched == {"header_checks", "mydestination", "transport_maps", "smtpd_sender_restrictions"}


def test_without_an_upload_it_says_what_has_to_happen(as_ada, engagement):
    page = as_ada.get(url("lookup", engagement), ASKED)

    assert page.status_code == 200
    assert "No configuration has been read yet" in text_of(page)


def test_it_fetches_only_the_files_it_needs(as_ada, engagement, ada, upload, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as counted:
        as_ada.get(url("lookup", engagement), ASKED)

    fetched = [query["sql"] for query in counted.captured_queries if '"content"' in query["sql"]]
    assert len(fetched) == 3
    assert not [sql for sql in fetched if "header_checks" in sql]


def test_the_api_answers_the_same(as_ada, engagement, upload):
    address = reverse("api:discovery:lookup", args=[engagement.code])

    told = as_ada.get(address, {"host": upload.host_label, "parameter": "transport_maps", "key": "anna@south.example"})

    body = told.json()
    assert told.status_code == 200
    assert (body["upload"], body["outcome"], body["fields"]["transport"]) == (1, "fired", "bulk")
    assert (body["rule"]["file"], body["rule"]["line"]) == ("etc/postfix/transport", 2)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 404),
        ({"parameter": "no_such_maps"}, 422),
        ({"instance": "other"}, 422),
        ({"service": "smtps"}, 422),
        ({"key": ""}, 422),
    ],
)
def test_the_api_refuses_what_cannot_be_asked(as_ada, engagement, upload, asked, status):
    address = reverse("api:discovery:lookup", args=[engagement.code])
    host = upload.host_label if asked else "mta9"

    told = as_ada.get(address, {"host": host, "parameter": "transport_maps", "key": "anna@south.example"} | asked)

    assert told.status_code == status
