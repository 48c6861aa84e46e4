"""Which names some value makes valid, and which values cannot be read, as the real postconf has it."""

import pytest

from discovery.postfix.macros import broken_macros
from discovery.postfix.main_cf import read_main
from discovery.postfix.master_cf import read_master
from discovery.postfix.scope import Scope
from discovery.postfix.usage import used_settings
from tests.discovery.postfix import golden


def read(main, master=""):
    return read_main("main.cf", main), read_master("master.cf", master).services


def used(main, master=""):
    settings, services = read(main, master)
    return set(used_settings(settings.current, services))


def broken(main, master=""):
    settings, services = read(main, master)
    names = used_settings(settings.current, services)
    return [(each.subject, each.line) for each in broken_macros(names.values(), services, Scope(settings.current, "/"))]


SLOW = "slow unix - - - - - smtp"
TABLES = [
    ("relayhost = pgsql:src\nsrc_hosts = 1\n", "", True),
    ("relayhost = $foo\nfoo = ldap:src\nsrc_sasl_mechs = 1\n", "", True),
    ("relayhost = proxy:mysql:src\nsrc_option_file = 1\n", "", True),
    ("slow_recipient_limit = mysql:src\nsrc_option_file = 1\n", SLOW, True),
    ("src_hosts = 1\n", f"{SLOW} -o relayhost=mysql:src", True),
    ("foo = pgsql:src\nsrc_hosts = 1\n", "", False),
    ("src_hosts = 1\n", f"{SLOW} -o foo=mysql:src", False),
    ("smtpd_restriction_classes = own\nown = mysql:src\nsrc_hosts = 1\n", "", False),
    ("relayhost = pgsql:one\none_hosts = mysql:src\nsrc_hosts = 1\n", "", False),
]


@pytest.mark.parametrize(("main", "master", "is_used"), TABLES)
def test_a_table_makes_its_settings_valid_where_postfix_itself_knows_the_name_that_holds_it(main, master, is_used):
    names = used(main, master)

    assert any(name.startswith("src_") for name in names) == is_used


@pytest.mark.corpus
@pytest.mark.skipif(golden.POSTCONF is None, reason="Postfix is not installed here")
@pytest.mark.parametrize(("main", "master", "is_used"), TABLES)
def test_the_postconf_of_this_machine_says_the_same(tmp_path, main, master, is_used):
    (tmp_path / "main.cf").write_text(main)
    (tmp_path / "master.cf").write_text(master + "\n")

    printed = golden.pairs(golden.ask_postconf(tmp_path, "-n"))

    assert any(name.startswith("src_") for name in printed) == is_used
    assert set(printed) == used(main, master)


def test_a_level_that_is_none_is_broken():
    assert broken("biff = no\ncompatibility_level = new\n") == [("compatibility_level", 2)]


def test_a_level_that_is_computed_is_taken_as_it_comes_out():
    assert broken("compatibility_level = ${mail_name?3.6}\n") == []


def test_a_setting_that_contains_itself_is_broken():
    assert broken("mynetworks = $mynetworks 192.0.2.0/24\n") == [("mynetworks", 1)]


def test_names_that_postfix_sets_itself_and_values_it_expands_later_are_not_read_at_the_start():
    assert broken("mailbox_command = /usr/bin/x $ y\n", f"{SLOW} -o service_name=$ -o relayhost=a$") == [
        ("relayhost", 1)
    ]


def test_the_rest_of_a_line_behind_a_nul_byte_is_not_read():
    main, _ = read("relayhost = [a.example]\0:25\nmyhostname = mx.example\n")

    assert {name: setting.value for name, setting in main.current.items()} == {
        "relayhost": "[a.example]",
        "myhostname": "mx.example",
    }
