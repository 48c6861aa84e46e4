"""Addresses, pools, streams, domains, tenants, TLS and AUTH, and filters of one configuration."""

import pytest

from tests.discovery.postfix.estates import MASTER, instance_of


def test_each_address_has_its_transports_and_the_name_it_gives(sender):
    rows = {each.address: (each.transports, each.helo_names) for each in sender.addresses}

    assert rows["192.0.2.22"] == (("trans2",), ("t2.sender.example",))
    assert rows["2001:db8:31::33"] == (("news3",), ("n3.sender.example",))
    assert rows[""] == (("smtp", "relay", "slow"), ("out1.sender.example",))
    assert len(rows) == 8


def test_an_address_and_its_name_point_at_their_lines(sender):
    address = next(each for each in sender.addresses if each.address == "192.0.2.21")

    assert (address.file, address.line) == ("etc/postfix/master.cf", 34)
    assert (address.uses[0].helo_file, address.uses[0].helo_line) == ("etc/postfix/master.cf", 35)


@pytest.mark.parametrize(
    ("main", "addresses"),
    [
        ("inet_interfaces = 192.0.2.9\n", [("192.0.2.9", "ipv4", "public")]),
        ("inet_interfaces = 192.0.2.9, 127.0.0.1\n", [("", "system", "unknown")]),
        ("smtp_bind_address = 0.0.0.0\n", [("0.0.0.0", "system", "unknown")]),
        ("inet_interfaces = loopback-only\n", [("", "system", "unknown")]),
        ("smtp_bind_address = 10.1.2.3\n", [("10.1.2.3", "ipv4", "private")]),
        (
            "smtp_bind_address = 192.0.2.9\nsmtp_bind_address6 = 2001:db8::9\n",
            [("192.0.2.9", "ipv4", "public"), ("2001:db8::9", "ipv6", "public")],
        ),
        ("own = 192.0.2.7\nsmtp_bind_address = $own\n", [("192.0.2.7", "ipv4", "public")]),
        ("smtp_bind_address = {{ address }}\n", [("{{ address }}", "name", "unknown")]),
    ],
)
def test_the_address_of_mail_is_the_one_postfix_would_take(main, addresses):
    instance = instance_of(main)

    assert [(each.address, each.family, each.reach) for each in instance.addresses] == addresses


def test_a_main_cf_alone_still_says_where_mail_leaves_from():
    instance = instance_of("smtp_bind_address = 192.0.2.9\nmyhostname = a.example\n", master=None)

    assert [(each.address, each.helo_names, each.line) for each in instance.addresses] == [
        ("192.0.2.9", ("a.example",), 1)
    ]


def test_random_and_numbered_transports_are_pools(sender):
    pools = {each.name: (each.kind, each.confidence, each.members) for each in sender.pools}

    assert pools == {
        "news": ("random", "certain", ("news1", "news2", "news3")),
        "trans": ("numbered", "likely", ("trans1", "trans2", "trans3")),
    }


def test_several_next_hops_are_a_pool():
    instance = instance_of("relayhost = [a.example]:25, [b.example]:25\n")

    assert [(each.kind, each.members, each.line) for each in instance.pools] == [
        ("next_hops", ("[a.example]:25", "[b.example]:25"), 1)
    ]


def test_streams_are_proposed_with_the_lines_that_show_them(sender):
    streams = {each.key: each for each in sender.stream_proposals}

    assert set(streams) == {"pool:news", "pool:trans", "listener:2525", "listener:submission", "default:postfix"}
    assert [(each.file, each.line) for each in streams["pool:news"].reasons] == [
        ("etc/postfix/main.cf", 20),
        ("etc/postfix/header_checks", 2),
        ("etc/postfix/sender_transport", 1),
    ]
    assert streams["listener:2525"].reasons[1].sentence == "Its mail goes through newsfilter:dummy"
    assert len({each.name for each in sender.stream_proposals}) == len(sender.stream_proposals)


def test_a_transport_that_only_sets_a_pace_is_no_stream(sender):
    assert "slow" not in {name for each in sender.stream_proposals for name in each.transports}


def test_the_way_back_from_a_filter_is_no_stream(tenants):
    assert [each.key for each in tenants["postfix-b"].stream_proposals] == ["default:postfix-b"]


def test_a_sender_map_of_relays_proposes_a_stream_for_each_relay():
    instance = instance_of(
        "sender_dependent_relayhost_maps = hash:/etc/postfix/relays\n",
        etc__postfix__relays="@a.example [r1.example]:587\n@b.example [r1.example]:587\nc@c.example [r2.example]\n",
    )

    relays = {each.key: len(each.reasons) for each in instance.stream_proposals if each.kind == "relay"}
    assert relays == {"relay:[r1.example]:587": 2, "relay:[r2.example]": 1}


@pytest.mark.parametrize("value", ["error:5.1.1 nothing leaves here", "discard:"])
def test_a_transport_that_delivers_nothing_is_no_pool_and_no_stream(value):
    instance = instance_of(f"default_transport = {value}\n")

    assert instance.pools == ()
    assert instance.stream_proposals == ()


def test_a_filter_action_to_a_program_is_no_relay():
    instance = instance_of(
        "smtpd_recipient_restrictions = check_recipient_access hash:/etc/postfix/hook\n",
        MASTER + "hook unix - n n - - pipe user=hook argv=/opt/hook 127.0.0.1:10026\n",
        etc__postfix__hook="a.example FILTER hook:dummy\n",
    )

    assert [each.key for each in instance.stream_proposals] == ["default:postfix"]
    assert [(each.kind, each.product, each.program, each.host) for each in instance.filters] == [
        ("content_filter", "custom", "/opt/hook", "")
    ]


def test_domains_say_what_they_are_here(sender):
    roles = {(each.name, each.role): (each.file, each.line) for each in sender.domains}

    assert roles["bounce.sender.example", "alias"] == ("etc/postfix/main.cf", 68)
    assert roles["shop.sender.example", "sender"] == ("etc/postfix/sender_transport", 2)
    assert roles["sender.example", "signed"] == ("etc/opendkim/KeyTable", 1)


def test_instances_and_logins_are_tenants_with_a_confidence_in_words(tenants):
    found = {each.name: (each.kind, each.confidence) for each in tenants["postfix-a"].tenants}

    assert found == {
        "postfix-a": ("instance", "likely"),
        "alpha-app": ("login", "likely"),
        "gamma-shop": ("login", "likely"),
        "gamma-billing": ("login", "likely"),
    }
    assert tenants["postfix"].tenants == ()


def test_one_organisation_is_one_tenant_however_many_names_it_sends_with(sender):
    assert sender.tenants == ()


def test_senders_of_several_organisations_are_a_guess_at_tenants():
    instance = instance_of(
        "sender_dependent_default_transport_maps = hash:/etc/postfix/by_sender\n",
        MASTER + "own unix - - n - - smtp\n",
        etc__postfix__by_sender="@a.co.uk own:\n@news.a.co.uk own:\n@b.co.uk own:\n",
    )

    assert [(each.name, each.confidence, len(each.members)) for each in instance.tenants] == [
        ("a.co.uk", "guess", 2),
        ("b.co.uk", "guess", 1),
    ]


def test_a_listener_says_whether_passwords_may_cross_without_tls(sender):
    doors = {each.name: each for each in sender.doors if each.direction == "in"}

    assert (doors["smtp"].tls, doors["smtp"].auth, doors["smtp"].is_cleartext_auth_possible) == (
        "none",
        "offered",
        True,
    )
    assert (doors["submission"].tls, doors["submission"].auth) == ("encrypt", "required")
    assert not doors["submission"].is_cleartext_auth_possible
    assert (doors["smtp"].mechanisms, doors["smtp"].login) == (("PLAIN", "LOGIN"), "yes")


@pytest.mark.parametrize(
    ("settings", "tls", "is_possible"),
    [
        ("", "none", False),
        ("smtpd_sasl_auth_enable = yes\n", "none", True),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_use_tls = yes\n", "may", True),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_auth_only = yes\nsmtpd_tls_security_level = may\n", "may", False),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_enforce_tls = yes\n", "encrypt", False),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_wrappermode = yes\n", "wrapped", False),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_security_options = noanonymous, noplaintext\n", "none", False),
    ],
)
def test_tls_and_auth_follow_the_level_and_the_former_switches(settings, tls, is_possible):
    door = instance_of(settings + "myhostname = a.example\n").doors[0]

    assert (door.tls, door.is_cleartext_auth_possible) == (tls, is_possible)


def test_settings_of_a_door_carry_their_lines(sender):
    door = next(each for each in sender.doors if each.name == "submission")

    assert ("smtpd_tls_security_level", "encrypt", "etc/postfix/master.cf", 9) in door.settings


def test_policy_services_and_content_filters_are_recognised(sender, tenants):
    found = {(each.kind, each.product, each.port or each.path) for each in sender.filters}

    assert ("policy", "cbpolicyd", "10031") in found
    assert ("sasl", "dovecot", "private/auth") in found
    policy = next(each for each in tenants["postfix-a"].filters if each.kind == "policy")
    assert (policy.product, policy.transport, policy.source) == (
        "custom",
        "quota",
        "usr/local/lib/policy/quota_policy.pl",
    )
    scanner = next(each for each in tenants["postfix-b"].filters if each.kind == "content_filter")
    assert (scanner.product, scanner.host, scanner.port) == ("amavis", "127.0.0.1", "10024")


def test_a_braced_policy_service_and_lookup_servers_are_recognised():
    instance = instance_of(
        "smtpd_recipient_restrictions = check_policy_service { inet:127.0.0.1:10023, timeout=10s }, reject\n"
        "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix\n"
        "sender_canonical_maps = tcp:localhost:10001\n"
    )

    assert [(each.product, each.host, each.port) for each in instance.filters] == [
        ("postgrey", "127.0.0.1", "10023"),
        ("mta-sts-resolver", "127.0.0.1", "8461"),
        ("postsrsd", "localhost", "10001"),
    ]


@pytest.mark.parametrize(
    ("socket", "place"),
    [
        ("inet:8891@127.0.0.1", ("127.0.0.1", "8891", "")),
        ("inet:[::1]:9900", ("[::1]", "9900", "")),
        ("unix:/run/own/own.sock", ("", "", "/run/own/own.sock")),
        ("local:own/own.sock", ("", "", "own/own.sock")),
    ],
)
def test_a_milter_says_where_it_listens(socket, place):
    milter = instance_of(f"smtpd_milters = {socket}\n").milters[0]

    assert (milter.host, milter.port, milter.path) == place
