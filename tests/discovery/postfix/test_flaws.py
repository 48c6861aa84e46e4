"""Files that are damaged, foreign or not filled in: what is wrong is said with its line, the rest is read."""

import pytest

from discovery.postfix import Bundle, audit_bundle, read_archive
from tests.factories.discovery import pack

KEY = b"test"
MASTER = b"smtp inet n - y - - smtpd\nslow unix - - y - - smtp\n  -o smtp_bind_address=192.0.2.9\n"


def audit(main, master=MASTER):
    files = {"etc/postfix/main.cf": main, "etc/postfix/master.cf": master}
    return audit_bundle(read_archive("x.tar.gz", pack(files)), secret_key=KEY)


def said(report, rule):
    return [(finding.file, finding.line) for finding in report.findings if finding.rule == rule]


def values(report):
    return {name: setting.value for name, setting in report.instances[0].parameters.items()}


FLAWS = [
    ("template-line", b"biff = no\nmyhostname = {{ host }}\nrelayhost = [r.example]\n", 2),
    ("template-line", b"biff = no\nmyhostname = <%= @fqdn %>\nrelayhost = [r.example]\n", 2),
    ("template-line", b"biff = no\nmyhostname = ${MAIL_HOST}\nrelayhost = [r.example]\n", 2),
    ("template-line", b"biff = no\nmyhostname = $MAIL_HOST\nrelayhost = [r.example]\n", 2),
    ("template-line", b"biff = no\nmyhostname = @@HOST@@\nrelayhost = [r.example]\n", 2),
    ("template-line", b"biff = no\n{% if relay %}\nrelayhost = [r.example]\n{% endif %}\n", 2),
    ("carriage-returns", b"biff = no\r\nrelayhost = [r.example]\r\n", 1),
    ("byte-order-mark", b"\xef\xbb\xbfmyhostname = mx.example\nbiff = no\nrelayhost = [r.example]\n", 1),
    ("utf-16", "biff = no\nrelayhost = [r.example]\n".encode("utf-16"), 1),
    ("utf-16", b"\xfe\xff" + "biff = no\nrelayhost = [r.example]\n".encode("utf-16-be"), 1),
    ("utf-16", "biff = no\nrelayhost = [r.example]\n".encode("utf-16-le"), 1),
    ("nul-byte", b"biff = no\nrelayhost = [r.example]\nmyhostname = a\0b\n", 3),
    ("cut-short-file", b"biff = no\nrelayhost = [r.example]\nmynetworks = 192.0.2.0/24,\n  198.51.100.0/24,", 3),
    ("cut-short-file", b"biff = no\nrelayhost = [r.example]\nheader_checks = pcre:{{/a/ IGNORE}, {/b", 3),
    (
        "long-line",
        b"biff = no\nrelayhost = [r.example]\nmydestination = " + b"a.example, " * 100_000 + b"b.example\n",
        3,
    ),
]


@pytest.mark.parametrize(("rule", "main", "line"), FLAWS)
def test_a_flaw_is_said_with_its_line_and_everything_else_is_read(rule, main, line):
    report = audit(main)

    assert said(report, rule)[:1] == [("etc/postfix/main.cf", line)]
    assert {"biff": "no", "relayhost": "[r.example]"}.items() <= values(report).items()
    assert [service.name for service in report.instances[0].services] == ["smtp", "slow"]
    assert report.instances[0].services[1].overrides[0].line == 3


def test_a_binary_in_place_of_main_cf_is_said_and_the_services_are_read():
    report = audit(bytes(range(256)) * 40)

    assert said(report, "binary-file") == [("etc/postfix/main.cf", 1)]
    assert report.instances[0].parameters == {}
    assert [service.name for service in report.instances[0].services] == ["smtp", "slow"]


def test_a_binary_in_place_of_master_cf_is_said_and_the_settings_are_read():
    report = audit(b"biff = no\n", b"\x7fELF\x01\0\0\0\x02\x03" * 50)

    assert said(report, "binary-file") == [("etc/postfix/master.cf", 1)]
    assert values(report) == {"biff": "no"}
    assert report.instances[0].services == ()


@pytest.mark.parametrize(
    ("rule", "master", "line"),
    [
        ("template-line", b"smtp inet n - y - - smtpd\n  -o smtpd_banner={{ banner }}\n", 2),
        ("carriage-returns", b"smtp inet n - y - - smtpd\r\n", 1),
        ("utf-16", "smtp inet n - y - - smtpd\n".encode("utf-16"), 1),
        ("cut-short-file", b"smtp inet n - y - - smtpd\nslow unix - - y - - smtp\n  -o", 2),
        ("nul-byte", b"smtp inet n - y - - smtpd\0 -o a=b\n", 1),
    ],
)
def test_the_same_is_said_of_master_cf(rule, master, line):
    report = audit(b"biff = no\n", master)

    assert said(report, rule)[:1] == [("etc/postfix/master.cf", line)]
    assert report.instances[0].services[0].command == "smtpd"
    assert values(report) == {"biff": "no"}


def test_what_postfix_itself_writes_with_braces_and_capitals_is_no_template():
    main = b"""OWN_NET = 192.0.2.0/24
mynetworks = ${OWN_NET} $OWN_NET
smtp_tls_security_level = ${{$compatibility_level} >=level {3.6} ? {may} : {none}}
header_checks = pcre:{{/^a/ IGNORE}, {/b@@C/ IGNORE}}
# relayhost = {{ relay }}
"""

    report = audit(main, MASTER + b"own unix - n n - - pipe argv=/usr/bin/own ${sender} { a b }\n")

    assert said(report, "template-line") == []


def test_a_file_with_nothing_wrong_has_no_flaw():
    report = audit(b"biff = no\nmynetworks = 192.0.2.0/24,\n  198.51.100.0/24\n")

    assert {rule for rule, _, _ in FLAWS} & {finding.rule for finding in report.findings} == set()


def test_a_secret_in_a_file_of_utf_16_is_masked():
    main = "smtp_sasl_password_maps = static:northlake:correct-horse-battery\n".encode("utf-16")

    report = audit(main)

    assert len(report.secrets) == 1
    assert "correct-horse" not in str(report.as_json())


def test_no_other_file_is_kept_when_it_is_no_text():
    bundle = read_archive("x.tar.gz", pack({"main.cf": b"biff = no\n", "table": b"a\0b\n"}))

    assert list(bundle.files) == ["main.cf"]
    assert [left.path for left in bundle.skipped] == ["table"]
    assert Bundle.of({"main.cf": b"biff = no\n"}).files["main.cf"].encoding == "utf-8"
