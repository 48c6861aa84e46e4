"""The questionnaire as a file: what goes out comes back, and every wrong row is named."""

import csv
import io

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from discovery.questions.exchange import HEADER, Line, as_csv, as_yaml, read_answers
from discovery.questions.loading import load_book
from discovery.questions.values import Given

BOOK = load_book()
NO_NUMBER = "Answer 1, send_hosts: Enter a whole number of hosts, for example 1."
NOT_BETWEEN = "Answer 1, send_hosts: Enter a number between 1 and 10,000."
ANSWERS = {
    "send_hosts": Given(3, note="One is a spare."),
    "inject_ways": Given(["smtp", "command"]),
    "auth_login": Given("no"),
    "freeze_from": Given("2026-11-20"),
    "change_windows": Given("=Tuesdays\n9 to 11; Fridays"),
    "tenants": Given(is_unknown=True),
}


def lines(**answers):
    given = ANSWERS | answers
    return [Line(one, given.get(one.id, Given()), is_asked=True, version=2) for one in BOOK.questions]


@pytest.mark.parametrize("written", [as_csv, as_yaml])
def test_what_goes_out_comes_back(written):
    sent = read_answers(written(lines()).encode(), BOOK)

    assert sent.problems == ()
    assert {name: given for name, (given, _) in sent.given.items() if given.is_given or given.note} == ANSWERS
    assert {version for _, version in sent.given.values()} == {2}


def test_the_table_says_what_is_possible_and_no_cell_is_a_formula():
    rows = list(csv.DictReader(io.StringIO(as_csv(lines()))))

    by_question = {row["question"]: row for row in rows}
    assert tuple(rows[0]) == HEADER
    assert by_question["send_hosts"]["possible"] == "hosts, 1 to 10000"
    assert by_question["auth_login"]["possible"] == "one of: yes | no"
    assert by_question["change_windows"]["answer"].startswith("'=Tuesdays")
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_a_spreadsheet_may_write_semicolons_and_another_encoding():
    sent = read_answers("question;answer\nmilter_owner;Zoë\nsend_hosts;4\n".encode("latin-1"), BOOK)

    assert {name: given.value for name, (given, _) in sent.given.items()} == {"milter_owner": "Zoë", "send_hosts": 4}


def test_yaml_may_be_written_by_hand():
    text = (
        "answers:\n- {question: auth_login, answer: no}\n- {question: freeze_from, answer: 2026-11-20}\n"
        "- {question: inject_ways, answer: [smtp]}\n- {question: change_windows, answer: 3.10, note: ~}\n"
        "- {question: send_hosts, answer: '1.200', version: 0x1}\n"
    )

    sent = read_answers(text.encode(), BOOK)

    assert sent.problems == ()
    assert [given.value for given, _ in sent.given.values()] == ["no", "2026-11-20", ["smtp"], "3.10", 1200]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The selected file is empty."),
        (b"question,reply\nsend_hosts,3\n", "Row 1 has to name the columns as the export does. Missing: answer."),
        (b"question,answer\ncolour,red\n", "Row 2: the questionnaire has no question “colour”."),
        (b"question,answer\nsend_hosts,many\n", "Row 2, send_hosts: Enter a whole number of hosts, for example 1."),
        (b"question,answer\nsend_hosts,1\nsend_hosts,2\n", "Row 3: send_hosts stands there twice."),
        (
            b"question,answer,note\nsend_hosts,1," + b"x" * 4001,
            "Row 2, send_hosts: Shorten the note to 4,000 characters.",
        ),
        (b"question,answer\n" + b"send_hosts,1\n" * 1000, "The file has more than 1,000 rows."),
        (b"answers: [", "The file is neither CSV nor YAML (line 1)."),
        (
            b"answers: [{question: send_hosts, answer: 1.234}]",
            NO_NUMBER,
        ),
        (b"answers: [{question: send_hosts, answer: 0x" + b"F" * 5000 + b"}]", NO_NUMBER),
        (b"answers: [{question: send_hosts, answer: " + b"9" * 5000 + b"}]", NOT_BETWEEN),
        (b"answers: [{question: send_hosts, answer: " + b"1:" * 5000 + b"1}]", NO_NUMBER),
        (
            b"a: &a [x, x]\nanswers:\n- {question: send_hosts, note: *a}\n",
            "Line 3 repeats another place with *a: write it out.",
        ),
        (
            b"answers: [{question: inject_ways, answer: [" + b"smtp," * 40_000 + b"]}]",
            "The file holds far more answers than the questionnaire has questions.",
        ),
        (b"answers: " + b"[" * 900, "Line 1 holds lists within lists, which no answer does."),
        (
            b"answers: [{question: send_hosts, note: {a: 1}}]",
            "Answer 1: an answer is a word, a number or a list of words.",
        ),
        (
            b"answers: [{question: send_hosts, [a]: 1}]",
            "Answer 1: an answer is a word, a number or a list of words.",
        ),
        (b"just words", "The file has to hold a list called answers, as the export does."),
        (b"answers: [1]", "The file has to hold a list called answers, as the export does."),
        (
            yaml.safe_dump({"answers": [{"question": "keep_ips", "answer": "old"}]}).encode(),
            (
                "Answer 1, keep_ips: Choose one of: The same addresses, moved at the cutover; New addresses; "
                "Some of each; Not decided yet."
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_by_its_row(content, said):
    assert read_answers(content, BOOK).problems == (said,)


def test_every_wrong_row_is_named():
    sent = read_answers(b"question,answer\nsend_hosts,many\nsend_ips,0\nauth_login,yes\n", BOOK)

    assert [problem.split(":")[0] for problem in sent.problems] == ["Row 2, send_hosts", "Row 3, send_ips"]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_sent_is_read_or_refused_in_sentences(content):
    sent = read_answers(content, BOOK)

    assert all(problem.endswith(".") for problem in sent.problems)
