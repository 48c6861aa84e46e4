"""What an audit says about our three estates, and its shape."""

import json
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix import SEVERITIES, Bundle, audit_bundle, read_folder
from discovery.postfix.command import main
from tests.discovery.postfix.golden import ROOT, SAMPLES

KEY = b"key of this portal"
ESTATES = ["single_ip", "multi_ip", "multi_instance"]


@pytest.fixture(scope="module")
def reports():
    return {estate: audit_bundle(read_folder(SAMPLES / estate), secret_key=KEY) for estate in ESTATES}


def audit(**files):
    contents = {name.replace("_cf", ".cf"): text.encode() for name, text in files.items()}
    return audit_bundle(Bundle.of(contents), secret_key=KEY)


def rules_of(report):
    return [finding.rule for finding in report.findings]


def found(report, rule):
    return [(finding.file, finding.line) for finding in report.findings if finding.rule == rule]


@pytest.mark.parametrize("estate", ESTATES)
def test_a_report_has_exactly_the_agreed_keys(reports, estate):
    report = reports[estate].as_json()

    assert list(report) == ["instances", "findings", "missing_files", "skipped", "secrets_masked"]
    for instance in report["instances"]:
        expected = {"name", "config_directory", "parameters", "services", "maps", "milters", "transports", "scripts"}
        assert expected <= set(instance)
        assert all(set(setting) == {"value", "file", "line"} for setting in instance["parameters"].values())
    assert all({"id", "rule", "severity", "file", "line", "message"} <= set(row) for row in report["findings"])
    assert json.loads(json.dumps(report)) == report


@pytest.mark.parametrize("estate", ESTATES)
def test_every_finding_shows_the_line_it_speaks_of(reports, estate):
    for finding in reports[estate].findings:
        text = (SAMPLES / estate / finding.file).read_text().split("\n")
        line = text[finding.line - 1].strip()
        assert finding.evidence == line or "[hidden/" in finding.evidence
        assert "{" not in finding.message.replace("{$", "").replace("${", "").replace(":{", "").replace(" {print", "")


def test_findings_are_numbered_worst_first(reports):
    findings = reports["multi_ip"].findings

    assert [each.number for each in findings] == [f"F-{number:03d}" for number in range(1, len(findings) + 1)]
    ranks = [SEVERITIES.index(each.severity) for each in findings]
    assert ranks == sorted(ranks)


def test_the_small_host_shows_what_was_put_into_it(reports):
    report = reports["single_ip"]

    assert found(report, "cleartext-auth") == [("etc/postfix/main.cf", 26)]
    assert found(report, "old-login-form") == [("etc/postfix/main.cf", 27)]
    assert found(report, "duplicate-parameter") == [("etc/postfix/main.cf", 33)]
    assert found(report, "unknown-parameter") == [("etc/postfix/main.cf", 37)]
    assert [missing.path for missing in report.missing_files] == ["/etc/postfix/virtual"]


def test_the_large_sender_shows_its_addresses_programs_and_milters(reports):
    report = reports["multi_ip"]
    (instance,) = report.instances

    assert len([address for address in instance.bind_addresses if ":" not in address]) == 6
    assert {each.product for each in instance.milters} == {"opendkim", "custom"}
    assert {each.source for each in instance.milters} == {"", "usr/local/lib/postfix/house_milter.py"}
    assert {each.path: each.roles for each in instance.scripts} == {
        "usr/local/bin/add_list_headers.sh": ("content_filter", "pipe"),
        "usr/local/bin/record_bounce.py": ("pipe", "alias"),
        "usr/local/bin/record_complaint.pl": ("pipe",),
        "usr/local/bin/warmup_limits.sh": ("cron",),
        "usr/local/bin/read_feedback.py": ("timer",),
        "usr/local/lib/postfix/house_milter.py": ("milter",),
    }
    expected = {
        "dead-service-option", "dead-transport-setting", "random-route", "header-rewriting", "custom-milter",
        "dkim-by-milter", "sendmail-callers", "cron-queue-surgery", "rate-delay", "transport-per-recipient",
        "policy-service", "copies-of-mail", "private-key-in-upload", "bounce-or-complaint-program", "missing-program",
    }  # fmt: skip
    assert expected - set(rules_of(report)) == set()
    assert [missing.path for missing in report.missing_files] == [
        "/etc/postfix/bounce.de-DE.cf",
        "/opt/crm/bin/incoming",
        "/usr/local/bin/weekly_report.sh",
        "/usr/local/bin/unsubscribe.php",
    ]


def test_the_tenants_are_instances_of_their_own(reports):
    report = reports["multi_instance"]

    assert [(each.name, each.config_directory) for each in report.instances] == [
        ("postfix", "/etc/postfix"),
        ("postfix-a", "/etc/postfix-a"),
        ("postfix-b", "/etc/postfix-b"),
    ]
    assert found(report, "soft-bounce") == [("etc/postfix-b/main.cf", 16)]
    assert {missing.path for missing in report.missing_files} == {"/etc/postfix-c/main.cf"}
    assert {"multi-instance", "missing-instance", "deferred-by-choice", "duplicate-service"} <= set(rules_of(report))


def test_an_unknown_name_is_never_dropped():
    report = audit(main_cf="no_such_name = 1\n", master_cf="")

    assert report.as_json()["instances"][0]["unused_parameters"] == [
        {"name": "no_such_name", "value": "1", "file": "main.cf", "line": 1}
    ]


def test_a_fingerprint_survives_as_long_as_the_line_does():
    before = audit(main_cf="soft_bounce = yes\n", master_cf="")
    moved = audit(main_cf="# new\nbiff = no\nsoft_bounce   =  yes\n", master_cf="")
    changed = audit(main_cf="soft_bounce = yes # for now\n", master_cf="")

    prints = [
        [each.fingerprint for each in report.findings if each.rule == "soft-bounce"] for report in (before, moved)
    ]
    assert prints[0] == prints[1] != []
    assert not set(prints[0]) & {each.fingerprint for each in changed.findings}


def test_fingerprints_of_one_report_differ(reports):
    prints = [finding.fingerprint for finding in reports["multi_ip"].findings]

    assert len(prints) == len(set(prints))


def test_hosts_in_folders_of_their_own_are_told_apart():
    files = {f"{host}/etc/postfix/main.cf": b"biff = no\n" for host in ("mx1", "mx2")}

    report = audit_bundle(Bundle.of(files), secret_key=KEY)

    assert [instance.name for instance in report.instances] == ["mx1/postfix", "mx2/postfix"]


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "etc/postfix/main.cf": st.binary(max_size=200),
            "etc/postfix/master.cf": st.binary(max_size=200),
            "etc/cron.d/x": st.binary(max_size=100),
            "etc/aliases": st.binary(max_size=100),
        },
    )
)
def test_no_bundle_whatever_makes_an_audit_fail(contents):
    audit_bundle(Bundle.of(contents), secret_key=KEY).as_json()


def test_the_command_prints_a_table_or_json(capsys):
    assert main([str(SAMPLES / "single_ip")]) == 0
    text = capsys.readouterr().out
    assert main([str(SAMPLES / "single_ip"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)

    assert "Instance postfix (/etc/postfix)" in text
    assert f"{len(report['findings'])} findings" in text


def test_the_command_refuses_in_one_sentence(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("hello")

    assert main([str(tmp_path / "absent.tgz")]) == 2
    assert main([str(tmp_path)]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert len(streams.err.splitlines()) == 2


def test_the_package_knows_nothing_of_django():
    code = "import sys, discovery.postfix, discovery.postfix.command; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("line", ["a = $b\n", " a\n", "x unix - - n - - pipe argv=x\n", "{", "${a?", "-o {"])
def test_a_hostile_configuration_does_not_keep_the_audit_busy(line):
    content = (line * (50_000 // len(line))).encode()
    started = time.process_time()

    audit_bundle(Bundle.of({"main.cf": content, "master.cf": content}), secret_key=KEY)

    assert time.process_time() - started < 10
