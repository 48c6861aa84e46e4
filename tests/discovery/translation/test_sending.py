"""A sending estate says what Postfix does, each statement with its line, and refuses what it cannot carry over."""

import pytest

from discovery.translation.sending import Action, Match, NextHop
from discovery.translation.sending.measures import UnreadableValueError, count_of, seconds_of


def test_every_way_out_has_its_address_its_name_and_the_lines_that_say_so(sample):
    estate = sample("multi_ip")

    sources = {each.name: each for each in estate.sources}

    assert (sources["news3"].ipv4.value, sources["news3"].ipv6.value) == ("198.51.100.33", "2001:db8:31::33")
    assert sources["news3"].helo.value == "n3.sender.example"
    assert sources["news3"].ipv4.origin.place == "etc/postfix/master.cf:50"
    assert sources["smtp"].ipv4.value == ""
    assert sources["smtp"].helo.value == "out1.sender.example"


def test_only_what_postfix_draws_from_is_a_pool(sample):
    estate = sample("multi_ip")

    assert [pool.name for pool in estate.pools] == ["news"]
    assert estate.pools[0].members == (("news1", 1), ("news2", 1), ("news3", 1))


def test_routes_stand_in_the_order_in_which_they_decide(sample):
    estate = sample("multi_ip")

    order = [(route.match, route.key) for route in estate.routes]

    assert order[:3] == [
        (Match.HEADER_PATTERN, r"/^X-Stream:\s*news/"),
        (Match.HEADER_PATTERN, r"/^X-Stream:\s*account/"),
        (Match.RECIPIENT, "vip@partner.example"),
    ]
    assert order.index((Match.RECIPIENT_DOMAIN, "mailbox.example")) < order.index(
        (Match.RECIPIENT_SUBDOMAINS, "mailbox.example")
    )
    assert order[-1] == (Match.SENDER_DOMAIN, "account.sender.example")


def test_a_random_table_for_every_sender_names_its_pool(sample):
    estate = sample("multi_ip")

    drawn = next(route for route in estate.routes if route.match is Match.EVERY_SENDER)

    assert (drawn.transport, drawn.action) == ("news", Action.SEND)
    assert drawn.origin.place == "etc/postfix/main.cf:21"


def test_transports_that_do_not_send_become_what_they_do(sample):
    actions = {route.key: (route.action, route.text) for route in sample("multi_ip").routes}

    assert actions["closed.example"] == (Action.REJECT, "5.1.2 this domain does not take mail")
    assert actions["invalid.example"] == (Action.DISCARD, "never existed")
    assert actions["bounce.sender.example"][0] is Action.RUN
    assert {route.purpose for route in sample("multi_ip").routes if route.transport == "bouncer"} == {
        "bounce_processor"
    }


def test_a_pattern_keeps_the_if_around_it(sample):
    slow = next(route for route in sample("multi_ip").routes if route.origin.place.endswith("transport.regexp:3"))

    assert slow.pattern.text == r"@slow-[a-z]+\.example$"
    assert [each.text for each in slow.conditions] == ["@slow-"]


def test_next_hops_are_read_as_postfix_reads_them(estate_of):
    estate = estate_of(
        "relayhost = [relay.example]:587, other.example\ntransport_maps = hash:/etc/postfix/transport\n",
        transport="a.example smtp:[192.0.2.7]\nb.example :[2001:db8::1]:2525\nc.example smtp:hub.example:smtps\n",
    )

    hops = {route.key: route.next_hops for route in estate.routes}

    assert estate.relay_hosts.value == (
        NextHop("relay.example", 587, is_mx_looked_up=False),
        NextHop("other.example", 25, is_mx_looked_up=True),
    )
    assert hops["a.example"] == (NextHop("192.0.2.7", 25, is_mx_looked_up=False),)
    assert hops["b.example"] == (NextHop("2001:db8::1", 2525, is_mx_looked_up=False),)
    assert hops["c.example"] == (NextHop("hub.example", 465, is_mx_looked_up=True),)


def test_mail_for_a_transport_that_master_cf_does_not_start_waits_and_the_rest_is_read(estate_of):
    estate = estate_of(
        "transport_maps = hash:/etc/postfix/transport\n", transport="a.example gone:\nb.example error:closed\n"
    )

    assert [(route.key, route.action) for route in estate.routes] == [("a.example", "hold"), ("b.example", "reject")]
    refused = [refusal for refusal in estate.refusals if refusal.origin.place == "etc/postfix/transport:1"]
    assert [refusal.reason for refusal in refused] == [
        "The transport gone stands in no line of master.cf, so mail for it stays in the queue."
    ]


def test_the_pace_of_a_transport_is_its_own_or_the_default_with_the_line(estate_of):
    estate = estate_of(
        "default_destination_concurrency_limit = 7\nslow_destination_rate_delay = 2m\n",
        master="smtp unix - - y - - smtp\nslow unix - - y - 3 smtp\n  -o slow_destination_concurrency_limit=1\n",
    )

    pace = {each.transport: each for each in estate.shaping}

    assert pace["slow"].rate_delay.value == 120
    assert pace["slow"].concurrency.value == 7
    assert pace["slow"].concurrency.origin.name == "default_destination_concurrency_limit"
    assert pace["slow"].processes.value == 3
    assert pace["smtp"].rate_delay.origin is None


def test_networks_come_without_brackets_and_what_is_no_network_is_refused(estate_of):
    estate = estate_of("mynetworks = 127.0.0.1 [2001:db8::]/32 !192.0.2.9 10.1.2.3/8 hash:/etc/postfix/clients\n")

    networks = [each.value for each in estate.listeners[0].relay_networks]

    assert networks == ["127.0.0.1/32", "2001:db8::/32"]
    reasons = {refusal.text: refusal.reason for refusal in estate.refusals}
    assert reasons["10.1.2.3/8"].endswith("10.0.0.0/8 may be meant.")
    assert set(reasons) == {"!192.0.2.9", "10.1.2.3/8", "hash:/etc/postfix/clients"}


def test_networks_of_a_file_have_the_lines_of_the_file(estate_of):
    estate = estate_of("mynetworks = /etc/postfix/networks\n", networks="# ours\n192.0.2.0/24\n")

    (network,) = estate.listeners[0].relay_networks

    assert (network.value, network.origin.place) == ("192.0.2.0/24", "etc/postfix/networks:2")


def test_a_value_postfix_cannot_read_is_told_and_its_default_stays(estate_of):
    estate = estate_of("maximal_queue_lifetime = {{ days }}\nbounce_queue_lifetime = 1\n")

    assert estate.queue.lifetime.value == 5 * 86_400
    assert estate.queue.bounce_lifetime.value == 86_400
    assert [refusal.origin.name for refusal in estate.refusals] == ["maximal_queue_lifetime"]


def test_header_rules_keep_order_conditions_and_lines(estate_of):
    estate = estate_of(
        "header_checks = pcre:/etc/postfix/checks\n",
        checks="if /^Subject:/\n/test/i WARN a test\nendif\n/^X-Old:/ IGNORE\nnonsense\n",
    )

    assert [(rule.op, rule.action) for rule in estate.header_rules] == [
        ("if", ""),
        ("match", "WARN"),
        ("endif", ""),
        ("match", "IGNORE"),
    ]
    assert estate.header_rules[1].text == "a test"
    assert [refusal.origin.place for refusal in estate.refusals] == ["etc/postfix/checks:5"]


def test_a_table_that_is_not_in_the_upload_is_refused_at_the_line_that_names_it(estate_of):
    estate = estate_of("myhostname = a.example\nvirtual_alias_maps = hash:/etc/postfix/virtual\n")

    (refusal,) = estate.refusals

    assert (refusal.origin.place, refusal.text) == ("etc/postfix/main.cf:2", "hash:/etc/postfix/virtual")


def test_a_login_shows_its_user_and_never_a_password(sample):
    estate = sample("multi_ip")

    assert [login.user for login in estate.logins] == ["sender-account"]
    assert "hidden" not in repr(estate.logins)


def test_a_main_cf_that_came_alone_still_listens_and_sends(estate_of):
    estate = estate_of("myhostname = a.example\n", master="")

    assert [each.name for each in estate.sources] == ["smtp", "relay", "lmtp"]


@pytest.mark.parametrize(
    ("text", "unit", "seconds"), [("5", "d", 432_000), ("5m", "d", 300), ("2w", "s", 1_209_600), ("0", "h", 0)]
)
def test_times_count_in_the_unit_of_their_parameter(text, unit, seconds):
    assert seconds_of(text, unit) == seconds


@pytest.mark.parametrize("text", ["", "5 m", "-1", "1.5h", "99999999999999w", "\u0665", "5y"])
def test_what_is_no_time_is_said_to_be_none(text):
    with pytest.raises(UnreadableValueError):
        seconds_of(text)


@pytest.mark.parametrize("text", ["", "1k", "-3", "4294967296", "\u00b2"])
def test_what_is_no_count_is_said_to_be_none(text):
    with pytest.raises(UnreadableValueError):
        count_of(text)


def test_an_action_and_its_text_are_parted_by_any_blanks(estate_of):
    estate = estate_of("header_checks = pcre:/etc/postfix/checks\n", checks="/^A:/\treject\t no  way\n/^B:/ IGNORE\n")

    assert [(rule.action, rule.text) for rule in estate.header_rules] == [("REJECT", "no  way"), ("IGNORE", "")]


def test_stages_that_no_line_sets_are_said_to_use_header_checks(estate_of):
    estate = estate_of("mime_header_checks =\nrecipient_delimiter = +\n")

    assert estate.inheriting_checks == ("nested_header_checks",)
    assert (estate.recipient_delimiter.value, estate.relay_transport.value) == ("+", "relay")


def test_a_route_names_the_parameter_of_its_table(sample):
    parameters = {route.parameter for route in sample("multi_ip").routes}

    assert parameters == {"header_checks", "transport_maps", "sender_dependent_default_transport_maps"}


@pytest.mark.parametrize(
    ("lines", "level", "line"),
    [
        ("smtp_use_tls = yes\n", "may", 1),
        ("smtp_use_tls = yes\nsmtp_enforce_tls = yes\n", "encrypt", 2),
        ("smtp_use_tls = yes\nsmtp_tls_security_level = none\n", "none", 2),
        ("smtp_use_tls = no\n", "", None),
    ],
)
def test_the_older_switches_of_tls_count_while_no_level_is_set(estate_of, lines, level, line):
    (shaping,) = estate_of(lines).shaping

    assert shaping.tls_level.value == level
    assert (shaping.tls_level.origin and shaping.tls_level.origin.line) == line


@pytest.mark.parametrize("service", ["relay", "error", "retry", "discard", "local"])
def test_a_main_cf_that_comes_alone_is_read_beside_the_usual_services(estate_of, service):
    estate = estate_of(
        "transport_maps = hash:/etc/postfix/transport\n", master="", transport=f"a.example {service}:4.0.0 text\n"
    )

    actions = {"relay": "send", "error": "reject", "retry": "hold", "discard": "discard", "local": "deliver_here"}
    assert [route.action for route in estate.routes] == [actions[service]]
    assert estate.relay_transport.value in {source.name for source in estate.sources}


@pytest.mark.parametrize(
    ("main", "domain"),
    [
        ("myhostname = mail.sender.example\n", "sender.example"),
        ("name = mail.sender.example\nmyhostname = $name\n", "sender.example"),
        ("myhostname = mail.sender.example\nmydomain = other.example\n", "other.example"),
        ("myhostname = mail\n", "localdomain"),
    ],
)
def test_mydomain_that_is_not_set_is_what_postfix_makes_of_myhostname(estate_of, main, domain):
    estate = estate_of(
        f"{main}mydestination = $myhostname, localhost.$mydomain, localhost\nrelayhost = [relay.$mydomain]\n"
    )

    own = [route.key for route in estate.routes if route.parameter == "mydestination"]
    assert own[1:] == [f"localhost.{domain}", "localhost"]
    assert {route.action for route in estate.routes} == {Action.HOLD}
    assert estate.relay_hosts.value[0].host == f"relay.{domain}"
