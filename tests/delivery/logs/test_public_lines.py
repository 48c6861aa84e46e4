"""Lines as they stand in public logs, with other names; and the samples beside the project, where they are."""

import re
from pathlib import Path

import pytest

FACTS = Path(__file__).parents[4] / "shared/domain/log-formats.md"
RELAY = "delay=0.35, delays=0.12/0.02/0.02/0.19"
SENT = f"{RELAY}, dsn=2.0.0, status=sent"


ANN = "ann@firm.example"
HEAD = "Jul  8 23:25:53 mail postfix/"
NONE = f"relay=none, {RELAY}, tls=TLSv1.3, dsn=4.4.1"
INNER = f"{HEAD}smtp[4523]: 2CBEFD49DD: to=<{ANN}>, relay=127.0.0.1[127.0.0.1]:10024"
PASSED = f"relay=local, {SENT}"
PIPED = f"relay=dovecot, {RELAY}"
SERVICE = "status=sent (delivered via dovecot service)"
EXPIRED = "BACE842E73: from=<s@x>, status=force-expired, returned to sender"
QUEUED = "250 2.0.0 Ok: queued as 87F93D49DA)"
LINES = [
    (
        f"{INNER}, {SENT} (250 2.0.0 from MTA([127.0.0.1]:10025): {QUEUED}",
        ("delivered", None, ANN, None, "|87F93D49DA"),
    ),
    (
        f"{INNER}, conn_use=2, {SENT} (250 2.6.0 Ok, id=04-04: {QUEUED}",
        ("delivered", None, ANN, None, "|87F93D49DA"),
    ),
    (
        f"{HEAD}pipe[85979]: B9E532E0B: to=<{ANN}>, orig_to=<a@b>, {PIPED}, dsn=2.0.0, {SERVICE}",
        ("delivered", None, ANN, "a@b", "|"),
    ),
    (
        f"{HEAD}pipe[19903]: 9DD90182EE3: to=<{ANN}>, relay=dovecot, {RELAY}, dsn=5.1.1, status=bounced (user unknown)",
        ("bounced", None, ANN, None, None),
    ),
    (
        f"2025-11-27T14:34:37.4+03:00 a postfix/local[1]: 39564411A7: to=<{ANN}>, {PASSED} (forwarded as 4B1C9411A8)",
        ("delivered", None, ANN, None, "4B1C9411A8"),
    ),
    (
        f"{HEAD}smtp[5929]: ACF22321AC7: to=<a@[192.0.2.10]>, {NONE}, status=deferred (connect to x: no)",
        ("deferred", None, "a@[192.0.2.10]", None, None),
    ),
    (
        f"{HEAD}local[1]: 0A3E2D1C: to={ANN}, relay=local, delay=1, status=sent (mailbox)",
        ("delivered", None, ANN, None, None),
    ),
    (
        f"{HEAD}cleanup[1235]: ABC123DEF: info: header X-Gatepost-Id: t81f-3 from app[192.0.2.1]; from=<s@x>",
        ("traced", None, None, None, None),
    ),
    (
        f'<22>1 2026-11-20T10:00:01.5Z mta postfix/qmgr 812 - [a b="c]"] {EXPIRED}',
        ("expired", None, None, None, None),
    ),
]


@pytest.mark.parametrize(("line", "row"), LINES)
def test_a_public_line_of_postfix(read, line, row):
    told, rows = read("postfix", f"{line}\n")

    assert rows == [row]
    assert told.not_understood == 0


def test_the_number_of_the_proxy_is_read_from_what_header_checks_log(read, engine):
    head = "Dec 21 10:15:30 relay1 postfix/cleanup[1235]: ABC123DEF: "
    lines = [
        f"{head}{action}: header x-gatepost-ID: t81f-3 from app[192.0.2.1]; from=<s@x>"
        for action in ("info", "warning")
    ]

    read("postfix", "".join(f"{line}\n" for line in (*lines, f"<22>{lines[0]}")))

    assert engine.rows("SELECT DISTINCT trace, count(*) FROM seen GROUP BY trace") == [("t81f-3", 3)]


@pytest.fixture(scope="module")
def samples():
    if not FACTS.exists():
        pytest.skip("the facts about logs are not beside the project")
    return [re.sub(r" {3,}\(.*\)$", "", line) for line in FACTS.read_text(encoding="utf-8").splitlines()]


def test_the_samples_of_postfix_are_understood(read, samples):
    lines = [
        line
        for line in samples
        if re.search(r" postfix[\w/-]*\[\d+\]: ", line) and not line.startswith(("*", "|", "line"))
    ]

    told, rows = read("postfix", "".join(f"{line}\n" for line in lines))

    assert told.not_understood == 0
    assert {row[0] for row in rows} == {"delivered", "expired"}


def test_the_samples_of_powermta_are_understood_under_the_header_of_their_time(read, samples):
    columns = (
        "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"
        "dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool"
    )
    lines = [line for line in samples if re.match(r"[dbt],\d{4}-", line)]

    told, rows = read("powermta", "".join(f"{line}\n" for line in (columns, *lines)))

    assert (len(lines), told.not_understood) == (3, 0)
    assert {row[0] for row in rows} == {"deferred", "delivered", "bounced"}


def test_the_whole_samples_of_kumomta_are_understood(read, samples):
    lines = [line for line in samples if line.startswith('{"type"') and '"id"' in line]

    told, rows = read("kumomta", "".join(f"{line}\n" for line in lines))

    assert (len(lines), told.not_understood) == (2, 0)
    assert {row[0] for row in rows} == {"accepted", "delivered"}
