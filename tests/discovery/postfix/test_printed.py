"""Prints of postconf as input: instead of the files, and beside them."""

import json

import pytest

from discovery.postfix import Bundle, audit_bundle, print_differences
from discovery.postfix.printed import prints_of
from tests.discovery.postfix import golden

KEY = b"test"
MAIN = "myhostname = mx.example\nrelayhost = [relay.example]\nmydestination = a.example,\n  b.example\nbiff = no\n"
MASTER = "smtp inet n - y - - smtpd\nslow unix - - y - - smtp\n  -o smtp_bind_address=192.0.2.9\n"
PRINTED = "biff = no\nmydestination = a.example, b.example\nmyhostname = mx.example\nrelayhost = [relay.example]\n"
PRINTED_SERVICES = (
    "smtp       inet  n       -       y       -       -       smtpd\n"
    "slow       unix  -       -       y       -       -       smtp\n    -o smtp_bind_address=192.0.2.9\n"
    "qmgr       unix  n       -       n       300     1       qmgr\n"
)
OPTIONS = "slow/unix/smtp_bind_address = 192.0.2.9\n"
PAIRS = [{"name": name, "value": value} for name, value in (line.split(" = ") for line in PRINTED.splitlines())]
OBJECT = {pair["name"]: pair["value"] for pair in PAIRS} | {"queue_run_delay": "300s"}


def audit_files(files):
    return audit_bundle(Bundle.of({path: text.encode() for path, text in files.items()}), secret_key=KEY)


def values(report):
    return {name: setting.value for name, setting in report.instances[0].parameters.items()}


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("postconf-n.txt", PRINTED, "n"),
        ("postconf-nf.out", PRINTED, "n"),
        ("prints/postfix.-n.txt", PRINTED, "n"),
        ("settings-of-mx1.txt", PRINTED, "n"),
        ("postconf-Mf.txt", PRINTED_SERVICES, "M"),
        ("services.txt", PRINTED_SERVICES, "M"),
        ("postconf-P.txt", OPTIONS, "P"),
        ("any.txt", OPTIONS * 3, "P"),
        ("postconf.json", json.dumps(OBJECT), "j"),
        ("out.txt", "\n".join(json.dumps(pair) for pair in PAIRS), "j"),
        ("readme.txt", "zebra = 1\napple = 2\nbiff = no\n", ""),
        ("other.json", '{"name": "x", "version": "1"}', ""),
        ("main.cf", PRINTED, ""),
        ("notes.txt", "", ""),
    ],
)
def test_a_print_is_known_by_its_name_or_by_what_it_holds(path, text, kind):
    assert prints_of(Bundle.of({path: text.encode()})).get(path, "") == kind


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECT),
        json.dumps(OBJECT, indent=2),
        json.dumps(PAIRS, indent=1),
        "\n".join(json.dumps(pair) for pair in PAIRS),
        PRINTED,
    ],
)
def test_settings_are_read_from_a_print_where_there_is_no_main_cf(text):
    report = audit_files({"host/out.json" if text[0] in "[{" else "host/out.txt": text})

    assert values(report) == {
        "biff": "no",
        "mydestination": "a.example, b.example",
        "myhostname": "mx.example",
        "relayhost": "[relay.example]",
    }
    lines = text.split("\n")
    assert all(name in lines[setting.line - 1] for name, setting in report.instances[0].parameters.items())


def test_services_are_read_from_a_folded_print_where_there_is_no_master_cf():
    report = audit_files({"postconf-n.txt": PRINTED, "postconf-Mf.txt": PRINTED_SERVICES})

    assert [service.name for service in report.instances[0].services] == ["smtp", "slow", "qmgr"]
    assert report.instances[0].services[1].overrides[0].value == "192.0.2.9"


ESTATE = {"etc/postfix/main.cf": MAIN, "etc/postfix/master.cf": MASTER}


@pytest.mark.parametrize(
    ("path", "text", "file", "line", "said"),
    [
        ("postconf-n.txt", PRINTED.replace("relay.", "other."), "postconf-n.txt", 4, "relayhost"),
        ("postconf-n.txt", PRINTED + "soft_bounce = yes\n", "postconf-n.txt", 5, "Only the print has it"),
        ("postconf-n.txt", PRINTED.replace("biff = no\n", ""), "etc/postfix/main.cf", 5, "does not"),
        ("postconf.json", json.dumps(OBJECT | {"relayhost": "x"}, indent=1), "postconf.json", 5, "relayhost"),
        ("postconf-M.txt", PRINTED_SERVICES, "postconf-M.txt", 4, "qmgr/unix"),
        ("postconf-P.txt", OPTIONS.replace("2.9", "2.8"), "postconf-P.txt", 1, "slow/unix/smtp_bind_address"),
    ],
)
def test_a_print_that_says_otherwise_than_the_files_is_a_finding(path, text, file, line, said):
    report = audit_files(ESTATE | {path: text})

    (finding,) = [each for each in report.findings if each.rule == "print-differs"]
    assert (finding.file, finding.line) == (file, line)
    assert said in finding.message
    assert values(report)["relayhost"] == "[relay.example]"


def test_prints_that_say_the_same_are_not_spoken_of():
    services = PRINTED_SERVICES.rsplit("qmgr", 1)[0]
    files = {"postconf-n.txt": PRINTED, "postconf-Mf.txt": services, "postconf-P.txt": OPTIONS}

    report = audit_files(ESTATE | files | {"postconf.json": json.dumps(OBJECT)})

    assert [each for each in report.findings if each.rule == "print-differs"] == []


def test_each_print_is_read_once_however_many_instances_there_are(monkeypatch):
    parsed = []
    real = print_differences.read_settings
    monkeypatch.setattr(print_differences, "read_settings", lambda file: parsed.append(file.path) or real(file))
    names = [f"postfix-{number}" for number in range(12)]
    estate = {f"etc/{name}/main.cf": MAIN for name in names} | {f"etc/{name}/master.cf": MASTER for name in names}
    prints = {f"prints/{name}.-n.txt": PRINTED.replace("biff = no", "biff = yes") for name in names}

    report = audit_files(estate | prints)

    differing = [each for each in report.findings if each.rule == "print-differs"]
    assert sorted(parsed) == sorted(prints)
    assert sorted(each.instance for each in differing) == sorted(names)
    assert all(each.file == f"prints/{each.instance}.-n.txt" for each in differing)


def test_a_print_of_another_instance_is_compared_with_that_instance():
    estate = ESTATE | {
        "etc/postfix-b/main.cf": MAIN.replace("biff = no", "biff = yes"),
        "etc/postfix-b/master.cf": MASTER,
    }

    report = audit_files(estate | {"postconf-n.txt": PRINTED + "config_directory = /etc/postfix-b\n"})

    (finding,) = [each for each in report.findings if each.rule == "print-differs"]
    assert "biff" in finding.message
    assert finding.instance == "postfix-b"


@pytest.mark.corpus
@pytest.mark.skipif(not golden.corpus_cases(), reason=golden.ABSENT)
@pytest.mark.parametrize(
    "case", [case for case in golden.corpus_cases() if not case.is_fatal], ids=lambda case: case.name
)
def test_what_postconf_printed_of_a_real_configuration_does_not_differ_from_it(case):
    files = {"etc/postfix/main.cf": case.main.read_bytes()} | (
        {"etc/postfix/master.cf": case.master.read_bytes()} if case.master else {}
    )
    for kind in ("n", "M", "P"):
        if (printed := case.golden / f"postconf-{kind}.txt").exists() and (case.master or kind == "n"):
            files[f"postconf-{kind}.txt"] = printed.read_bytes()

    report = audit_bundle(Bundle.of(files), secret_key=KEY)

    assert [(each.file, each.message) for each in report.findings if each.rule == "print-differs"] == []
