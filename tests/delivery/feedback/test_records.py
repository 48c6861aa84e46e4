import csv
import io
import json

import pytest

from delivery.feedback.items import Action, Feedback, Kind
from delivery.feedback.limits import Unreadable
from delivery.feedback.records import Strange, read_accounting, read_json_lines, read_record

COLUMNS = [
    "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcMta,dlvSourceIp,envId",
    "header_Message-Id",
]
HEADER = ",".join(COLUMNS)


def row(*values):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()


def bounce(kind="b", rcpt="anna@yahoo.com", status="5.7.1 (delivery not authorized)", diag="smtp;554 5.7.1 Denied"):
    host, when = "mx.example.org (192.0.2.3)", "2026-11-10 21:53:41+0000"
    return row(kind, when, when, "n@shop.example.com", rcpt, "", "failed", status, diag, host, "spam-related",
               "app (127.0.0.1)", "192.0.2.7", "e1", "<m1@shop.example.com>")  # fmt: skip


def accounting(*lines, header=HEADER):
    return list(read_accounting(io.BytesIO((header + "\r\n" + "".join(lines)).encode())))


def test_a_bounce_of_powermta_is_read_by_the_names_of_its_columns():
    (item,) = accounting(bounce())

    assert (item.told.kind, item.told.recipient, item.told.sender) == (
        Kind.FAILED, "anna@yahoo.com", "n@shop.example.com",
    )  # fmt: skip
    assert (item.told.status, item.told.reply, item.told.remote_mta) == ("5.7.1", "554", "mx.example.org")
    assert (item.told.message_id, item.told.queue_id) == ("<m1@shop.example.com>", "e1")
    assert item.told.happened_at.isoformat() == "2026-11-10T21:53:41+00:00"
    assert (item.verdict.category, item.verdict.rule) == ("message.spam", "own-word")


def test_other_records_of_powermta_say_nothing_here():
    assert accounting(bounce(kind="d"), bounce(kind="t"), bounce(kind="r")) == []


def test_a_complaint_of_powermta_has_columns_of_its_own():
    header = "type,timeLogged,repSourceIp,feedbackType,format,userAgent,orig,rcpt,reportingMTA,header_Message-Id"
    line = "f,2026-11-10 10:00:00+0000,192.0.2.1,abuse,arf,X/1,n@a.example.com,bo@yahoo.com,mx.yahoo.com,<m2@x>\r\n"

    (item,) = accounting(line, header=header)

    assert (item.told.kind, item.told.recipient, item.provider) == (Kind.COMPLAINT, "bo@yahoo.com", "Yahoo and AOL")
    assert (item.verdict.category, item.verdict.action) == ("complaint.abuse", Action.HARD)


def test_a_second_line_of_names_counts_from_there_on():
    items = accounting(bounce(), "type,rcpt,dsnStatus,dsnAction\r\n", "rb,cy@example.org,5.1.1 (bad),failed\r\n")

    assert [item.told.recipient for item in items] == ["anna@yahoo.com", "cy@example.org"]
    assert items[1].verdict.category == "recipient.unknown"


def test_a_file_without_names_of_columns_is_told_once():
    (strange,) = list(read_accounting(io.BytesIO(bounce().encode() * 3)))

    assert strange == Strange(1, "The file has no line that names its columns, so its records mean nothing.")


def test_a_value_may_go_over_lines_and_an_open_quotation_mark_spoils_its_own_line_alone():
    broken = 'b,"2026-11-10 never closed,x,y\r\n'

    items = accounting(bounce(diag="smtp;550 first\nsecond"), broken, bounce(rcpt="bo@example.org"))

    assert [type(item) for item in items] == [Feedback, Strange, Feedback]
    assert items[0].told.diagnostic == "550 first second"
    assert items[1] == Strange(4, "It is no record: a quotation mark in it is never closed.")
    assert items[2].told.recipient == "bo@example.org"


def record(**fields):
    return {
        "type": "Bounce",
        "id": "f684",
        "sender": "n@shop.example.com",
        "recipient": "anna@example.org",
        "response": {
            "code": 550,
            "enhanced_code": {"class": 5, "subject": 1, "detail": 1},
            "content": "User unknown",
            "command": None,
        },
        "peer_address": {"name": "mx.example.org.", "addr": "192.0.2.1"},
        "timestamp": 1794301200,
        "bounce_classification": "InvalidRecipient",
        "feedback_report": None,
        "meta": {"message_id": "<m1@shop.example.com>"},
        "headers": {},
        "nodeid": "node-1",
        **fields,
    }


def test_a_bounce_of_kumomta_is_read():
    (item,) = read_record(record())

    assert (item.told.status, item.told.reply, item.told.queue_id) == ("5.1.1", "550", "f684")
    assert (item.told.remote_mta, item.told.mta, item.told.message_id) == (
        "mx.example.org", "node-1", "<m1@shop.example.com>",
    )  # fmt: skip
    assert item.told.happened_at.isoformat() == "2026-11-10T09:00:00+00:00"
    assert item.verdict.category == "recipient.unknown"


def test_a_record_with_several_recipients_is_about_each_of_them():
    assert [item.told.recipient for item in read_record(record(recipient=["a@x.example", "b@x.example"]))] == [
        "a@x.example", "b@x.example",
    ]  # fmt: skip


def test_the_number_of_a_returned_report_is_not_taken_for_that_of_the_message():
    (item,) = read_record(record(type="OOB", sender="", response={"code": 550, "content": "5.2.2 mailbox full"}))

    assert (item.told.queue_id, item.told.status, item.verdict.category) == ("", "5.2.2", "recipient.quota")


def test_an_expiry_is_known_where_the_classifier_was_never_switched_on():
    response = {"code": 551, "content": "given up", "enhanced_code": None}
    (item,) = read_record(record(type="Expiration", bounce_classification="Uncategorized", response=response))

    assert (item.verdict.category, item.verdict.rule) == ("expired", "own-word")


def test_a_complaint_of_kumomta_names_whom_its_own_trace_names():
    report = {
        "feedback_type": "abuse",
        "original_rcpto_to": ["redacted@isp.example.net"],
        "supplemental_trace": {"recipient": "bo@isp.example.net"},
        "reporting_mta": {"mta_type": "dns", "name": "mx.isp.example.net"},
    }

    (traced,) = read_record(record(type="Feedback", feedback_report=report))
    (named,) = read_record(record(type="Feedback", feedback_report={**report, "supplemental_trace": None}))

    assert (traced.told.recipient, named.told.recipient) == ("bo@isp.example.net", "redacted@isp.example.net")
    assert traced.told.mta == "mx.isp.example.net"


@pytest.mark.parametrize("kind", ["Reception", "Delivery", "TransientFailure", "Rejection", "AdminBounce"])
def test_other_records_of_kumomta_say_nothing_here(kind):
    assert read_record(record(type=kind)) == []


@pytest.mark.parametrize(
    "rubbish", [None, [], "x", {}, {"type": 1}, {"type": "Bounce"}, {"type": "OOB", "recipient": 4}]
)
def test_what_is_no_record_is_refused_with_a_sentence(rubbish):
    with pytest.raises(Unreadable, match=r"^It .*\.$"):
        read_record(rubbish)


@pytest.mark.parametrize(
    "odd",
    [
        {"response": "550"},
        {"response": {"code": [], "enhanced_code": 7, "content": {}}},
        {"peer_address": 4, "meta": [], "headers": "x", "timestamp": 1e300, "event_time": "soon"},
        {"recipient": "x@y.example", "feedback_report": 3, "bounce_classification": None},
    ],
)
def test_fields_of_another_shape_are_taken_for_absent(odd):
    (item,) = read_record(record(**odd))

    assert item.told.kind is Kind.FAILED


def test_lines_that_are_no_json_are_told_with_their_place_and_the_rest_is_read():
    text = json.dumps(record()) + "\n" + "\x00\xff{" + "\n\n" + json.dumps(record(recipient="b@x.example")) + "\n"

    items = list(read_json_lines(io.BytesIO(text.encode("latin-1"))))

    assert [item if isinstance(item, Strange) else item.told.recipient for item in items] == [
        "anna@example.org", Strange(2, "It is no JSON."), "b@x.example",
    ]  # fmt: skip


def test_a_line_without_end_is_passed_over_and_the_next_is_read():
    text = b'{"type": "' + b"x" * 900_000 + b"\n" + json.dumps(record()).encode()

    items = list(read_json_lines(io.BytesIO(text)))

    assert items[0] == Strange(1, "The line is longer than 256 kB.")
    assert items[1].told.recipient == "anna@example.org"


def test_json_that_is_nested_without_end_is_no_record():
    (strange,) = read_json_lines(io.BytesIO(b"[" * 200_000))

    assert strange == Strange(1, "It is no JSON.")
