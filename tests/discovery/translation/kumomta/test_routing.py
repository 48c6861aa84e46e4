"""The generated ways, asked in a real Lua, decide in the order in which Postfix decides."""

import pytest

from discovery.translation.kumomta import emit_kumomta

from .stand_in import LUA, Kumo


@pytest.fixture
def ways():
    """What routes.lua says of one estate: a function from sender and recipient to what is done."""

    def build(*estates, instance="postfix"):
        files = {file.path: file.text for file in emit_kumomta(estates).files}
        kumo = Kumo({"routes": files["routes.lua"]})
        routing = kumo.lua.globals()[b"package"][b"loaded"][b"mail_routing"]
        own = kumo.modules["routes"][instance.encode()]

        def way(sender, recipient):
            found = routing[b"way"](own, sender.encode(), recipient.encode())
            return tuple((found[name] or b"").decode() for name in (b"action", b"transport", b"hop", b"text"))

        def recipients(sender, *addresses, copies=()):
            listed = [kumo.lua.table_from([each.encode() for each in group]) for group in (addresses, copies)]
            return [each.decode() for each in routing[b"recipients"](own, sender.encode(), *listed).values()]

        return way, recipients

    return build


@pytest.mark.parametrize(
    ("sender", "recipient", "expected"),
    [
        ("x@shop.sender.example", "vip@partner.example", ("send", "trans1", "", "")),
        ("x@shop.sender.example", "VIP@Partner.Example", ("send", "trans1", "", "")),
        ("x@shop.sender.example", "other@partner.example", ("send", "news", "", "")),
        ("x@y.example", "a@mailbox.example", ("send", "slow", "", "")),
        ("x@y.example", "a@deep.sub.mailbox.example", ("send", "slow", "", "")),
        ("x@y.example", "a@notmailbox.example", ("send", "news", "", "")),
        ("x@y.example", "a@big-provider.example", ("send", "trans2", "mx.big-provider.example-25.next-hop", "")),
        ("x@y.example", "a@closed.example", ("reject", "", "", "5.1.2 this domain does not take mail")),
        ("x@y.example", "a@invalid.example", ("discard", "", "", "never existed")),
        ("x@y.example", "a@slow-lane.example", ("send", "slow", "", "")),
        ("", "a@elsewhere.example", ("send", "news", "", "")),
    ],
)
def test_a_sample_sends_as_its_tables_say(ways, sample, sender, recipient, expected):
    way, _ = ways(sample("multi_ip"))

    assert way(sender, recipient) == expected


def test_a_row_with_a_transport_forgets_the_relayhost_and_one_with_a_host_alone_replaces_it(ways, estate_of):
    estate = estate_of(
        "relayhost = [relay.example]\ntransport_maps = hash:/etc/postfix/transport\n"
        "sender_dependent_relayhost_maps = hash:/etc/postfix/relays\n",
        transport="direct.example smtp:\nhub.example :[hub.inner]\nempty.example :\n",
        relays="anna@north.example [north.relay]\n@south.example south.relay\n",
    )

    way, _ = ways(estate)

    assert way("x@y.example", "a@b.example")[2] == "relay.example-25.next-hop"
    assert way("x@y.example", "a@direct.example")[1:3] == ("smtp", "")
    assert way("x@y.example", "a@hub.example")[1:3] == ("smtp", "hub.inner-25.next-hop")
    assert way("x@y.example", "a@empty.example")[2] == "relay.example-25.next-hop"
    assert way("anna@north.example", "a@b.example")[2] == "north.relay-25.next-hop"
    assert way("who@south.example", "a@b.example")[2] == "south.relay"


def test_mail_for_relay_domains_takes_the_relay_transport_and_no_way_of_the_sender(ways, estate_of):
    master = "smtp unix - - y - - smtp\nrelay unix - - y - - smtp\nfast unix - - y - - smtp\n"
    estate = estate_of(
        "relay_domains = inner.example\nsender_dependent_default_transport_maps = hash:/etc/postfix/senders\n",
        master=master, senders="@x.example fast:\n",
    )  # fmt: skip

    way, _ = ways(estate)

    assert way("a@x.example", "b@sub.inner.example")[1] == "relay"
    assert way("a@x.example", "b@outer.example")[1] == "fast"
    assert way("a@y.example", "b@outer.example")[1] == "smtp"


@pytest.mark.parametrize("relay", ["[relay.example]:465", "unix:/run/relay", "[relay.example]:nowhere", "[a b]:25:x"])
def test_mail_for_a_relay_host_that_is_not_reached_waits_and_never_goes_to_the_recipients_own_hosts(
    ways, estate_of, relay
):
    estate = estate_of(
        f"relayhost = {relay}\ntransport_maps = hash:/etc/postfix/transport\n"
        "sender_dependent_relayhost_maps = hash:/etc/postfix/relays\n",
        transport="direct.example smtp:\nhub.example :[hub.inner]\n",
        relays=f"@north.example [north.relay]\n@south.example {relay}\n@east.example DUNNO\n",
    )

    way, _ = ways(estate)

    assert way("x@y.example", "a@b.example") == ("hold", "", "", "4.3.5 this way has not been carried over")
    assert way("x@south.example", "a@b.example")[0] == "hold"
    assert way("x@east.example", "a@b.example")[0] == "hold"
    assert way("x@north.example", "a@b.example")[2] == "north.relay-25.next-hop"
    assert way("x@south.example", "a@hub.example")[:3] == ("send", "smtp", "hub.inner-25.next-hop")
    assert way("x@y.example", "a@direct.example")[:3] == ("send", "smtp", "")
    assert "etc/postfix/main.cf:1" in {refusal.origin.place for refusal in emit_kumomta([estate]).not_carried}


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ("row.example gone:", "a@row.example"),
        ("row.example smtp:[x.example]:465", "a@row.example"),
        ("a@row.example smtp:[x y]:z", "a@row.example"),
        (".row.example lmtp:unix:/run/x", "a@deep.row.example"),
    ],
)
def test_mail_of_a_row_that_is_not_carried_over_waits_and_other_mail_goes_on(ways, estate_of, row, address):
    master = "smtp unix - - y - - smtp\nlmtp unix - - y - - lmtp\n"
    estate = estate_of("transport_maps = hash:/etc/postfix/transport\n", master=master, transport=f"{row}\n")

    way, _ = ways(estate)

    assert way("", address)[0] == "hold"
    assert way("", "a@other.example")[:2] == ("send", "smtp")
    assert "etc/postfix/transport:1" in {refusal.origin.place for refusal in emit_kumomta([estate]).not_carried}


@pytest.mark.parametrize(
    ("row", "others"), [("/@(.*)\\.row$/ smtp:[$1]", "send"), ("/(?R)@x/ smtp:[x.example]", "hold")]
)
def test_a_pattern_holds_what_it_takes_and_one_without_an_equal_holds_all_that_no_earlier_row_takes(
    ways, estate_of, row, others
):
    estate = estate_of(
        "transport_maps = hash:/etc/postfix/transport, pcre:/etc/postfix/pattern\n",
        transport="first@b.example discard:\n",
        pattern=f"{row}\n",
    )

    way, _ = ways(estate)

    assert way("", "a@some.row")[0] == "hold"
    assert way("", "first@b.example")[0] == "discard"
    assert way("", "a@b.example")[0] == others
    assert "etc/postfix/pattern:1" in {refusal.origin.place for refusal in emit_kumomta([estate]).not_carried}


def test_a_random_table_without_members_holds_all_mail(ways, estate_of):
    estate = estate_of("transport_maps = randmap:{gone1:,gone2:}\n")

    way, _ = ways(estate)

    assert way("", "a@b.example")[0] == "hold"


def test_an_extension_is_tried_with_and_without(ways, estate_of):
    estate = estate_of(
        "recipient_delimiter = +\ntransport_maps = hash:/etc/postfix/transport\n",
        transport="a+b@c.example discard:\na@c.example error:no\n",
    )

    way, _ = ways(estate)

    assert way("", "a+b@c.example")[0] == "discard"
    assert way("", "a+z@c.example")[0] == "reject"
    assert way("", "b+a@c.example")[0] == "send"


def test_aliases_are_followed_to_their_end_and_copies_are_added_once(ways, estate_of):
    estate = estate_of(
        "virtual_alias_maps = hash:/etc/postfix/virtual\nalways_bcc = archive@a.example\nmyorigin = a.example\n"
        "sender_bcc_maps = hash:/etc/postfix/bcc\nrecipient_delimiter = +\n",
        virtual="all@a.example one@a.example, two@b.example\none@a.example one@a.example ops\n"
        "@old.example @new.example\nloop@a.example pool@a.example\npool@a.example loop@a.example\n",
        bcc="boss@a.example copy@a.example\n",
    )

    _, recipients = ways(estate)

    assert recipients("x@y.example", "all@a.example") == [
        "one@a.example", "ops@a.example", "two@b.example", "archive@a.example",
    ]  # fmt: skip
    assert recipients("x@y.example", "who@old.example")[0] == "who@new.example"
    assert recipients("x@y.example", "two+x@b.example", "two+x@b.example") == ["two+x@b.example", "archive@a.example"]
    assert recipients("boss@a.example", "x@c.example") == ["x@c.example", "archive@a.example", "copy@a.example"]
    assert len(recipients("x@y.example", "loop@a.example")) == 2


def test_an_alias_keeps_the_extension_it_was_asked_with(ways, estate_of):
    estate = estate_of(
        "virtual_alias_maps = hash:/etc/postfix/virtual\nrecipient_delimiter = +\n", virtual="a@b.example c@d.example\n"
    )

    _, recipients = ways(estate)

    assert recipients("", "a+tag@b.example") == ["c+tag@d.example"]


def test_the_libraries_are_the_files_of_the_set():
    assert sorted(path.name for path in LUA.glob("*.lua")) == ["content_checks.lua", "mail_routing.lua"]


def test_a_next_hop_of_the_default_transport_or_of_the_relay_transport_comes_before_every_relay_host(ways, estate_of):
    estate = estate_of(
        "default_transport = smtp:[last.example]\nrelay_transport = smtp:[inner.example]\n"
        "relay_domains = ours.example\nrelayhost = [relay.example]\n"
        "sender_dependent_relayhost_maps = hash:/etc/postfix/relays\ntransport_maps = hash:/etc/postfix/transport\n",
        relays="@x.example [other.example]\n", transport="direct.example smtp:\nsame.example :\n",
    )  # fmt: skip

    way, _ = ways(estate)

    assert way("a@x.example", "b@far.example")[2] == "last.example-25.next-hop"
    assert way("a@x.example", "b@same.example")[2] == "last.example-25.next-hop"
    assert way("a@x.example", "b@sub.ours.example")[2] == "inner.example-25.next-hop"
    assert way("a@x.example", "b@direct.example")[2] == ""
