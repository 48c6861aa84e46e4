"""Reports and complaints in the forms in which real systems write them; texts and addresses are our own."""

import csv
from email import message_from_bytes
from itertools import groupby
from pathlib import Path

import pytest

from delivery.feedback.items import Source
from delivery.feedback.limits import load_limits
from delivery.feedback.message import Form, read_message
from delivery.feedback.parts import parts_of

HERE = Path(__file__).parent
SAMPLES = sorted((HERE / "samples").glob("*.eml"))


def expected():
    with (HERE / "expected.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {name: list(group) for name, group in groupby(rows, key=lambda row: row["sample"])}


def read(name):
    return read_message((HERE / "samples" / f"{name}.eml").read_bytes())


def as_row(name, form, item):
    told, verdict = item.told, item.verdict
    return {
        "sample": name,
        "form": form.value,
        "kind": told.kind.value,
        "recipient": told.recipient or "-",
        "message": told.message_id or "-",
        "status": told.status or "-",
        "category": verdict.category,
        "action": verdict.action.value,
        "provider": item.provider,
    }


def test_every_sample_is_read_as_the_table_says():
    found = {}
    for path in SAMPLES:
        reading = read_message(path.read_bytes())
        nothing = dict.fromkeys(("kind", "recipient", "message", "status", "category", "action", "provider"), "-")
        found[path.stem] = [as_row(path.stem, reading.form, item) for item in reading.items] or [
            {"sample": path.stem, "form": reading.form.value, **nothing}
        ]

    assert len(found) > 40
    assert found == expected()


def test_line_endings_of_other_systems_change_nothing():
    for path in SAMPLES:
        raw = path.read_bytes()

        assert read_message(raw.replace(b"\n", b"\r\n")) == read_message(raw)
        assert read_message(raw.replace(b"\n", b"\r")) == read_message(raw)


def leaves(message):
    if message.get_content_maintype() != "multipart":
        return [message.get_content_type()]
    return [kind for part in message.get_payload() for kind in leaves(part)]


def test_parts_are_those_that_the_standard_library_finds():
    for path in SAMPLES:
        raw = path.read_bytes()

        assert [part.kind for part in parts_of(raw, load_limits())[1]] == leaves(message_from_bytes(raw)), path.stem


def test_a_report_of_postfix_gives_its_own_fields():
    told = read("postfix-two-recipients").items[0].told

    assert told.source is Source.DSN
    assert (told.recipient, told.original_recipient) == ("quin@alias.example.org", "quin.old@example.org")
    assert (told.sender, told.queue_id, told.mta) == ("news@shop.example.com", "4D2F11C0AB", "mail.shop.example.com")
    assert (told.remote_mta, told.reply) == ("mx.alias.example.org", "550")
    assert told.diagnostic.startswith("550 5.1.1 <quin@alias.example.org>: Recipient address rejected")
    assert told.happened_at.isoformat() == "2026-11-10T09:10:05+00:00"


def test_the_time_is_that_of_the_last_attempt_where_it_is_given():
    assert read("gmail-own").items[0].told.happened_at.isoformat() == "2026-11-10T10:00:02+00:00"


def test_what_is_neither_bounce_nor_complaint_says_so():
    said = {name: read(name) for name in ("out-of-office", "read-receipt", "question-of-a-customer")}

    assert [reading.form for reading in said.values()] == [Form.AUTO_REPLY, Form.RECEIPT, Form.OTHER]
    assert said["out-of-office"].said == "It is an automatic answer of a recipient: the address works."
    assert all(reading.items == () for reading in said.values())


def test_the_reference_of_somebody_else_is_not_believed():
    raw = (HERE / "samples" / "redacted-with-kumo-reference.eml").read_bytes()
    forged = raw.replace(b"eyJfQF8iOiJcXF8vIiwicmVjaXBpZW50Ijoi", b"eyJfQF8iOiJub3QgaXQiLCJyZWNpcGllbnQ")

    assert read_message(raw).items[0].told.recipient == "mia@isp.example.net"
    assert read_message(forged).items[0].told.recipient == ""


def test_the_same_failure_told_by_a_report_and_by_a_record_is_one():
    from delivery.feedback.records import read_record

    report = read("postfix-gmail-unknown").items[0]
    (record,) = read_record(
        {
            "type": "OOB",
            "id": "d1",
            "recipient": "anna@gmail.com",
            "response": {"code": 550, "content": "gone", "enhanced_code": {"class": 5, "subject": 1, "detail": 1}},
            "headers": {"Message-Id": "<m01@shop.example.com>"},
        }
    )

    assert record.identity == report.identity
    assert record.identity != read("postfix-gmail-quota").items[0].identity


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("news+anna=example.org@bounces.example.com", "anna@example.org"),
        ("news+anna-maria=mail.example.org@bounces.example.com", "anna-maria@mail.example.org"),
        ("anna-maria=example.org@bounces.example.com", ""),
        ("news+tag@example.com", ""),
    ],
)
def test_a_recipient_is_taken_from_a_senders_address_only_where_it_stands_there_for_certain(sender, expected):
    from delivery.feedback.addresses import in_token

    assert in_token(sender) == expected
