"""What an instance runs with, parameter by parameter."""

import pytest

from discovery.postfix.facts import Override, Service, Setting
from discovery.postfix.in_force import Configuration, services_with_options, values_in_force
from discovery.postfix.versions import Release, Sign

REST = ("n", "-", "-", "-", "-")
EXACT = Release("3.9.1", "3.9.1", Sign("3.9.1", is_exact=True, file="postconf", line=4, words="a print of postconf"))


def service(name, kind, command, *options, line=1):
    overrides = tuple(Override(name, value, line + at) for at, (name, value) in enumerate(options, 1))
    return Service(name, kind, *REST, command, (), overrides, "master.cf", line, line + len(options))


def told(*services, unused=(), release=EXACT, **settings):
    written = {name: Setting(name, value, "main.cf", at) for at, (name, value) in enumerate(settings.items(), 1)}
    return Configuration(written, frozenset(unused), services, "/etc/postfix", release)


def rows(configuration, seen_by=None):
    return {row.name: row for row in values_in_force(configuration, seen_by)}


def only_value(row):
    (value,) = row.values
    return value.value, value.file, value.line


def test_every_parameter_of_the_release_stands_there_set_or_by_default():
    found = rows(told(myhostname="mta.example.com"))

    assert only_value(found["myhostname"]) == ("mta.example.com", "main.cf", 1)
    assert only_value(found["smtp_helo_name"]) == ("mta.example.com", "", 0)
    assert only_value(found["mydomain"]) == ("example.com", "", 0)
    assert only_value(found["mail_version"]) == ("3.9.1", "postconf", 4)
    assert (found["myhostname"].is_set, found["myhostname"].is_default) == (True, False)
    assert (found["mydomain"].is_set, found["mydomain"].is_default) == (False, True)
    assert "force_mime_input_conversion" in found
    assert "force_mime_input_conversion" not in rows(told(release=Release()))


def test_where_an_unknown_version_decides_each_possible_default_is_told():
    (older, newer) = rows(told(release=Release()))["inet_protocols"].values

    assert (older.value, newer.value) == ("ipv4", "all")


def test_a_service_sees_its_own_option_and_what_follows_from_it():
    submission = service("submission", "inet", "smtpd", ("myhostname", "in.example.org"))
    configuration = told(submission, service("smtp", "inet", "smtpd"), myhostname="mta.example.com")

    found = rows(configuration, submission)

    assert services_with_options(configuration) == (submission,)
    assert only_value(found["myhostname"]) == ("in.example.org", "master.cf", 2)
    assert only_value(found["smtp_helo_name"])[0] == "in.example.org"
    assert only_value(rows(configuration)["myhostname"])[0] == "mta.example.com"


@pytest.mark.parametrize(
    ("services", "name", "fates"),
    [
        ([service("bulk", "unix", "smtp", ("smtp_helo_name", "a"))], "smtp_helo_name", ["wins"]),
        (
            [service("bulk", "unix", "smtp", ("smtp_helo_name", "a"), ("smtp_helo_name", "b"))],
            "smtp_helo_name",
            ["replaced", "wins"],
        ),
        (
            [service("bulk", "unix", "smtp", ("bulk_destination_rate_delay", "1s"))],
            "bulk_destination_rate_delay",
            ["unread"],
        ),
        ([service("bulk", "unix", "smtp", ("smtp_helo_nam", "a"))], "smtp_helo_nam", ["unknown"]),
        (
            [
                service("bulk", "unix", "smtp", ("smtp_helo_name", "a")),
                service("bulk", "unix", "smtp", ("smtp_helo_name", "b"), line=5),
            ],
            "smtp_helo_name",
            ["off", "wins"],
        ),
    ],
)
def test_every_option_says_what_becomes_of_it(services, name, fates):
    row = rows(told(*services))[name]

    assert [option.fate for option in row.options] == fates
    assert row.is_unknown == (set(fates) != {"wins"})


@pytest.mark.parametrize(
    ("name", "unused", "release", "doubt"),
    [
        ("smtp_helo_name", (), EXACT, ""),
        ("smtp_helo_nam", ["smtp_helo_nam"], EXACT, "unknown"),
        ("slow_destination_rate_delay", ["slow_destination_rate_delay"], EXACT, "dead"),
        ("force_mime_input_conversion", ["force_mime_input_conversion"], EXACT, ""),
        ("force_mime_input_conversion", ["force_mime_input_conversion"], Release(), "newer"),
        ("force_mime_input_conversion", ["force_mime_input_conversion"], Release("", "3.9"), ""),
        ("maillog_file", (), Release("3.1", "3.1"), "later"),
        ("maillog_file", (), Release("", "3.1"), ""),
    ],
)
def test_a_line_that_does_nothing_says_why(name, unused, release, doubt):
    row = rows(told(unused=unused, release=release, **{name: "x"}))[name]

    assert row.doubt == doubt
    assert row.is_unknown == bool(doubt)
