"""Which version a host runs, what of it stays open, and the value of a parameter with its reason."""

from itertools import pairwise

import pytest

from discovery.postfix import Bundle, audit_bundle
from discovery.postfix.effective import effective, former_defaults, is_undecided
from discovery.postfix.main_cf import read_main
from discovery.postfix.master_cf import read_master
from discovery.postfix.parameters import catalogue
from discovery.postfix.scope import Scope
from discovery.postfix.versions import Release, is_older

KEY = b"test"


def release(files):
    contents = {path: text.encode() for path, text in ({"etc/postfix/main.cf": "biff = no\n"} | files).items()}
    return audit_bundle(Bundle.of(contents), secret_key=KEY).instances[0].release


def scope(main="", options=""):
    settings = read_main("main.cf", main).current
    whole = Scope(settings, "/etc/postfix")
    service = read_master("master.cf", f"smtp inet n - - - - smtpd {options}\n").services[0]
    return whole.within(service) if options else whole


@pytest.mark.parametrize(
    ("path", "text", "version", "line"),
    [
        ("prints/version.txt", "mail_version = 3.7.11\n", "3.7.11", 1),
        ("postconf-d.txt", "mail_name = Postfix\nmail_version = 2.11.3\n", "2.11.3", 2),
        ("postconf.json", '{"mail_name": "Postfix",\n "mail_version": "3.11.0"}', "3.11.0", 2),
        ("dpkg.txt", "ii  postfix  3.5.25-0+deb11u1 amd64 mail\n", "3.5.25", 1),
        ("rpm-qa.txt", "bash-5.1\npostfix-3.5.9-18.el9.x86_64\n", "3.5.9", 2),
    ],
)
def test_a_version_is_taken_from_where_it_is_said(path, text, version, line):
    found = release({path: text})

    assert (found.exact, found.sign.file, found.sign.line) == (version, path, line)


@pytest.mark.parametrize("text", ["mail_version = 9.9.9\n", "# mail_version = 3.4.0\n"])
def test_main_cf_may_claim_any_version_and_is_not_believed(text):
    assert release({"etc/postfix/main.cf": text}).exact == ""


def test_a_print_of_another_host_says_nothing_about_this_one():
    files = {"a/etc/postfix/main.cf": "biff = no\n", "b/etc/postfix/main.cf": "biff = no\n"}
    bundle = Bundle.of(
        {path: text.encode() for path, text in (files | {"b/version.txt": "mail_version = 3.4.0\n"}).items()}
    )

    found = {
        each.config_directory + each.files[0]: each.release.exact
        for each in audit_bundle(bundle, secret_key=KEY).instances
    }

    assert sorted(found.values()) == ["", "3.4.0"]


def test_settings_tell_the_oldest_version_that_has_them():
    main = "smtpd_relay_restrictions = permit_mynetworks, reject\nsmtputf8_enable = yes\ncompatibility_level = 3.6\n"

    found = release({"etc/postfix/main.cf": main})

    assert (found.exact, found.lowest, found.sign.line) == ("", "3.6", 3)
    assert found.words == "Postfix 3.6 or later"


def test_versions_are_compared_by_their_parts():
    assert is_older("2.9", "2.10")
    assert is_older("3.5.25", "3.6")
    assert not is_older("3.6.1", "3.6")
    assert not is_older("3.10", "3.9")


def test_an_option_comes_before_main_cf_and_main_cf_before_the_default():
    main = "biff = no\nsmtpd_banner = $myhostname hello\nmyhostname = mx.example\n"

    (option,) = effective("smtpd_banner", scope(main, "-o smtpd_banner=here"), Release())
    (written,) = effective("smtpd_banner", scope(main), Release())
    (default,) = effective("smtpd_helo_required", scope(main), Release())

    assert (option.value, option.reason, option.line) == ("here", "an option of the service in master.cf", 1)
    assert (written.value, written.reason) == ("mx.example hello", "line 2 of main.cf")
    assert (default.value, default.reason, default.line) == ("no", "default of Postfix", 0)


@pytest.mark.parametrize(
    ("main", "version", "value", "reason"),
    [
        ("", "2.11.3", "subnet", "default before Postfix 3.0 (the host runs 2.11.3)"),
        ("", "3.7.11", "subnet", "default since Postfix 3.0 at compatibility_level 0 (the host runs 3.7.11)"),
        (
            "compatibility_level = 2\n",
            "3.7.11",
            "host",
            "default since Postfix 3.0 at compatibility_level 2 (the host runs 3.7.11)",
        ),
    ],
)
def test_a_default_follows_from_version_and_level(main, version, value, reason):
    (found,) = effective("mynetworks_style", scope(main), Release(version, version))

    assert (found.value, found.reason) == (value, reason)


def test_where_the_version_is_open_each_possible_default_is_named_and_none_is_guessed():
    found = effective("inet_protocols", scope(), Release())

    assert [(each.value, each.reason) for each in found] == [
        ("ipv4", "default before Postfix 2.9"),
        ("all", "default since Postfix 2.9"),
    ]
    assert is_undecided("inet_protocols", scope(), Release())
    assert not is_undecided("inet_protocols", scope(), Release("", "3.0"))
    assert not is_undecided("inet_protocols", scope("inet_protocols = ipv6\n"), Release())


def test_a_name_that_postfix_does_not_have_has_no_value():
    assert effective("no_such_name", scope(), Release()) == ()


def test_former_defaults_belong_to_names_of_today_and_stand_in_order():
    for name, rows in former_defaults().items():
        assert catalogue()[name].is_built_in
        assert all(is_older(one.before, other.before) for one, other in pairwise(rows))


def test_most_names_know_since_when_they_are_there():
    known = [parameter for parameter in catalogue().values() if parameter.since]

    assert len(known) > 600
    assert catalogue()["smtpd_relay_restrictions"].since == "2.10"
