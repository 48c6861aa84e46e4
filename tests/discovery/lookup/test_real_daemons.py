"""Key by key what the real daemons ask: their own log against the lookup. Skipped where Postfix cannot be started."""

import re

import pytest

from discovery.lookup.desks import branches_of
from discovery.lookup.lookup import look_up
from discovery.postfix.bundle import Bundle
from tests.discovery.lookup.private_postfix import PrivatePostfix, delivered_to, is_possible, searches_in

pytestmark = pytest.mark.skipif(not is_possible(), reason="a Postfix cannot be started here: it needs root")

MAIN = """\
myhostname = mx.north.example
mydestination = $myhostname, north.example
myorigin = north.example
mynetworks = 127.0.0.0/8
recipient_delimiter = +-
relay_domains = west.example
transport_maps = texthash:@etc@/transport, regexp:@etc@/patterns
canonical_maps = texthash:@etc@/canonical
virtual_alias_maps = texthash:@etc@/virtual
sender_dependent_default_transport_maps = texthash:@etc@/bysender
sender_dependent_relayhost_maps = texthash:@etc@/relayhost
recipient_bcc_maps = texthash:@etc@/bcc
sender_bcc_maps = texthash:@etc@/bcc
relay_recipient_maps = texthash:@etc@/relayed
local_recipient_maps = texthash:@etc@/known
relocated_maps = texthash:@etc@/relocated
header_checks = regexp:@etc@/headers
mime_header_checks = regexp:@etc@/mime
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
    check_client_access texthash:@etc@/client
    check_helo_access texthash:@etc@/helo
    check_sender_access texthash:@etc@/sender
    check_recipient_access texthash:@etc@/recipient
"""
NAMES = ["bysender", "relayhost", "bcc", "relocated", "client", "helo", "sender", "recipient"]
TABLES = {
    **dict.fromkeys(NAMES, "# nothing fits\nno.such.key no:such\n"),
    "known": "@north.example x\n@mx.north.example x\n",
    "relayed": "@west.example x\n@sub.west.example x\n",
    "headers": "/^Subject: hold/ WARN seen\n/^X-Tag: (.*)$/ REPLACE X-Label: $1\n",
    "mime": "/no such line/ WARN seen\n",
    "patterns": "/^pattern@/ slow:[by.pattern]\n",
    "transport": (
        "anna@south.example slow:[user]\nsouth.example slow:\n.deep.example fast:[above]:2525\ncolon.example :[same]\n"
        "mailer-daemon@mx.north.example fast:[null]:26\n"
        "gone.example error:5.1.1 no more\nempty.example :\nbare.example slow\nnorth.example discard:\n"
    ),
    "canonical": (
        "old@north.example new@north.example\nnew@north.example newest@north.example\n@was.example @now.example\n"
    ),
    "virtual": (
        "team@north.example anna@south.example, bert+list@east.example carl\n"
        "carl@north.example dora@deep.deep.example\n"
        "self@north.example self@north.example, copy@east.example\n"
        "@catch.example all@east.example\n@moved.example @east.example\n"
        "loop@north.example pool@north.example\npool@north.example loop@north.example\n"
    ),
}
PAIRS = [
    ("anna+x@deep.north2.example", "bert+tag@a.sub.south.example"),
    ("a-b+c@x.y.example", "owner-list-x@north.example"),
    ('"a b"@x.example', '"c d+e"@mx.north.example'),
    ("Anna@UP.example", "u@[192.0.2.1]"),
    ("Double-Bounce@x.example", "y+z@sub.west.example"),
    ('"a+b c"@x.example', r'"a\"b"@x.example'),
    ("x@1.2.3.example", "Bert+Tag@North.Example"),
]
BY_RECIPIENT = ("transport_maps", "virtual_alias_maps", "canonical_maps", "recipient_bcc_maps", "relocated_maps")
OWN = re.compile("north.example|west.example", re.IGNORECASE)
BY_SENDER = ("canonical_maps", "sender_bcc_maps")


@pytest.fixture(scope="module")
def postfix():
    with PrivatePostfix(MAIN, TABLES) as running:
        yield running


@pytest.fixture(scope="module")
def desk(postfix):
    (branch,) = branches_of(Bundle.of(postfix.files))
    return branch.desk()


@pytest.fixture(scope="module")
def logs(postfix):
    """The log of one message for each pair."""
    return {pair: postfix.send(pair[0], [pair[1]]) for pair in PAIRS}


def keys_of(searched):
    """What the lookup asks; the wildcard is asked by trivial-rewrite when it starts, so its log does not repeat it."""
    return list(dict.fromkeys(step.key for step in searched.steps if step.key != "*"))


def asked_keys(log, table):
    return [[key for key, _ in run] for run in searches_in(log, table)]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("parameter", BY_RECIPIENT)
def test_the_keys_of_a_recipient_are_those_of_the_daemons(logs, desk, pair, parameter):
    replies, log = logs[pair]

    expected = keys_of(look_up(desk, parameter, pair[1]).rounds[0])

    assert [code for code, _ in replies] == [250]
    assert expected in asked_keys(log, parameter)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("parameter", BY_SENDER)
def test_the_keys_of_a_sender_are_those_of_the_daemons(logs, desk, pair, parameter):
    _, log = logs[pair]

    expected = keys_of(look_up(desk, parameter, pair[0]).rounds[0])

    assert expected in asked_keys(log, parameter)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(("check", "at"), [("check_sender_access", 0), ("check_recipient_access", 1)])
def test_the_keys_of_access_tables_are_those_of_smtpd(logs, desk, pair, check, at):
    _, log = logs[pair]

    found = look_up(desk, check, pair[at])

    assert [spot.parameter for spot in found.spots] == ["smtpd_recipient_restrictions"]
    assert keys_of(found.rounds[0]) in asked_keys(log, found.spots[0].value)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if not OWN.search(pair[1])])
def test_the_keys_of_a_sender_in_relayhost_tables_are_those_of_trivial_rewrite(logs, desk, pair):
    _, log = logs[pair]

    expected = keys_of(look_up(desk, "sender_dependent_relayhost_maps", pair[0]).rounds[0])

    assert expected in asked_keys(log, "sender_dependent_relayhost_maps")


def test_the_keys_of_a_client_and_its_helo_name_are_those_of_smtpd(logs, desk):
    _, log = logs[PAIRS[0]]

    client = look_up(desk, "check_client_access", "localhost[127.0.0.1]")
    helo = look_up(desk, "check_helo_access", "client.north.example")

    name, address = asked_keys(log, client.spots[0].value)[:2]
    assert keys_of(client.rounds[0]) == [*name, *address]
    assert keys_of(helo.rounds[0]) in asked_keys(log, helo.spots[0].value)


@pytest.mark.parametrize(
    ("recipient", "parameter"),
    [("y+z@sub.west.example", "relay_recipient_maps"), ("owner-list-x@north.example", "local_recipient_maps")],
)
def test_whether_a_recipient_is_known_is_asked_as_smtpd_asks(logs, desk, recipient, parameter):
    _, log = next(told for pair, told in logs.items() if pair[1] == recipient)

    found = look_up(desk, parameter, recipient)

    assert found.outcome == "fired"
    assert [(step.key, step.found.value or None) for step in found.rounds[0].steps] in searches_in(log, parameter)


def test_the_null_sender_has_its_own_keys(postfix, desk):
    _, log = postfix.send("", ["anna@null.example"])

    assert keys_of(look_up(desk, "check_sender_access", "<>").rounds[0]) == ["<>"]
    assert keys_of(look_up(desk, "sender_dependent_relayhost_maps", "<>").rounds[0]) == ['"<>"', "<>"]
    assert ["<>"] in asked_keys(log, look_up(desk, "check_sender_access", "<>").spots[0].value)
    assert ['"<>"', "<>"] in asked_keys(postfix.log, "sender_dependent_relayhost_maps")


ROUTED = [
    "anna@south.example",
    "anna+tag@south.example",
    "bert@south.example",
    "x@very.deep.example",
    "x@deep.example",
    "x@colon.example",
    "x@gone.example",
    "x@empty.example",
    "x@bare.example",
    "pattern@nowhere.example",
    "x@north.example",
    "x@nowhere.example",
]


@pytest.mark.parametrize("address", ROUTED)
def test_a_transport_means_what_trivial_rewrite_makes_of_it(postfix, desk, address):
    transport, nexthop = postfix.resolve(address)

    found = look_up(desk, "transport_maps", address)

    domain = address.rpartition("@")[2]
    told = found.meaning.fields
    assert told.get("transport", "") or transport == "discard"
    assert (told.get("nexthop") or domain) == nexthop


def test_the_null_address_goes_where_trivial_rewrite_sends_it(postfix, desk):
    transport, nexthop = postfix.resolve("")

    found = look_up(desk, "transport_maps", "<>")

    assert found.hit.key == "MAILER-DAEMON@mx.north.example"
    assert (found.meaning.fields["transport"], found.meaning.fields["nexthop"]) == (transport, nexthop)
    assert transport == "fast"


REWRITTEN = [
    "team@north.example",
    "team+x@north.example",
    "carl@north.example",
    "self@north.example",
    "who+ever@catch.example",
    "who+ever@moved.example",
    "old@north.example",
    "old+x@north.example",
    "any+x@was.example",
    "nobody@nowhere.example",
]


@pytest.mark.parametrize("address", REWRITTEN)
def test_an_address_ends_where_the_real_one_is_delivered(postfix, desk, address):
    _, log = postfix.send("x@far.example", [address])

    canonical = look_up(desk, "canonical_maps", address).ends[0]
    ends = look_up(desk, "virtual_alias_maps", canonical).ends

    assert sorted(ends) == sorted(set(delivered_to(log)))


def test_aliases_that_run_in_a_circle_are_refused_as_cleanup_refuses_them(postfix, desk):
    before = len(postfix.log)
    postfix.send("x@far.example", ["loop@north.example"])

    found = look_up(desk, "virtual_alias_maps", "loop@north.example")

    assert "unreasonable virtual_alias_maps map nesting" in postfix.log[before:]
    assert [note for note in found.notes if "virtual_alias_recursion_limit = 1,000" in note]


@pytest.mark.parametrize("line", ["Subject: hold on", "X-Tag: bulk mail", "Subject: free"])
def test_a_header_line_meets_the_rule_that_cleanup_applies(postfix, desk, line):
    _, log = postfix.send("x@far.example", ["anna@far.example"], lines=(line,))

    found = look_up(desk, "header_checks", line)

    assert [(line, found.hit.found.value if found.hit else None)] in searches_in(log, "header_checks")


HEADERS = [
    "Subject: x",
    "MIME-Version: 1.0",
    "Content-Type: text/plain",
    "Content-Transfer-Encoding: 7bit",
    "Content-Disposition: inline",
    "Content-ID: <x@far.example>",
    "Content-Description: x",
    "Content-Length: 3",
    "Content-Language: en",
    "Content-Location: x",
]


def test_headers_of_mime_are_said_to_be_asked_where_cleanup_asks_them(postfix, desk):
    _, log = postfix.send("x@far.example", ["anna@far.example"], lines=HEADERS)
    asked = {key for run in asked_keys(log, "mime_header_checks") for key in run}

    told = {
        line for line in HEADERS if "asks mime_header_checks" in " ".join(look_up(desk, "header_checks", line).notes)
    }

    assert told == asked
    assert len(told) == 6
