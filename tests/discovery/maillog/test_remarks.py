"""Each limit has an example at it and a near miss below it."""

from io import BytesIO

import pytest

from discovery.maillog.figures import figures_of
from discovery.maillog.reading import put_together, read_stream
from discovery.maillog.remarks import remarks
from tests.factories.discovery import MAIL_LOG

PART = read_stream("mail.log", BytesIO(MAIL_LOG.encode()), key=b"k")
QUIET = figures_of(put_together([[PART]], key=b"k", zone=None)).as_json() | {"gaps": ()}
KNOWN = {"northlake.example"}


def group(**counts):
    return {"name": "Gmail", "sent": 0, "bounced": 0, "deferrals": 0, "put_off": 0, "expired": 0} | counts


def queue(p95):
    return [{"name": "queue", "p50": 0.1, "p95": p95, "longest": p95}]


EXAMPLES = [
    ("measured-id-absent", {"messages": 1000, "without_id": 1}, {"messages": 1001, "without_id": 1}),
    ("measured-id-reused", {"ids_different": 1000, "ids_repeated": 1}, {"ids_different": 1001, "ids_repeated": 1}),
    (
        "measured-bounces",
        {"providers": [group(sent=95, bounced=4, expired=1)]},
        {"providers": [group(sent=96, bounced=4)]},
    ),
    ("measured-bounces", {"providers": [group(sent=95, bounced=5)]}, {"providers": [group(sent=89, bounced=10)]}),
    (
        "measured-deferrals",
        {"providers": [group(sent=100, put_off=10)]},
        {"providers": [group(sent=100, put_off=9, deferrals=900)]},
    ),
    (
        "measured-bounces",
        {"providers": [group(bounced=100)]},
        {"providers": [group(bounced=100, name="On the host itself")]},
    ),
    ("measured-queue-wait", {"latency": queue(30)}, {"latency": queue(29)}),
    (
        "measured-old-mail",
        {"waited": {"name": "waited", "p50": 1, "p95": 14400, "longest": 14400}},
        {"waited": {"name": "waited", "p50": 1, "p95": 14000, "longest": 90000}},
    ),
    ("measured-gap", {"gaps": (("2026-11-02 09:00", "2026-11-02 23:00"),)}, {"gaps": ()}),
    ("measured-auth-login", {"methods": {"LOGIN": 1}}, {"methods": {"CRAM-MD5": 9}}),
    ("measured-sendmail", {"by_sendmail": 1}, {"by_sendmail": 0}),
    ("measured-unsecured", {"tls_share": 0.49}, {"tls_share": 0.5}),
    ("measured-unsecured", {"tls_share": 0.0}, {"tls_share": None}),
    (
        "measured-sender-unknown",
        {"sender_domains": [group(name="odd.example", sent=100)]},
        {"sender_domains": [group(name="bulk.northlake.example", sent=100), group(name="odd.example", sent=99)]},
    ),
]


@pytest.mark.parametrize(("rule", "example", "near_miss"), EXAMPLES)
def test_a_limit_that_is_reached_is_said_and_a_near_miss_is_not(rule, example, near_miss):
    said = [each.rule for each in remarks(QUIET | example, KNOWN)]
    silent = [each.rule for each in remarks(QUIET | near_miss, KNOWN)]

    assert said == [rule]
    assert silent == []


def test_a_remark_names_its_figures():
    (said,) = remarks(QUIET | {"messages": 200_000, "without_id": 1234}, KNOWN)

    assert said.message == "1,234 of 200,000 messages in the mail log carry no Message-ID (0.62 %)."


def test_the_same_thing_measured_again_is_the_same_finding():
    (first,) = remarks(QUIET | {"tls_share": 0.1}, KNOWN)
    (again,) = remarks(QUIET | {"tls_share": 0.2}, KNOWN)

    assert first.message != again.message
    assert first.fingerprint == again.fingerprint
