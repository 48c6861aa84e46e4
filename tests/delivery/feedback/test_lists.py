import json

import pytest

from delivery.feedback.limits import Unreadable
from delivery.feedback.lists import Listed, ListForm, read_list, write_list
from delivery.feedback.records import Strange

ROWS = [
    Listed("anna@example.org", "", "bounce", "No such mailbox", "2026-11-10"),
    Listed("+49@example.org", "offers", "person", "=asked by phone", "2026-11-11"),
]


FOR_ALL_MAIL = [row for row in ROWS if not row.scope]


def test_powermta_gets_an_address_a_line_and_kumomta_what_its_policy_loads():
    assert write_list(FOR_ALL_MAIL, ListForm.POWERMTA) == "anna@example.org\n"
    assert json.loads(write_list(FOR_ALL_MAIL, ListForm.KUMOMTA)) == {"anna@example.org": "No such mailbox"}


@pytest.mark.parametrize("form", [ListForm.POWERMTA, ListForm.KUMOMTA])
def test_an_address_given_up_for_one_stream_is_not_given_up_for_all_mail(form):
    assert "+49@example.org" not in write_list(ROWS, form)


@pytest.mark.parametrize("form", list(ListForm))
def test_every_list_that_is_given_out_can_be_taken_in_again(form):
    rows = ROWS if form is ListForm.CSV else FOR_ALL_MAIL

    found = list(read_list(write_list(ROWS, form).encode()))

    assert [row.address for row in found] == [row.address for row in rows]


def test_a_spreadsheet_keeps_reason_and_scope_and_runs_no_formula():
    text = write_list(ROWS, ListForm.CSV)

    assert "'=asked by phone" in text
    assert list(read_list(text.encode())) == [
        Listed("anna@example.org", "", "", "No such mailbox"),
        Listed("+49@example.org", "offers", "", "=asked by phone"),
    ]


def test_lines_that_hold_no_address_are_told_with_their_place():
    text = b"# ours\n\nAnna@Example.ORG\nnot an address\n<bo@example.org>\n\xff\xfe\n"

    assert list(read_list(text)) == [
        Listed("anna@example.org"), Strange(4, "It is no address."), Listed("bo@example.org"),
        Strange(6, "It is no address."),
    ]  # fmt: skip


def test_what_begins_like_json_and_is_none_is_refused():
    with pytest.raises(Unreadable, match="begins like JSON"):
        list(read_list(b"{" * 100_000))
