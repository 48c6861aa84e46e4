"""What a bundle shows that wants a dossier. The estates are read by the parser itself, without a database."""

import pytest

from discovery.dossiers.book import asked_of, fields, kinds, phrases
from discovery.dossiers.found import found_in
from tests.discovery.dossiers.reading import estate_from

MAIN = """\
myhostname = mta1.northlake.example
smtpd_milters = inet:127.0.0.1:8891, unix:/run/tagger/tagger.sock
non_smtpd_milters = $smtpd_milters
smtpd_recipient_restrictions = permit_mynetworks, check_policy_service unix:private/quota, reject
alias_maps = hash:/etc/aliases
"""
MASTER = """\
smtp      inet  n       -       y       -       -       smtpd
2525      inet  n       -       y       -       -       smtpd
    -o smtpd_milters=unix:/run/tagger/tagger.sock
quota     unix  -       n       n       -       0       spawn user=nobody argv=/opt/quota/quotad.py
bouncer   unix  -       n       n       -       -       pipe flags=Rq user=mail argv=/opt/mail/record.py ${recipient}
maildrop  unix  -       n       n       -       -       pipe flags=DRhu user=vmail argv=/usr/bin/maildrop
"""
FILES = {
    "etc/postfix/main.cf": MAIN,
    "etc/postfix/master.cf": MASTER,
    "etc/aliases": 'unsubscribe: "|/opt/mail/unsubscribe.php"\n',
    "etc/cron.d/mail": "*/5 * * * * root /opt/mail/fbl_reader.pl\n0 3 * * * root postsuper -d ALL deferred\n"
    "0 4 * * * root /usr/bin/certbot renew\n",
    "opt/mail/record.py": "#!/usr/bin/python3\nimport sys, requests\nfor line in sys.stdin:\n"
    "    requests.post('https://crm.example', line)\n",
    "opt/mail/fbl_reader.pl": "#!/usr/bin/perl\n1;\n",
    "opt/quota/quotad.py": "#!/usr/bin/python3\n\n\n",
    "opt/tagger/tagger.py": "#!/usr/bin/python3\nimport Milter  # /run/tagger/tagger.sock\n",
    "opt/unrelated/report.sh": "#!/bin/sh\n",
}


@pytest.fixture(scope="module")
def found():
    return {notes.name: notes for notes in found_in(estate_from(FILES))}


def told(notes, key):
    return [(reading.text, f"{reading.file}:{reading.line}") for reading in notes.read.get(key, [])]


def test_everything_that_is_of_the_customers_own_making_is_found_once(found):
    assert {(notes.found_as, notes.name, notes.kind) for notes in found.values()} == {
        ("milter", "inet:127.0.0.1:8891", "milter"),
        ("milter", "unix:/run/tagger/tagger.sock", "milter"),
        ("policy", "unix:private/quota", "policy"),
        ("program", "/opt/mail/record.py", "bounces"),
        ("program", "/opt/mail/unsubscribe.php", "script"),
        ("program", "/opt/mail/fbl_reader.pl", "feedback"),
        ("command", "postsuper -d ALL deferred", "cron"),
    }


def test_a_milter_says_who_asks_it_by_file_and_line(found):
    assert told(found["unix:/run/tagger/tagger.sock"], "inputs") == [
        ("Mail received over SMTP (smtpd_milters)", "etc/postfix/main.cf:2"),
        ("Mail submitted on the host itself (non_smtpd_milters)", "etc/postfix/main.cf:3"),
        ("Mail received over SMTP (smtpd_milters), for the service 2525/inet", "etc/postfix/master.cf:3"),
    ]


def test_a_program_says_what_it_reads_and_what_it_calls_by_line(found):
    bounces = found["/opt/mail/record.py"]

    assert told(bounces, "inputs") == [
        ("Mail of the transport bouncer", "etc/postfix/master.cf:5"),
        ("Reads a message on standard input", "opt/mail/record.py:3"),
    ]
    assert told(bounces, "outputs") == [("Calls an HTTP interface", "opt/mail/record.py:4")]


def test_published_software_is_named_and_says_what_it_does(found):
    opendkim = found["inet:127.0.0.1:8891"]

    assert opendkim.title == "opendkim"
    assert told(opendkim, "language") == [("opendkim, published software", "etc/postfix/main.cf:2")]
    assert told(opendkim, "outputs") == [("Signs and verifies DKIM", "etc/postfix/main.cf:2")]


def test_the_source_of_a_milter_tells_its_language_and_is_no_second_component(found):
    tagger = found["unix:/run/tagger/tagger.sock"]

    assert told(tagger, "language") == [("python", "opt/tagger/tagger.py:0")]
    assert "/opt/tagger/tagger.py" not in found


def test_a_policy_daemon_is_followed_to_the_program_that_master_cf_starts(found):
    quota = found["unix:private/quota"]

    assert told(quota, "inputs") == [("Asked for a decision by smtpd_recipient_restrictions", "etc/postfix/main.cf:4")]
    assert told(quota, "line_count") == [("3", "opt/quota/quotad.py:0")]
    assert ("Started by master.cf", 4) in [(shown.what, shown.line) for shown in quota.evidence]


def test_a_line_of_cron_is_the_schedule_of_the_program_it_starts(found):
    assert told(found["/opt/mail/fbl_reader.pl"], "schedule") == [("*/5 * * * *", "etc/cron.d/mail:1")]
    assert told(found["postsuper -d ALL deferred"], "schedule") == [("0 3 * * *", "etc/cron.d/mail:2")]


def test_a_program_nobody_packed_is_known_by_what_names_it(found):
    missing = found["/opt/mail/unsubscribe.php"]

    assert told(missing, "inputs") == [("Mail to an alias that starts it", "etc/aliases:1")]
    assert missing.read.get("source") is None


def test_an_estate_without_anything_of_its_own_wants_no_dossier():
    plain = {
        "etc/postfix/main.cf": "myhostname = mta1.example\n",
        "etc/postfix/master.cf": "smtp unix - - y - - smtp\n",
        "etc/cron.d/certbot": "0 4 * * * root /usr/bin/certbot renew\n",
    }

    assert found_in(estate_from(plain)) == []


def test_the_data_files_speak_of_fields_and_kinds_that_exist():
    known = {field.key for field in fields()}

    assert all(set(kind.skips) <= known for kind in kinds().values())
    assert all(set(kind.target) <= {"powermta", "kumomta"} for kind in kinds().values())
    assert "schedule" not in [field.key for field in asked_of("milter")]
    assert "schedule" in [field.key for field in asked_of("bounces")]
    assert phrases()["inputs"].keys() >= {"smtpd_milters", "non_smtpd_milters", "policy", "pipe", "alias"}
