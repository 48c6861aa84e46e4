"""The collector: one file of POSIX shell that customers run; it says what it takes and lets no secret out."""

import hashlib
import re
import shutil
import subprocess

import pytest

from discovery.postfix import audit_bundle, read_archive, read_folder
from tests.discovery.collector.conftest import (
    SAMPLES,
    SCRIPT,
    SHELLS,
    archive_in,
    collect,
    files_of,
    tree,
    with_programs,
)

KEY = b"only for these tests, and long enough"
ABOUT_SECRETS = {"secret-in-upload", "private-key-in-upload"}
# The collector asks Postfix for its version, which a folder does not tell.
ABOUT_THE_VERSION = {"version-told", "version-open"}
SECRETS = {
    "etc/postfix/sasl_passwd": "[relay.example]:587 sender:Planted-01-sasl\n  continued:Planted-02-more\n",
    "etc/postfix/users.cf": "hosts = db.example\nuser = reader\npassword = Planted-03-mysql\ndbname = mail\n",
    "etc/postfix/people.cf": "server_host = ldap://ldap.example\nbind_dn = cn=reader\nbind_pw = Planted-04-ldap\n",
    "etc/opendkim/keys/x.private": "-----BEGIN RSA PRIVATE KEY-----\nPlanted05key\n-----END RSA PRIVATE KEY-----\n",
    "etc/cron.d/feedback": "*/5 * * * * mail curl -u reader:Planted-06-curl https://mail.example/ | sendmail x\n",
    "usr/local/bin/read_bounces.py": (
        'box.login("reader", "Planted-07-imap")\nAPI_KEY = "Planted-08-key"\n'
        "uri = 'mysql://reader:Planted-09-uri@db.example/mail'\n"
        'headers = {"Authorization": "Bearer Planted10bearer0000"}\n'
    ),
    "usr/local/bin/bounces.sh": (
        "# counts bounces\nmysql -u reader -pPlanted-11-dash mail\nfetch --password Planted-12-word\n"
    ),
}
ADDED_TO_MAIN = """
smtp_sasl_password_maps = inline:{ [b.example]=sender:Planted-13-inline,
  [c.example]=other:Planted-14-next }
lmtp_sasl_password_maps = static:one:Planted-15-static
"""
LOG = """\
Mar  3 10:00:00 mta1 postfix/qmgr[10]: ABC123: from=<ann@shop.example>, size=900, nrcpt=2 (queue active)
Mar  3 10:00:01 mta1 postfix/smtp[11]: ABC123: to=<bob@mail.example>, relay=mx[192.0.2.1]:25, status=sent (250 ok)
Mar  3 10:00:02 mta1 postfix/smtp[11]: ABC123: to=<bob@mail.example>, relay=mx[192.0.2.1]:25, status=bounced (550 no)
Mar  3 10:00:03 mta1 postfix/cleanup[12]: ABC123: warning: header Subject: Dear Cleo from local; from=<ann@shop.example>
Mar  3 10:00:04 mta1 postfix/smtpd[13]: ABC123: client=a[192.0.2.9], sasl_method=PLAIN, sasl_username=dora
"""


def plant(host):
    for path, text in SECRETS.items():
        file = host / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    main = host / "etc/postfix/main.cf"
    main.write_text(main.read_text() + ADDED_TO_MAIN)


def said_by(report):
    parameters = {(one.name, name, str(value)) for one in report.instances for name, value in one.parameters.items()}
    findings = {
        (finding.rule, finding.file, finding.line)
        for finding in report.findings
        if finding.rule not in ABOUT_SECRETS | ABOUT_THE_VERSION
    }
    return parameters, findings


@pytest.mark.parametrize("sample", ["single_ip", "multi_ip", "multi_instance"])
def test_the_audit_of_what_was_collected_is_that_of_the_host(shell, sample, output):
    done = collect(SAMPLES / sample, output, "--yes", shell=shell)

    archive = archive_in(output)
    collected = audit_bundle(read_archive(archive.name, archive.read_bytes()), secret_key=KEY)
    assert (done.returncode, done.stderr) == (0, "")
    assert said_by(collected) == said_by(audit_bundle(read_folder(SAMPLES / sample), secret_key=KEY))


def test_no_planted_secret_is_packed_and_what_stands_around_it_is(shell, host, output):
    plant(host)

    done = collect(host, output, "--yes", shell=shell)

    packed = files_of(archive_in(output))
    leaked = [(path, word) for path, content in packed.items() for word in re.findall(rb"Planted.{6}", content)]
    assert done.returncode == 0
    assert leaked == []
    assert b"user = reader\n" in packed["etc/postfix/users.cf"]
    assert {"usr/local/bin/read_bounces.py", "usr/local/bin/bounces.sh", "etc/cron.d/feedback"} <= packed.keys()
    assert "etc/opendkim/keys/x.private" not in packed
    assert "holds a private key" in done.stdout


def test_a_file_that_is_no_text_hides_no_path_that_the_files_after_it_name(shell, host, output):
    odd = {
        "aaa": b"\0/etc/\0\xff\xfe /\0/x\n" * 50,
        "-e": b"x\n",
        "[b]": b"x\n",
        "with space": b"x\n",
        "la\xe9": b"\xe9\n",
    }
    for name, content in odd.items():
        (host / "etc/postfix" / name).write_bytes(content)
    (host / "opt").mkdir(exist_ok=True)
    (host / "opt/named.sh").write_text("#!/bin/sh\n")
    (host / "etc/postfix/zzz").write_text("command = /opt/named.sh\n")

    done = collect(host, output, "--list", shell=shell)

    assert (done.returncode, done.stderr) == (0, "")
    assert "left out   /etc/postfix/aaa (not text)\n" in done.stdout
    for path in ("/opt/named.sh", "/etc/postfix/-e", "/etc/postfix/[b]", "/etc/postfix/with space"):
        assert f"take       {path}\n" in done.stdout


def test_a_list_writes_nothing(shell, host, output):
    before = tree(host)

    done = collect(host, output, "--list", shell=shell)

    assert done.returncode == 0
    assert "take       /etc/postfix/main.cf" in done.stdout
    assert tree(output) == {}
    assert tree(host) == before


def test_it_asks_and_takes_no_for_an_answer(host, output):
    refused = collect(host, output, input="n\n")
    silent = collect(host, output, input="")

    assert (refused.returncode, silent.returncode) == (3, 3)
    assert tree(output) == {}


def test_nothing_is_written_but_the_archive(host, output, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    before = tree(host)

    collect(host, output, "--yes", cwd=elsewhere)

    assert tree(host) == before
    assert tree(elsewhere) == {}
    assert [path.suffix for path in output.iterdir()] == [".gz"]
    assert archive_in(output).stat().st_mode & 0o077 == 0


def test_the_manifest_holds_for_every_file(host, output):
    collect(host, output, "--yes")

    packed = files_of(archive_in(output))
    manifest = packed.pop("gatepost-collect/manifest.txt").decode().splitlines()
    told = {line.split(" ", 2)[2]: tuple(line.split(" ", 2)[:2]) for line in manifest[3:]}
    assert told == {path: (hashlib.sha256(text).hexdigest(), str(len(text))) for path, text in packed.items()}


def test_addresses_in_a_log_become_hashes_that_count_the_same(shell, host, output):
    (host / "var/log").mkdir(parents=True)
    (host / "var/log/mail.log").write_text(LOG)

    collect(host, output, "--yes", "--logs", "100", shell=shell)

    packed = files_of(archive_in(output))
    sample = packed["var/log/mail.log"].decode()
    people = re.findall(r"<(\w+)@([\w.]+)>", sample)
    assert [domain for _, domain in people] == ["shop.example", "mail.example", "mail.example", "shop.example"]
    assert len(set(people)) == 2
    assert not {"ann", "bob", "dora", "Cleo"} & set(re.findall(r"\w+", sample))
    assert len(sample.splitlines()) == len(LOG.splitlines())
    assert "status=bounced (550 no)" in sample


def test_the_key_of_the_hashes_stays_and_is_used_again(host, output):
    (host / "var/log").mkdir(parents=True)
    (host / "var/log/mail.log").write_text(LOG)
    collect(host, output, "--yes", "--logs", "9")
    key, first = output / "gatepost-collect.key", files_of(archive_in(output))
    secret = key.read_bytes()
    archive_in(output).unlink()

    collect(host, output, "--yes", "--logs", "9")

    again = files_of(archive_in(output))
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_bytes() == secret
    assert again["var/log/mail.log"] == first["var/log/mail.log"]
    assert not any(secret in content for content in again.values())


def test_an_old_postfix_that_knows_neither_m_nor_p_is_no_hindrance(host, output, tmp_path):
    knows_only_n = """case "$*" in
        *-M* | *-P* | *-j*) exit 1 ;;
        *mail_version*) echo "mail_version = 2.11.0" ;;
        *) echo a = b ;;
    esac"""
    environment = with_programs(tmp_path / "bin", postconf=knows_only_n)

    done = collect(host, output, "--yes", env=environment)

    packed = files_of(archive_in(output))
    prints = {path for path in packed if path.startswith("gatepost-collect/") and "manifest" not in path}
    assert done.returncode == 0
    assert prints == {"gatepost-collect/version.txt", "gatepost-collect/etc_postfix.-n.txt"}


@pytest.mark.parametrize(
    ("options", "status"),
    [(["--unknown"], 1), (["--logs", "many"], 1), (["--logs", "999999"], 1), (["--root", "/nowhere/at/all"], 1)],
)
def test_a_wrong_option_is_named_and_nothing_happens(host, output, options, status):
    done = collect(host, output, "--yes", *options)

    assert done.returncode == status
    assert done.stderr
    assert tree(output) == {}


def test_a_host_without_postfix_is_told_so(tmp_path, output):
    (tmp_path / "empty").mkdir()

    done = collect(tmp_path / "empty", output, "--yes")

    assert done.returncode == 2
    assert "No Postfix configuration" in done.stderr
    assert tree(output) == {}


@pytest.mark.skipif(shutil.which("postconf") is None, reason="there is no Postfix here")
def test_the_postfix_of_this_machine_is_collected_with_what_it_prints(output):
    words = ["sh", str(SCRIPT), "--yes", "--output", str(output)]

    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)

    packed = files_of(archive_in(output))
    assert done.returncode == 0
    assert packed["gatepost-collect/version.txt"].startswith(b"mail_version = ")
    assert "etc/postfix/main.cf" in packed


@pytest.mark.parametrize("words", SHELLS.values(), ids=" ".join)
def test_every_shell_can_read_it(words):
    if shutil.which(words[0]) is None:
        pytest.skip(f"there is no {words[0]} here")

    assert subprocess.run([*words, "-n", str(SCRIPT)], capture_output=True, check=False).stderr == b""


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="there is no shellcheck here")
def test_shellcheck_finds_nothing():
    checked = subprocess.run(["shellcheck", str(SCRIPT)], capture_output=True, text=True, check=False)

    assert checked.stdout == ""
