"""The generated rules, run in a real Lua, say what the real postmap says, and do to a message what cleanup(8) does."""

import os
import shutil
import subprocess

import pytest

from discovery.postfix.bundle import Bundle
from discovery.translation.kumomta.header_checks import checks_file
from tests.discovery.translation.conftest import MASTER, estates_in

from .header_tables import MESSAGES, TABLES
from .stand_in import Kumo

POSTMAP = shutil.which("postmap", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
MAIN = "header_checks = {kind}:/etc/postfix/checks\n"


def no_route(estate, origin):
    return ""


@pytest.fixture
def kumo_with(estate_of):
    """A Lua with the rules of one estate, and what was refused."""

    def build(main, route_of=no_route, **tables):
        refusals = []
        file = checks_file([estate_of(main, **tables)], route_of, refusals)
        kumo = Kumo({"header_checks": file.text} if file else {})
        return kumo, refusals

    return build


def answers(kumo, message, number):
    """Every header that a rule of one table fits, as postmap prints it."""
    table = kumo.modules["header_checks"][b"postfix"][b"primary"][number + 1]
    tables = kumo.lua.table_from([table])
    find = kumo.lua.globals()[b"package"][b"loaded"][b"content_checks"][b"find"]
    for header in message.replace("\n ", "\0 ").replace("\n\t", "\0\t").split("\n"):
        text = header.replace("\0", "\n")
        found = find(tables, text.encode())
        if found:
            rule, said = found
            words = [rule[b"action"], said] if rule[b"text"][1] else [rule[b"action"]]
            yield f"{text}\t{b' '.join(words).decode()}\n"


@pytest.fixture(scope="module")
def hundred():
    """One Lua with all tables, each by its number."""
    names = [f"{kind}:/etc/postfix/t{number}" for number, (kind, _) in enumerate(TABLES)]
    files = {f"etc/postfix/t{number}": f"{table}\n" for number, (_, table) in enumerate(TABLES)}
    files |= {"etc/postfix/main.cf": f"header_checks = {', '.join(names)}\n", "etc/postfix/master.cf": MASTER}
    estates = estates_in(Bundle.of({path: text.encode() for path, text in files.items()}))
    refusals = []
    kumo = Kumo({"header_checks": checks_file(estates.values(), no_route, refusals).text})
    assert refusals == []
    return kumo


@pytest.mark.skipif(not POSTMAP, reason="postmap is not on this machine")
@pytest.mark.parametrize("number", range(len(TABLES)))
def test_every_header_gets_the_verdict_and_the_text_of_postmap(hundred, tmp_path, number):
    kind, table = TABLES[number]
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\n")
    (tmp_path / "checks").write_text(f"{table}\n")

    said = subprocess.run(
        [POSTMAP, "-c", tmp_path, "-hq", "-", f"{kind}:{tmp_path}/checks"],
        input="\n".join(MESSAGES).encode(),
        capture_output=True,
        check=False,
    )

    assert "".join(each for message in MESSAGES for each in answers(hundred, message, number)) == said.stdout.decode()


def test_there_are_a_hundred_tables_and_twenty_messages():
    assert (len(TABLES), len(MESSAGES)) == (100, 20)


MIXED = """\
Received: from client.inner.example ([192.168.7.9])
Subject: a report
Content-Type: multipart/mixed; boundary="outer"
X-Stream: news

preamble
--outer
Content-Type: text/plain

secret line
kept line
--outer
Content-Type: message/rfc822

Subject: an inner report
Content-Type: text/html

secret line
--outer
Content-Type: application/zip; name="run.exe"

UEsDBA==
--outer--
""".replace("\n", "\r\n")


def examine(kumo, message, stages=b"postfix"):
    library = kumo.lua.globals()[b"package"][b"loaded"][b"content_checks"]
    return library[b"examine"](kumo.modules["header_checks"][stages], message.encode())


def test_only_the_line_that_fits_is_taken_out_replaced_or_given_a_line_before_it(kumo_with):
    kumo, refusals = kumo_with(
        "header_checks = pcre:/etc/postfix/checks\nbody_checks = pcre:/etc/postfix/body\n",
        checks="/^Received: .*\\[192\\.168\\./ IGNORE\n/^Subject: (.*)/ REPLACE Subject: [$1]\n"
        "/^X-Stream: (.*)/ PREPEND X-Seen: $1\n",
        body="/^secret/ IGNORE\n/^UEs/ PREPEND zip\n",
    )

    verdict = examine(kumo, MIXED)

    assert refusals == []
    expected = (
        MIXED.replace("Received: from client.inner.example ([192.168.7.9])\r\n", "")
        .replace("Subject: a report", "Subject: [a report]")
        .replace("Subject: an inner report", "Subject: [an inner report]")
        .replace("X-Stream: news", "X-Seen: news\r\nX-Stream: news")
        .replace("secret line\r\n", "")
        .replace("UEsDBA==", "zip\r\nUEsDBA==")
    )
    assert verdict[b"data"].decode() == expected


def test_a_message_that_no_rule_changes_is_left_as_it_is(kumo_with):
    kumo, _ = kumo_with(MAIN.format(kind="pcre"), checks="/^Subject:/ INFO seen\n/^X-None:/ IGNORE\n")

    verdict = examine(kumo, MIXED)

    assert verdict[b"data"] is None
    assert kumo.said == [
        ("info", "etc/postfix/checks:1: Subject: a report; seen"),
        ("info", "etc/postfix/checks:1: Subject: an inner report; seen"),
    ]


@pytest.mark.parametrize(
    ("main", "tables", "said"),
    [
        ("header_checks", "checks", "550 5.7.1 no programs"),
        ("mime_header_checks", "checks", "550 5.7.1 no programs"),
        ("nested_header_checks", "checks", None),
        ("body_checks", "checks", None),
    ],
)
def test_headers_of_parts_belong_to_the_stage_that_postfix_gives_them(kumo_with, main, tables, said):
    kumo, _ = kumo_with(
        f"{main} = pcre:/etc/postfix/checks\n", **{tables: "/^Content-Type:.*\\.exe/ REJECT no programs\n"}
    )

    try:
        examine(kumo, MIXED)
        refusal = None
    except Exception as error:  # noqa: BLE001 - Lua hands a reject over as an error of its own
        refusal = str(error).splitlines()[0]

    assert refusal == said


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("", "550 5.7.1 message content rejected"),
        ("go away", "550 5.7.1 go away"),
        ("5.6.1 no such", "550 5.6.1 no such"),
        ("4.7.0 later", "550 5.7.0 later"),
    ],
)
def test_a_refusal_has_the_status_of_postfix(kumo_with, text, reply):
    kumo, _ = kumo_with(MAIN.format(kind="pcre"), checks=f"/^Subject:/ REJECT {text}\n")

    with pytest.raises(Exception, match=reply):
        examine(kumo, MIXED)


def test_whole_messages_are_dropped_held_routed_redirected_and_copied(kumo_with):
    checks = (
        "/^Received:/ HOLD look at it\n/^Subject:/ REDIRECT archive@north.example\n"
        "/^Content-Type: m/ BCC copy@north.example\n/^X-Stream: news/ FILTER smtp:[relay.example]\n"
    )
    kumo, _ = kumo_with(MAIN.format(kind="pcre"), lambda estate, origin: f'"line {origin.line}"', checks=checks)

    verdict = examine(kumo, MIXED)

    assert verdict[b"is_held"] is True
    assert verdict[b"is_discarded"] is None
    assert verdict[b"redirect"] == b"archive@north.example"
    assert list(verdict[b"copies"].values()) == [b"copy@north.example"] * 2
    assert verdict[b"route"] == b"line 4"


def test_a_rule_without_an_equal_stays_as_a_comment_and_is_refused_with_its_line(estate_of):
    checks = (
        "/^A: (?R)/ WARN recursion\nif /^B: \\p{L}/\n/x/ REJECT inside\nendif\n/^C: (.*)/ BCC $1\n/^D:/ DELAY 5\n"
        "/^E: ((a*)*)/ INFO $2\n/^F:/ REPLACE\n/^G:/ IGNORE\n"
    )
    estate = estate_of("header_checks = pcre:/etc/postfix/checks\n", checks=checks)
    refusals = []

    text = checks_file([estate], no_route, refusals).text

    assert [refusal.origin.place for refusal in refusals] == [
        f"etc/postfix/checks:{line}" for line in (1, 2, 3, 5, 6, 7, 8)
    ]
    assert refusals[2].reason == "It stands in an if that is not carried over."
    assert text.count("-- not carried over: ") == 7
    assert text.count('action = "IGNORE"') == 1


def test_stages_that_are_set_to_nothing_do_not_use_the_tables_of_header_checks(estate_of):
    estate = estate_of(
        "header_checks = pcre:/etc/postfix/checks\nmime_header_checks =\n", checks="/^Content-Type:/ IGNORE\n"
    )

    text = checks_file([estate], no_route, []).text

    assert 'M["postfix"].nested = M["postfix"].primary' in text
    assert "mime" not in text


def test_checks_at_delivery_belong_to_the_transport_that_names_them(estate_of):
    master = "smtp unix - - y - - smtp\nslow unix - - y - - smtp\n  -o smtp_header_checks=pcre:/etc/postfix/slow\n"
    estate = estate_of(
        "smtp_header_checks = pcre:/etc/postfix/all\n",
        master=master,
        all="/^A:/ IGNORE\n",
        slow="/^B:/ REJECT x\n/^C:/ IGNORE\n",
    )
    refusals = []

    kumo = Kumo({"header_checks": checks_file([estate], no_route, refusals).text})

    delivery = kumo.modules["header_checks"][b"postfix"][b"delivery"]
    assert sorted(delivery) == [b"", b"slow"]
    assert [refusal.text for refusal in refusals] == ["/^B:/ REJECT x"]
    assert delivery[b"slow"][b"primary"][1][1][b"action"] == b"IGNORE"
    assert len(delivery[b"slow"][b"primary"]) == 1
