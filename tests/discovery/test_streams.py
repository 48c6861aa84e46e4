"""Streams: proposed by uploads, worked on by people, part of what the plan says."""

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from discovery.domain.add_stream import add_stream
from discovery.domain.remove_stream import remove_stream, restore_stream
from discovery.domain.route_streams import route_streams
from discovery.domain.settle_stream import StreamText, settle_stream
from discovery.models import SendingAddress, Stream, StreamProposal
from discovery.queries import estate_of
from tests.factories.discovery import MASTER_CF, SMALL_ESTATE, read
from tests.kept import kept

pytestmark = pytest.mark.django_db

MIGRATES = StreamText("Newsletters", "What marketing sends", Stream.Route.MIGRATE)
WITHOUT_BULK = SMALL_ESTATE | {
    "etc/postfix/master.cf": MASTER_CF.replace("bulk  ", "#bulk ").replace("    -o", "#   -o")
}


@kept
def bulk(engagement, ada):
    read(engagement, actor=ada)
    return engagement.streams.get(key="transport:bulk")


def test_an_upload_proposes_streams_with_the_lines_that_show_them(engagement, ada):
    upload = read(engagement, actor=ada)

    assert [(one.reference, one.key, one.name, one.state, one.route) for one in engagement.streams.all()] == [
        ("S-01", "transport:bulk", "bulk", "proposed", "undecided"),
        ("S-02", "default:postfix", "Other mail", "proposed", "undecided"),
    ]
    proposal = StreamProposal.objects.get(upload=upload, key="transport:bulk")
    assert proposal.reasons == [["The transport bulk sends from 192.0.2.11", "etc/postfix/master.cf", 3]]
    assert AuditEvent.objects.filter(action="stream.proposed").count() == 1


def test_addresses_are_stored_with_their_names_and_lines(engagement, ada):
    read(engagement, actor=ada)

    rows = SendingAddress.objects.values_list("address", "transports", "helo_names", "file", "line")
    assert list(rows) == [
        ("192.0.2.10", ["smtp"], ["mta1.northlake.example"], "etc/postfix/main.cf", 5),
        ("192.0.2.11", ["bulk"], ["mta1.northlake.example"], "etc/postfix/master.cf", 4),
    ]


def test_what_people_said_survives_the_next_upload(engagement, ada, bulk):
    settle_stream(bulk, actor=ada, version=1, text=MIGRATES)

    read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/extra": "one more file\n"})

    bulk.refresh_from_db()
    assert (bulk.name, bulk.route, bulk.state) == ("Newsletters", "migrate", "confirmed")
    assert engagement.streams.count() == 2


def test_look_alike_hosts_propose_one_stream(engagement, ada, bulk):
    read(engagement, actor=ada, host="mta2")

    assert engagement.streams.count() == 2


def test_a_stream_stays_listed_when_nothing_proposes_it_any_more(engagement, ada, bulk):
    read(engagement, actor=ada, files=WITHOUT_BULK)

    estate = estate_of(engagement)
    assert "transport:bulk" not in {row.values["key"] for row in estate.stream_proposals}
    assert "bulk" in {row.name for row in estate.streams}


def test_a_mark_is_versioned_and_told_in_the_ledger(ada, bulk):
    settled = settle_stream(bulk, actor=ada, version=1, text=MIGRATES)

    assert (settled.version, settled.changed_by, settled.state) == (2, ada, "confirmed")
    event = AuditEvent.objects.get(action="stream.settled")
    assert event.data["was"] == ["bulk", "", "undecided", ""]
    assert event.data["now"] == ["Newsletters", "What marketing sends", "migrate", ""]


def test_a_mark_on_an_earlier_text_is_refused(ada, lea, bulk):
    settle_stream(bulk, actor=lea, version=1, text=MIGRATES)

    with pytest.raises(Conflict, match="Lea Moser changed S-01"):
        settle_stream(bulk, actor=ada, version=1, text=StreamText("Bulk"))

    bulk.refresh_from_db()
    assert bulk.name == "Newsletters"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (StreamText(""), "Give the stream a name."),
        (StreamText("other MAIL"), "S-02 has this name already"),
        (StreamText("n" * 121), "at most 120 characters"),
        (StreamText("bulk", route="stay"), "Say why this stream stays on Postfix."),
        (StreamText("bulk", route="elsewhere"), "Say whether the stream migrates"),
        (StreamText("bulk", route="stay", route_reason="w" * 2001), "at most 2,000 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(ada, bulk, text, sentence):
    with pytest.raises(DomainError, match=sentence):
        settle_stream(bulk, actor=ada, version=1, text=text)

    bulk.refresh_from_db()
    assert (bulk.version, bulk.state, bulk.route) == (1, "proposed", "undecided")


def test_only_who_reviews_decides_on_streams(carl, bulk, engagement):
    with pytest.raises(Refused):
        settle_stream(bulk, actor=carl, version=1, text=MIGRATES)
    with pytest.raises(Refused):
        add_stream(engagement, actor=carl, text=MIGRATES)

    assert not engagement.streams.exclude(route="undecided").exists()


def test_a_removed_stream_stays_removed_and_can_be_brought_back(engagement, ada, bulk):
    settle_stream(bulk, actor=ada, version=1, text=MIGRATES)
    remove_stream(bulk, actor=ada, version=2)

    read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/extra": "one more file\n"})

    bulk.refresh_from_db()
    assert (bulk.state, bulk.route) == ("removed", "undecided")
    assert "Newsletters" not in {row.name for row in estate_of(engagement).streams}
    back = restore_stream(bulk, actor=ada, version=3)
    assert (back.state, back.route, back.name) == ("proposed", "undecided", "Newsletters")


def test_a_removed_stream_takes_no_mark(ada, bulk):
    remove_stream(bulk, actor=ada, version=1)

    with pytest.raises(Conflict, match="was removed"):
        settle_stream(bulk, actor=ada, version=2, text=MIGRATES)
    with pytest.raises(Conflict, match="removed already"):
        remove_stream(bulk, actor=ada, version=2)


def test_several_streams_are_marked_in_one_act(engagement, ada, bulk):
    marked = route_streams(engagement, versions={1: 1, 2: 1}, route="stay", route_reason="Internal only", actor=ada)

    assert [(one.reference, one.route, one.route_reason, one.state, one.version) for one in marked] == [
        ("S-01", "stay", "Internal only", "confirmed", 2),
        ("S-02", "stay", "Internal only", "confirmed", 2),
    ]
    assert AuditEvent.objects.filter(action="stream.settled").count() == 2


@pytest.mark.parametrize(
    ("versions", "route", "sentence"),
    [
        ({}, "migrate", "Select at least one stream first."),
        ({1: 1, 9: 1}, "migrate", "There is no such stream on the list: S-09."),
        ({1: 1, 2: 7}, "migrate", "changed S-02"),
        ({1: 1, 2: 1}, "stay", "Say why this stream stays on Postfix."),
        ({1: 1}, "sideways", "Say whether the stream migrates"),
    ],
)
def test_all_of_them_are_marked_or_none(engagement, ada, bulk, versions, route, sentence):
    with pytest.raises(DomainError, match=sentence):
        route_streams(engagement, versions=versions, route=route, actor=ada)

    assert not engagement.streams.exclude(route="undecided").exists()


def test_a_stream_is_added_by_hand(engagement, ada, bulk):
    added = add_stream(engagement, actor=ada, text=StreamText("Paper mill", route="stay", route_reason="Internal only"))

    assert (added.reference, added.key, added.state, added.route) == ("S-03", "", "confirmed", "stay")
    with pytest.raises(Conflict, match="on the list already"):
        restore_stream(added, actor=ada, version=1)


def test_a_proposal_finds_a_free_name(engagement, ada):
    add_stream(engagement, actor=ada, text=StreamText("Bulk"))

    read(engagement, actor=ada)

    assert engagement.streams.get(key="transport:bulk").name == "bulk (2)"


@pytest.mark.parametrize(
    "changes",
    [{"route": "stay"}, {"route": "migrate"}, {"name": ""}, {"state": "removed", "route": "migrate"}, {"key": ""}],
)
def test_the_database_refuses_what_can_never_be(bulk, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Stream.objects.filter(pk=bulk.pk).update(**changes)
