"""Each construct once, with its line, under a key that survives moves; what nobody has looked at stays visible."""

import pytest

from discovery.translation.coverage import UNCLASSIFIED, load_estimate, measure
from tests.discovery.translation.charts import MASTER, chart, sample_chart

PIPES = (
    MASTER
    + "maildrop  unix  -       n       n       -       -       pipe flags=DRhu user=vmail argv=/usr/bin/maildrop\n"
)


def test_every_setting_is_one_construct_with_its_line():
    found = chart("myhostname = mail.example.com\n\nsmtp_helo_name = $myhostname\n").of("parameter")

    assert [(each.construct.name, each.construct.value, each.construct.place) for each in found] == [
        ("myhostname", "mail.example.com", "etc/postfix/main.cf:1"),
        ("smtp_helo_name", "mail.example.com", "etc/postfix/main.cf:3"),
    ]
    assert found[1].row.id == "smtp-helo-name"


def test_a_setting_that_is_written_twice_is_one_construct():
    found = chart("smtp_helo_name = a.example.com\nsmtp_helo_name = b.example.com\n").one("parameter", "smtp_helo_name")

    assert (found.construct.value, found.construct.line) == ("b.example.com", 2)


def test_a_planted_name_is_not_classified_and_blocks():
    seen = chart("smtp_brand_new_option = yes\n")
    planted = seen.one("parameter", "smtp_brand_new_option")
    coverage = measure(seen.classified, "powermta", load_estimate())

    assert not planted.is_classified
    assert planted.treatments == {}
    assert planted.as_json()["row"] == ""
    assert coverage.is_blocked
    assert coverage.constructs.counts[UNCLASSIFIED] == 1


@pytest.mark.parametrize(
    ("kind", "name", "main", "files"),
    [
        ("restriction", "reject_brand_new_thing", "smtpd_client_restrictions = reject_brand_new_thing\n", {}),
        ("access action", "FROBNICATE", "smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/s\n",
         {"etc__postfix__s": "a.example FROBNICATE it\n"}),
        ("check action", "FROBNICATE", "header_checks = pcre:/etc/postfix/h\n",
         {"etc__postfix__h": "/^X/ FROBNICATE\n"}),
    ],
)  # fmt: skip
def test_a_planted_word_is_not_classified(kind, name, main, files):
    assert not chart(main, **files).one(kind, name).is_classified


def test_a_name_of_ones_own_is_known_by_who_refers_to_it():
    seen = chart("our_nets = 10.0.0.0/8\nmynetworks = $our_nets\n")

    assert seen.one("own name", "our_nets").row.id == "own-names"
    assert seen.one("parameter", "mynetworks").construct.value == "10.0.0.0/8"


def test_overrides_are_constructs_of_their_service():
    master = (
        MASTER + "slow unix - - n - 2 smtp\n  -o smtp_destination_rate_delay=5s -o smtp_helo_name=slow.example.com\n"
    )
    seen = chart("transport_maps = inline:{a.example=slow:}\n", master)

    delay = seen.one("override", "smtp_destination_rate_delay")
    assert delay.construct.subject == "slow/unix"
    assert delay.construct.place == "etc/postfix/master.cf:4"
    assert "no effect" in delay.treatments["kumomta"].reason
    assert seen.letters("override", "smtp_helo_name") == ("N", "N")
    assert seen.letters("column", "maxproc") == ("R", "R")
    assert seen.one("service", "smtp/unix/own").construct.asleep == ""


def test_a_service_that_nothing_leads_to_is_dropped_with_all_that_stands_with_it():
    seen = chart("", PIPES)

    assert seen.one("service", "pipe/unix").row.id == "asleep-idle"
    assert {each.row.id for each in seen.of("argument")} == {"asleep-idle"}


def test_a_service_that_a_table_leads_to_is_in_use():
    main = "transport_maps = hash:/etc/postfix/transport\n"
    seen = chart(main, PIPES, etc__postfix__transport="a.example maildrop:\n")

    assert seen.letters("service", "pipe/unix") == ("X", "X")
    assert seen.one("transport result", "pipe").construct.place == "etc/postfix/transport:1"


def test_a_service_that_is_switched_off_or_replaced_is_dropped():
    master = MASTER + "qmqp inet n - n - - qmqpd\nqmqp inet n - n - - qmqpd\n"
    seen = chart("master_service_disable = qmqp.inet\n", master)

    assert [each.construct.asleep for each in seen.of("service", "qmqpd/inet")] == ["replaced", "disabled"]
    assert {each.treatments["powermta"].letter for each in seen.of("service", "qmqpd/inet")} == {"dropped"}


def test_a_program_that_nobody_knows_stays_unclassified_even_where_it_sleeps():
    master = MASTER + "new unix - - n - - brandnewd\n"

    assert not chart("master_service_disable = new.unix\n", master).one("service", "brandnewd/unix").is_classified


def test_listeners_are_told_apart_by_port():
    master = (
        MASTER + "submission inet n - n - - smtpd\nsmtps inet n - n - - smtpd\n127.0.0.1:10025 inet n - n - - smtpd\n"
    )
    found = {each.construct.value: each for each in chart("", master).of("service", "smtpd/inet")}

    assert {value: each.treatments["kumomta"].letter for value, each in found.items()} == {
        "smtp": "N",
        "submission": "R",
        "smtps": "X",
        "127.0.0.1:10025": "R",
    }


def test_who_checks_logins_is_found_where_only_a_listener_lets_anybody_log_in():
    master = MASTER + "submission inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes\n"
    seen = chart("smtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\n", master)

    assert seen.letters("login server", "dovecot") == ("X", "C")
    assert seen.one("login server", "dovecot").construct.place == "etc/postfix/master.cf:3"
    assert chart("smtpd_sasl_type = dovecot\n").of("login server") == []


def test_the_authorities_of_the_system_need_no_translation_and_a_file_of_ones_own_does():
    own = chart("smtp_tls_CAfile = /etc/postfix/our-ca.pem\n").letters("parameter", "smtp_tls_CAfile")
    system = chart("smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt\n").letters("parameter", "smtp_tls_CAfile")

    assert own == ("R", "X")
    assert system == ("dropped", "dropped")


@pytest.mark.parametrize(
    ("main", "name", "letters"),
    [
        ("smtp_tls_security_level = may\n", "smtp_tls_security_level", ("N", "N")),
        ("smtp_tls_security_level = dane\n", "smtp_tls_security_level", ("R", "R")),
        ("mydestination = example.com\n", "mydestination", ("X", "X")),
        ("mydestination = $myhostname, localhost\n", "mydestination", ("dropped", "dropped")),
        ("mydestination = localhost.localdomain, localhost\n", "mydestination", ("dropped", "dropped")),
        ("relayhost =\n", "relayhost", ("dropped", "dropped")),
        ("relayhost = [mx.example]:587\n", "relayhost", ("N", "N")),
        ("virtual_transport = lmtp:unix:private/dovecot-lmtp\n", "virtual_transport", ("X", "R")),
        ("smtpd_sasl_auth_enable = no\n", "smtpd_sasl_auth_enable", ("dropped", "dropped")),
        ("mynetworks = 127.0.0.0/8, 10.0.0.0/8\n", "mynetworks", ("N", "N")),
        ("mynetworks = !10.0.0.1, 10.0.0.0/8\n", "mynetworks", ("R", "R")),
        ("maximal_queue_lifetime = 0\n", "maximal_queue_lifetime", ("R", "R")),
        ("slow_destination_rate_delay = 5s\n", "slow_destination_rate_delay", ("R", "R")),
    ],
)
def test_a_value_decides_what_becomes_of_a_setting(main, name, letters):
    assert chart(f"myhostname = mail.example.com\n{main}").letters("parameter", name) == letters


def test_a_milter_is_one_construct_however_often_it_is_named():
    seen = chart("smtpd_milters = inet:localhost:8891\nnon_smtpd_milters = inet:localhost:8891\n")

    assert seen.letters("milter", "opendkim") == ("N", "N")
    assert seen.one("milter", "opendkim").construct.line == 1


def test_an_unknown_socket_is_named_as_unknown():
    milter = chart("smtpd_milters = unix:/run/ours.sock\n").one("milter", "custom")

    assert milter.construct.subject == "unix:/run/ours.sock"
    assert "not known" in milter.treatments["powermta"].loss


def test_keys_stay_the_same_when_lines_move_and_differ_between_constructs():
    main = "myhostname = mail.example.com\nsmtpd_client_restrictions = permit_mynetworks, reject, permit_mynetworks\n"
    first, second = chart(main), chart("\n# moved\n\n" + main)

    assert [each.construct.key for each in first.classified] == [each.construct.key for each in second.classified]
    assert len({each.construct.key for each in first.classified}) == len(first.classified)
    assert first.of("parameter")[0].construct.line != second.of("parameter")[0].construct.line


@pytest.mark.parametrize("name", ["single_ip", "multi_ip", "multi_instance"])
def test_a_sample_is_classified_whole_and_each_thing_is_there_once(name):
    seen = sample_chart(name)
    kinds = [each.construct.kind for each in seen.classified]
    instances = seen.report.instances

    assert [each.construct.name for each in seen.classified if not each.is_classified] == []
    assert len({each.construct.key for each in seen.classified}) == len(seen.classified)
    assert kinds.count("service") == sum(len(each.services) for each in instances)
    assert kinds.count("map type") == sum(len(each.maps) for each in instances)
    settings = sum(len(each.parameters) + len(each.unused) for each in instances)
    in_lists = [each for each in seen.of("restriction class") if each.construct.subject]
    named = (
        kinds.count("parameter")
        + kinds.count("own name")
        + kinds.count("restriction class")
        + kinds.count("database setting")
    )
    assert named - len(in_lists) == settings
    assert kinds.count("override") == sum(len(service.overrides) for each in instances for service in each.services)
    assert kinds.count("script") == sum(len(each.scripts) for each in instances)
    assert kinds.count("job") == sum(len(each.cron_jobs) for each in instances)


def test_a_construct_as_json_says_where_and_what():
    said = chart("smtp_helo_name = a.example.com\n").one("parameter", "smtp_helo_name").as_json()

    assert (said["file"], said["line"], said["row"]) == ("etc/postfix/main.cf", 1, "smtp-helo-name")
    assert said["targets"]["powermta"] == {
        "class": "N",
        "names": ["host-name@virtual-mta"],
        "relation": "equal",
        "loss": "",
        "reason": "",
        "confidence": "certain",
        "needs": "",
        "how": "",
        "units": None,
    }
