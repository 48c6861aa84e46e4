"""What a reconciliation cannot say is said in sentences: by the text, in the JSON and by the exit status."""

import json

import pytest

from delivery.reconciliation.command import main
from tests.factories.traffic import BEGAN, accepted, delivered, kumo, small_day

HEADER = "type,timeLogged,timeQueued,orig,rcpt,dsnStatus,header_Message-Id\n"
SEGMENT = "".join(kumo(number, BEGAN + 30 * number) for number in range(1, 9))


@pytest.fixture
def run(tmp_path, capsys):
    """The exit status that is asked for, the JSON, the text, and the paths of the files by their kind."""

    def reconcile(**files):
        words, paths = [], {}
        for kind, content in files.items():
            paths[kind] = tmp_path / f"{kind}.log"
            paths[kind].write_text(content)
            words += [f"--{kind}", str(paths[kind])]
        assert main([*words, "--json"]) == 0
        plainly = capsys.readouterr().out
        code = main([*words, "--json", "--exit-code"])
        said = capsys.readouterr().out
        assert said == plainly
        found = json.loads(said)
        assert main([*words, "--exit-code"]) == code
        return code, found, capsys.readouterr().out, paths

    return reconcile


def accounting(number, clock):
    return f"d,{clock},{clock},news@northlake.example,user{number}@gmail.com,2.0.0,<{number}@northlake.example>\n"


def test_a_clean_set_says_so_by_its_status_and_has_nothing_to_add(run):
    journal, mail_log = small_day()

    code, found, text, _ = run(journal=journal, postfix=mail_log)

    assert (code, found["notes"], found["accepted_by"]) == (0, [], "journal")
    assert text.startswith("messages: 30; recipients: 30\n")


@pytest.mark.parametrize(("day", "state"), [({"lost": [7]}, "missing"), ({"twice": [7]}, "duplicate")])
def test_what_is_missing_or_came_twice_is_told_by_the_status(run, day, state):
    journal, mail_log = small_day(**day)

    code, found, _, _ = run(journal=journal, postfix=mail_log)

    assert code == 1
    assert found[state] == [["<7@northlake.example>", "user7@gmail.com"]]


def test_help_says_what_each_status_means(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])

    said = capsys.readouterr().out
    assert all(f"\n  {code}  " in said for code in (0, 1, 2))


@pytest.mark.parametrize(
    ("kind", "content", "looks"),
    [
        ("journal", small_day()[1], "a mail log of Postfix"),
        ("journal", SEGMENT, "a log segment of KumoMTA"),
        ("journal", HEADER + accounting(1, BEGAN), "an accounting file of PowerMTA"),
        ("postfix", SEGMENT, "a log segment of KumoMTA"),
        ("kumomta", small_day()[1], "a mail log of Postfix"),
        ("powermta", small_day()[0], "a journal of the proxy"),
    ],
)
def test_a_file_that_is_of_another_kind_is_named_with_what_it_looks_like(run, kind, content, looks):
    journal, mail_log = small_day()

    code, found, text, paths = run(**{"journal": journal, "postfix": mail_log, kind: content})

    (sentence,) = found["lines"][str(paths[kind])]["troubles"][:1]
    assert code == 2
    assert sentence.startswith("Nothing of it was understood as ")
    assert f"; it looks like {looks}. It counts for nothing here. Give the right file in its place" in sentence
    assert sentence in text
    assert [path for path, lines in found["lines"].items() if lines["troubles"]] == [str(paths[kind])]


def test_without_a_readable_journal_no_zero_is_shown_and_nothing_is_called_strange(run):
    _, mail_log = small_day(twice=[7])

    code, found, text, paths = run(journal=SEGMENT, postfix=mail_log)

    (note,) = found["notes"]
    assert (code, found["accepted_by"]) == (2, "")
    assert f"no acceptance was read ({paths['journal']}), so nobody knows what was accepted" in note
    assert note in text
    assert (found["missing"], found["duplicate"], found["ambiguous"]) == ([], [], [])
    assert "missing" not in text
    assert "recipients:" not in text


def test_an_empty_journal_is_no_proof_that_nothing_was_lost(run):
    code, found, text, paths = run(journal="", postfix=small_day()[1])

    assert (code, found["accepted_by"]) == (2, "")
    assert f"no acceptance was read ({paths['journal']})" in text
    assert "missing" not in text


def test_without_any_journal_the_logs_are_held_against_themselves_and_that_is_said(run):
    code, found, text, _ = run(postfix=small_day(twice=[7])[1], kumomta=SEGMENT)

    assert found["accepted_by"] == "logs"
    assert found["notes"][0].startswith("There is no journal of the proxy, so nobody knows what it accepted.")
    assert found["notes"][1:] == [
        "The logs of the new side (PowerMTA or KumoMTA) do not say what it took, so nothing of them is compared."
    ]
    assert "recipients: 30 by the word of the logs alone" in text
    assert (found["states"]["ambiguous"], code) == (0, 1)
    assert all(lines.get("clock_ahead") is None for lines in found["lines"].values())


def test_a_side_of_which_no_log_tells_is_out_of_the_window_and_not_counted_as_lost(run):
    journal, mail_log = small_day()
    more = "".join(accepted(number, BEGAN + 30 * number, path="new") for number in range(40, 44))

    code, found, text, _ = run(journal=journal + more, postfix=mail_log)

    assert code == 1
    assert found["notes"] == [
        "No log tells what the new side (PowerMTA or KumoMTA) did: of 4 recipients that it took nothing can be said."
    ]
    assert {name: found["balance"]["new"][name] for name in ("accepted", "out of window", "difference", "noise")} == {
        "accepted": 4,
        "out of window": 4,
        "difference": 0,
        "noise": 0,
    }
    assert "new: 4 accepted = 4 out of window, 0 not accounted for" in text
    assert (found["missing"], found["balance"]["old"]["out of window"]) == ([], 0)


@pytest.mark.parametrize(("header", "code", "matched"), [("", 2, 0), (HEADER, 0, 8)])
def test_accounting_without_a_header_line_is_told_and_read_from_the_first_one_on(run, header, code, matched):
    clocks = {number: BEGAN + 30 * number for number in range(1, 9)}
    journal = "".join(accepted(number, clock, path="new") for number, clock in clocks.items())
    rows = "".join(accounting(number, clock + 1) for number, clock in clocks.items())

    ended, found, text, paths = run(journal=journal, powermta=rows + header + (rows if header else ""))

    lines = found["lines"][str(paths["powermta"])]
    assert (ended, lines["not_understood"]) == (code, 8)
    assert lines["troubles"][0].startswith("It does not begin with a header line (type,timeLogged,...)")
    assert lines["troubles"][0] in text
    assert (found["states"]["matched"], found["states"]["missing"]) == (matched, 0)


def test_an_empty_file_and_one_that_tells_of_no_message_are_no_failure(run):
    journal, mail_log = small_day()
    idle = "Nov 20 00:00:01 mx1 postfix/smtpd[9]: connect from x[192.0.2.1]\n"

    code, found, _, paths = run(journal=journal, postfix=mail_log, kumomta="")
    idling, other, _, _ = run(journal=journal, postfix=idle)

    assert (code, idling) == (0, 1)
    assert found["lines"][str(paths["kumomta"])]["troubles"] == ["It is empty."]
    assert other["lines"][str(paths["postfix"])]["troubles"] == ["It tells of no message in 1 line."]
    assert other["states"]["out of window"] == 30


def test_a_clock_is_measured_by_when_messages_came_and_how_long_they_took_is_no_part_of_it(run):
    journal = "".join(accepted(number, BEGAN + 30 * number) for number in range(1, 31))
    slow = "".join(delivered(number, BEGAN + 30 * number + 95) for number in range(1, 31))
    came = "".join(delivered(number, BEGAN + 30 * number, times=0) for number in range(1, 31))
    ended = "".join(line for line in slow.splitlines(True) if "cleanup" not in line)

    _, shifted, text, paths = run(journal=journal, postfix=slow)
    _, together, said, _ = run(journal=journal, postfix=came + ended)

    (one, other) = (found["lines"][str(paths["postfix"])] for found in (shifted, together))
    assert (one["clock_ahead"], one["clock_by"]) == (95, "reception")
    assert (other["clock_ahead"], other["clock_by"]) == (0, "reception")
    assert "its clock 95.0 s ahead of the journal's" in text
    assert "its clock within 2 s of the journal's" in said


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (40, "at most 40.0 s ahead of the journal's (the quickest delivery is part of that)"),
        (-70, "at least 70.0 s behind"),
    ],
)
def test_a_log_of_ends_alone_bounds_the_clock_from_one_side(run, shift, said):
    clocks = {number: BEGAN + 30 * number for number in range(1, 31)}
    journal = "".join(accepted(number, clock, path="new") for number, clock in clocks.items())

    _, found, text, paths = run(
        journal=journal, kumomta="".join(kumo(number, clock + shift) for number, clock in clocks.items())
    )

    lines = found["lines"][str(paths["kumomta"])]
    assert (lines["clock_ahead"], lines["clock_by"]) == (shift, "end")
    assert f"its clock {said}" in text
