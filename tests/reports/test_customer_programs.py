"""The plan of a small estate with a milter, a policy service, a program by pipe and two addresses of its own."""

import pytest

from core.languages import LANGUAGES
from reports.drafts import draft_of
from reports.sheets.blocks import Table
from reports.sheets.composing import compose
from reports.sheets.words import Words
from tests.engagements.journey import begin, gate_of
from tests.factories import discovery
from tests.kept import kept
from tests.reports.snapshots import plan_snapshot, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]
in_both = pytest.mark.parametrize("language", LANGUAGES)

MAIN_CF = """\
myhostname = mta1.northlake.example
mydestination =
smtpd_milters = inet:127.0.0.1:8891
non_smtpd_milters = $smtpd_milters
smtpd_recipient_restrictions = permit_mynetworks, check_policy_service inet:127.0.0.1:9998, reject
"""
MASTER_CF = """\
smtp      inet  n       -       y       -       -       smtpd
smtp      unix  -       -       y       -       -       smtp
bulk      unix  -       -       y       -       20      smtp
    -o smtp_bind_address=203.0.113.10
    -o smtp_helo_name=bulk.northlake.example
plain     unix  -       -       y       -       20      smtp
    -o smtp_bind_address=203.0.113.11
archive   unix  -       n       n       -       4       pipe
    flags=Rq user=mail argv=/usr/local/bin/archive.sh ${sender}
"""
ESTATE = {"etc/postfix/main.cf": MAIN_CF, "etc/postfix/master.cf": MASTER_CF}
ARCHIVE = {"usr/local/bin/archive.sh": "#!/bin/sh\ncat >> /var/archive\n"}


@kept
def in_discovery(engagement, carl, ada, lenient_gates):
    begin(engagement, accepted_by=carl)
    return engagement


def draft_after(engagement, files, *, actor):
    discovery.read(engagement, actor=actor, files=files)
    return draft_of(gate_of(engagement, 1))


def blocks(snapshot, key):
    return [block for sheet in compose(snapshot, only={key}).sheets for block in sheet.blocks]


def tables(snapshot, key):
    return [
        block for sheet in compose(snapshot, only={key}).sheets for block in sheet.blocks if isinstance(block, Table)
    ]


def texts(snapshot, key):
    return [block.cell.text for block in blocks(snapshot, key) if hasattr(block, "cell")]


def table_of(snapshot, key, caption):
    return next((table for table in tables(snapshot, key) if table.caption == caption), None)


def programs_in(snapshot):
    words = Words(snapshot["content"].get("language", "en"))
    found = table_of(snapshot, "dossiers", words("dossiers.scripts.caption"))
    return {cells[1].text: cells[2].text for cells in found.rows} if found else {}


def test_programs_that_postfix_calls_are_named_though_their_file_was_not_in_the_bundle(in_discovery, ada):
    snapshot = draft_after(in_discovery, ESTATE, actor=ada)

    programs = programs_in(snapshot)

    assert programs == {
        "/usr/local/bin/archive.sh ${sender}": (
            "run by pipe as the service archive of master.cf; not among the scripts that were read"
        ),
        "inet:127.0.0.1:9998": "a policy service that Postfix asks",
    }
    assert Words("en")("dossiers.scripts.nothing") not in texts(snapshot, "dossiers")


def test_a_script_that_was_read_is_named_once(in_discovery, ada):
    programs = programs_in(draft_after(in_discovery, ESTATE | ARCHIVE, actor=ada))

    assert set(programs) == {"usr/local/bin/archive.sh", "inet:127.0.0.1:9998"}
    assert "2 lines" in programs["usr/local/bin/archive.sh"]


@in_both
def test_without_any_program_the_plan_says_that_none_is_named(language):
    snapshot = plan_snapshot()
    snapshot["content"]["language"] = language

    said = texts(snapshot, "dossiers")

    assert programs_in(snapshot) == {}
    assert Words(language)("dossiers.scripts.nothing") in said


def test_a_filter_run_by_pipe_is_named_by_its_program_and_a_login_server_is_none():
    snapshot = plan_snapshot(is_measured=True)
    snapshot["content"]["estate"]["transports"] = [row("scan", "pipe", "runs /opt/scan.pl")]
    snapshot["content"]["estate"]["listeners"] = [row("9998/inet", "spawn user=nobody argv=/opt/policy.pl -v")]
    snapshot["content"]["basis"]["filters"] = [
        row("custom", "content_filter", "scan:dummy", "unknown"),
        row("postgrey", "policy", "inet:127.0.0.1:10023", "greylists"),
        row("postgrey", "policy", "inet:127.0.0.1:10023", "greylists", place="etc/postfix/main.cf:44"),
        row("dovecot", "sasl", "private/auth", "checks logins"),
    ]

    programs = programs_in(snapshot)

    assert list(programs) == ["/opt/scan.pl", "/opt/policy.pl -v", "inet:127.0.0.1:10023"]
    assert programs["/opt/policy.pl -v"].startswith("run by spawn as the service 9998/inet")
    assert programs["inet:127.0.0.1:10023"] == "a policy service that Postfix asks; postgrey; greylists"


def test_a_name_in_helo_stands_beside_the_address_that_says_it(in_discovery, ada):
    snapshot = draft_after(in_discovery, ESTATE, actor=ada)

    rows = [[cell.text for cell in cells[2:]] for cells in tables(snapshot, "estate")[0].rows]

    assert rows == [["203.0.113.10", "bulk.northlake.example"], ["203.0.113.11", "mta1.northlake.example"]]


def test_a_name_for_mail_whose_address_the_system_chooses_stands_by_itself(in_discovery, ada):
    own = "=203.0.113.11\n    -o smtp_helo_name=own.example\n"
    files = {
        "etc/postfix/main.cf": f"{MAIN_CF}smtp_helo_name = out.northlake.example\n",
        "etc/postfix/master.cf": MASTER_CF.replace("=203.0.113.11\n", own),
    }

    snapshot = draft_after(in_discovery, files, actor=ada)

    rows = [[cell.text for cell in cells[2:]] for cells in tables(snapshot, "estate")[0].rows]
    assert rows == [
        ["203.0.113.10", "bulk.northlake.example"],
        ["203.0.113.11", "own.example"],
        ["not bound to an address", "out.northlake.example"],
    ]


def test_a_stream_that_nobody_described_is_told_by_what_the_configuration_says(in_discovery, ada):
    snapshot = draft_after(in_discovery, ESTATE, actor=ada)

    told = {cells[0].text.partition(" ")[2]: cells[2].text for cells in tables(snapshot, "estate")[1].rows}

    assert told["bulk"] == "It has a transport of its own: sends from 203.0.113.10; says HELO bulk.northlake.example."
    assert told["Other mail"] == "Mail that no other stream takes."


def test_what_people_wrote_of_a_stream_stands_in_place_of_it(in_discovery, ada):
    snapshot = draft_after(in_discovery, ESTATE, actor=ada)
    snapshot["content"]["estate"]["streams"][0] |= {"name": "bulk", "purpose": "Invoices.", "reason": "Asked for."}

    told = tables(snapshot, "estate")[1].rows[0][2].text

    assert told == "Invoices. Asked for."
