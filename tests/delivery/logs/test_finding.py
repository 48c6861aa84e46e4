"""The lines of one message are found in the logs of all sides, and those of others are not."""

import gzip
import json

from delivery.logs.finding import MOST_OF_A_LOG, find_message
from delivery.logs.sources import Source
from tests.factories.traffic import BEGAN, accepted, delivered, kumo

POWERMTA = "type,timeLogged,orig,rcpt,dsnStatus,header_Message-Id\n"


def sources_of(folder, **logs):
    """Each log as a file, numbered from 1 in this order."""
    found = []
    for number, (kind, text) in enumerate(logs.items(), 1):
        path = folder / f"{kind}.log"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found.append(Source(kind, path, number))
    return found


def find(sources, asked):
    return find_message(sources, asked, tell=lambda *told: None)


def places(finding):
    return [(line.source, line.number) for line in finding.lines]


def test_a_message_is_found_on_every_side_by_each_of_its_names(tmp_path):
    sources = sources_of(
        tmp_path,
        journal=accepted(1, BEGAN) + accepted(11, BEGAN),
        postfix=delivered(11, BEGAN) + delivered(1, BEGAN),
        kumomta=kumo(11, BEGAN) + kumo(1, BEGAN),
        powermta=POWERMTA
        + "d,2026-11-20 00:00:00+0000,news@northlake.example,user1@gmail.com,2.0.0,<1@northlake.example>\n"
        + "d,2026-11-20 00:00:00+0000,news@northlake.example,user11@gmail.com,2.0.0,<11@northlake.example>\n",
    )

    asked = ["<1@NorthLake.example>", "user1@gmail.com", "4B000001D", f"{1:032x}"]
    found = {name: places(find(sources, name)) for name in asked}

    whole = [(1, 1), (2, 3), (2, 4), (3, 2), (4, 2)]
    assert found == dict.fromkeys(asked, whole)


def test_only_what_was_asked_for_is_shown_of_the_addresses(tmp_path):
    sources = sources_of(tmp_path, postfix=delivered(1, BEGAN))

    by_recipient = find(sources, "user1@gmail.com").lines[-1].text
    by_id = find(sources, "4B000001D").lines[-1].text

    assert "to=<user1@gmail.com>" in by_recipient
    assert "user1@gmail.com" not in by_id
    assert "to=<(address)>" in by_id
    assert "192.0.2.1" not in by_recipient + by_id


def test_a_journal_as_the_proxy_writes_it_is_read_by_its_fields(tmp_path):
    fields = [
        "0" * 8,
        "I",
        "1",
        "trace-000001",
        "1",
        "old",
        "-",
        "-",
        "-",
        "-",
        "a@b.example",
        "1",
        "<7@northlake.example>",
    ]
    sources = sources_of(tmp_path, journal="\t".join([*fields, "0", "0"]) + "\n", postfix=delivered(7, BEGAN))

    assert places(find(sources, "trace-000001")) == [(1, 1), (2, 1), (2, 2)]


def test_lists_are_bounded_packed_and_damaged_logs_are_read_as_far_as_they_go(tmp_path):
    many = gzip.compress("".join(delivered(1, BEGAN) for _ in range(MOST_OF_A_LOG)).encode())
    broken = gzip.compress(delivered(1, BEGAN).encode() * 50_000)[:-40]
    sources = sources_of(tmp_path, postfix=many, kumomta=broken, journal=b"\x00\xff{" + b"x" * 90_000)

    finding = find(sources, "user1@gmail.com")

    assert finding.is_cut
    assert {line.source for line in finding.lines} == {1, 2}
    assert len(finding.lines) <= 2 * MOST_OF_A_LOG


def test_words_that_only_contain_it_are_not_it(tmp_path):
    near = json.dumps({"recipient": "xuser1@gmail.com", "other": "user1@gmail.com.example", "id": "4B000001DE"})
    sources = sources_of(tmp_path, kumomta=near + "\n" + '{"recipient": "user1@gmail.com."}\n')

    assert places(find(sources, "user1@gmail.com")) == [(1, 2)]


def test_lines_that_cannot_be_told_apart_are_counted_and_the_others_read(tmp_path):
    deep = '{"recipient": "user1@gmail.com", "meta": ' + "[" * 50_000 + "]" * 50_000 + "}\n"
    wide = f'd,2026-11-20 00:00:00+0000,"{"x" * 140_000}",user1@gmail.com,2.0.0,<1@northlake.example>\n'
    sources = sources_of(tmp_path, kumomta=deep + kumo(1, BEGAN), powermta=POWERMTA + wide, postfix=delivered(1, BEGAN))

    finding = find(sources, "user1@gmail.com")

    assert finding.unread == 2
    assert places(finding) == [(1, 1), (1, 2), (2, 2), (3, 1), (3, 2)]


def test_a_log_whose_header_cannot_be_read_is_no_end_of_the_look_up(tmp_path):
    header = f'type,"{"x" * 140_000}"\n'
    sources = sources_of(tmp_path, powermta=header + "d,user1@gmail.com\n", postfix=delivered(1, BEGAN))

    finding = find(sources, "user1@gmail.com")

    assert finding.unread == 1
    assert places(finding) == [(1, 2), (2, 1), (2, 2)]
