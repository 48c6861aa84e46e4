"""A command, or an option of it, that nobody has looked up keeps a runbook from being drawn up."""

import pytest

from reports.runbooks.commands import faults_of, known_programs, sources_of


@pytest.mark.parametrize(
    "command",
    [
        '/opt/kumomta/sbin/kcli suspend --domain gmail.com --duration 1h --reason "pace is changed"',
        "pmta show queues --errors 'gmail.com/*' | grep -c deferred",
        "pmta --dom show status",
        "openssl s_client -connect 127.0.0.1:25 -starttls smtp < /dev/null | openssl x509 -noout -enddate",
        "cat >> /etc/pmta/config <<END\n<virtual-mta a; rm -rf b>\nEND",
        'read -rp "Domain: " DOMAIN\ndig +short TXT "$DOMAIN"',
    ],
)
def test_what_was_looked_up_passes(command):
    assert faults_of([command]) == []


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("kcli flush --everything", "kcli has no command flush --everything."),
        ("kcli suspend --forever", "kcli suspend takes no --forever."),
        ("pmta delete --queue=*/*", "pmta has no command delete --queue=*/*."),
        ("pmta show queues --all", "pmta show queues takes no --all."),
        ("postsuper -d ALL", "postsuper is a program that nobody has looked up."),
        ("pmta reload && rm /etc/pmta/config", "rm is a program that nobody has looked up."),
        ("df -h /\nshutdown", "shutdown is a program that nobody has looked up."),
        ('dig +short TXT "$DOMAIN"', "DOMAIN is used before anybody was asked for it."),
    ],
)
def test_what_was_not_looked_up_is_told(command, fault):
    assert faults_of([command]) == [fault]


def test_a_variable_that_was_asked_for_earlier_is_known_later():
    assert faults_of(['read -rp "Domain: " DOMAIN', 'dig +short MX "$DOMAIN"']) == []
    assert faults_of(['dig +short MX "$DOMAIN"', 'read -rp "Domain: " DOMAIN']) != []


def test_every_program_has_its_source():
    assert [program.name for program in known_programs().values() if len(program.source) < 10] == []
    assert sources_of(["pmta reload"]) == ["PowerMTA 5.0 User's Guide (2019), sections 6.2 and 6.3"]
